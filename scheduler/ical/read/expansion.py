"""Expand series with the recurrence library, after rewriting them in the form that the library expands correctly."""

import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, time

import recurring_ical_events
from icalendar import Calendar, Event

from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.occurrence_time import ENDS_FIRST, end_time, start_line
from scheduler.ical.read.redact import Component, ContentLine
from scheduler.ical.read.rrule import MAX_DATES, TOO_OFTEN, RecurrenceRule, valid_rule
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
    is_whole_day,
    to_date,
    valid_duration,
)
from scheduler.ical.read.window_margin import padded
from scheduler.ical.read.zone_lookup import Zones
from scheduler.intervals import Interval

COMPONENT_INDEX = "X-INDEX"  # of the component of the series from which an expanded event comes


def expand(series: list[Component], zones: Zones, window: Interval) -> list[Event]:
    """
    Return the occurrences of a series near ``window``, overrides included; COMPONENT_INDEX names their component.

    Raises
    ------
    UnreadableCalendar
        When the series is invalid or too large. The library may raise any other error.
    """
    calendar = Calendar.from_ical(SeriesWriter(zones, window).render(series))
    for event in calendar.events:
        if event.errors:
            raise UnreadableCalendar(NOT_UNDERSTOOD)
        # The library would swap start and end.
        if event.end < event.start:
            raise UnreadableCalendar(ENDS_FIRST)
    wide = padded(window)
    with warnings.catch_warnings():
        # The library warns of a rule with both COUNT and UNTIL, and ends it at the first of them, as clients do.
        warnings.simplefilter("ignore")
        return list(recurring_ical_events.of(calendar).between(wide.start, wide.end))


def changes_all_following(line: ContentLine) -> bool:
    """Return whether a RECURRENCE-ID changes all following occurrences too (RFC 5545, section 3.2.13)."""
    return line.parameters.get("RANGE", "").upper() == "THISANDFUTURE"


class SeriesWriter:
    """
    Writes the components of a series as iCalendar: resolved zones, checked rules, and no other properties.

    The library looks zones up by their own names and expands rules without a limit, so both are settled before.
    """

    def __init__(self, zones: Zones, window: Interval) -> None:
        self._zones = zones
        self._window_end = padded(window).end.date()
        self._num_dates = 0

    def render(self, series: list[Component]) -> bytes:
        is_whole_days = is_whole_day(start_line(series[0]).time)
        events = [
            line
            for index, component in enumerate(series)
            for line in self._event_lines(index, component, is_whole_days)
        ]
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *self._definitions(series), *events, "END:VCALENDAR", ""]
        return "\r\n".join(lines).encode()

    def _definitions(self, series: list[Component]) -> list[str]:
        tzids = {line.tzid for component in series for line in component.lines if line.tzid is not None}
        zones = [self._zones.find(tzid) for tzid in tzids]
        return sorted({zone.definition for zone in zones if zone is not None and zone.definition})

    def _event_lines(self, index: int, component: Component, is_whole_days: bool) -> Iterator[str]:
        yield from ("BEGIN:VEVENT", "UID:x", f"{COMPONENT_INDEX}:{index}")
        start = start_line(component).time
        yield f"DTSTART{self._time(start)}"
        yield from self._end_lines(component, start)
        for line in component.lines_named("RECURRENCE-ID"):
            recurrence_range = ";RANGE=THISANDFUTURE" if changes_all_following(line) else ""
            # It has the type of DTSTART (RFC 5545, section 3.8.4.4). Some writers give a time for a whole day.
            occurrence = to_date(line.time) if is_whole_days else line.time
            yield f"RECURRENCE-ID{recurrence_range}{self._time(occurrence)}"
        for line in component.lines_named("RRULE"):
            rule = valid_rule(line.rule)
            text = self._rule(rule, start)
            if not rule.never_occurs:
                yield f"RRULE:{text}"
        for line in component.lines_named("RDATE"):
            yield from self._date_lines(line, is_whole_days=False)
        for line in component.lines_named("EXDATE"):
            yield from self._date_lines(line, is_whole_days=is_whole_days)
        yield "END:VEVENT"

    def _end_lines(self, component: Component, start: TimeValue) -> Iterator[str]:
        end = end_time(component, self._zones)
        if end is not None:
            text = self._time(end)
            # A whole day that ends on the day on which it starts is one day, as it is without DTEND.
            if not (isinstance(end, DateValue) and end == start):
                yield f"DTEND{text}"
            return  # RFC 5545, section 3.6.1, allows no DURATION then; clients ignore it
        for line in component.lines_named("DURATION"):
            duration = line.duration
            if isinstance(duration, DurationValue) and duration.is_negative:
                raise UnreadableCalendar(ENDS_FIRST)
            yield f"DURATION:{_format_duration(valid_duration(duration))}"

    def _date_lines(self, line: ContentLine, *, is_whole_days: bool) -> Iterator[str]:
        # The limit is checked before the first value is parsed: a line may have a million of them.
        self._num_dates += line.num_items
        if self._num_dates > MAX_DATES:
            raise UnreadableCalendar(TOO_OFTEN)
        for item in line.items():
            start = item.start if isinstance(item, PeriodValue) else item
            text = self._time(to_date(start) if is_whole_days else start)
            if isinstance(item, PeriodValue):
                text = f";VALUE=PERIOD{text}/{self._period_end(item)}"
            yield f"{line.name}{text}"

    def _period_end(self, period: PeriodValue) -> str:
        if isinstance(period.end, DurationValue):
            return _format_duration(period.end)
        # The library decides on durations with another syntax than that of RFC 5545.
        if isinstance(period.end, InvalidValue) and period.end.is_well_formed and period.end.text.startswith("P"):
            return period.end.text
        return self._time(period.end).rpartition(":")[2]

    def _rule(self, rule: RecurrenceRule, start: TimeValue) -> str:
        if start.day is None:
            raise UnreadableCalendar(NOT_UNDERSTOOD)
        # An UNTIL that names no day is harmless after the window; before it, the end of the series is unknown.
        until = rule.until
        if isinstance(until, InvalidValue) and until.day is None and until.text < format_date(self._window_end):
            raise UnreadableCalendar(NOT_UNDERSTOOD)
        rule.check_size(start.day, self._window_end)
        parts = dict(rule.parts)
        if until is not None:
            parts["UNTIL"] = self._until(until, start)
        return ";".join(f"{name}={value}" for name, value in parts.items())

    def _until(self, until: TimeValue, start: TimeValue) -> str:
        """Return UNTIL as the library requires it: a date for whole days, UTC for times."""
        if isinstance(until, InvalidValue):
            return self._invalid_until(until, start)
        if is_whole_day(start):
            return format_date(until.day)
        if isinstance(until, UtcTime):
            return f"{format_clock(until.moment)}Z"
        # A date is not allowed for times (RFC 5545, section 3.3.10); clients read it as the midnight that begins it.
        clock = datetime.combine(until.day, time()) if isinstance(until, DateValue) else until.clock
        tzid = start.tzid if isinstance(start, WallTime) else None
        rules = UTC if isinstance(start, UtcTime) else self._zones.zone_of(tzid).rules
        last = clock.replace(tzinfo=rules).astimezone(UTC)
        return f"{format_clock(last)}Z"

    def _invalid_until(self, until: InvalidValue, start: TimeValue) -> str:
        """Return an invalid UNTIL as it stands, which the library reports as an error unless the rule never occurs."""
        if is_whole_day(start):
            return until.text[: len("YYYYMMDD")]
        if not until.text.endswith("Z"):
            raise UnreadableCalendar(NOT_UNDERSTOOD)
        return until.text

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
                return self._invalid_time(value)

    def _invalid_time(self, value: InvalidValue) -> str:
        """Return a well-formed value that no calendar has, such as 20270229, which the library reports as an error."""
        if not value.is_well_formed:
            raise UnreadableCalendar(NO_SUCH_TIME)
        if is_whole_day(value):
            return f";VALUE=DATE:{value.text}"
        if value.text.endswith("Z"):
            return f":{value.text}"
        return f";TZID={self._zones.zone_of(value.tzid).name}:{value.text}"


def _format_duration(duration: DurationValue) -> str:
    seconds = int(duration.exact.total_seconds())
    return f"P{duration.days}DT{seconds}S"
