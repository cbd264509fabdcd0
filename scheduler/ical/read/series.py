"""Expand the components that share a UID to their occurrences."""

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime

import recurring_ical_events
from icalendar import Calendar, Event

from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.busy_type import BusyKind
from scheduler.ical.read.event import ENDS_FIRST, once, start_line
from scheduler.ical.read.fast_forward import fast_forwarded
from scheduler.ical.read.redact import Component, ContentLine
from scheduler.ical.read.rrule import Writer, is_followed, rule_parts
from scheduler.ical.read.values import NOT_UNDERSTOOD, at, moment, near
from scheduler.ical.read.zone_lookup import Zones
from scheduler.intervals import Interval

Occurrence = tuple[Interval, BusyKind]


def by_uid(components: Iterable[Component]) -> Iterator[list[Component]]:
    """Yield the components that share a UID; one without stands alone."""
    series: dict[str, list[Component]] = {}
    for component in components:
        series.setdefault(component.uid or f"\n{id(component)}", []).append(component)
    yield from series.values()


def occurrences(
    components: Sequence[Component],
    kind_of: Callable[[Component], BusyKind | None],
    zones: Zones,
    window: Interval,
) -> Iterator[Occurrence]:
    """
    Yield every time, in UTC, that the components of one UID are held and bind somebody, where it overlaps ``window``.

    A time without length is none.

    Raises
    ------
    UnreadableCalendar
        When they are not understood. The library may raise anything else; no answer may then be concluded.
    """
    for series in _as_they_stand(components, zones):
        if any(is_followed(line) for override in series[1:] for line in override.every("RECURRENCE-ID")):
            held = _followed(series, kind_of, zones, window)
        else:
            held = _laid_out(series, kind_of, zones, window)
        yield from (one for one in held if one[0].start < one[0].end and window.overlaps(one[0]))


def is_elsewhere(components: Sequence[Component], window: Interval) -> bool:
    """Tell, from nothing but the dates as written, whether components that are not understood lie far from a window."""
    names = ("DTSTART", "DTEND", "RDATE", "RECURRENCE-ID")
    try:
        days = [date.fromisoformat(line.value[:8]) for one in components for line in one.lines if line.name in names]
    except ValueError:
        return False
    repeats_or_lasts = any(one.has("RRULE", "RDATE", "DURATION", "RECURRENCE-ID") for one in components)
    wide = near(window)
    is_later = bool(days) and min(days) > wide.end.date()
    return is_later or (bool(days) and not repeats_or_lasts and max(days) < wide.start.date())


def _as_they_stand(components: Sequence[Component], zones: Zones) -> Iterator[list[Component]]:
    """
    Yield each master with the newest of every override (RFC 5546, section 2.1.5).

    Careless writers give several events one UID: where neither is newer, each is a series of its own.
    """
    newest: dict[str, list[Component]] = {}
    for component in components:
        lines = component.every("RECURRENCE-ID")
        key = next((at(moment(line, line.value, zones), zones).isoformat() for line in lines), "")
        rivals = newest.setdefault(key, [])
        if not rivals or _version(component) == _version(rivals[0]):
            rivals.append(component)
        elif _version(component) > _version(rivals[0]):
            newest[key] = [component]
    masters = newest.pop("", [])
    overrides = [override for rivals in newest.values() for override in rivals]
    yield from ([master, *overrides] for master in masters)
    if not masters:
        yield from ([override] for override in overrides)


def _version(component: Component) -> tuple[int, str]:
    sequence = component.value("SEQUENCE")
    is_number = sequence.isdecimal() and len(sequence) < 12
    return int(sequence) if is_number else 0, component.value("DTSTAMP")


def _laid_out(
    series: list[Component], kind_of: Callable[[Component], BusyKind | None], zones: Zones, window: Interval
) -> Iterator[Occurrence]:
    """Yield the times of a series whose overrides each move one occurrence: those are taken out and held once."""
    master, *overrides = series
    for component in overrides:
        if kind := kind_of(component):
            yield once(component, zones), kind
    kind = kind_of(master)
    if kind is None:
        return
    replaced = {_replaced(line, master, zones) for one in overrides for line in one.every("RECURRENCE-ID")}
    for held in _times(master, zones, window):
        if held.start not in replaced:
            yield held, kind


def _times(master: Component, zones: Zones, window: Interval) -> Iterator[Interval]:
    if not master.has("RRULE", "RDATE", "EXDATE"):
        yield once(master, zones)
        return
    rules = [line.value for line in master.every("RRULE")]
    if len(rules) == 1:
        master = fast_forwarded(master, rule_parts(rules[0]), zones, window)
    for event in _expanded(Writer(zones, window).calendar([master]), window):
        yield Interval(at(event.start, zones), at(event.end, zones))


def _followed(
    series: list[Component], kind_of: Callable[[Component], BusyKind | None], zones: Zones, window: Interval
) -> Iterator[Occurrence]:
    """Yield the times of a series of which an override changes all that follows."""
    for event in _expanded(Writer(zones, window).calendar(series), window):
        if kind := kind_of(series[int(str(event["X-NUMBER"]))]):
            yield Interval(at(event.start, zones), at(event.end, zones)), kind


def _replaced(line: ContentLine, master: Component, zones: Zones) -> datetime:
    """Return the start of the occurrence that an override stands for; one in no zone is in the series' own."""
    start = start_line(master)
    value = line.value[:8] if len(start.value) == len("YYYYMMDD") else line.value
    own = line if "TZID" in line.parameters else ContentLine(line.name, start.parameters, value)
    return at(moment(own, value, zones), zones)


def _expanded(raw: bytes, window: Interval) -> list[Event]:
    calendar = Calendar.from_ical(raw)
    for event in calendar.events:
        if event.errors:
            raise UnreadableCalendar(NOT_UNDERSTOOD)
        if event.end < event.start:
            raise UnreadableCalendar(ENDS_FIRST)  # the library would swap them
    wide = near(window)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a rule with both COUNT and UNTIL ends at the first of them
        return list(recurring_ical_events.of(calendar).between(wide.start, wide.end))
