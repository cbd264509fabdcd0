"""
Find the day that a time names in a series of whole days.

Outlook and Exchange write the limit, the exceptions and the added dates of such a series as instants: the UTC time of
the local midnight with which the day begins. Others write the midnight in UTC, or the last second of a day.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from scheduler.days import ONE_DAY
from scheduler.ical.read.values import DateValue, InvalidValue, TimeValue, WallTime
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
