"""Parse VAVAILABILITY: the hours in which the owner is available, and the kind of the other time (RFC 7953)."""

from collections.abc import Iterable, Iterator

from scheduler.ical.read.busy_type import BusyKind, kind_of_type
from scheduler.ical.read.event import once
from scheduler.ical.read.redact import Component
from scheduler.ical.read.series import Occurrence, by_uid, occurrences
from scheduler.ical.read.values import at, moment, near
from scheduler.ical.read.zone_lookup import Zones
from scheduler.intervals import Interval, union, without

_LAST = 10  # priorities go from 1, the highest, to 9; none, or 0, comes after those (section 3.1)


def out_of_hours(
    components: Iterable[Component], zones: Zones, window: Interval
) -> Iterator[tuple[Component, Occurrence]]:
    """
    Yield the time within ``window`` in which somebody is not to be had, and the component that says so.

    Of two components that speak of the same time the one of higher priority is believed; where both have the same,
    one that says busy is enough.

    Raises
    ------
    UnreadableCalendar
        When one is not understood; so may the library raise anything else.
    """
    by_priority: dict[int, list[Component]] = {}
    for component in components:
        by_priority.setdefault(_priority(component), []).append(component)
    decided: list[Interval] = []
    for _, level in sorted(by_priority.items()):
        spans = [_span(component, zones, window) for component in level]
        for component, span in zip(level, spans, strict=True):
            kind = kind_of_type(component.value("BUSYTYPE") or "BUSY-UNAVAILABLE")
            if kind is not None:
                available = union([*decided, *_available(component, zones, window)])
                yield from ((component, (time, kind)) for time in without([span], available))
        decided = union([*decided, *spans])


def _priority(component: Component) -> int:
    written = component.value("PRIORITY")
    return int(written) if written in {str(number) for number in range(1, _LAST)} else _LAST


def _span(component: Component, zones: Zones, window: Interval) -> Interval:
    """Return the part of the window that a component speaks of; without a start or an end it has none there."""
    wide = near(window)
    has_end = component.has("DTEND", "DURATION")
    if component.has("DTSTART") and has_end:
        stated = once(component, zones)
    else:
        lines = component.every("DTEND" if has_end else "DTSTART")
        bound = next((at(moment(line, line.value, zones), zones) for line in lines), None)
        stated = Interval(wide.start, bound or wide.end) if has_end else Interval(bound or wide.start, wide.end)
    start, end = max(stated.start, window.start), min(stated.end, window.end)
    return Interval(start, max(start, end))


def _available(component: Component, zones: Zones, window: Interval) -> Iterator[Interval]:
    for series in by_uid(component.named("AVAILABLE")):
        for time, _ in occurrences(series, _says, zones, window):
            yield time


def _says(_: Component) -> BusyKind | None:
    return "busy"
