"""Expand uniform events with the recurrence library, after rewriting them in the form that it expands correctly."""

import warnings
from collections.abc import Iterator

import recurring_ical_events
from icalendar import Calendar, Event

from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.component import Component
from scheduler.ical.read.component_time import end_time, start_line
from scheduler.ical.read.rrule import RecurrenceRule, valid_rule
from scheduler.ical.read.uniform import UniformEvent
from scheduler.ical.read.values import (
    NO_SUCH_TIME,
    NOT_UNDERSTOOD,
    DateValue,
    DurationValue,
    InvalidValue,
    PeriodValue,
    TimeValue,
    UtcTime,
    WallTime,
    format_clock,
    format_date,
    valid_duration,
)
from scheduler.ical.read.window_margin import padded
from scheduler.ical.read.zone_lookup import Zones
from scheduler.intervals import Interval


def expand(series: UniformEvent, zones: Zones, window: Interval) -> list[Event]:
    """
    Return the occurrences of a series near ``window``; periods, exceptions and overrides are not taken into account.

    Raises
    ------
    UnreadableCalendar
        When the series is invalid or too large. The library may raise any other error.
    """
    calendar = Calendar.from_ical(SeriesWriter(zones, window).render(series))
    if any(event.errors for event in calendar.events):
        raise UnreadableCalendar(NOT_UNDERSTOOD)
    wide = padded(window)
    with warnings.catch_warnings():
        # The library warns of a rule with both COUNT and UNTIL, and ends it at the first of them, as clients do.
        warnings.simplefilter("ignore")
        return list(recurring_ical_events.of(calendar).between(wide.start, wide.end))


class SeriesWriter:
    """
    Writes a series as iCalendar: resolved zones, checked rules, and no other properties.

    The library looks zones up by their own names and expands rules without a limit, so both are settled before.
    """

    def __init__(self, zones: Zones, window: Interval) -> None:
        self._zones = zones
        self._window_end = padded(window).end.date()

    def render(self, series: UniformEvent) -> bytes:
        event = self._event_lines(series)
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *self._definitions(series), *event, "END:VCALENDAR", ""]
        return "\r\n".join(lines).encode()

    def _definitions(self, series: UniformEvent) -> list[str]:
        tzids = {
            value.tzid
            for value in [*_times(series.component), *series.added]
            if isinstance(value, WallTime) and value.tzid is not None
        }
        zones = [self._zones.find(tzid) for tzid in tzids]
        return sorted({zone.definition for zone in zones if zone is not None and zone.definition})

    def _event_lines(self, event: UniformEvent) -> Iterator[str]:
        component = event.component
        start = start_line(component).time
        yield from ("BEGIN:VEVENT", "UID:x")
        yield f"DTSTART{self._time(start)}"
        yield from self._end_lines(component)
        for line in component.lines_named("RRULE"):
            rule = valid_rule(line.rule)
            text = self._rule(rule, start)
            if not rule.never_occurs:
                yield f"RRULE:{text}"
        # Periods have ends of their own and are no part of the rule.
        yield from (f"RDATE{self._time(value)}" for value in event.added if not isinstance(value, PeriodValue))
        yield "END:VEVENT"

    def _end_lines(self, component: Component) -> Iterator[str]:
        end = end_time(component, self._zones)
        if end is not None:
            yield f"DTEND{self._time(end)}"
        for line in component.lines_named("DURATION"):
            yield f"DURATION:{_format_duration(valid_duration(line.duration))}"

    def _rule(self, rule: RecurrenceRule, start: TimeValue) -> str:
        if start.day is None:
            raise UnreadableCalendar(NOT_UNDERSTOOD)
        rule.check_size(start.day, self._window_end)
        parts = dict(rule.parts)
        match rule.until:
            case DateValue(day):
                parts["UNTIL"] = format_date(day)
            case UtcTime(moment):
                parts["UNTIL"] = f"{format_clock(moment)}Z"
        return ";".join(f"{name}={value}" for name, value in parts.items())

    def _time(self, value: TimeValue) -> str:
        """Return the parameters and the text of a value in a resolved zone."""
        match value:
            case DateValue(day):
                return f";VALUE=DATE:{format_date(day)}"
            case UtcTime(moment):
                return f":{format_clock(moment)}Z"
            case WallTime(clock, tzid):
                return f";TZID={self._zones.zone_of(tzid).name}:{format_clock(clock)}"
            case InvalidValue():
                raise UnreadableCalendar(NO_SUCH_TIME)


def _times(component: Component) -> Iterator[TimeValue]:
    for line in component.lines:
        if line.name in ("DTSTART", "DTEND"):
            yield line.time


def _format_duration(duration: DurationValue) -> str:
    seconds = int(duration.exact.total_seconds())
    return f"P{duration.days}DT{seconds}S"
