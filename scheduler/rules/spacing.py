"""`spacing_min`, `spacing_max`: the least and the most days between consecutive meetings of a council."""

from collections.abc import Sequence

from scheduler.problem import Council, Problem, Spacing, SpacingRange
from scheduler.proposal import RuleInstance
from scheduler.rules.base import Loosening, PathRule, PlannedSlots
from scheduler.rules.problem_edits import changed


def _limits(problem: Problem, instance: RuleInstance) -> Spacing:
    return problem.councils_by_id[instance.council or ""].spacing_days or Spacing()


def _limit_min(council: Council) -> int | None:
    return None if council.spacing_days is None else council.spacing_days.min


def _limit_max(council: Council) -> int | None:
    return None if council.spacing_days is None else council.spacing_days.max


def _at_least(spacing: SpacingRange, days: int) -> SpacingRange:
    least, most = spacing
    return SpacingRange(max(least, days), most)


def _at_most(spacing: SpacingRange, days: int) -> SpacingRange:
    least, most = spacing
    return SpacingRange(least, days if most is None else min(most, days))


def _measure_min(plan: PlannedSlots, instance: RuleInstance) -> int:
    return min(plan.gaps(instance.council))


def _measure_max(plan: PlannedSlots, instance: RuleInstance) -> int:
    return max(plan.gaps(instance.council))


def _steps_min(problem: Problem, instance: RuleInstance, to: int) -> Sequence[int]:
    stated = _limits(problem, instance).min or 0
    return range(stated - 1, to - 1, -1)


def _steps_max(problem: Problem, instance: RuleInstance, to: int) -> Sequence[int]:
    stated = _limits(problem, instance).max or 0
    return range(stated + 1, to + 1)


def _apply_min(problem: Problem, instance: RuleInstance, to: int) -> Problem:
    return _with_limits(problem, instance, min=to)


def _apply_max(problem: Problem, instance: RuleInstance, to: int) -> Problem:
    return _with_limits(problem, instance, max=to)


def _with_limits(problem: Problem, instance: RuleInstance, **limits: int) -> Problem:
    spacing = _limits(problem, instance).model_copy(update=limits)
    return problem.with_parts(councils=changed(problem.councils, instance.council, spacing_days=spacing))


SPACING_MIN = PathRule(
    name="spacing_min",
    ease=7,
    limit=_limit_min,
    tighten=_at_least,
    loosening=Loosening(_measure_min, _steps_min, _apply_min),
)
SPACING_MAX = PathRule(
    name="spacing_max",
    ease=6,
    limit=_limit_max,
    tighten=_at_most,
    loosening=Loosening(_measure_max, _steps_max, _apply_max),
)
