"""The habit lives here: the third Thursday, whoever can come."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import numpy as np

from scheduler.candidates import MeetingCandidates
from scheduler.days import WEEKDAYS, days_between
from scheduler.intervals import BoolArray
from scheduler.planning.instance import Instance
from scheduler.planning.search import Plan
from scheduler.problem import Council, Meeting, Problem, SpacingRange

THIRD_THURSDAY = ("TH", 3)
LAST = -1  # of its month


def fixed_weekday(instance: Instance) -> Plan | None:
    """
    Place each council's meetings by its weekday of the month, by default the third Thursday, at the first start.

    A meeting goes to the first such day of its window, and from there to the next day that its own rules allow, in
    order and spaced from the council's meeting before it. Where no later day allows that start, it takes another one;
    where none is left at all, the earliest day before; and where that fails too, the habit leads to no plan. Calendars
    are asked only where the meeting's rules ask them, and other councils not at all.
    """
    taken: dict[int, int] = {}
    for (council, places), spacing in zip(instance.meetings_by_council, instance.spacing, strict=True):
        day: int | None = None  # of the meeting before
        for place in places:
            one = instance.choices[place]
            slot = _habitual(instance.problem, council, one, _in_reach(one, day, spacing))
            if slot is None:
                return None
            taken[place], day = slot, int(one.slots.days[slot])
    return tuple(taken[place] for place in range(len(taken)))


def _in_reach(one: MeetingCandidates, day: int | None, reach: SpacingRange) -> BoolArray:
    """Tell which slots keep order and spacing behind a meeting on ``day``."""
    least, most = reach
    if day is None:
        return np.ones(len(one.slots), dtype=np.bool_)
    apart = one.slots.days - day
    return np.asarray((apart >= least) & (most is None or apart <= most), dtype=np.bool_)


def _habitual(problem: Problem, council: Council, one: MeetingCandidates, in_reach: BoolArray) -> int | None:
    first, _ = problem.window(one.meeting)
    wanted = next(_habitual_days(problem, council, one.meeting), first)
    later = in_reach & (one.slots.days >= wanted.toordinal())
    clock = _habitual_clock(council, one.meeting)
    for slots in (later, in_reach):
        for slot in np.flatnonzero(slots).tolist():
            if datetime.fromtimestamp(int(one.slots.starts[slot]), problem.zone).time() == clock:
                return int(slot)
        if slots.any():
            return int(slots.argmax())
    return None


def _habitual_clock(council: Council, meeting: Meeting) -> time:
    clocks = meeting.start_clocks
    return council.habit.start if council.habit and council.habit.start in clocks else clocks[0]


def _habitual_days(problem: Problem, council: Council, meeting: Meeting) -> Iterator[date]:
    """Yield the days of the meeting's window that are the council's weekday of the month."""
    habit = council.habit
    weekday, ordinal = (habit.weekday, habit.ordinal) if habit else THIRD_THURSDAY
    for day in days_between(*problem.window(meeting)):
        if WEEKDAYS[day.weekday()] == weekday and _has_ordinal(day, ordinal):
            yield day


def _has_ordinal(day: date, ordinal: int) -> bool:
    if ordinal == LAST:
        return (day + timedelta(days=7)).month != day.month
    return (day.day - 1) // 7 + 1 == ordinal
