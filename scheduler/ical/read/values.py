"""Parse iCalendar values: dates, date-times in UTC or in a known zone, and durations."""

import re
from datetime import UTC, date, datetime, time, timedelta

from scheduler.days import instant
from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.redact import ContentLine
from scheduler.ical.read.zone_lookup import Zone, Zones
from scheduler.intervals import Interval

PADDING = timedelta(days=2)  # the library compares whole days without their zone
FIRST, LAST = datetime(1, 1, 8, tzinfo=UTC), datetime(9999, 12, 24, tzinfo=UTC)  # what arithmetic may reach

NO_SUCH_TIME = "An event's time is not written as a date and time; correct it."
NO_ZONE = "An event's time zone is unknown; choose a known time zone, such as Europe/Stockholm."
NOT_UNDERSTOOD = "An event is invalid; correct it or remove it."

_DATE = re.compile(r"\d{8}", re.ASCII)
_DATE_TIME = re.compile(r"\d{8}T\d{6}Z?", re.ASCII)
_DURATION = re.compile(
    r"\+?P(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?", re.ASCII
)


class UnknownZone(UnreadableCalendar):
    """A time is written in a zone that nobody knows."""


def moment(line: ContentLine, value: str, zones: Zones) -> date:
    """
    Return what ``value`` says: a date, or a datetime in UTC.

    Raises
    ------
    UnreadableCalendar
        When it is neither; :class:`UnknownZone` when only its zone is in doubt.
    """
    value = value.strip().upper()
    try:
        if _DATE.fullmatch(value):
            return date.fromisoformat(value)
        if _DATE_TIME.fullmatch(value):
            written = datetime.fromisoformat(value)
            return written if written.tzinfo else written.replace(tzinfo=zone_of(line, zones).rules).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise UnreadableCalendar(NO_SUCH_TIME)


def at(day_or_instant: date, zones: Zones) -> datetime:
    """Return the instant; a whole day begins at midnight where the calendar is."""
    if isinstance(day_or_instant, datetime):
        return instant(day_or_instant, zones.home)
    return instant(datetime.combine(day_or_instant, time()), zones.home)


def placed(line: ContentLine, value: str, zones: Zones) -> str:
    """Return the parameters and the value that say one moment without doubt: a date, UTC, or a zone that is known."""
    value = value.strip().upper()
    if _DATE.fullmatch(value):
        return f";VALUE=DATE:{value}"
    if not _DATE_TIME.fullmatch(value):
        raise UnreadableCalendar(NO_SUCH_TIME)
    if value.endswith("Z"):
        return f":{value}"
    return f";TZID={zone_of(line, zones).name}:{value}"


def zone_of(line: ContentLine, zones: Zones) -> Zone:
    """Return the zone in which a line is written; raise :class:`UnknownZone` when nobody can tell."""
    zone = zones.find(line.parameters.get("TZID", ""))
    if zone is None:
        raise UnknownZone(NO_ZONE)
    return zone


def duration(written: str) -> tuple[int, timedelta]:
    """
    Return whole days, which the clock may stretch or shorten, and the exact time beside them (RFC 5545, 3.3.6).

    Examples
    --------
    >>> duration("P1DT2H")
    (1, datetime.timedelta(seconds=7200))
    """
    match = _DURATION.fullmatch(written.strip().upper())
    if not match or not any(match.groups()):
        raise UnreadableCalendar(NOT_UNDERSTOOD)
    weeks, days, hours, minutes, seconds = (int(group or 0) for group in match.groups())
    return 7 * weeks + days, timedelta(hours=hours, minutes=minutes, seconds=seconds)


def near(window: Interval) -> Interval:
    """Return the window with two days on each side, as far as there are years."""
    return Interval(max(window.start, FIRST) - PADDING, min(window.end, LAST) + PADDING)


def figures(day: date) -> str:
    """Return the eight figures of a day; years before 1000 have four too."""
    return f"{day.year:04}{day.month:02}{day.day:02}"
