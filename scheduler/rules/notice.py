"""`notice`: notice of a meeting can still be given on a working day."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from scheduler.availability import Slots
from scheduler.days import working_day_on_or_after, working_day_on_or_before
from scheduler.problem import Meeting, Problem
from scheduler.proposal import RuleInstance
from scheduler.rules.base import DateRule, Loosening, MaskIterator, PlannedSlots
from scheduler.rules.problem_edits import with_meeting


def notice_by(problem: Problem, meeting: Meeting, day: date) -> date | None:
    """Return the last working day for notice of a meeting held on ``day``; None when it needs no notice."""
    if meeting.notice_days is None:
        return None
    return _last_working_day(problem, day, meeting.notice_days)


def _last_working_day(problem: Problem, day: date, notice_days: int) -> date:
    latest = date.fromordinal(day.toordinal() - notice_days)
    return working_day_on_or_before(latest, problem.holidays)


def _masks(problem: Problem, meeting: Meeting, slots: Slots) -> MaskIterator:
    if meeting.notice_days is None:
        return
    # The last working day before a date is not before today exactly if the next one from today on is not after it.
    first = working_day_on_or_after(problem.today, problem.holidays).toordinal()
    yield RuleInstance(rule="notice", meeting=meeting.id), np.asarray(slots.days - meeting.notice_days >= first)


def _measure(plan: PlannedSlots, instance: RuleInstance) -> int | None:
    meeting, _, _ = plan.planned(instance.meeting)
    day = plan.day(instance.meeting)
    for days in range(meeting.notice_days or 0, -1, -1):
        if _last_working_day(plan.problem, day, days) >= plan.problem.today:
            return days
    return None  # no working day is left before it


def _steps(problem: Problem, instance: RuleInstance, to: int) -> Sequence[int]:
    stated = problem.meetings_by_id[instance.meeting or ""].notice_days or 0
    return range(stated - 1, to - 1, -1)


def _apply(problem: Problem, instance: RuleInstance, to: int) -> Problem:
    return with_meeting(problem, instance, notice_days=to)


NOTICE = DateRule(
    name="notice",
    ease=3,
    masks=_masks,
    loosening=Loosening(_measure, _steps, _apply),
    weakened_by=frozenset({"holiday"}),  # without holidays more days are working days
)
