"""Parse VFREEBUSY: free and busy periods without their events (RFC 5545, section 3.6.4)."""

from collections.abc import Iterator
from datetime import datetime

from scheduler.days import ONE_DAY
from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.busy_type import BusyKind, free_busy_kind
from scheduler.ical.read.occurrence_time import ENDS_FIRST
from scheduler.ical.read.redact import Component
from scheduler.ical.read.values import NO_SUCH_TIME, DurationValue, InvalidValue, PeriodValue, TimeValue, valid_duration
from scheduler.ical.read.zone_lookup import Zones
from scheduler.intervals import Interval


def covered_range(component: Component, zones: Zones) -> Interval | None:
    """Return the time from DTSTART to DTEND that a VFREEBUSY covers; None when it lacks either."""
    start_line = next(component.lines_named("DTSTART"), None)
    end_line = next(component.lines_named("DTEND"), None)
    if start_line is None or end_line is None:
        return None
    start = zones.instant(start_line.time)
    end = zones.instant(end_line.time)
    return _ordered_interval(start, end)


def periods(component: Component, zones: Zones) -> Iterator[tuple[Interval, BusyKind | None]]:
    """Yield the periods of a VFREEBUSY with their kinds; the kind of a free period is None."""
    for line in component.lines_named("FREEBUSY"):
        kind = free_busy_kind(line.parameters.get("FBTYPE", "BUSY"))
        for period in line.items():
            yield _resolve_period(period, zones), kind


def _resolve_period(period: TimeValue | PeriodValue, zones: Zones) -> Interval:
    if not isinstance(period, PeriodValue):
        zones.instant(period)
        raise UnreadableCalendar(NO_SUCH_TIME)
    start = zones.instant(period.start)
    if isinstance(period.end, DurationValue):
        # The periods of a VFREEBUSY are in UTC, where every day has 24 hours.
        return Interval(start, start + period.end.days * ONE_DAY + period.end.exact)
    if isinstance(period.end, InvalidValue) and period.end.text.startswith("P"):
        valid_duration(period.end)
    return _ordered_interval(start, zones.instant(period.end))


def _ordered_interval(start: datetime, end: datetime) -> Interval:
    if end < start:
        raise UnreadableCalendar(ENDS_FIRST)
    return Interval(start, end)
