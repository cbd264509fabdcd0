"""Calendar days: wall time and UTC, public holidays, working days."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import holidays as national

from scheduler.intervals import Interval

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")  # names of RFC 5545, Monday first
ONE_DAY = timedelta(days=1)
SATURDAY = 5


def zone_exists(name: str) -> bool:
    """Return whether ``name`` is a place of the IANA time zone database, or UTC."""
    return name in _zones()


@cache
def _zones() -> frozenset[str]:
    # `localtime` and `Factory` are excluded because their meaning depends on the machine.
    return frozenset(available_timezones()) - {"Factory", "localtime"}


def country_exists(code: str) -> bool:
    """Return whether the public holidays of the country with this ISO 3166 code are available."""
    return code in national.list_supported_countries()


def instant(written: datetime, zone: ZoneInfo) -> datetime:
    """
    Return ``written`` in UTC; without an offset of its own it is wall time in ``zone``.

    A wall time that daylight saving time skips or repeats is interpreted by RFC 5545, section 3.3.5: with the offset
    before the gap, and as the first of the two.

    Examples
    --------
    >>> instant(datetime(2027, 3, 28, 2, 30), ZoneInfo("Europe/Stockholm")).isoformat()
    '2027-03-28T01:30:00+00:00'
    """
    aware = written if written.tzinfo else written.replace(tzinfo=zone)
    return aware.astimezone(UTC)


def start_on(day: date, clock: time, zone: ZoneInfo) -> datetime | None:
    """Return the time ``clock`` on ``day`` in ``zone``; None if it occurs never or twice on that day."""
    early = datetime.combine(day, clock, zone)
    late = early.replace(fold=1)
    # The two folds have different offsets exactly for times in a gap and for repeated times (PEP 495).
    if early.utcoffset() != late.utcoffset():
        return None
    return early


def days_between(start: date, end: date) -> Iterator[date]:
    """Yield every date from ``start`` to ``end``, both included."""
    for offset in range((end - start).days + 1):
        yield start + timedelta(days=offset)


def whole_days(start: date, end: date, zone: ZoneInfo) -> Interval:
    """Return the interval from the first midnight of ``start`` to the last of ``end``, in UTC."""
    midnight = time()
    first = datetime.combine(start, midnight)
    last = datetime.combine(end + ONE_DAY, midnight)
    return Interval(instant(first, zone), instant(last, zone))


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    supported = set(national.country_holidays(country).supported_categories)
    categories = tuple(sorted(supported & {"public", "de_facto"}))
    return frozenset(national.country_holidays(country, years=year, categories=categories))


def is_holiday(day: date, country: str | None) -> bool:
    """
    Return whether ``day`` is a public or de-facto holiday, Midsummer Eve and Christmas Eve included.

    An ordinary Sunday is not a holiday. ``country`` is an ISO 3166 code; with None no day is a holiday.

    Examples
    --------
    >>> is_holiday(date(2027, 6, 25), "SE"), is_holiday(date(2027, 6, 24), "SE")
    (True, False)
    """
    return country is not None and day in _holidays(country, day.year)


def is_working_day(day: date, country: str | None) -> bool:
    """Return whether ``day`` is a Monday to Friday and not a holiday."""
    return day.weekday() < SATURDAY and not is_holiday(day, country)


def working_day_on_or_after(day: date, country: str | None) -> date:
    """Return the first working day that is not before ``day``."""
    while not is_working_day(day, country):
        day += ONE_DAY
    return day


def working_day_on_or_before(day: date, country: str | None) -> date:
    """Return the last working day that is not after ``day``."""
    while not is_working_day(day, country):
        day -= ONE_DAY
    return day
