"""
The values of iCalendar properties as types, each parsed once, when its content line is read.

A value that cannot be parsed is an :class:`InvalidValue`: it matters only if the event turns out to bear on the window.
Zones are resolved later (:class:`scheduler.ical.read.zone_lookup.Zones`), since a calendar may define them at its end.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from scheduler.errors import UnreadableCalendar

NO_SUCH_TIME = "An event's time is not written as a date and time; correct it."
NOT_UNDERSTOOD = "An event is invalid; correct it or remove it."

_LENGTH_OF_DATE = len("YYYYMMDD")
_DATE = re.compile(r"\d{8}", re.ASCII)
_DATE_TIME = re.compile(r"\d{8}T\d{4}(?:\d{2})?Z?", re.ASCII)  # some writers leave out the seconds
# Some writers put weeks and days behind the T (PT1W), or end a date with Z: all clients understand both.
_DURATION = re.compile(
    r"\+?P(?:(\d{1,20})W)?(?:(\d{1,20})D)?(?:T(?:(\d{1,20})H)?(?:(\d{1,20})M)?(?:(\d{1,20})S)?)?", re.ASCII
)
_MAX_WEEKS = 10**5
_MAX_DAYS = 10**6
_MAX_TIMES = (10**7, 10**8, 10**9)  # hours, minutes and seconds
_MISPLACED_T = re.compile(r"(?<=P)T(?=\d+[WD])", re.ASCII)
_DATE_WITH_Z = re.compile(r"^(\d{8})Z$", re.ASCII)
_DATE_AT_MIDNIGHT = re.compile(r"^(\d{8})T0000(?:00)?Z?$", re.ASCII)


@dataclass(frozen=True, slots=True)
class DateValue:
    """A DATE (RFC 5545, section 3.3.4)."""

    day: date


@dataclass(frozen=True, slots=True)
class UtcTime:
    """A DATE-TIME with UTC time (RFC 5545, section 3.3.5, form 2)."""

    moment: datetime

    @property
    def day(self) -> date:
        return self.moment.date()


@dataclass(frozen=True, slots=True)
class WallTime:
    """A DATE-TIME in the zone ``tzid``, or floating when ``tzid`` is None (RFC 5545, section 3.3.5, forms 3 and 1)."""

    clock: datetime
    tzid: str | None

    @property
    def day(self) -> date:
        return self.clock.date()


@dataclass(frozen=True, slots=True)
class InvalidValue:
    """
    A text that is not a value of its type.

    Attributes
    ----------
    day
        The date in its first eight characters, if any. It locates the event roughly.
    is_well_formed
        Whether the text has the syntax of a date, a time or a duration, but numbers out of range.
    """

    text: str
    day: date | None = None
    tzid: str | None = None
    is_well_formed: bool = False


@dataclass(frozen=True, slots=True)
class DurationValue:
    """
    A DURATION: nominal days, and an exact time (RFC 5545, section 3.3.6).

    A day follows the clock and may have 23 or 25 hours; an hour is always 60 minutes.
    """

    days: int
    exact: timedelta
    is_negative: bool = False


TimeValue = DateValue | UtcTime | WallTime | InvalidValue


@dataclass(frozen=True, slots=True)
class PeriodValue:
    """A PERIOD with an explicit end or a duration (RFC 5545, section 3.3.9)."""

    start: TimeValue
    end: TimeValue | DurationValue


def parse_time(text: str, tzid: str | None = None, *, is_date: bool = False) -> TimeValue:
    """
    Return a DATE or a DATE-TIME.

    Parameters
    ----------
    tzid
        The TZID parameter of its line.
    is_date
        Whether its line has VALUE=DATE; some writers add a midnight to the date then.
    """
    text = _DATE_WITH_Z.sub(r"\1", text.strip().upper())
    if is_date:
        text = _DATE_AT_MIDNIGHT.sub(r"\1", text)
    is_date = _DATE.fullmatch(text) is not None
    is_well_formed = is_date or _DATE_TIME.fullmatch(text) is not None
    if not is_well_formed:
        return InvalidValue(text, _leading_day(text))
    try:
        if is_date:
            return DateValue(date.fromisoformat(text))
        moment = datetime.fromisoformat(text)
    except ValueError:
        return InvalidValue(text, _leading_day(text), tzid, is_well_formed=True)
    return UtcTime(moment) if moment.tzinfo else WallTime(moment, tzid)


def parse_duration(text: str) -> DurationValue | InvalidValue:
    """
    Return a DURATION; the magnitude of a negative one is not parsed, since no event has one.

    Examples
    --------
    >>> parse_duration("P1DT2H")
    DurationValue(days=1, exact=datetime.timedelta(seconds=7200), is_negative=False)
    >>> parse_duration("PT1W").days, parse_duration("P") == parse_duration("PT0S")
    (7, True)
    """
    text = text.strip().upper()
    if text.startswith("-"):
        return DurationValue(0, timedelta(), is_negative=True)
    return _parse_positive_duration(text)


def _parse_positive_duration(text: str) -> DurationValue | InvalidValue:
    match = _DURATION.fullmatch(_MISPLACED_T.sub("", text))
    if match is None:
        return InvalidValue(text)
    numbers = [int(group or 0) for group in match.groups()]
    if any(number >= limit for number, limit in zip(numbers, (_MAX_WEEKS, _MAX_DAYS, *_MAX_TIMES), strict=True)):
        return InvalidValue(text, is_well_formed=True)
    weeks, days, hours, minutes, seconds = numbers
    return DurationValue(7 * weeks + days, timedelta(hours=hours, minutes=minutes, seconds=seconds))


def parse_list(text: str, tzid: str | None = None, *, is_date: bool = False) -> Iterator[TimeValue | PeriodValue]:
    """Yield the dates, times and periods of RDATE or EXDATE; empty items are left out."""
    for item in filter(None, text.split(",")):
        yield parse_time(item, tzid, is_date=True) if is_date and "/" not in item else _parse_item(item, tzid)


def parse_free_busy(text: str, tzid: str | None = None) -> Iterator[TimeValue | PeriodValue]:
    """Yield the periods of FREEBUSY; a person who is free may have an empty list."""
    for item in filter(None, text.split(",")):
        yield _parse_item(item.strip().upper(), tzid)


def _parse_item(text: str, tzid: str | None) -> TimeValue | PeriodValue:
    start, slash, end = text.partition("/")
    if not slash:
        return parse_time(start, tzid)
    if end.startswith("P"):
        return PeriodValue(parse_time(start, tzid), _parse_positive_duration(end))
    return PeriodValue(parse_time(start, tzid), parse_time(end, tzid))


def parse_timestamp(text: str) -> UtcTime | None:
    """Return the instant of DTSTAMP or LAST-MODIFIED in any ISO 8601 form; None when it has no UTC offset."""
    try:
        moment = datetime.fromisoformat(text)
        return UtcTime(moment.astimezone(UTC)) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def valid_duration(value: DurationValue | InvalidValue) -> DurationValue:
    """Return a duration that is not negative; raise :class:`UnreadableCalendar` for any other value."""
    if isinstance(value, InvalidValue) or value.is_negative:
        raise UnreadableCalendar(NOT_UNDERSTOOD)
    return value


def is_whole_day(value: TimeValue) -> bool:
    """Return whether a value is a date; an invalid value of the length of a date counts as one."""
    if isinstance(value, InvalidValue):
        return len(value.text) == _LENGTH_OF_DATE
    return isinstance(value, DateValue)


def to_date(value: TimeValue) -> TimeValue:
    """Return the date of a time, and of an invalid value whose first eight characters are a date."""
    if value.day is not None:
        return DateValue(value.day)
    assert isinstance(value, InvalidValue)
    return parse_time(value.text[:_LENGTH_OF_DATE])


def shifted(value: TimeValue, offset: timedelta) -> TimeValue:
    """Return the value a number of whole days later on the clock."""
    match value:
        case DateValue(day):
            return DateValue(day + offset)
        case UtcTime(moment):
            return UtcTime(moment + offset)
        case WallTime(clock):
            return replace(value, clock=clock + offset)
        case InvalidValue(text, day):
            assert day is not None
            moved = day + offset
            return replace(value, text=f"{format_date(moved)}{text[_LENGTH_OF_DATE:]}", day=moved)


def format_date(day: date) -> str:
    """Return YYYYMMDD; `strftime` would write years before 1000 with fewer than four digits."""
    return f"{day.year:04}{day.month:02}{day.day:02}"


def format_clock(moment: datetime) -> str:
    """Return YYYYMMDDTHHMMSS."""
    return f"{format_date(moment)}T{moment:%H%M%S}"


def _leading_day(text: str) -> date | None:
    leading = text[:_LENGTH_OF_DATE]
    if not _DATE.fullmatch(leading):
        return None
    try:
        return date.fromisoformat(leading)
    except ValueError:
        return None
