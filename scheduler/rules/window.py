"""`window`: a meeting lies in its window and in the horizon."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from scheduler.availability import Slots
from scheduler.problem import DateRange, Meeting, Problem
from scheduler.proposal import RuleInstance
from scheduler.rules.base import DateRule, Loosening, MaskIterator, PlannedSlots
from scheduler.rules.problem_edits import with_meeting

Window = tuple[str, str]  # ISO dates, both included


def _masks(problem: Problem, meeting: Meeting, slots: Slots) -> MaskIterator:
    first, last = problem.window(meeting)
    is_inside = (slots.days >= first.toordinal()) & (slots.days <= last.toordinal())
    yield RuleInstance(rule="window", meeting=meeting.id), np.asarray(is_inside, dtype=np.bool_)


def _measure(plan: PlannedSlots, instance: RuleInstance) -> Window:
    meeting, _, _ = plan.planned(instance.meeting)
    day = plan.day(instance.meeting)
    start, end = (day, day) if meeting.window is None else (meeting.window.start, meeting.window.end)
    return min(start, day).isoformat(), max(end, day).isoformat()


def _steps(problem: Problem, instance: RuleInstance, to: Window) -> Sequence[Window]:
    """Return windows that grow on both sides: an earlier date is no smaller change than a later one."""
    start, end = problem.window(problem.meetings_by_id[instance.meeting or ""])
    first, last = map(date.fromisoformat, to)
    most = max((start - first).days, (last - end).days)
    return [_grown(start, end, timedelta(days)) for days in range(1, most + 1)]


def _grown(start: date, end: date, by: timedelta) -> Window:
    return (start - by).isoformat(), (end + by).isoformat()


def _apply(problem: Problem, instance: RuleInstance, to: Window) -> Problem:
    first, last = map(date.fromisoformat, to)
    return with_meeting(problem, instance, window=DateRange(start=first, end=last))


WINDOW = DateRule(
    name="window",
    ease=1,
    masks=_masks,
    loosening=Loosening(_measure, _steps, _apply),
)
