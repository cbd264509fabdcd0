"""Baseline: a fixed weekday of the month, such as the third Thursday, without regard to attendance."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import numpy as np

from scheduler.candidates import MeetingCandidates
from scheduler.days import WEEKDAYS, days_between
from scheduler.intervals import BoolArray
from scheduler.planning.instance import Instance
from scheduler.planning.search_types import Plan
from scheduler.problem import Council, Meeting, Problem, SpacingRange
from scheduler.rules import IN_ORDER

THIRD_THURSDAY = ("TH", 3)
LAST = -1  # ordinal of the last such weekday of a month


def fixed_weekday(instance: Instance) -> Plan | None:
    """
    Return the plan on the usual weekday of each council, by default the third Thursday, at the usual start.

    Each meeting takes the first usual day of its window, or the next day that its own rules allow, in order and
    spacing after the council's previous meeting. Where no later day has the usual start, another start is taken, and
    where no later day is left, the earliest day. Other councils are ignored.

    Returns
    -------
    Plan or None
        None when a meeting has no slot left.
    """
    slot_by_meeting: dict[int, int] = {}
    for council, meetings in instance.meetings_by_council:
        spacing = IN_ORDER
        previous_day: int | None = None
        for meeting in meetings:
            choice = instance.choices[meeting]
            is_spaced = _keeps_spacing(choice, previous_day, spacing)
            slot = _usual_slot(instance.problem, council, choice, is_spaced)
            if slot is None:
                return None
            slot_by_meeting[meeting] = slot
            previous_day = int(choice.slots.days[slot])
            spacing = instance.spacing[meeting]
    return tuple(slot_by_meeting[meeting] for meeting in range(len(slot_by_meeting)))


def _keeps_spacing(choice: MeetingCandidates, previous_day: int | None, spacing: SpacingRange) -> BoolArray:
    """Return which slots keep order and spacing after a meeting on ``previous_day``."""
    if previous_day is None:
        return np.ones(len(choice.slots), dtype=np.bool_)
    least, most = spacing
    days_after = choice.slots.days - previous_day
    keeps_spacing = days_after >= least
    if most is not None:
        keeps_spacing &= days_after <= most
    return np.asarray(keeps_spacing, dtype=np.bool_)


def _usual_slot(
    problem: Problem,
    council: Council,
    choice: MeetingCandidates,
    is_spaced: BoolArray,
) -> int | None:
    """Return the slot that is closest to the council's habit, or None when ``is_spaced`` allows none."""
    first_day, _ = problem.window(choice.meeting)
    usual_day = next(_usual_days(problem, council, choice.meeting), first_day)
    usual_start = _usual_start(council, choice.meeting)
    is_from_usual_day = is_spaced & (choice.slots.days >= usual_day.toordinal())
    for is_allowed in (is_from_usual_day, is_spaced):
        for slot in np.flatnonzero(is_allowed).tolist():
            seconds = int(choice.slots.starts[slot])
            start = datetime.fromtimestamp(seconds, problem.zone)
            if start.time() == usual_start:
                return int(slot)
        if is_allowed.any():
            return int(is_allowed.argmax())
    return None


def _usual_start(council: Council, meeting: Meeting) -> time:
    starts = meeting.start_clocks
    habit = council.habit
    if habit and habit.start in starts:
        return habit.start
    return starts[0]


def _usual_days(problem: Problem, council: Council, meeting: Meeting) -> Iterator[date]:
    """Yield the days of the meeting's window that are the council's usual weekday of the month."""
    weekday, ordinal = THIRD_THURSDAY
    if council.habit:
        weekday = council.habit.weekday
        ordinal = council.habit.ordinal
    for day in days_between(*problem.window(meeting)):
        if WEEKDAYS[day.weekday()] == weekday and _has_ordinal(day, ordinal):
            yield day


def _has_ordinal(day: date, ordinal: int) -> bool:
    """Return whether the day is the weekday's occurrence of this ordinal in its month."""
    if ordinal == LAST:
        week_later = day + timedelta(days=7)
        return week_later.month != day.month
    return (day.day - 1) // 7 + 1 == ordinal
