"""Expand the components of a series to their busy occurrences, and to the time in which they may be busy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple

from scheduler.days import ONE_DAY
from scheduler.ical.read.busy_type import BusyKind
from scheduler.ical.read.component import Component, ContentLine
from scheduler.ical.read.component_time import single_occurrence, start_line
from scheduler.ical.read.event_length import LengthDoubt
from scheduler.ical.read.expansion import COMPONENT_INDEX, expand
from scheduler.ical.read.fast_forward import fast_forward
from scheduler.ical.read.revisions import KindOf
from scheduler.ical.read.rrule import valid_rule
from scheduler.ical.read.uniform import BAD_DATE, UniformEvent, occurrence_on, replaced_time, uniform
from scheduler.ical.read.values import DateValue, DurationValue, PeriodValue, TimeValue, WallTime
from scheduler.ical.read.window_margin import FIRST, LAST
from scheduler.ical.read.zone_lookup import Zones, wall_instant
from scheduler.intervals import Interval

Occurrence = tuple[Interval, BusyKind]


class Doubt(NamedTuple):
    """Time in which the components may be busy or free, and a sentence with the reason."""

    interval: Interval
    sentence: str


@dataclass(frozen=True, slots=True)
class SeriesPart:
    """
    Components that are expanded together.

    Attributes
    ----------
    components
        A single one, or a series and its overrides when one of them changes all following occurrences.
    recurrence_ids
        The occurrences that other components replace.
    """

    components: list[Component]
    recurrence_ids: Sequence[ContentLine] = ()


def times_of(part: SeriesPart, kind_of: KindOf, zones: Zones, window: Interval) -> Iterator[Occurrence | Doubt]:
    """
    Yield the busy occurrences of a part, and the doubts, in UTC; some lie outside the window.

    Raises
    ------
    UnreadableCalendar
        When a component is invalid; the recurrence library may raise any other error.
    """
    events = [uniform(component, zones) for component in part.components]
    reach = _reach(events, window)
    expander = _Expander(events, zones, reach)
    found = expander.expand_alone() if len(events) == 1 else expander.expand_together(events)
    replaced = _replaced_starts(part, zones)
    kinds = [kind_of(component) for component in part.components]
    for time, index in found:
        kind = kinds[index]
        if kind is not None and time.start not in replaced:
            yield _judge(time, kind, events[index], zones)
    for event, kind in zip(events, kinds, strict=True):
        if kind is not None:
            yield from _added_doubts(event, zones, window)


def _reach(events: list[UniformEvent], window: Interval) -> Interval:
    """Return the window, widened by the time around its start in which an occurrence without a valid end may lie."""
    lengths = [event.length for event in events if event.length is not None]
    after = max((length.after for length in lengths), default=timedelta())
    before = max((length.before for length in lengths), default=timedelta())
    return Interval(max(window.start, FIRST + after) - after, min(window.end, LAST - before) + before)


def _judge(time: Interval, kind: BusyKind, event: UniformEvent, zones: Zones) -> Occurrence | Doubt:
    """Return an occurrence as busy, or as a doubt when it has no valid end or may not take place."""
    if event.length is not None:
        return Doubt(_possible_length(time, event.length, event, zones), event.length.sentence)
    if event.days_in_doubt:
        zone_of_start = _rules_of(start_line(event.component).time, zones)
        days = {time.start.astimezone(rules).date() for rules in (zone_of_start, zones.reader)}
        if days & event.days_in_doubt:
            return Doubt(time, BAD_DATE)
    return time, kind


def _possible_length(time: Interval, length: LengthDoubt, event: UniformEvent, zones: Zones) -> Interval:
    start, end = time.start - length.before, time.start + length.after
    if isinstance(start_line(event.component).time, DateValue):
        # The days of a whole-day event may have 23 or 25 hours.
        day = time.start.astimezone(zones.reader).date()
        rest = length.after % ONE_DAY
        start, end = zones.midnight(day - length.before), zones.midnight(day + length.after) + rest
    return Interval(start, end)


def _rules_of(start: TimeValue, zones: Zones) -> tzinfo:
    return zones.zone_of(start.tzid).rules if isinstance(start, WallTime) else zones.reader


def _added_doubts(event: UniformEvent, zones: Zones, window: Interval) -> Iterator[Doubt]:
    """Yield the days on which an occurrence may have been added, each to the end of an occurrence on that day."""
    if event.may_have_more_anywhere:
        yield Doubt(window, BAD_DATE)
    start = start_line(event.component).time
    rules = _rules_of(start, zones)
    alone = single_occurrence(event.component, zones)
    length = alone.end - alone.start if event.length is None else event.length.after
    for day in event.days_with_more:
        end = zones.instant(occurrence_on(day, start)) + length
        yield Doubt(Interval(_midnight(day, rules), max(_midnight(day + ONE_DAY, rules), end)), BAD_DATE)


def _midnight(day: date, rules: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=rules).astimezone(UTC)


def _replaced_starts(part: SeriesPart, zones: Zones) -> set[datetime]:
    start = start_line(part.components[0]).time
    values = [replaced_time(line, start, zones) for line in part.recurrence_ids]
    return {zones.instant(value) for value in values if value is not None}


class _Expander:
    """Expands the events of a part to the times of their occurrences."""

    def __init__(self, events: list[UniformEvent], zones: Zones, window: Interval) -> None:
        self._events = events
        self._zones = zones
        self._window = window
        self._lengths = [_exact_length(event.component, zones) for event in events]

    def expand_alone(self) -> Iterator[tuple[Interval, int]]:
        """
        Yield the occurrences of a component whose overrides change one occurrence each.

        The overridden occurrences are left out by the caller. The library, given the overrides, would need time
        quadratic in their number.
        """
        (event,) = self._events
        component = event.component
        periods = [value for value in event.added if isinstance(value, PeriodValue)]
        excluded = {self._zones.instant(value) for value in event.excluded if not isinstance(value, PeriodValue)}
        found = [_period_time(period, self._zones) for period in periods]
        rule_lines = list(component.lines_named("RRULE"))
        if len(rule_lines) == 1:
            component = fast_forward(component, valid_rule(rule_lines[0].rule), self._zones, self._window)
        if rule_lines or event.added:
            # Exceptions are compared here, as instants: the library also excludes the same clock time in another zone.
            series = replace(event, component=component, excluded=[])
            found += [time for time, _ in self.expand_together([series])]
        else:
            found.append(single_occurrence(component, self._zones))
        yield from ((time, 0) for time in found if time.start not in excluded)

    def expand_together(self, events: list[UniformEvent]) -> Iterator[tuple[Interval, int]]:
        """Yield the occurrences of a series, overrides included, and the index of the event that each comes from."""
        for expanded in expand(events, self._zones, self._window):
            index = int(str(expanded[COMPONENT_INDEX]))
            start = self._instant(expanded.start)
            end = self._instant(expanded.end)
            length = self._lengths[index]
            if length is not None:
                # Every occurrence has the same exact length (RFC 5545, section 3.8.5.3); the library adds wall time.
                # Where the clock turns, DTEND is read by some clients as wall time: the later end counts.
                has_end = events[index].component.has("DTEND")
                end = max(start + length, end) if has_end else start + length
            yield Interval(start, end), index

    def _instant(self, written: date) -> datetime:
        """Return the instant of a time from the recurrence library."""
        if not isinstance(written, datetime):
            return self._zones.midnight(written)
        return wall_instant(written.replace(tzinfo=None), written.tzinfo or self._zones.home)


def _exact_length(component: Component, zones: Zones) -> timedelta | None:
    """Return the length of a timed event; None for whole days and for days that follow the clock."""
    durations = [line.duration for line in component.lines_named("DURATION")]
    has_days = any(isinstance(value, DurationValue) and value.days for value in durations)
    if has_days or isinstance(start_line(component).time, DateValue):
        return None
    time = single_occurrence(component, zones)
    return time.end - time.start


def _period_time(period: PeriodValue, zones: Zones) -> Interval:
    end_name = "DURATION" if isinstance(period.end, DurationValue) else "DTEND"
    lines = [ContentLine("DTSTART", {}, "", period.start), ContentLine(end_name, {}, "", period.end)]
    return single_occurrence(Component("VEVENT", lines), zones)
