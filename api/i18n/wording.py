"""Who speaks to people: whole sentences, and numbers, days and clocks as each language writes them."""

from collections.abc import Iterable
from datetime import date, datetime, time
from itertools import groupby
from typing import Literal

from babel.dates import format_date, format_time, get_day_names
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from api.i18n.catalogue import translations
from scheduler.days import WEEKDAYS

Language = Literal["sv", "en"]

_LOCALES: dict[Language, str] = {"sv": "sv_SE", "en": "en_GB"}
_CLOCKS: dict[Language, str] = {"sv": "HH.mm", "en": "HH:mm"}


class Wording:
    """
    What is said to people in one language.

    Sentences are named by their English, with ``{named}`` places for values; numbers among the values are written
    as the language writes them.

    Examples
    --------
    >>> Wording("sv").decimal(12.38, 1), Wording("en").percent(0.9996)
    ('12,4', 'over 99%')
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self._locale = _LOCALES[language]
        self._translations = translations(language)

    def say(self, sentence: str, /, **values: object) -> str:
        """Return ``sentence`` in this language with its values filled in."""
        return self._filled(self._translations.gettext(sentence), values)

    def say_many(self, one: str, many: str, /, count: int, **values: object) -> str:
        """Return the sentence for one or for many; ``{count}`` may stand in it."""
        return self._filled(self._translations.ngettext(one, many, count), {"count": count, **values})

    def decimal(self, value: float, digits: int) -> str:
        """Return ``value`` rounded to ``digits`` decimals; never a minus before a zero."""
        places = "." + "0" * digits if digits else ""
        return format_decimal(round(value, digits) + 0.0, f"#,##0{places}", locale=self._locale)

    def percent(self, probability: float) -> str:
        """Return a chance in whole percent: certain and impossible only when they are."""
        if 0 < probability < 0.005:
            return self.say("under {percent}", percent=format_percent(0.01, locale=self._locale))
        if 0.995 <= probability < 1:
            return self.say("over {percent}", percent=format_percent(0.99, locale=self._locale))
        return format_percent(probability, locale=self._locale)

    def hundredths(self, probability: float) -> str:
        """Return a chance as a number of percent where there is no room for words: ``97``, ``>99``, ``<1``."""
        if 0 < probability < 0.005:
            return "<1"
        if 0.995 <= probability < 1:
            return ">99"
        return self.decimal(probability * 100, 0)

    def day(self, day: date, *, has_year: bool = True) -> str:
        """Return a date in full, ``torsdag 11 februari 2027``, or without its year where that is plain."""
        return format_date(day, "EEEE d MMMM y" if has_year else "EEEE d MMMM", locale=self._locale)

    def short_day(self, day: date) -> str:
        """Return a date where the year is plain: ``tors 11 feb``."""
        return format_date(day, "EEE d MMM", locale=self._locale).replace(".", "")

    def plain_day(self, day: date) -> str:
        """Return a date without its weekday: ``11 februari 2027``."""
        return format_date(day, "d MMMM y", locale=self._locale)

    def day_and_month(self, day: date) -> str:
        """Return a date where its week and year are plain: ``11 feb``."""
        return format_date(day, "d MMM", locale=self._locale).replace(".", "")

    def weekday(self, name: str) -> str:
        """Return the weekday that RFC 5545 calls ``name``: ``torsdag`` for TH."""
        return str(get_day_names("wide", locale=self._locale)[WEEKDAYS.index(name)])

    def short_weekday(self, name: str) -> str:
        """Return the same where there is little room: ``tors``."""
        return str(get_day_names("abbreviated", locale=self._locale)[WEEKDAYS.index(name)]).replace(".", "")

    def weekdays(self, names: Iterable[str]) -> str:
        """Return weekdays in their order, three and more in a row as a stretch: ``måndag–torsdag och lördag``."""
        wanted = set(names)
        parts: list[str] = []
        for is_wanted, run in groupby(WEEKDAYS, key=wanted.__contains__):
            days = [self.weekday(name) for name in run]
            if is_wanted:
                parts += days if len(days) < 3 else [f"{days[0]}–{days[-1]}"]
        return self.listing(parts)

    def month(self, day: date) -> str:
        """Return the name of the month that ``day`` lies in."""
        return format_date(day, "LLLL", locale=self._locale)

    def days(self, first: date, last: date) -> str:
        """Return the days from ``first`` to ``last``, what they share said once: ``1–31 juli 2027``."""
        if first == last:
            return self.plain_day(first)
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}–{self.plain_day(last)}"
        start = "d MMMM" if first.year == last.year else "d MMMM y"
        return f"{format_date(first, start, locale=self._locale)} – {self.plain_day(last)}"

    def on_days(self, first: date, last: date) -> str:
        """Return the same where something happens then: ``den 1 juli 2027``, ``1–31 juli 2027``."""
        days = self.days(first, last)
        return self.say("on {day}", day=days) if first == last else days

    def months(self, first: date, last: date) -> str:
        """Return the months from that of ``first`` to that of ``last``: ``januari–mars 2027``."""
        if (first.year, first.month) == (last.year, last.month):
            return format_date(last, "LLLL y", locale=self._locale)
        start, dash = ("LLLL", "–") if first.year == last.year else ("LLLL y", " – ")
        return f"{format_date(first, start, locale=self._locale)}{dash}{self.months(last, last)}"

    def clock(self, moment: datetime | time) -> str:
        """Return the time of day on 24 hours, as the clock shows it where ``moment`` is told."""
        shown = moment.time() if isinstance(moment, datetime) else moment
        return format_time(shown, _CLOCKS[self.language], locale=self._locale)

    def week(self, number: int) -> str:
        """Return an ISO week: ``v. 6``."""
        return self.say("week {number}", number=number)

    def listing(self, names: Iterable[str]) -> str:
        """Return names in a row: ``Kumla, Laxå och Nora``."""
        return format_list(list(names), locale=self._locale)

    def _filled(self, template: str, values: dict[str, object]) -> str:
        return template.format(**{name: self._written(value) for name, value in values.items()})

    def _written(self, value: object) -> object:
        return format_decimal(value, locale=self._locale) if isinstance(value, int | float) else value
