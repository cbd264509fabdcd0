"""Expand the components that share a UID to their occurrences."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from scheduler.days import instant
from scheduler.ical.read.busy_type import BusyKind
from scheduler.ical.read.expansion import COMPONENT_INDEX, changes_all_following, expand
from scheduler.ical.read.fast_forward import fast_forward
from scheduler.ical.read.occurrence_time import single_occurrence, start_line
from scheduler.ical.read.redact import Component, ContentLine
from scheduler.ical.read.rrule import valid_rule
from scheduler.ical.read.values import WallTime, is_whole_day, to_date
from scheduler.ical.read.window_margin import padded
from scheduler.ical.read.zone_lookup import Zones
from scheduler.intervals import Interval

Occurrence = tuple[Interval, BusyKind]
KindOf = Callable[[Component], BusyKind | None]

_MAX_SEQUENCE_DIGITS = 11
_LOCATING_PROPERTIES = ("DTSTART", "DTEND", "RDATE", "RECURRENCE-ID")


def group_by_uid(components: Iterable[Component]) -> list[list[Component]]:
    """Return the components that share a UID as lists; a component without a UID is a series of its own."""
    series: dict[str, list[Component]] = {}
    for component in components:
        key = component.uid or f"\n{id(component)}"  # no UID contains a line feed
        series.setdefault(key, []).append(component)
    return list(series.values())


def occurrences(
    components: Sequence[Component], kind_of: KindOf, zones: Zones, window: Interval
) -> Iterator[Occurrence]:
    """
    Yield the busy occurrences of the components of one UID that overlap ``window``, in UTC.

    An occurrence without length is not busy.

    Raises
    ------
    UnreadableCalendar
        When the components are invalid. The recurrence library may raise any other error.
    """
    for series in _current_versions(components, zones):
        overrides = series[1:]
        recurrence_ids = [line for override in overrides for line in override.lines_named("RECURRENCE-ID")]
        if any(map(changes_all_following, recurrence_ids)):
            found = _expand_with_overrides(series, kind_of, zones, window)
        else:
            found = _expand_master(series, kind_of, zones, window)
        for time, kind in found:
            if time.start < time.end and window.overlaps(time):
                yield time, kind


def is_outside(components: Sequence[Component], window: Interval) -> bool:
    """Return whether invalid components lie far from ``window``, by the dates of their values alone."""
    days: list[date] = []
    for component in components:
        for line in component.lines:
            if line.name in _LOCATING_PROPERTIES:
                day = line.first_time.day
                if day is None:
                    return False
                days.append(day)
    if not days:
        return False
    wide = padded(window)
    if min(days) > wide.end.date():
        return True
    # Events that repeat or have a duration may reach the window from any earlier day.
    may_extend = any(component.has("RRULE", "RDATE", "DURATION", "RECURRENCE-ID") for component in components)
    return not may_extend and max(days) < wide.start.date()


def _current_versions(components: Sequence[Component], zones: Zones) -> Iterator[list[Component]]:
    """
    Yield each master with the newest version of every override (RFC 5546, section 2.1.5).

    Some writers give several events the same UID: when neither is newer, each is a series of its own.
    """
    newest: dict[datetime | None, list[Component]] = {}
    for component in components:
        recurrence_id = next(component.lines_named("RECURRENCE-ID"), None)
        key = None if recurrence_id is None else zones.instant(recurrence_id.time)
        versions = newest.setdefault(key, [])
        if not versions or _version(component) == _version(versions[0]):
            versions.append(component)
        elif _version(component) > _version(versions[0]):
            newest[key] = [component]
    masters = newest.pop(None, [])
    overrides = [override for versions in newest.values() for override in versions]
    for master in masters:
        yield [master, *overrides]
    # An invitation to a single occurrence comes without its master.
    if not masters:
        for override in overrides:
            yield [override]


def _version(component: Component) -> tuple[int, str]:
    sequence = component.keyword("SEQUENCE")
    is_number = sequence.isdecimal() and len(sequence) <= _MAX_SEQUENCE_DIGITS
    return int(sequence) if is_number else 0, component.keyword("DTSTAMP")


def _expand_master(series: list[Component], kind_of: KindOf, zones: Zones, window: Interval) -> Iterator[Occurrence]:
    """
    Yield the occurrences of a series whose overrides change one occurrence each.

    The overridden occurrences of the master are left out, and each override is a single event. The library, given the
    overrides, would need time quadratic in their number.
    """
    master, *overrides = series
    for component in overrides:
        kind = kind_of(component)
        if kind is not None:
            yield single_occurrence(component, zones), kind
    kind = kind_of(master)
    if kind is None:
        return
    recurrence_ids = [line for override in overrides for line in override.lines_named("RECURRENCE-ID")]
    replaced_starts = {_replaced_start(line, master, zones) for line in recurrence_ids}
    for time in _master_times(master, zones, window):
        if time.start not in replaced_starts:
            yield time, kind


def _master_times(master: Component, zones: Zones, window: Interval) -> Iterator[Interval]:
    if not master.has("RRULE", "RDATE", "EXDATE"):
        yield single_occurrence(master, zones)
        return
    rule_lines = list(master.lines_named("RRULE"))
    if len(rule_lines) == 1:
        rule = valid_rule(rule_lines[0].rule)
        master = fast_forward(master, rule, zones, window)
    for event in expand([master], zones, window):
        yield Interval(_event_instant(event.start, zones), _event_instant(event.end, zones))


def _expand_with_overrides(
    series: list[Component], kind_of: KindOf, zones: Zones, window: Interval
) -> Iterator[Occurrence]:
    """Yield the occurrences of a series in which an override changes all following occurrences."""
    for event in expand(series, zones, window):
        component = series[int(str(event[COMPONENT_INDEX]))]
        kind = kind_of(component)
        if kind is not None:
            yield Interval(_event_instant(event.start, zones), _event_instant(event.end, zones)), kind


def _replaced_start(line: ContentLine, master: Component, zones: Zones) -> datetime:
    """Return the start of the occurrence that an override replaces; a floating one is in the zone of the series."""
    start = start_line(master)
    value = to_date(line.time) if is_whole_day(start.time) else line.time
    if isinstance(value, WallTime) and value.tzid is None:
        value = replace(value, tzid=start.tzid)
    return zones.instant(value)


def _event_instant(written: date, zones: Zones) -> datetime:
    """Return the instant of a time from the recurrence library."""
    return instant(written, zones.home) if isinstance(written, datetime) else zones.midnight(written)
