"""Texts for people in one language: sentences of the catalogue, and numbers, dates and times in its conventions."""

from collections.abc import Iterable
from datetime import date, datetime, time
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from api.i18n.catalogue import load_translations
from scheduler.errors import Choices
from scheduler.text import printable

if TYPE_CHECKING:
    from api.i18n.formats import Formats

Language = Literal["sv", "en"]

_LOCALES: dict[Language, str] = {"sv": "sv_SE", "en": "en_GB"}
_TIME_FORMATS: dict[Language, str] = {"sv": "HH.mm", "en": "HH:mm"}
_MIN_SHOWN = 0.005  # a smaller probability above 0 would be rounded to 0 %
_MAX_SHOWN = 0.995  # a greater probability below 1 would be rounded to 100 %
_MIN_RANGE = 3  # weekdays in a row that are written as a range


class Wording:
    """
    The texts of one language.

    Sentences are looked up by their English text, which has ``{named}`` places for values. Numbers among the values
    are formatted in the conventions of the language.

    Examples
    --------
    >>> Wording("sv").decimal(12.38, 1), Wording("en").percent(0.9996)
    ('12,4', 'over 99%')
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self._translations = load_translations(language)

    @cached_property
    def _formats(self) -> "Formats":
        # Imported here: a text without numbers and dates needs no Babel, which is slow to load.
        from api.i18n.formats import Formats

        return Formats(_LOCALES[self.language])

    def say(self, sentence: str, /, **values: object) -> str:
        """Return the translation of ``sentence`` with its values filled in."""
        template = self._translations.one(sentence)
        return self._fill(template, values)

    def say_many(self, singular: str, plural: str, /, count: int, **values: object) -> str:
        """Return the translation of the form that ``count`` requires; the sentence may contain ``{count}``."""
        template = self._translations.many(singular, plural, count)
        return self._fill(template, {"count": count, **values})

    def decimal(self, value: float, digits: int) -> str:
        """Return ``value`` rounded to ``digits`` decimals; a value that is rounded to zero has no minus sign."""
        rounded = round(value, digits) + 0.0  # -0.0 + 0.0 is 0.0
        decimals = "." + "0" * digits if digits else ""
        return self._formats.decimal(rounded, f"#,##0{decimals}")

    def percent(self, probability: float) -> str:
        """Return a probability in whole percent; only 0 is ``0 %`` and only 1 is ``100 %``."""
        if 0 < probability < _MIN_SHOWN:
            least = self._formats.percent(0.01)
            return self.say("under {percent}", percent=least)
        if _MAX_SHOWN <= probability < 1:
            most = self._formats.percent(0.99)
            return self.say("over {percent}", percent=most)
        return self._formats.percent(probability)

    def hundredths(self, probability: float) -> str:
        """Return a probability as a short number of percent, for a table cell: ``97``, ``>99``, ``<1``."""
        if 0 < probability < _MIN_SHOWN:
            return "<1"
        if _MAX_SHOWN <= probability < 1:
            return ">99"
        return self.decimal(probability * 100, 0)

    def day(self, day: date, *, has_year: bool = True) -> str:
        """Return a date with its weekday: ``torsdag 11 februari 2027``, or the same without the year."""
        pattern = "EEEE d MMMM y" if has_year else "EEEE d MMMM"
        return self._format_date(day, pattern)

    def short_day(self, day: date) -> str:
        """Return a date with its weekday, abbreviated and without the year: ``tors 11 feb``."""
        return self._format_date(day, "EEE d MMM").replace(".", "")

    def plain_day(self, day: date) -> str:
        """Return a date without its weekday: ``11 februari 2027``."""
        return self._format_date(day, "d MMMM y")

    def day_and_month(self, day: date) -> str:
        """Return a date without its weekday and year, abbreviated: ``11 feb``."""
        return self._format_date(day, "d MMM").replace(".", "")

    def weekday(self, name: str) -> str:
        """Return the name of a weekday by its abbreviation in RFC 5545: ``torsdag`` for TH."""
        return self._formats.weekday(name, "wide")

    def short_weekday(self, name: str) -> str:
        """Return the abbreviated name of a weekday by its abbreviation in RFC 5545: ``tors`` for TH."""
        return self._formats.weekday(name, "abbreviated").replace(".", "")

    def weekdays(self, names: Iterable[str]) -> str:
        """Return weekdays in order, three or more in a row as a range: ``måndag–torsdag och lördag``."""
        wanted = set(names)
        parts: list[str] = []
        for is_wanted, run in groupby(self._formats.weekdays, key=wanted.__contains__):
            if not is_wanted:
                continue
            days = [self.weekday(name) for name in run]
            if len(days) < _MIN_RANGE:
                parts += days
            else:
                parts.append(f"{days[0]}–{days[-1]}")
        return self.listing(parts)

    def month(self, day: date) -> str:
        """Return the name of the month of ``day``."""
        return self._format_date(day, "LLLL")

    def days(self, first: date, last: date) -> str:
        """Return a range of dates in which a common month and year occur once: ``1–31 juli 2027``."""
        if first == last:
            return self.plain_day(first)
        end = self.plain_day(last)
        if _is_same_month(first, last):
            return f"{first.day}–{end}"
        pattern = "d MMMM" if first.year == last.year else "d MMMM y"
        start = self._format_date(first, pattern)
        return f"{start} – {end}"

    def on_days(self, first: date, last: date) -> str:
        """Return a range of dates as an adverbial: ``den 1 juli 2027``, ``1–31 juli 2027``."""
        days = self.days(first, last)
        if first == last:
            return self.say("on {day}", day=days)
        return days

    def months(self, first: date, last: date) -> str:
        """Return the range from the month of ``first`` to the month of ``last``: ``januari–mars 2027``."""
        end = self._format_date(last, "LLLL y")
        if _is_same_month(first, last):
            return end
        if first.year == last.year:
            start = self.month(first)
            return f"{start}–{end}"
        start = self._format_date(first, "LLLL y")
        return f"{start} – {end}"

    def clock(self, moment: datetime | time) -> str:
        """Return the time of day on the 24-hour clock, in the time zone of ``moment`` itself."""
        # A datetime is reduced to its time of day, so that Babel cannot convert it to another time zone.
        time_of_day = moment.time() if isinstance(moment, datetime) else moment
        return self._formats.time(time_of_day, _TIME_FORMATS[self.language])

    def week(self, number: int) -> str:
        """Return an ISO week: ``v. 6``."""
        return self.say("week {number}", number=number)

    def listing(self, names: Iterable[str]) -> str:
        """Return names as a list in a sentence: ``Kumla, Laxå och Nora``."""
        return self._formats.listing(list(names))

    def _format_date(self, day: date, pattern: str) -> str:
        return self._formats.date(day, pattern)

    def _fill(self, template: str, values: dict[str, object]) -> str:
        formatted = {name: self._format_value(value) for name, value in values.items()}
        return template.format(**formatted)

    def _format_value(self, value: object) -> object:
        if isinstance(value, int | float):
            return self._formats.decimal(value)
        if isinstance(value, Choices):
            return self._formats.listing(value.values, "or")
        # The name of a file or an id may hold control characters; in a sentence they would reach a terminal.
        return printable(value) if isinstance(value, str) else value


def _is_same_month(first: date, last: date) -> bool:
    return (first.year, first.month) == (last.year, last.month)
