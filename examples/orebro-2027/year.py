"""Holidays and working days of 2027, and reproducible random draws."""

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
_SUMMER_BREAK_END = date(2027, 8, 16)  # the published dates contain no ordinary meeting between June and this day


def random_stream(*key: str) -> Random:
    """Return a generator seeded by ``key``, so that its draws do not depend on those of other keys."""
    return Random("/".join((SEED, *key)))  # noqa: S311  # reproducible, not cryptographic


def choose(rng: Random, choices: Sequence[T], weights: Sequence[float] | None = None) -> T:
    """
    Return a random element of ``choices``.

    Only ``Random.random()`` is used: Python guarantees that its results for a seed stay the same in later versions.
    """
    weights = weights or [1.0] * len(choices)
    remainder = rng.random() * sum(weights)
    for choice, weight in zip(choices, weights, strict=True):
        remainder -= weight
        if remainder < 0:
            return choice
    return choices[-1]


def local_time(day: date, clock: str) -> datetime:
    """Return the local time ``clock`` (HH:MM) on ``day`` in the time zone Europe/Stockholm."""
    return datetime.combine(day, time.fromisoformat(clock), STOCKHOLM)


class Year:
    """The year 2027 with the holidays listed in facts.json."""

    def __init__(self, facts: Json) -> None:
        self.holidays = {
            date.fromisoformat(holiday["date"]): str(holiday["name"])
            for holiday in facts["holidays_2027"]
            if holiday["public"] or holiday["name"] in _CLOSED_EVES
        }

    def is_working_day(self, day: date) -> bool:
        return day.weekday() <= FRIDAY and day not in self.holidays

    def working_day_from(self, day: date) -> date:
        """Return ``day``, or the next working day if ``day`` is not a working day."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def is_in_session(self, day: date) -> bool:
        """Tell whether ``day`` is within the horizon and outside the summer break."""
        is_summer_break = day.month >= JULY and day < _SUMMER_BREAK_END
        return FIRST <= day <= LAST and not is_summer_break

    def working_days(self, first: date = FIRST, last: date = LAST) -> list[date]:
        """Return the working days from ``first`` to ``last`` outside the summer break."""
        num_days = (last - first).days + 1
        days = (first + timedelta(days=offset) for offset in range(num_days))
        return [day for day in days if self.is_working_day(day) and self.is_in_session(day)]


def weekday_of_month(month: int, weekday: str, ordinal: int) -> date:
    """Return the first (1) to fourth (4) or last (-1) ``weekday`` of a month of 2027."""
    number = WEEKDAYS.index(weekday)
    if ordinal == -1:
        last = date(2027 + month // 12, month % 12 + 1, 1) - ONE_DAY
        return last - timedelta(days=(last.weekday() - number) % 7)
    first = date(2027, month, 1)
    return first + timedelta(days=(number - first.weekday()) % 7 + 7 * (ordinal - 1))
