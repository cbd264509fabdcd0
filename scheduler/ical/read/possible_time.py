"""Bound the time in which an event may lie that cannot be read or expanded."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from scheduler.days import ONE_DAY
from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.event_length import LONGEST, UNREADABLE_END
from scheduler.ical.read.local_days import named_days
from scheduler.ical.read.occurrence_time import end_time
from scheduler.ical.read.redact import Component, ContentLine
from scheduler.ical.read.rrule import MAX_DATES, parse_until
from scheduler.ical.read.values import DateValue, DurationValue, InvalidValue, PeriodValue, TimeValue, UtcTime
from scheduler.ical.read.zone_lookup import Zones
from scheduler.intervals import Interval

_UNTIL = re.compile(r"UNTIL\s*=\s*([^;]*)", re.IGNORECASE)
_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)


def possible_time(component: Component, zones: Zones) -> Interval:
    """
    Return the time outside which no occurrence of an invalid event can lie.

    It begins with the start and ends with the last occurrence that the end of its rule allows. It is unbounded where
    the start or the end of the rule cannot be read.
    """
    try:
        starts = [_range_of(line.time, zones) for line in component.lines_named("DTSTART")]
        if not starts or None in starts:
            return _until_last(component, _FIRST, LONGEST, zones)
        ranges = [interval for interval in starts if interval is not None]
        first = min(interval.start for interval in ranges)
        length = _possible_length(component, first, zones)
        last_start = max(interval.end for interval in ranges)
        bounded = _until_last(component, first, length, zones)
        return Interval(first, max(bounded.end, last_start + length))
    except (UnreadableCalendar, OverflowError):
        return Interval(_FIRST, _LAST)


def _range_of(value: TimeValue, zones: Zones) -> Interval | None:
    """Return the time in which a value lies: an instant when it is valid, its day when it has one."""
    if not isinstance(value, InvalidValue):
        moment = zones.instant(value)
        return Interval(moment, moment)
    if value.day is None:
        return None
    return Interval(zones.midnight(value.day), zones.midnight(value.day + ONE_DAY))


def _possible_length(component: Component, first: datetime, zones: Zones) -> timedelta:
    end = end_time(component, zones)
    if end is not None and not isinstance(end, InvalidValue):
        length = zones.instant(end) - first
        return min(length, LONGEST) if length > timedelta() else UNREADABLE_END
    durations = [line.duration for line in component.lines_named("DURATION")]
    lengths = [
        value.days * ONE_DAY + value.exact
        for value in durations
        if isinstance(value, DurationValue) and not value.is_negative
    ]
    return min(max(lengths, default=UNREADABLE_END) or UNREADABLE_END, LONGEST)


def _until_last(component: Component, first: datetime, length: timedelta, zones: Zones) -> Interval:
    """Return the time from ``first`` to the end of the last occurrence of an event that may repeat."""
    rules = list(component.lines_named("RRULE"))
    added = list(component.lines_named("RDATE"))
    follows = any(line.changes_all_following for line in component.lines_named("RECURRENCE-ID"))
    if not rules and not added:
        return Interval(first, _LAST if follows or first == _FIRST else first + length)
    is_whole_day = any(isinstance(line.time, DateValue) for line in component.lines_named("DTSTART"))
    last_starts = [_last_start(line, is_whole_day, zones) for line in rules]
    ranges = list(_added_ranges(added, zones))
    if None in last_starts or None in ranges or not (last_starts or ranges):
        return Interval(first, _LAST)
    added_ranges = [interval for interval in ranges if interval is not None]
    start = min([first, *(interval.start for interval in added_ranges)])
    ends = [*last_starts, *(interval.end for interval in added_ranges)]
    return Interval(start, max(end for end in ends if end is not None) + length)


def _last_start(line: ContentLine, is_whole_day: bool, zones: Zones) -> datetime | None:
    """Return the start of the last occurrence of a rule, which may be invalid; None without a readable end."""
    texts = [text.strip().upper() for text in _UNTIL.findall(line.text)]
    limits = [parse_until(text) for text in texts]
    if len(limits) == 1 and isinstance(limits[0], UtcTime) and not is_whole_day:
        return limits[0].moment
    days = {day for limit in limits for day in named_days(limit, zones)}
    if not days:
        return None
    return zones.midnight(max(days) if is_whole_day else max(days) + ONE_DAY)


def _added_ranges(lines: list[ContentLine], zones: Zones) -> Iterator[Interval | None]:
    """Yield the time in which added dates lie; None for a date that cannot be located."""
    if sum(line.num_items for line in lines) > MAX_DATES:
        yield None
        return
    for line in lines:
        for item in line.items():
            start = item.start if isinstance(item, PeriodValue) else item
            yield _range_of(start, zones)
