"""Count the meetings in which two plans differ, independently of the planner."""

from collections.abc import Mapping
from datetime import datetime

from scheduler.problem import Problem


def num_moved(
    problem: Problem,
    starts: Mapping[str, datetime],
    other_starts: Mapping[str, datetime],
    min_days: int,
) -> int:
    """
    Return how many meetings have different starts, ``min_days`` calendar days or more apart, in two plans.

    ``starts`` and ``other_starts`` are aware, by meeting.
    """
    num = 0
    for meeting, start in starts.items():
        other_start = other_starts[meeting]
        day = start.astimezone(problem.zone).date()
        other_day = other_start.astimezone(problem.zone).date()
        if start != other_start and abs((day - other_day).days) >= min_days:
            num += 1
    return num
