"""Who reads a VFREEBUSY: what a server says of somebody's time without saying why (RFC 5545, section 3.6.4)."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from icalendar import vDuration

from scheduler.errors import UnreadableCalendar
from scheduler.ical.reduction import Component
from scheduler.intervals import Interval

BusyKind = Literal["busy", "busy_tentative", "busy_unavailable"]

NOT_IN_UTC = "A period of free or busy time is not written in UTC; export the calendar's events."

_IN_UTC = re.compile(r"\d{8}T\d{6}Z")
_KINDS: dict[str, BusyKind | None] = {
    "FREE": None,
    "BUSY-TENTATIVE": "busy_tentative",
    "BUSY-UNAVAILABLE": "busy_unavailable",
}


def stated_range(component: Component) -> Interval | None:
    """Return the time that a VFREEBUSY speaks of; None when it does not say."""
    start, end = (next(component.every(name), None) for name in ("DTSTART", "DTEND"))
    return Interval(_in_utc(start.value), _in_utc(end.value)) if start and end else None


def stated_periods(component: Component) -> Iterator[tuple[Interval, BusyKind | None]]:
    """Yield every period of a VFREEBUSY and its kind; None is free, and a type that nobody knows is busy."""
    for line in component.every("FREEBUSY"):
        kind = _KINDS.get(line.parameters.get("FBTYPE", "BUSY").upper(), "busy")
        for period in filter(None, line.value.split(",")):
            yield _period(period.strip().upper()), kind


def _period(written: str) -> Interval:
    first, _, second = written.partition("/")
    start = _in_utc(first)
    if not second.startswith("P"):
        return Interval(start, _in_utc(second))
    return Interval(start, start + vDuration(second).td)


def _in_utc(written: str) -> datetime:
    if not _IN_UTC.fullmatch(written):
        raise UnreadableCalendar(NOT_IN_UTC)
    return datetime.fromisoformat(written)
