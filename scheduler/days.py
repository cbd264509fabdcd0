"""Days live here: wall time and UTC, holidays and working days, ISO weeks."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import holidays as national

from scheduler.intervals import Interval

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")  # RFC 5545's names, Monday first
ONE_DAY = timedelta(days=1)
SATURDAY = 5


def zone_exists(name: str) -> bool:
    """Tell whether the IANA zone database knows ``name``."""
    return name in _zones()


@cache
def _zones() -> frozenset[str]:
    """Return the names of places, and UTC: not `localtime` or `Factory`, which depend on the machine."""
    return frozenset(available_timezones()) - {"Factory", "localtime"}


def country_exists(code: str) -> bool:
    """Tell whether the public holidays of the country with this ISO 3166 code are known."""
    return code in national.list_supported_countries()


def instant(written: datetime, zone: ZoneInfo) -> datetime:
    """
    Return the moment in UTC that ``written`` means: its own offset decides, else it is wall time in ``zone``.

    A wall time that daylight saving skips or repeats is read as RFC 5545, section 3.3.5, asks: with the offset
    before the gap, and the first of the two.

    Examples
    --------
    >>> instant(datetime(2027, 3, 28, 2, 30), ZoneInfo("Europe/Stockholm")).isoformat()
    '2027-03-28T01:30:00+00:00'
    """
    return (written if written.tzinfo else written.replace(tzinfo=zone)).astimezone(UTC)


def start_on(day: date, clock: time, zone: ZoneInfo) -> datetime | None:
    """Return the moment when the clock shows ``clock`` on ``day``, in ``zone``; None if never or twice."""
    early = datetime.combine(day, clock, zone)
    late = early.replace(fold=1)
    if early.utcoffset() != late.utcoffset():
        return None
    return early


def days_between(start: date, end: date) -> Iterator[date]:
    """Yield every date from ``start`` to ``end``, both included."""
    for offset in range((end - start).days + 1):
        yield start + timedelta(days=offset)


def whole_days(start: date, end: date, zone: ZoneInfo) -> Interval:
    """Return the time from midnight before ``start`` to midnight after ``end``, in ``zone``."""
    return Interval(
        instant(datetime.combine(start, time()), zone), instant(datetime.combine(end + ONE_DAY, time()), zone)
    )


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    known = set(national.country_holidays(country).supported_categories)
    wanted = tuple(sorted(known & {"public", "de_facto"}))
    return frozenset(national.country_holidays(country, years=year, categories=wanted))


def is_holiday(day: date, country: str | None) -> bool:
    """
    Tell whether nobody works on ``day``: a public or de-facto holiday, Midsummer and Christmas Eve included.

    An ordinary Sunday is none. ``country`` is an ISO 3166 code; None knows no holidays.

    Examples
    --------
    >>> is_holiday(date(2027, 6, 25), "SE"), is_holiday(date(2027, 6, 24), "SE")
    (True, False)
    """
    return country is not None and day in _holidays(country, day.year)


def is_working_day(day: date, country: str | None) -> bool:
    """Tell whether ``day`` is a Monday to Friday and no holiday."""
    return day.weekday() < SATURDAY and not is_holiday(day, country)


def working_day_on_or_before(day: date, country: str | None) -> date:
    """Return the last working day that is not after ``day``."""
    while not is_working_day(day, country):
        day -= ONE_DAY
    return day


def iso_week(day: date) -> str:
    """
    Return the ISO 8601 week with its year.

    Examples
    --------
    >>> iso_week(date(2027, 1, 3))
    '2026-W53'
    """
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"
