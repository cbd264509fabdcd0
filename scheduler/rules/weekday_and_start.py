"""`weekday_and_start`: a meeting is held on one of its weekdays, at one of its starts."""

import numpy as np

from scheduler.availability import Slots
from scheduler.days import WEEKDAYS
from scheduler.problem import Meeting, Problem
from scheduler.proposal import RuleInstance
from scheduler.rules.base import DateRule, Loosening, MaskIterator, PlannedSlots, only_step
from scheduler.rules.problem_edits import with_meeting

Weekdays = tuple[str, ...]


def _masks(_: Problem, meeting: Meeting, slots: Slots) -> MaskIterator:
    """Allow the meeting's weekdays. Slots are made of the meeting's own starts, so that these hold already."""
    is_allowed = np.zeros(7, dtype=np.bool_)
    is_allowed[[WEEKDAYS.index(name) for name in meeting.weekdays]] = True
    weekday = (slots.days + 6) % 7  # ordinal 1 was a Monday
    yield RuleInstance(rule="weekday_and_start", meeting=meeting.id), np.asarray(is_allowed[weekday], dtype=np.bool_)


def _measure(plan: PlannedSlots, instance: RuleInstance) -> Weekdays:
    meeting, _, _ = plan.planned(instance.meeting)
    needed = WEEKDAYS[plan.day(instance.meeting).weekday()]
    return tuple(name for name in WEEKDAYS if name == needed or name in meeting.weekdays)


def _apply(problem: Problem, instance: RuleInstance, to: Weekdays) -> Problem:
    return with_meeting(problem, instance, weekdays=to)


WEEKDAY_AND_START = DateRule(
    name="weekday_and_start",
    ease=2,
    masks=_masks,
    loosening=Loosening(_measure, only_step, _apply),
)
