"""
Find the day that a time names in a series of whole days.

Outlook and Exchange write the limit, the exceptions and the added dates of such a series as instants: the UTC time of
the local midnight with which the day begins. Others write the midnight in UTC, or the last second of a day.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from scheduler.days import ONE_DAY
from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.component import Component, ContentLine
from scheduler.ical.read.values import DateValue, DurationValue, InvalidValue, TimeValue, WallTime
from scheduler.ical.read.zone_lookup import UnknownZone, Zones

_MIDNIGHT = time()
_LAST_MINUTE = time(23, 59)
_LARGEST_OFFSET = timedelta(hours=14)  # of a zone east of Greenwich
_QUARTER_HOUR = 15  # minutes: every offset is a multiple


def named_days(value: TimeValue, zones: Zones) -> set[date]:
    """
    Return the days of which ``value`` may name one; none when it is invalid and has no date.

    There are several only when it is an instant that begins a day in no zone of the reader or of the calendar.
    """
    if isinstance(value, DateValue | InvalidValue):
        return set() if value.day is None else {value.day}
    if isinstance(value, WallTime):
        return _days_of_wall_time(value, zones)
    return _days_that_begin(value.moment, zones) or _possible_days(value.moment, zones.reader)


def day_that_begins(value: TimeValue, zones: Zones) -> date | None:
    """Return the day that begins at a time; None when the time is not a midnight."""
    if isinstance(value, DateValue):
        return value.day
    if isinstance(value, WallTime) and value.clock.time() == _MIDNIGHT:
        return value.day
    days = _days_that_begin(zones.instant(value), zones)
    return days.pop() if len(days) == 1 else None


def rules_of(start: TimeValue, zones: Zones) -> tzinfo:
    """Return the zone in which an event with this start has its days; those of a start in UTC are the reader's."""
    return zones.zone_of(start.tzid).rules if isinstance(start, WallTime) else zones.reader


def with_marked_days(component: Component, zones: Zones) -> Component:
    """
    Return an event with a date as its start when it is marked as one of whole days and its times begin days.

    Outlook marks a whole day whose start and end are written as midnights, sometimes without an end.
    """
    if not component.is_marked_as_whole_days:
        return component
    bounds = [line.time for name in ("DTSTART", "DTEND") for line in component.lines_named(name)]
    has_dates = all(_begins_day(value, zones) for value in bounds)
    durations = [line.duration for line in component.lines_named("DURATION")]
    if not has_dates or any(isinstance(value, DurationValue) and value.exact % ONE_DAY for value in durations):
        return component
    return replace(component, lines=[_with_date(line, zones) for line in component.lines])


def _begins_day(value: TimeValue, zones: Zones) -> bool:
    try:
        return day_that_begins(value, zones) is not None
    except (UnreadableCalendar, OverflowError):
        return False


def _with_date(line: ContentLine, zones: Zones) -> ContentLine:
    day = day_that_begins(line.time, zones) if line.name in ("DTSTART", "DTEND") else None
    return line if day is None else replace(line, value=DateValue(day))


def _days_of_wall_time(value: WallTime, zones: Zones) -> set[date]:
    if value.clock.time() == _MIDNIGHT:
        return {value.day}
    try:
        moment = zones.instant(value)
    except UnknownZone:
        return {value.day}
    return _days_that_begin(moment, zones) or {value.day}


def _days_that_begin(moment: datetime, zones: Zones) -> set[date]:
    """Return the days that begin at ``moment`` in the zones of the reader and of the calendar, or in UTC."""
    local_times = [_local(moment, rules) for rules in (zones.reader, zones.home, UTC, *zones.defined_rules())]
    return {local.date() for local in local_times if local.time() == _MIDNIGHT}


def _possible_days(moment: datetime, reader: tzinfo) -> set[date]:
    local = _local(moment, reader)
    # The last minute or second of a day names that day.
    for ending in (moment, local):
        if ending.time().replace(second=0) == _LAST_MINUTE:
            return {ending.date()}
    days = {moment.date(), local.date()}
    # In a zone east of Greenwich that the calendar does not name, the next day may begin at this instant.
    later = moment + _LARGEST_OFFSET
    if later.date() > moment.date() and moment.minute % _QUARTER_HOUR == moment.second == 0:
        days.add(moment.date() + ONE_DAY)
    return days


def _local(moment: datetime, rules: tzinfo) -> datetime:
    return moment.astimezone(rules).replace(tzinfo=None)
