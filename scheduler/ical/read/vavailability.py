"""Parse VAVAILABILITY: the hours in which the owner is available, and the kind of the other time (RFC 7953)."""

from collections.abc import Iterable, Iterator

from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.busy_type import BusyKind, free_busy_kind
from scheduler.ical.read.component import Component
from scheduler.ical.read.component_time import single_occurrence
from scheduler.ical.read.occurrences import Occurrence
from scheduler.ical.read.revisions import group_by_uid
from scheduler.ical.read.series import series_times
from scheduler.ical.read.window_margin import padded
from scheduler.ical.read.zone_lookup import Zones
from scheduler.intervals import Interval, union, without

_LOWEST_PRIORITY = 10  # of components with PRIORITY 0 or without PRIORITY; 1 is the highest (RFC 7953, section 3.1)


def unavailable_times(
    components: Iterable[Component], zones: Zones, window: Interval
) -> Iterator[tuple[Component, Occurrence]]:
    """
    Yield the time within ``window`` in which the owner is unavailable, and the component that states it.

    Of two components that cover the same time the one of higher priority applies; of two with the same priority, a
    busy one applies.

    Raises
    ------
    UnreadableCalendar
        When a component is invalid. The recurrence library may raise any other error.
    """
    by_priority: dict[int, list[Component]] = {}
    for component in components:
        by_priority.setdefault(_priority(component), []).append(component)

    # From the highest priority down, each level decides only the time that no level before it covers.
    decided: list[Interval] = []
    for _, level in sorted(by_priority.items()):
        covered = [_covered_time(component, zones, window) for component in level]
        for component, interval in zip(level, covered, strict=True):
            kind = free_busy_kind(component.keyword("BUSYTYPE") or "BUSY-UNAVAILABLE")
            if kind is not None:
                excluded = union([*decided, *_available_times(component, zones, window)])
                for time in without([interval], excluded):
                    yield component, (time, kind)
        decided = union([*decided, *covered])


def _priority(component: Component) -> int:
    text = component.keyword("PRIORITY")
    valid_texts = {str(number) for number in range(1, _LOWEST_PRIORITY)}
    return int(text) if text in valid_texts else _LOWEST_PRIORITY


def _covered_time(component: Component, zones: Zones, window: Interval) -> Interval:
    """Return the part of the window that a component covers; without a start or an end it is unbounded there."""
    stated = _stated_time(component, zones, padded(window))
    start = max(stated.start, window.start)
    end = min(stated.end, window.end)
    return Interval(start, max(start, end))


def _stated_time(component: Component, zones: Zones, unbounded: Interval) -> Interval:
    has_end = component.has("DTEND", "DURATION")
    if component.has("DTSTART") and has_end:
        return single_occurrence(component, zones)
    bound_line = next(component.lines_named("DTEND" if has_end else "DTSTART"), None)
    if bound_line is None:
        return unbounded
    bound = zones.instant(bound_line.time)
    return Interval(unbounded.start, bound) if has_end else Interval(bound, unbounded.end)


def _available_times(component: Component, zones: Zones, window: Interval) -> Iterator[Interval]:
    for series in group_by_uid(component.components_named("AVAILABLE")):
        times = series_times(series, _any_kind, zones, window)
        # Hours that may be available are not, and the owner learns of them if they cannot be located.
        if any(doubt.interval.covers(window) for doubt in times.doubts):
            raise UnreadableCalendar(times.doubts[0].sentence)
        yield from (time for time, _ in times.busy)


def _any_kind(_: Component) -> BusyKind | None:
    """Return a kind for every AVAILABLE component, so that the expansion keeps it."""
    return "busy"
