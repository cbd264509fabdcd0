"""The habit lives here: the third Thursday, whoever can come."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import numpy as np

from scheduler import Problem
from scheduler.candidates import MeetingCandidates
from scheduler.days import WEEKDAYS
from scheduler.planning.search import Plan
from scheduler.problem import Council, Meeting


def fixed_weekday(problem: Problem, choices: Sequence[MeetingCandidates]) -> Plan:
    """
    Place each council's meetings by its weekday of the month, by default the third Thursday, at the first start.

    Taken from the first month of the window that has such a day in it, and moved to the next day that the meeting's
    own rules, order and spacing allow. Nobody's calendar is asked; other councils are not looked at.
    """
    taken: dict[str, int] = {}
    for council in problem.councils:
        earliest = problem.horizon.start
        for one in (choice for choice in choices if choice.meeting.council == council.id):
            taken[one.meeting.id] = slot = _habitual(problem, council, one, earliest)
            earliest = date.fromordinal(int(one.slots.days[slot]) + _least_spacing(council))
    return tuple(taken[one.meeting.id] for one in choices)


def _habitual(problem: Problem, council: Council, one: MeetingCandidates, earliest: date) -> int:
    wanted = next(_habitual_days(problem, council, one.meeting, earliest), earliest)
    for day in (max(wanted, earliest), earliest):  # where the habit leads out of the window: back to its first day
        late_enough = np.flatnonzero(one.slots.days >= day.toordinal())
        if len(late_enough):
            return int(late_enough[0])
    return len(one.slots) - 1


def _habitual_days(problem: Problem, council: Council, meeting: Meeting, earliest: date) -> Iterator[date]:
    weekday = WEEKDAYS.index(council.habit.weekday if council.habit else "TH")
    ordinal = council.habit.ordinal if council.habit else 3
    first, last = problem.window(meeting)
    for day in (first + timedelta(days=offset) for offset in range((last - first).days + 1)):
        if day >= earliest and day.weekday() == weekday and _ordinal_fits(day, ordinal):
            yield day


def _ordinal_fits(day: date, ordinal: int) -> bool:
    if ordinal == -1:
        return (day + timedelta(days=7)).month != day.month
    return (day.day - 1) // 7 + 1 == ordinal


def _least_spacing(council: Council) -> int:
    spacing = council.spacing_days
    return max(1, spacing.min or 1) if spacing is not None else 1
