"""Numbers, dates and lists in the conventions of a language, by Babel."""

from collections.abc import Sequence
from datetime import date, time
from typing import Literal

from babel.dates import format_date, format_time, get_day_names
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from scheduler.days import WEEKDAYS


class Formats:
    """The conventions of one locale, such as ``sv_SE``; patterns are those of Unicode's CLDR."""

    weekdays = WEEKDAYS

    def __init__(self, locale: str) -> None:
        self._locale = locale

    def decimal(self, value: float, pattern: str | None = None) -> str:
        return format_decimal(value, pattern, locale=self._locale)

    def percent(self, share: float) -> str:
        return format_percent(share, locale=self._locale)

    def date(self, day: date, pattern: str) -> str:
        return format_date(day, pattern, locale=self._locale)

    def time(self, clock: time, pattern: str) -> str:
        return format_time(clock, pattern, locale=self._locale)

    def weekday(self, name: str, width: Literal["wide", "abbreviated"]) -> str:
        """Return the name of a weekday by its abbreviation in RFC 5545."""
        return str(get_day_names(width, locale=self._locale)[self.weekdays.index(name)])

    def listing(self, names: Sequence[str], style: Literal["standard", "or"] = "standard") -> str:
        return format_list(names, style=style, locale=self._locale)
