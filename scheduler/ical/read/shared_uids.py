"""
Group the events of all calendars in a file by UID: some programs write each event into a VCALENDAR of its own.

Each calendar defines its own zones. Where the events of a UID come from several calendars, their times are renamed to
zones that mean the same in all of them.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from scheduler.ical.read.redact import Component, ContentLine
from scheduler.ical.read.revisions import group_by_uid
from scheduler.ical.read.values import WallTime
from scheduler.ical.read.zone_lookup import MergedZones, Zones

_TIMES = frozenset({"DTSTART", "DTEND", "RECURRENCE-ID", "RDATE", "EXDATE"})


class Series(NamedTuple):
    """The events that share a UID, and their zones."""

    components: list[Component]
    zones: Zones


def series_of(events: Iterable[tuple[Component, Zones]]) -> list[Series]:
    """Return the events of a file, each with the zones of its calendar, grouped by UID."""
    zones_by_event = {id(component): (component, zones) for component, zones in events}
    groups = group_by_uid(component for component, _ in zones_by_event.values())
    return [_merge([zones_by_event[id(component)] for component in group]) for group in groups]


def _merge(events: list[tuple[Component, Zones]]) -> Series:
    first = events[0][1]
    if all(zones is first for _, zones in events):
        return Series([component for component, _ in events], first)
    has_one_home = all(zones.home == first.home for _, zones in events)
    merged = MergedZones(first)
    components = [_renamed(component, zones, merged, has_one_home) for component, zones in events]
    return Series(components, merged)


def _renamed(component: Component, zones: Zones, merged: MergedZones, has_one_home: bool) -> Component:
    lines = []
    for line in component.lines:
        keeps_zone = line.name not in _TIMES or (has_one_home and not line.tzid)
        lines.append(line if keeps_zone else _in_zone(line, merged.add(line.tzid or "", zones)))
    return replace(component, lines=lines)


def _in_zone(line: ContentLine, tzid: str) -> ContentLine:
    value = line.value
    if isinstance(value, WallTime):
        value = replace(value, tzid=tzid)
    return replace(line, parameters={**line.parameters, "TZID": tzid}, value=value)
