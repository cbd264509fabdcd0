"""Compute the start and end of a component, regardless of its recurrence."""

from datetime import UTC, date, datetime, timedelta

from scheduler.days import ONE_DAY, instant
from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.redact import Component, ContentLine
from scheduler.ical.read.values import NOT_UNDERSTOOD, at, duration, moment, zone_of
from scheduler.ical.read.zone_lookup import Zones
from scheduler.intervals import Interval

ENDS_FIRST = "An event ends before it starts; correct it."
NO_START = "An event has no start time; correct it or remove it."


def once(component: Component, zones: Zones) -> Interval:
    """
    Return when a component is held, in UTC; a timed event without an end has no length.

    Raises
    ------
    UnreadableCalendar
        When it is not understood. A date out of reach may raise OverflowError.
    """
    line = start_line(component)
    start = moment(line, line.value, zones)
    written = end_line(component, line, zones)
    if written is not None:
        end = moment(written, written.value, zones)
        if end == start and not isinstance(start, datetime):
            end = start + ONE_DAY  # a day that ends as it starts is one day
    else:
        return _lasting(component, line, start, zones)
    held = Interval(at(start, zones), at(end, zones))
    if held.end < held.start:
        raise UnreadableCalendar(ENDS_FIRST)
    return held


def start_line(component: Component) -> ContentLine:
    """Return DTSTART; careless writers repeat it, which is well when they say the same."""
    if not component.has("DTSTART"):
        raise UnreadableCalendar(NO_START)
    return _only(component, "DTSTART")


def end_line(component: Component, start: ContentLine, zones: Zones) -> ContentLine | None:
    """
    Return DTEND, if any.

    A start in some zone and an end in none (RFC 5545, section 3.8.2.2, wants the same of both) may be read in two
    ways, in the start's zone or where the calendar is; the later counts.
    """
    if not component.has("DTEND"):
        return None
    line = _only(component, "DTEND")
    if "TZID" in line.parameters or "TZID" not in start.parameters or line.value.upper().endswith("Z"):
        return line
    beside = ContentLine(line.name, {**line.parameters, "TZID": start.parameters["TZID"]}, line.value)
    return max(line, beside, key=lambda one: at(moment(one, one.value, zones), zones))


def _only(component: Component, name: str) -> ContentLine:
    lines = list(component.every(name))
    if not lines or any(line != lines[0] for line in lines):
        raise UnreadableCalendar(NOT_UNDERSTOOD)
    return lines[0]


def _lasting(component: Component, line: ContentLine, start: date, zones: Zones) -> Interval:
    """Return when it is held by its DURATION: days follow the clock on the wall, hours do not (RFC 5545, 3.3.6)."""
    begin = at(start, zones)
    if not component.has("DURATION"):
        return Interval(begin, begin if isinstance(start, datetime) else at(start + ONE_DAY, zones))
    if _only(component, "DURATION").value.startswith("-"):
        raise UnreadableCalendar(ENDS_FIRST)
    days, exact = duration(_only(component, "DURATION").value)
    if not isinstance(start, datetime):
        return Interval(begin, at(start + timedelta(days=days), zones) + exact)
    rules = UTC if line.value.upper().endswith("Z") else zone_of(line, zones).rules
    on_the_wall = begin.astimezone(rules).replace(tzinfo=None) + timedelta(days=days)
    shifted = begin if not days else on_the_wall.replace(tzinfo=rules).astimezone(UTC)
    return Interval(begin, instant(shifted, zones.home) + exact)
