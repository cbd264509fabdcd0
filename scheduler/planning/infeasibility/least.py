"""Who loosens rules no further than it takes: one after another, step by step away from what they ask."""

import math
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from scheduler.problem import Meeting, Problem, Spacing
from scheduler.proposal import Loosened, RuleInstance

Do = Callable[[Sequence[Loosened]], bool]


def least(problem: Problem, changes: Sequence[Loosened], do: Do) -> list[Loosened]:
    """
    Return the changes, each as small as it can be beside the others so that they still ``do``, one after another.

    ``changes`` themselves do; and where some changes do, greater ones do too.
    """
    found = list(changes)
    for at in range(len(found)):
        found[at] = _smallest(problem, found, at, do)
    return found


def _smallest(problem: Problem, changes: Sequence[Loosened], at: int, do: Do) -> Loosened:
    """Return one of the changes as small as it can be beside the others."""
    one = changes[at]
    if one.change == "drop" or one.rule not in _STEPS:
        return one
    steps = _STEPS[one.rule](problem, one, one.to)

    def is_enough(to: object) -> bool:
        return do([*changes[:at], one.model_copy(update={"to": to}), *changes[at + 1 :]])

    enough = bisect_left(steps, True, hi=len(steps) - 1, key=is_enough)
    return one.model_copy(update={"to": steps[enough]})


def _meeting(problem: Problem, rule: RuleInstance) -> Meeting:
    return problem.meetings_by_id[rule.meeting or ""]


def _spacing(problem: Problem, rule: RuleInstance) -> Spacing:
    return problem.councils_by_id[rule.council or ""].spacing_days or Spacing()


def _asked_chance(problem: Problem, rule: RuleInstance) -> float:
    meeting = _meeting(problem, rule)
    if rule.rule == "quorum_likely":
        return meeting.quorum_probability or 0.0
    return next(one.at_least for one in meeting.required if one.person == rule.person)


# --- how far a rule may be loosened, from least to as far as it is


def _windows(problem: Problem, rule: Loosened, to: tuple[str, str]) -> Sequence[tuple[str, str]]:
    """Return wider and wider windows, to both sides: what is sooner is no lesser change than what is later."""
    (start, end), (first, last) = problem.window(_meeting(problem, rule)), map(date.fromisoformat, to)
    most = max((start - first).days, (last - end).days)
    return [((start - timedelta(days)).isoformat(), (end + timedelta(days)).isoformat()) for days in range(1, most + 1)]


def _fewer_days_of_notice(problem: Problem, rule: Loosened, to: int) -> Sequence[int]:
    return range((_meeting(problem, rule).notice_days or 0) - 1, to - 1, -1)


def _lower_chances(problem: Problem, rule: Loosened, to: float) -> Sequence[float]:
    return [one / 100 for one in range(math.ceil(100 * _asked_chance(problem, rule)) - 1, round(100 * to) - 1, -1)]


def _smaller_gaps(problem: Problem, rule: Loosened, to: int) -> Sequence[int]:
    return range((_spacing(problem, rule).min or 0) - 1, to - 1, -1)


def _greater_gaps(problem: Problem, rule: Loosened, to: int) -> Sequence[int]:
    return range((_spacing(problem, rule).max or 0) + 1, to + 1)


def _more_rooms(problem: Problem, rule: Loosened, to: int) -> Sequence[int]:
    venue = next(one for one in problem.venues if one.id == rule.venue)
    return range(venue.rooms + 1, to + 1)


_STEPS: Mapping[str, Callable[[Problem, Loosened, Any], Sequence[Any]]] = {
    "window": _windows,
    "notice": _fewer_days_of_notice,
    "required_person": _lower_chances,
    "quorum_likely": _lower_chances,
    "spacing_min": _smaller_gaps,
    "spacing_max": _greater_gaps,
    "rooms": _more_rooms,
}
