"""The year 2027 lives here: its holidays, its working days, and the draws that are the same each time."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

Json = dict[str, Any]
T = TypeVar("T")

SEED = "orebro-2027"
STOCKHOLM = ZoneInfo("Europe/Stockholm")
FIRST, LAST = date(2027, 1, 11), date(2027, 12, 17)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ONE_DAY = timedelta(days=1)
FRIDAY = 4
JULY = 7

_CLOSED_EVES = ("Midsummer Eve", "Christmas Eve", "New Year's Eve")
_POLITICS_RESUMES = date(2027, 8, 16)  # no ordinary meeting between June and this day in the county's dates


def stream(*key: str) -> Random:
    """Return the draws that belong to ``key``: others may be added or removed without disturbing them."""
    return Random("/".join((SEED, *key)))  # noqa: S311  # drawn to be repeated, not to be secret


def pick(draws: Random, choices: Sequence[T], weights: Sequence[float] | None = None) -> T:
    """Draw one; built on ``random()`` alone, the one method whose results Python promises to keep."""
    shares = weights or [1.0] * len(choices)
    left = draws.random() * sum(shares)
    for choice, share in zip(choices, shares, strict=True):
        left -= share
        if left < 0:
            return choice
    return choices[-1]


def at(day: date, clock: str) -> datetime:
    """Return the moment when a clock in the county shows ``clock``."""
    return datetime.combine(day, time.fromisoformat(clock), STOCKHOLM)


class Year:
    """2027, with the holidays that facts.json lists."""

    def __init__(self, facts: Json) -> None:
        self.holidays = {
            date.fromisoformat(one["date"]): str(one["name"])
            for one in facts["holidays_2027"]
            if one["public"] or one["name"] in _CLOSED_EVES
        }

    def is_working_day(self, day: date) -> bool:
        return day.weekday() <= FRIDAY and day not in self.holidays

    def working_day_from(self, day: date) -> date:
        """Return ``day``, or the next day on which people work."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def has_politics(self, day: date) -> bool:
        """Tell whether bodies meet at this time of the year."""
        return FIRST <= day <= LAST and not (day.month >= JULY and day < _POLITICS_RESUMES)

    def working_days(self, first: date = FIRST, last: date = LAST) -> list[date]:
        """List the working days in politics' part of the year from ``first`` to ``last``."""
        every = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
        return [day for day in every if self.is_working_day(day) and self.has_politics(day)]


def weekday_of_month(month: int, weekday: str, ordinal: int) -> date:
    """Return the month's first to fourth ``weekday``, or its last when ``ordinal`` is -1."""
    number = WEEKDAYS.index(weekday)
    if ordinal == -1:
        last = date(2027 + month // 12, month % 12 + 1, 1) - ONE_DAY
        return last - timedelta(days=(last.weekday() - number) % 7)
    first = date(2027, month, 1)
    return first + timedelta(days=(number - first.weekday()) % 7 + 7 * (ordinal - 1))
