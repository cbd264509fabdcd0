"""The zones that we write live here: one frozen rule for all who turn the clock with the EU, and UTC for the rest."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from icalendar import Timezone

COMPARED_YEARS = range(2020, 2038)

_ONE_HOUR = timedelta(hours=1)
_ONE_SECOND = timedelta(seconds=1)

# RFC 5545, section 3.6.5: one rule each way and no list of dates, which is what every client reads right. An onset is
# wall time by the offset before it; the dates are the rule's first in 1970.
_EU_RULE = """\
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
    return last - timedelta(days=(last.weekday() + 1) % 7)


@cache
def turns_with_the_eu(name: str) -> bool:
    """Tell whether the zone database gives ``name`` summer time by the EU's rule, in every compared year."""
    zone = ZoneInfo(name)
    winter = _offset(datetime(COMPARED_YEARS[0], 1, 1, tzinfo=UTC), zone)
    if not -_ONE_HOUR <= winter < timedelta(hours=22):  # else the onset falls on another day of the local week
        return False
    return all(_offset(moment, zone) == offset for moment, offset in _expected_offsets(winter))


def _expected_offsets(winter: timedelta) -> list[tuple[datetime, timedelta]]:
    summer = winter + _ONE_HOUR
    expected = []
    for year in COMPARED_YEARS:
        spring, autumn = eu_onset(year, 3), eu_onset(year, 10)
        expected += [(spring - _ONE_SECOND, winter), (spring, summer), (autumn - _ONE_SECOND, summer), (autumn, winter)]
        firsts = [datetime(year, month, 1, tzinfo=UTC) for month in range(1, 13)]
        expected += [(first, summer if spring <= first < autumn else winter) for first in firsts]
    return expected


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


@cache
def vtimezone_text(name: str) -> str | None:
    """
    Return the VTIMEZONE of ``name``, or None where the EU's rule does not hold and times are written in UTC.

    Examples
    --------
    >>> print(vtimezone_text("Asia/Tokyo"))
    None
    """
    if not turns_with_the_eu(name):
        return None
    spring, autumn = (eu_onset(COMPARED_YEARS[-1], month).astimezone(ZoneInfo(name)) for month in (3, 10))
    return _EU_RULE.format(
        name=name,
        summer_name=spring.tzname(),
        winter_name=autumn.tzname(),
        summer=f"{spring:%z}",
        winter=f"{autumn:%z}",
        spring_clock=f"{spring - _ONE_HOUR:%H%M%S}",
        autumn_clock=f"{autumn + _ONE_HOUR:%H%M%S}",
    )


def vtimezone(name: str) -> Timezone | None:
    """Return :func:`vtimezone_text` as a component, a new one each time."""
    text = vtimezone_text(name)
    return None if text is None else parsed_zone(text.replace("\n", "\r\n"))


def parsed_zone(text: str) -> Timezone:
    """Return a VTIMEZONE as a component; raise ValueError when it is none."""
    component = Timezone.from_ical(text.encode())
    if not isinstance(component, Timezone) or component.errors:
        raise ValueError("not a VTIMEZONE")
    return component


def written_in(zone: str, *moments: datetime) -> tuple[datetime, ...]:
    """
    Return the same moments as they are to be written: wall time in ``zone``, or all in UTC.

    UTC when the zone has no rule of its own here, and when a wall time is the second of two alike, which local time
    cannot name (RFC 5545, section 3.3.5).
    """
    local = tuple(moment.astimezone(ZoneInfo(zone)) for moment in moments)
    if not turns_with_the_eu(zone) or any(moment.fold for moment in local):
        return tuple(moment.astimezone(UTC) for moment in moments)
    return local
