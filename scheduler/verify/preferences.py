"""Compute the cost of every preference independently of the planner, in plain Python."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from scheduler.options import PlanOptions
from scheduler.problem import Meeting, Problem

Cost = Callable[[Problem, PlanOptions, Meeting, datetime], float]


def move_cost(problem: Problem, options: PlanOptions, meeting: Meeting, start: datetime) -> float:
    """Return the cost of moving a published meeting."""
    published = problem.published.get(meeting.id)
    if published is None or options.objective != "repair":
        return 0.0
    is_moved = problem.instant(published) != start.astimezone(UTC)
    return options.move_cost if is_moved else 0.0


PREFERENCES: tuple[Cost, ...] = (move_cost,)


def plan_cost(problem: Problem, options: PlanOptions, starts: Mapping[str, datetime]) -> float:
    """Return what a plan costs, in expected parties; ``starts`` gives each meeting's, aware."""
    return sum(
        preference(problem, options, meeting, starts[meeting.id])
        for meeting in problem.meetings
        for preference in PREFERENCES
    )
