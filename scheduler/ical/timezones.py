"""
The zones in which times are written: a fixed VTIMEZONE for zones with the summer time of the EU, UTC for all others.

The text of a VTIMEZONE does not depend on the version of the zone database, so that the same plan gives the same bytes
on every machine.
"""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from icalendar import Timezone

COMPARED_YEARS = range(2020, 2038)

_ONE_HOUR = timedelta(hours=1)
_ONE_SECOND = timedelta(seconds=1)

# RFC 5545, section 3.6.5. Clients agree on a definition with one rule for each onset and no list of dates. The time of
# an onset is wall time by the offset before it; the dates are the first of each rule in 1970.
_EU_VTIMEZONE = """\
BEGIN:VTIMEZONE
TZID:{name}
X-LIC-LOCATION:{name}
BEGIN:DAYLIGHT
TZNAME:{summer_name}
TZOFFSETFROM:{winter}
TZOFFSETTO:{summer}
DTSTART:19700329T{spring_clock}
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZNAME:{winter_name}
TZOFFSETFROM:{summer}
TZOFFSETTO:{winter}
DTSTART:19701025T{autumn_clock}
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""


def eu_onset(year: int, month: int) -> datetime:
    """Return 01:00 UTC on the last Sunday of March or October: directive 2000/84/EC, articles 2 and 3."""
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    days_after_sunday = (last.weekday() + 1) % 7
    return last - timedelta(days=days_after_sunday)


@cache
def has_eu_summer_time(name: str) -> bool:
    """Return whether the zone database gives ``name`` the summer time of the EU in every compared year."""
    zone = ZoneInfo(name)
    winter = _offset(datetime(COMPARED_YEARS[0], 1, 1, tzinfo=UTC), zone)
    # East or west of these offsets, 01:00 UTC falls on another day of the local week than Sunday.
    if not -_ONE_HOUR <= winter < timedelta(hours=22):
        return False
    return all(_offset(moment, zone) == offset for moment, offset in _expected_offsets(winter))


def _expected_offsets(winter: timedelta) -> list[tuple[datetime, timedelta]]:
    """Return the offsets by the EU's rule: a second before and at each onset, and on the first of each month."""
    summer = winter + _ONE_HOUR
    expected = []
    for year in COMPARED_YEARS:
        spring = eu_onset(year, 3)
        autumn = eu_onset(year, 10)
        expected += [
            (spring - _ONE_SECOND, winter),
            (spring, summer),
            (autumn - _ONE_SECOND, summer),
            (autumn, winter),
        ]
        for month in range(1, 13):
            first = datetime(year, month, 1, tzinfo=UTC)
            is_summer = spring <= first < autumn
            expected.append((first, summer if is_summer else winter))
    return expected


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


@cache
def vtimezone_text(name: str) -> str | None:
    """
    Return the VTIMEZONE of ``name``, or None for a zone without the EU's summer time, whose times are written in UTC.

    Examples
    --------
    >>> print(vtimezone_text("Asia/Tokyo"))
    None
    """
    if not has_eu_summer_time(name):
        return None
    zone = ZoneInfo(name)
    last_year = COMPARED_YEARS[-1]
    spring = eu_onset(last_year, 3).astimezone(zone)
    autumn = eu_onset(last_year, 10).astimezone(zone)
    return _EU_VTIMEZONE.format(
        name=name,
        summer_name=spring.tzname(),
        winter_name=autumn.tzname(),
        summer=f"{spring:%z}",
        winter=f"{autumn:%z}",
        spring_clock=f"{spring - _ONE_HOUR:%H%M%S}",
        autumn_clock=f"{autumn + _ONE_HOUR:%H%M%S}",
    )


def vtimezone(name: str) -> Timezone | None:
    """Return :func:`vtimezone_text` as a new component."""
    text = vtimezone_text(name)
    if text is None:
        return None
    return parse_vtimezone(text.replace("\n", "\r\n"))


def parse_vtimezone(text: str) -> Timezone:
    """Return the VTIMEZONE in ``text`` as a component; raise ValueError when the text is not a valid VTIMEZONE."""
    component = Timezone.from_ical(text.encode())
    if not isinstance(component, Timezone) or component.errors:
        raise ValueError("not a VTIMEZONE")
    return component


def to_written_times(zone: str, *moments: datetime) -> tuple[datetime, ...]:
    """
    Return the same instants as they are to be written: all as wall time in ``zone``, or all in UTC.

    They are written in UTC when the zone has no fixed VTIMEZONE, and when a wall time is the second of two equal ones
    at the end of summer time: local time always means the first (RFC 5545, section 3.3.5).
    """
    local_times = tuple(moment.astimezone(ZoneInfo(zone)) for moment in moments)
    has_repeated_time = any(moment.fold for moment in local_times)
    if has_repeated_time or not has_eu_summer_time(zone):
        return tuple(moment.astimezone(UTC) for moment in moments)
    return local_times
