"""`holiday`: no meeting is held on a holiday."""

from collections.abc import Collection
from datetime import date
from functools import lru_cache

import numpy as np

from scheduler.availability import Slots
from scheduler.days import days_between, is_holiday
from scheduler.intervals import IntArray
from scheduler.problem import Meeting, Problem
from scheduler.proposal import RuleInstance
from scheduler.rules.base import DateRule, MaskIterator


@lru_cache(maxsize=64)
def _holidays(start: date, end: date, country: str | None) -> IntArray:
    """Return the ordinals of the holidays from ``start`` to ``end``."""
    days = [day.toordinal() for day in days_between(start, end) if is_holiday(day, country)]
    return np.array(days, dtype=np.int64)


def _masks(problem: Problem, _: Meeting, slots: Slots) -> MaskIterator:
    holidays = _holidays(problem.horizon.start, problem.horizon.end, problem.holidays)
    yield RuleInstance(rule="holiday"), np.isin(slots.days, holidays, invert=True)


def _drop(problem: Problem, _: Collection[RuleInstance]) -> Problem:
    """Return the problem without holidays: every day from Monday to Friday then counts for notice."""
    return problem.with_parts(holidays=None)


HOLIDAY = DateRule(
    name="holiday",
    ease=12,
    masks=_masks,
    is_common=True,
    loosening=None,
    drop=_drop,
)
