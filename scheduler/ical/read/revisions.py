"""Group the events of a file by UID, and choose the current revision of each (RFC 5546, section 2.1.5)."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.busy_type import BusyKind
from scheduler.ical.read.redact import Component
from scheduler.ical.read.zone_lookup import GuessedZones, Zones

KindOf = Callable[[Component], BusyKind | None]

_MAX_SEQUENCE_DIGITS = 11


class Versions(NamedTuple):
    """The current revisions of the components of one UID: events, or series, and overrides of single occurrences."""

    masters: list[Component]
    overrides: list[Component]


def group_by_uid(components: Iterable[Component]) -> list[list[Component]]:
    """Return the components that share a UID as lists; a component without a UID is a series of its own."""
    series: dict[str, list[Component]] = {}
    for component in components:
        key = component.uid or f"\n{id(component)}"  # no UID contains a line feed
        series.setdefault(key, []).append(component)
    return list(series.values())


def current_versions(components: Sequence[Component], kind_of: KindOf, zones: Zones) -> Versions:
    """
    Return the newest revisions of the components of one UID; of several that are equally new, all.

    Some writers give different events the same UID. They are no revisions of each other when they start at different
    times and have the same SEQUENCE, since a change of time increases it (RFC 5546, section 2.1.4).
    """
    zones = GuessedZones(zones)
    masters: dict[object, list[Component]] = {}
    overrides: dict[object, list[Component]] = {}
    for component in components:
        recurrence_id = _moment(component, "RECURRENCE-ID", zones)
        if recurrence_id is None:
            masters.setdefault(_moment(component, "DTSTART", zones), []).append(component)
        else:
            overrides.setdefault(recurrence_id, []).append(component)
    newest_overrides = [component for revisions in overrides.values() for component in _newest(revisions)]
    return Versions(_current_masters(masters, kind_of), newest_overrides)


def _moment(component: Component, name: str, zones: Zones) -> object:
    """Return the instant of a property; its text when it is invalid, and None when the component lacks it."""
    line = next(component.lines_named(name), None)
    if line is None:
        return None
    try:
        return zones.instant(line.time)
    except (UnreadableCalendar, OverflowError):
        return line.text


def _newest(revisions: list[Component]) -> list[Component]:
    newest = max(map(_version, revisions))
    return [component for component in revisions if _version(component) == newest]


def _current_masters(masters_by_start: dict[object, list[Component]], kind_of: KindOf) -> list[Component]:
    without_start = masters_by_start.pop(None, [])
    # A cancelled component needs no start (RFC 5546, section 3.2.5): it is a revision of the only event of its UID.
    if len(masters_by_start) == 1:
        cancelled = [component for component in without_start if kind_of(component) is None]
        without_start = [component for component in without_start if kind_of(component) is not None]
        for revisions in masters_by_start.values():
            revisions += cancelled
    newest = [component for revisions in masters_by_start.values() for component in _newest(revisions)]

    # An event that is free, such as a cancelled one, replaces nothing that starts at another time.
    busy = [component for component in [*newest, *without_start] if kind_of(component) is not None]
    sequences = [_version(component)[0] for component in busy]
    have_different_sequences = len(set(sequences)) == len(sequences)
    if have_different_sequences and sequences:
        busy = [component for component in busy if _version(component)[0] == max(sequences)]
    return busy


def _version(component: Component) -> tuple[int, str]:
    sequence = component.keyword("SEQUENCE")
    is_number = sequence.isdecimal() and len(sequence) <= _MAX_SEQUENCE_DIGITS
    return int(sequence) if is_number else 0, component.keyword("DTSTAMP")
