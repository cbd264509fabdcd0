"""Bound the time in which an event may lie that cannot be read or expanded."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from scheduler.days import ONE_DAY
from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.component import Component, ContentLine
from scheduler.ical.read.component_time import end_time
from scheduler.ical.read.event_length import LONGEST, UNREADABLE_END, WITHOUT_END
from scheduler.ical.read.local_days import named_days
from scheduler.ical.read.rrule import MAX_DATES, parse_until
from scheduler.ical.read.values import DateValue, DurationValue, InvalidValue, PeriodValue, TimeValue, UtcTime
from scheduler.ical.read.window_margin import FIRST, LAST
from scheduler.ical.read.zone_lookup import Zones
from scheduler.intervals import Interval

_UNTIL = re.compile(r"UNTIL\s*=\s*([^;]*)", re.IGNORECASE)
UNBOUNDED = Interval(FIRST, LAST)
_LARGEST_CHANGE = timedelta(hours=2)  # of a clock


def possible_time(component: Component, zones: Zones) -> Interval:
    """
    Return the time outside which no occurrence of an invalid event can lie.

    It begins with the start and ends with the last occurrence that the end of its rule allows. It is unbounded where
    the start or the end of the rule cannot be read.
    """
    try:
        starts = [_range_of(line.time, zones) for line in component.lines_named("DTSTART")]
        if not starts or None in starts:
            return _until_last(component, FIRST, LONGEST, zones)
        ranges = [interval for interval in starts if interval is not None]
        first = min(interval.start for interval in ranges)
        last_start = max(interval.end for interval in ranges)
        end = _readable_end(component, first, zones)
        if end is not None:
            last_start = first
        length = _possible_length(component) if end is None else min(end - first, LONGEST)
        bounded = _until_last(component, first, length, zones)
        last_end = max(bounded.end, last_start + length)
        has_whole_days = _is_whole_day(component) and last_end < LAST
        return Interval(bounded.start, _nearest_midnight(last_end, zones) if has_whole_days else last_end)
    except (UnreadableCalendar, OverflowError):
        return UNBOUNDED


def _nearest_midnight(moment: datetime, zones: Zones) -> datetime:
    """Return the end of whole days, each counted as 24 hours; where the clock turns a day has 23 or 25."""
    midnight = zones.midnight((moment + ONE_DAY / 2).astimezone(zones.reader).date())
    return midnight if abs(midnight - moment) <= _LARGEST_CHANGE else moment


def _range_of(value: TimeValue, zones: Zones) -> Interval | None:
    """Return the time in which a value lies: an instant when it is valid, its day when it has one."""
    if not isinstance(value, InvalidValue):
        moment = zones.instant(value)
        return Interval(moment, moment)
    if value.day is None:
        return None
    return Interval(zones.midnight(value.day), zones.midnight(value.day + ONE_DAY))


def _readable_end(component: Component, first: datetime, zones: Zones) -> datetime | None:
    value = end_time(component, zones)
    if value is None or isinstance(value, InvalidValue):
        return None
    end = zones.instant(value)
    return end if end > first else None


def _possible_length(component: Component) -> timedelta:
    """Return how long an event without a valid DTEND may last."""
    if not component.has("DTEND", "DURATION") and not _is_whole_day(component):
        return UNREADABLE_END if component.is_marked_as_whole_days else WITHOUT_END
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
        return Interval(first, LAST if follows or first == FIRST else first + length)
    last_starts = [_last_start(line, _is_whole_day(component), zones) for line in rules]
    ranges = list(_added_ranges(added, zones))
    if None in last_starts or None in ranges or not (last_starts or ranges):
        return Interval(first, LAST)
    added_ranges = [interval for interval in ranges if interval is not None]
    start = min([first, *(interval.start for interval in added_ranges)])
    ends = [first, *(end for end in last_starts if end is not None), *(interval.end for interval in added_ranges)]
    return Interval(start, max(ends) + length)


def _is_whole_day(component: Component) -> bool:
    return any(isinstance(line.time, DateValue) for line in component.lines_named("DTSTART"))


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
