"""Parse dates and clock times as people in Sweden and spreadsheets write them."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time

_ISO = re.compile(r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})", re.ASCII)
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_DAY_AND_MONTH = re.compile(r"(\d{1,2})/(\d{1,2})[\s,]\s*(\d{4})", re.ASCII)  # 2/3 2027 is the second of March
_NAMED_MONTH = re.compile(r"(\d{1,2})\.?\s*([a-zA-Z]{3,9})\.?\s*(\d{4})", re.ASCII)
_WEEKDAY = re.compile(r"(?:den\s+)?([^\W\d_]{2,9})\.?,?\s+(?:den\s+)?(?=\d)")
_CLOCK = re.compile(r"(?:kl\.?\s*)?(\d{1,2})(?:[:.](\d{2})(?::00)?)?", re.ASCII | re.IGNORECASE)
_MIDNIGHT_AT_START = re.compile(r"(.*\d)[ T]0?0:00(?::00)?", re.ASCII)  # a date cell of a spreadsheet, saved as text
_TIME_AT_END = re.compile(r"(.*\d)(?:T|,? (?:kl\.? ?)?)\d{1,2}[:.]\d{2}(?::\d{2})?", re.ASCII)
# What stands before the last day of several: 2027-03-03 - 2027-03-05, till 5/3, 3-5 mars.
_TO = re.compile(
    r"(?:^| )(?:-|till?|to|tom|t\.o\.m\.) |[\u2013\u2014]|(?<=\d)-(?=\d{1,2}(?:/| [^\W\d_]))", re.IGNORECASE
)
_LONGEST_DATE = 40  # characters
_WORD = re.compile(r"[^\W\d_]+")

_MONTHS = (
    ("jan", "januari", "january"),
    ("feb", "febr", "februari", "february"),
    ("mar", "mars", "march"),
    ("apr", "april"),
    ("maj", "may"),
    ("jun", "juni", "june"),
    ("jul", "juli", "july"),
    ("aug", "augusti", "august"),
    ("sep", "sept", "september"),
    ("okt", "oct", "oktober", "october"),
    ("nov", "november"),
    ("dec", "december"),
)
_WEEKDAYS = (
    ("m\u00e5", "m\u00e5n", "m\u00e5ndag", "mon", "monday"),
    ("ti", "tis", "tisdag", "tue", "tues", "tuesday"),
    ("on", "ons", "onsdag", "wed", "wednesday"),
    ("to", "tor", "tors", "torsdag", "thu", "thurs", "thursday"),
    ("fr", "fre", "fredag", "fri", "friday"),
    ("l\u00f6", "l\u00f6r", "l\u00f6rdag", "sat", "saturday"),
    ("s\u00f6", "s\u00f6n", "s\u00f6ndag", "sun", "sunday"),
)
_MONTH_NUMBERS = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
_WEEKDAY_NUMBERS = {name: number for number, names in enumerate(_WEEKDAYS) for name in names}
_FULL_NAMES = tuple(name for names in _WEEKDAYS for name in names if name.endswith(("dag", "day")))
_WEEKDAY_FORMS = frozenset(
    name + ending for name in _FULL_NAMES for ending in ("", "s", "ar", "ars", "en", "ens", "arna", "arnas")
)
_REPEATING_WORDS = frozenset(
    {
        "varje",
        "varannan",
        "vartannat",
        "dagligen",
        "vardagar",
        "helger",
        "every",
        "each",
        "daily",
        "weekdays",
        "weekends",
    }
)


@dataclass(frozen=True, slots=True)
class AmbiguousDay:
    """A date that is one day if the day comes first, and another if the month does."""

    day_first: date
    month_first: date


@dataclass(frozen=True, slots=True)
class WrongWeekday:
    """A date written with the name of another weekday than it has."""

    day: date


WrittenDay = date | AmbiguousDay | WrongWeekday


def parse_day(text: str) -> WrittenDay | None:
    """
    Return the date in a cell; None when the text is no date.

    Read are 2027-03-02, 20270302, 2027/3/2, 02.03.2027, 2/3 2027, 2 mars 2027 and 13/2/2027, each also after the name
    of its weekday. In 3/2/2027 the day or the month may come first: both readings are returned.
    """
    if match := _MIDNIGHT_AT_START.fullmatch(text):
        text = match[1]
    weekday = _WEEKDAY.match(text)
    if weekday is None:
        return _parse_date(text)
    number = _WEEKDAY_NUMBERS.get(weekday[1].casefold())
    if number is None and weekday[1].casefold() != "den":
        return None
    day = _parse_date(text[weekday.end() :])
    if number is None or day is None:
        return day
    return _match_weekday(day, number)


def days_in_cell(text: str, first: date) -> set[date]:
    """
    Return the days that a cell after the date of its row may name, with or without a time of day.

    Parameters
    ----------
    first
        The date of the row: a day without a year, such as 5/3, is on or after it.
    """
    return {day for part in [text, *_TO.split(text)] for day in _readings(part.strip(), first)}


def _readings(text: str, first: date) -> list[date]:
    if match := _TIME_AT_END.fullmatch(text):
        text = match[1]
    day = parse_day(text)
    if day is None and len(text) <= _LONGEST_DATE:
        # Of a day without a year, the first from the date of the row on is meant.
        later = [parse_day(f"{text} {year}") for year in (first.year, first.year + 1)]
        day = next((other for other in later if isinstance(other, date) and other >= first), None)
    if isinstance(day, AmbiguousDay):
        return [day.day_first, day.month_first]
    if isinstance(day, WrongWeekday):
        return [day.day]
    return [] if day is None else [day]


def names_repeated_day(cells: list[str]) -> bool:
    """Return whether a row without digits names a weekday, or days that return in other words."""
    words = {word.casefold() for cell in cells for word in _WORD.findall(cell)}
    if words & (_WEEKDAY_FORMS | _REPEATING_WORDS):
        return True
    # Short forms are words of headings too ("From;To"), except where the date of a row stands.
    first_words = [word.casefold() for word in _WORD.findall(cells[0])]
    return bool(first_words) and all(word in _WEEKDAY_NUMBERS for word in first_words)


def _match_weekday(day: WrittenDay, weekday: int) -> WrittenDay:
    """Return the reading of a date that falls on the weekday: of an ambiguous date, this can be one of the two."""
    if isinstance(day, WrongWeekday):
        return day
    readings = [day.day_first, day.month_first] if isinstance(day, AmbiguousDay) else [day]
    matching = [reading for reading in readings if reading.weekday() == weekday]
    if len(matching) == 1:
        return matching[0]
    return day if matching else WrongWeekday(readings[0])


def _parse_date(text: str) -> WrittenDay | None:
    if match := _ISO.fullmatch(text):
        return _to_date(match[1], match[3], match[4])
    if match := _DOTTED.fullmatch(text) or _DAY_AND_MONTH.fullmatch(text):
        return _to_date(match[3], match[2], match[1])
    if match := _NAMED_MONTH.fullmatch(text):
        month = _MONTH_NUMBERS.get(match[2].casefold())
        return None if month is None else _to_date(match[3], str(month), match[1])
    if match := _SLASHED.fullmatch(text):
        day_first = _to_date(match[3], match[2], match[1])
        month_first = _to_date(match[3], match[1], match[2])
        if day_first and month_first and day_first != month_first:
            return AmbiguousDay(day_first, month_first)
        return day_first or month_first
    return None


def _to_date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def parse_clock(day: date, text: str) -> datetime | None:
    """Return the wall time on a day; 24:00 is the midnight after it; None when the text is no time."""
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    hour = int(match[1])
    minute = int(match[2] or 0)
    midnight = datetime.combine(day, time())
    if (hour, minute) == (24, 0):
        return next_midnight(midnight)
    if hour >= 24 or minute >= 60:
        return None
    return midnight.replace(hour=hour, minute=minute)


def next_midnight(midnight: datetime) -> datetime:
    """Return the midnight a day later, in wall time."""
    next_day = date.fromordinal(midnight.toordinal() + 1)
    return datetime.combine(next_day, time())
