"""Compute the start and end of a component, regardless of its recurrence."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from scheduler.days import ONE_DAY, instant
from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.component import Component, ContentLine
from scheduler.ical.read.values import (
    NOT_UNDERSTOOD,
    DateValue,
    DurationValue,
    InvalidValue,
    TimeValue,
    UtcTime,
    WallTime,
    valid_duration,
)
from scheduler.ical.read.zone_lookup import Zones
from scheduler.intervals import Interval

ENDS_FIRST = "An event ends before it starts; correct it."
BAD_END = "An event's end cannot be read; correct it."
DAY_AND_TIME = "An event starts on a whole day and ends at a time; write both as days or both as times."
NO_END = "An event has a start but no end; give it an end."
NO_START = "An event has no start time; correct it or remove it."


def single_occurrence(component: Component, zones: Zones) -> Interval:
    """
    Return the time of a component in UTC; a timed event without an end has no length.

    Raises
    ------
    UnreadableCalendar
        When the component is invalid.
    OverflowError
        When a date is at the edge of the years 1 to 9999.
    """
    start_value = start_line(component).time
    start = zones.instant(start_value)
    end_value = end_time(component, zones)
    if end_value is None:
        return Interval(start, _end_by_duration(component, start_value, start, zones))

    # RFC 5545, section 3.6.1: DTEND of whole days is exclusive. Some writers give the day itself.
    if isinstance(start_value, DateValue) and end_value == start_value:
        end_value = DateValue(start_value.day + ONE_DAY)
    end = zones.instant(end_value)
    if end < start:
        raise UnreadableCalendar(ENDS_FIRST)
    return Interval(start, end)


def start_line(component: Component) -> ContentLine:
    """Return DTSTART; some writers repeat it, which is allowed as long as the lines are equal."""
    if not component.has("DTSTART"):
        raise UnreadableCalendar(NO_START)
    return _single_line(component, "DTSTART")


def end_time(component: Component, zones: Zones) -> TimeValue | None:
    """
    Return DTEND, if any; of several, the latest that can be read.

    A floating end of a start with a zone (RFC 5545, section 3.8.2.2, requires the same form of both) is read by some
    clients in the start's zone and by some in the home zone. The later of the two is returned: time that may be busy
    is busy.
    """
    start_tzid = next((line.tzid for line in component.lines_named("DTSTART")), None)
    ends = [_resolve_end(line, start_tzid, zones) for line in component.lines_named("DTEND")]
    readable = [end for end in ends if not isinstance(end, InvalidValue)]
    # Time that may be busy is busy.
    if len(readable) > 1:
        return max(readable, key=zones.instant)
    return next(iter(readable or ends), None)


def _resolve_end(end_line: ContentLine, start_tzid: str | None, zones: Zones) -> TimeValue:
    end = end_line.time
    if not isinstance(end, WallTime) or end.tzid is not None or start_tzid is None:
        return end
    home_instant = zones.instant(end)
    in_start_zone = replace(end, tzid=start_tzid)
    return in_start_zone if zones.instant(in_start_zone) > home_instant else end


def _single_line(component: Component, name: str) -> ContentLine:
    lines = list(component.lines_named(name))
    if not lines or any(line != lines[0] for line in lines):
        raise UnreadableCalendar(NOT_UNDERSTOOD)
    return lines[0]


def _end_by_duration(component: Component, start_value: TimeValue, start: datetime, zones: Zones) -> datetime:
    """Return the end of a component without DTEND (RFC 5545, sections 3.6.1 and 3.3.6)."""
    if not component.has("DURATION"):
        # Without DURATION, a whole day lasts one day and a timed event has no length.
        return zones.midnight(start_value.day + ONE_DAY) if isinstance(start_value, DateValue) else start
    duration = _single_line(component, "DURATION").duration
    if isinstance(duration, DurationValue) and duration.is_negative:
        raise UnreadableCalendar(ENDS_FIRST)
    duration = valid_duration(duration)
    nominal_days = timedelta(days=duration.days)
    if isinstance(start_value, DateValue):
        return zones.midnight(start_value.day + nominal_days) + duration.exact
    if not duration.days:
        return start + duration.exact

    # Days follow the clock: they are added to the wall time, whose offset may change. Hours are added to the instant.
    tzid = start_value.tzid if isinstance(start_value, WallTime) else None
    rules = UTC if isinstance(start_value, UtcTime) else zones.zone_of(tzid).rules
    wall_start = start.astimezone(rules).replace(tzinfo=None)
    wall_end = (wall_start + nominal_days).replace(tzinfo=rules)
    return instant(wall_end, zones.home) + duration.exact
