"""Expand the components of a series to their busy occurrences, and to the time in which they may be busy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple

from scheduler.days import ONE_DAY, instant
from scheduler.ical.read.busy_type import BusyKind
from scheduler.ical.read.expansion import COMPONENT_INDEX, expand
from scheduler.ical.read.fast_forward import fast_forward
from scheduler.ical.read.occurrence_time import single_occurrence, start_line
from scheduler.ical.read.redact import Component, ContentLine
from scheduler.ical.read.revisions import KindOf
from scheduler.ical.read.rrule import valid_rule
from scheduler.ical.read.uniform import BAD_DATE, UniformEvent, occurrence_on, replaced_time, uniform
from scheduler.ical.read.values import DurationValue, PeriodValue, TimeValue, WallTime
from scheduler.ical.read.window_margin import padded
from scheduler.ical.read.zone_lookup import Zones
from scheduler.intervals import Interval

Occurrence = tuple[Interval, BusyKind]


class Doubt(NamedTuple):
    """Time in which the components may be busy or free, and a sentence with the reason."""

    interval: Interval
    sentence: str


@dataclass(frozen=True, slots=True)
class Part:
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


def times_of(part: Part, kind_of: KindOf, zones: Zones, window: Interval) -> Iterator[Occurrence | Doubt]:
    """
    Yield the busy occurrences of a part, and the doubts, in UTC; some lie outside the window.

    Raises
    ------
    UnreadableCalendar
        When a component is invalid; the recurrence library may raise any other error.
    """
    events = [uniform(component, zones) for component in part.components]
    reach = _reach(events, window)
    found = _expand_alone(events[0], zones, reach) if len(events) == 1 else _expand_together(events, zones, reach)
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
    inner = padded(window)
    return Interval(max(window.start, inner.start + after) - after, min(window.end, inner.end - before) + before)


def _judge(time: Interval, kind: BusyKind, event: UniformEvent, zones: Zones) -> Occurrence | Doubt:
    """Return an occurrence as busy, or as a doubt when it has no valid end or may not take place."""
    if event.length is not None:
        return Doubt(Interval(time.start - event.length.before, time.start + event.length.after), event.length.sentence)
    if event.days_in_doubt:
        zone_of_start = _rules_of(start_line(event.component).time, zones)
        days = {time.start.astimezone(rules).date() for rules in (zone_of_start, zones.reader)}
        if days & event.days_in_doubt:
            return Doubt(time, BAD_DATE)
    return time, kind


def _rules_of(start: TimeValue, zones: Zones) -> tzinfo:
    return zones.zone_of(start.tzid).rules if isinstance(start, WallTime) else zones.reader


def _added_doubts(event: UniformEvent, zones: Zones, window: Interval) -> Iterator[Doubt]:
    """Yield the days on which an occurrence may have been added, each to the end of an occurrence on that day."""
    if event.may_have_more_anywhere:
        yield Doubt(window, BAD_DATE)
    start = start_line(event.component).time
    rules = _rules_of(start, zones)
    for day in event.days_with_more:
        first = _midnight(day, rules)
        alone = single_occurrence(_moved_to(event.component, day, start), zones)
        yield Doubt(Interval(first, max(_midnight(day + ONE_DAY, rules), alone.end)), BAD_DATE)


def _midnight(day: date, rules: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=rules).astimezone(UTC)


def _moved_to(component: Component, day: date, start: TimeValue) -> Component:
    lines = [line for line in component.lines if line.name == "DURATION"]
    return Component(component.name, [ContentLine("DTSTART", {}, "", occurrence_on(day, start)), *lines])


def _replaced_starts(part: Part, zones: Zones) -> set[datetime]:
    start = start_line(part.components[0]).time
    values = [replaced_time(line, start, zones) for line in part.recurrence_ids]
    return {zones.instant(value) for value in values if value is not None}


def _expand_alone(event: UniformEvent, zones: Zones, window: Interval) -> Iterator[tuple[Interval, int]]:
    """
    Yield the occurrences of a component whose overrides change one occurrence each.

    The overridden occurrences are left out by the caller. The library, given the overrides, would need time quadratic
    in their number.
    """
    component = event.component
    periods = [value for value in event.added if isinstance(value, PeriodValue)]
    excluded = {zones.instant(value) for value in event.excluded if not isinstance(value, PeriodValue)}
    for period in periods:
        time = _period_time(period, zones)
        if time.start not in excluded:
            yield time, 0
    rule_lines = list(component.lines_named("RRULE"))
    if not rule_lines and not event.added:
        time = single_occurrence(component, zones)
        if time.start not in excluded:
            yield time, 0
        return
    if len(rule_lines) == 1:
        component = fast_forward(component, valid_rule(rule_lines[0].rule), zones, window)
    yield from _expand_together([replace(event, component=component)], zones, window)


def _period_time(period: PeriodValue, zones: Zones) -> Interval:
    end_name = "DURATION" if isinstance(period.end, DurationValue) else "DTEND"
    lines = [ContentLine("DTSTART", {}, "", period.start), ContentLine(end_name, {}, "", period.end)]
    return single_occurrence(Component("VEVENT", lines), zones)


def _expand_together(events: list[UniformEvent], zones: Zones, window: Interval) -> Iterator[tuple[Interval, int]]:
    """Yield the occurrences of a series, overrides included, and the index of the event that each comes from."""
    for expanded in expand(events, zones, window):
        start, end = expanded.start, expanded.end
        yield Interval(_event_instant(start, zones), _event_instant(end, zones)), int(str(expanded[COMPONENT_INDEX]))


def _event_instant(written: date, zones: Zones) -> datetime:
    """Return the instant of a time from the recurrence library."""
    return instant(written, zones.home) if isinstance(written, datetime) else zones.midnight(written)
