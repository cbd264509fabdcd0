"""Parse VFREEBUSY: free and busy periods without their events (RFC 5545, section 3.6.4)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from scheduler.days import ONE_DAY
from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.busy_type import BusyKind, free_busy_kind
from scheduler.ical.read.component import Component
from scheduler.ical.read.component_time import ENDS_FIRST
from scheduler.ical.read.values import NO_SUCH_TIME, DurationValue, InvalidValue, PeriodValue, TimeValue
from scheduler.ical.read.zone_lookup import Zones
from scheduler.intervals import Interval

_UNREADABLE_END = ONE_DAY  # how long a period may last whose end cannot be read
_LONGEST_REVERSED = timedelta(days=31)


class Period(NamedTuple):
    """
    A period of a VFREEBUSY; the kind of a free period is None.

    ``fault`` is a sentence when the period cannot be read. Then ``time`` is the time in which it may lie, or None when
    it cannot be located.
    """

    time: Interval | None
    kind: BusyKind | None
    fault: str = ""


def covered_range(component: Component, zones: Zones) -> Interval | None:
    """Return the time from DTSTART to DTEND that a VFREEBUSY covers; None when it lacks either."""
    start_line = next(component.lines_named("DTSTART"), None)
    end_line = next(component.lines_named("DTEND"), None)
    if start_line is None or end_line is None:
        return None
    start = zones.instant(start_line.time)
    end = zones.instant(end_line.time)
    if end < start:
        raise UnreadableCalendar(ENDS_FIRST)
    return Interval(start, end)


def periods(component: Component, zones: Zones) -> Iterator[Period]:
    """Yield the periods of a VFREEBUSY with their kinds."""
    for line in component.lines_named("FREEBUSY"):
        kind = free_busy_kind(line.parameters.get("FBTYPE", "BUSY"))
        for item in line.items():
            try:
                time, fault = _resolve(item, zones)
            except (UnreadableCalendar, OverflowError):
                time, fault = None, NO_SUCH_TIME
            yield Period(time, kind, fault)


def _resolve(item: TimeValue | PeriodValue, zones: Zones) -> tuple[Interval | None, str]:
    start = item.start if isinstance(item, PeriodValue) else item
    if isinstance(start, InvalidValue):
        if start.day is None:
            return None, NO_SUCH_TIME
        # The clock time of the start is unknown, and so is that of the end.
        first = zones.midnight(start.day)
        return Interval(first, zones.midnight(start.day + ONE_DAY) + _UNREADABLE_END), NO_SUCH_TIME
    first = zones.instant(start)
    end = _end(item, first, zones)
    if end is None:
        return Interval(first, first + _UNREADABLE_END), NO_SUCH_TIME
    if end >= first:
        return Interval(first, end), ""
    # In reverse order, no more than the time between the two is in doubt.
    if first - end <= _LONGEST_REVERSED:
        return Interval(end, first), ENDS_FIRST
    return Interval(first, first + _UNREADABLE_END), ENDS_FIRST


def _end(item: TimeValue | PeriodValue, start: datetime, zones: Zones) -> datetime | None:
    if not isinstance(item, PeriodValue) or isinstance(item.end, InvalidValue):
        return None
    if isinstance(item.end, DurationValue):
        # The periods of a VFREEBUSY are in UTC, where every day has 24 hours.
        return start + item.end.days * ONE_DAY + item.end.exact
    return zones.instant(item.end)
