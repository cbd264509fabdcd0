"""Parse VFREEBUSY: free and busy periods without their events (RFC 5545, section 3.6.4)."""

from collections.abc import Iterator
from datetime import datetime

from scheduler.days import ONE_DAY
from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.busy_type import BusyKind, kind_of_type
from scheduler.ical.read.event import ENDS_FIRST
from scheduler.ical.read.redact import Component, ContentLine
from scheduler.ical.read.values import at, duration, moment
from scheduler.ical.read.zone_lookup import Zones
from scheduler.intervals import Interval


def stated_range(component: Component, zones: Zones) -> Interval | None:
    """Return the time that a VFREEBUSY speaks of; None when it does not say."""
    start, end = (next(component.every(name), None) for name in ("DTSTART", "DTEND"))
    if start is None or end is None:
        return None
    return _ordered(at(moment(start, start.value, zones), zones), at(moment(end, end.value, zones), zones))


def stated_periods(component: Component, zones: Zones) -> Iterator[tuple[Interval, BusyKind | None]]:
    """Yield every period of a VFREEBUSY and its kind; None is free, and a type that nobody knows is busy."""
    for line in component.every("FREEBUSY"):
        kind = kind_of_type(line.parameters.get("FBTYPE", "BUSY"))
        for period in filter(None, line.value.split(",")):
            yield _period(line, period.strip().upper(), zones), kind


def _period(line: ContentLine, written: str, zones: Zones) -> Interval:
    first, _, second = written.partition("/")
    start = at(moment(line, first, zones), zones)
    if not second.startswith("P"):
        return _ordered(start, at(moment(line, second, zones), zones))
    days, exact = duration(second)
    return Interval(start, start + days * ONE_DAY + exact)


def _ordered(start: datetime, end: datetime) -> Interval:
    if end < start:
        raise UnreadableCalendar(ENDS_FIRST)
    return Interval(start, end)
