"""
Rewrite an event so that all its times have the form of its start, which RFC 5545 requires and many writers ignore.

The limit of a rule, the exceptions and the added dates of a series of whole days become days; those of a timed series
become times. What cannot be read is left out and listed, so that the doubt is no wider than the day that it names.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from scheduler.days import ONE_DAY
from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.component import Component, ContentLine
from scheduler.ical.read.component_time import start_line
from scheduler.ical.read.event_length import LengthDoubt, with_valid_end
from scheduler.ical.read.local_days import named_days
from scheduler.ical.read.rrule import BAD_RULE, MAX_DATES, TOO_OFTEN, valid_rule
from scheduler.ical.read.values import (
    NO_SUCH_TIME,
    DateValue,
    DurationValue,
    InvalidValue,
    PeriodValue,
    TimeValue,
    UtcTime,
    WallTime,
)
from scheduler.ical.read.zone_lookup import UnknownZone, Zones

BAD_DATE = "An added or excluded date of an event cannot be read; correct it."

_LAST_SECOND = time(23, 59, 59)
_REWRITTEN = frozenset({"DTSTART", "RRULE", "RDATE", "EXDATE"})


@dataclass(slots=True)
class UniformEvent:
    """
    An event with uniform times.

    Attributes
    ----------
    component
        Its lines are the start, a valid end, rules whose limit is uniform, and those that are no times.
    added, excluded
        The values of RDATE and EXDATE.
    length
        The doubt about the length of every occurrence.
    days_in_doubt
        Occurrences on these days may be excluded, or lie after the end of the rule.
    days_with_more
        Days on which an occurrence may have been added.
    may_have_more_anywhere
        Whether an added date cannot be located.
    """

    component: Component
    length: LengthDoubt | None
    added: list[TimeValue | PeriodValue] = field(default_factory=list)
    excluded: list[TimeValue | PeriodValue] = field(default_factory=list)
    days_in_doubt: set[date] = field(default_factory=set)
    days_with_more: set[date] = field(default_factory=set)
    may_have_more_anywhere: bool = False


def uniform(component: Component, zones: Zones) -> UniformEvent:
    """
    Return an event with uniform times.

    Raises
    ------
    UnreadableCalendar
        When its start or its rule is invalid, or it has too many dates.
    """
    start = start_line(component)
    if isinstance(start.time, InvalidValue):
        raise UnreadableCalendar(NO_SUCH_TIME)
    zones.instant(start.time)
    with_end, length = with_valid_end(component, zones)
    kept = [line for line in with_end.lines if line.name not in _REWRITTEN]
    event = UniformEvent(replace(component, lines=[start, *kept]), length)
    for line in component.lines_named("RRULE"):
        _add_rule(event, line, start.time, zones)
    num_dates = 0
    for line in component.lines:
        if line.name in ("RDATE", "EXDATE"):
            # The limit is checked before the first value is parsed: a line may have a million of them.
            num_dates += line.num_items
            if num_dates > MAX_DATES:
                raise UnreadableCalendar(TOO_OFTEN)
            _add_dates(event, line, start.time, zones)
    return event


def _add_rule(event: UniformEvent, line: ContentLine, start: TimeValue, zones: Zones) -> None:
    rule = valid_rule(line.rule)
    if rule.until is not None:
        until, days_in_doubt = _uniform_until(rule.until, start, zones)
        rule = replace(rule, until=until)
        event.days_in_doubt |= days_in_doubt
    event.component.lines.append(replace(line, value=rule))


def _uniform_until(until: TimeValue, start: TimeValue, zones: Zones) -> tuple[TimeValue, set[date]]:
    """Return UNTIL as a date for whole days and in UTC for times, and the days after its first possible meaning."""
    if isinstance(start, DateValue):
        days = named_days(until, zones)
        if not days:
            raise UnreadableCalendar(BAD_RULE)
        return DateValue(max(days)), days - {min(days)}
    if isinstance(until, UtcTime):
        return until, set()
    if until.day is None:
        raise UnreadableCalendar(BAD_RULE)
    if isinstance(until, WallTime):
        return UtcTime(zones.instant(_in_form_of(start, until.clock))), set()
    # A date is not allowed for times (RFC 5545, section 3.3.10). Google writes it, and means the whole day.
    ends = [zones.instant(_in_form_of(start, datetime.combine(until.day, _LAST_SECOND)))]
    if isinstance(start, UtcTime):
        ends.append(zones.midnight(until.day + ONE_DAY) - timedelta(seconds=1))
    return UtcTime(max(ends)), set()


def _in_form_of(start: TimeValue, clock: datetime) -> TimeValue:
    """Return a wall time in the zone of a timed start."""
    if isinstance(start, UtcTime):
        return UtcTime(clock.replace(tzinfo=start.moment.tzinfo))
    assert isinstance(start, WallTime)
    return WallTime(clock, start.tzid)


def _add_dates(event: UniformEvent, line: ContentLine, start: TimeValue, zones: Zones) -> None:
    for item in line.items():
        is_added = line.name == "RDATE"
        is_floating = isinstance(item, WallTime) and item.tzid is None and isinstance(start, WallTime)
        if is_added and is_floating:
            # Some clients read it in the zone of the calendar, others in that of the series: both times may be busy.
            event.added.append(item)
        value, possible_days = _uniform_date(_in_zone_of(start, item), start, zones)
        days = event.days_with_more if is_added else event.days_in_doubt
        days.update(possible_days)
        if value is not None:
            (event.added if is_added else event.excluded).append(value)
        # An exception that cannot be located excludes nothing; an added date may lie anywhere.
        elif is_added and not possible_days:
            event.may_have_more_anywhere = True


class _NamedDate(NamedTuple):
    """The time that an exception or an added date names, or the days on which it may lie; neither when unreadable."""

    value: TimeValue | PeriodValue | None
    possible_days: Collection[date] = ()


def _uniform_date(item: TimeValue | PeriodValue, start: TimeValue, zones: Zones) -> _NamedDate:
    if isinstance(item, PeriodValue):
        return _uniform_period(item, zones)
    if isinstance(start, DateValue):
        days = named_days(item, zones)
        return _NamedDate(None, days) if len(days) != 1 else _NamedDate(DateValue(days.pop()))
    if isinstance(item, InvalidValue):
        return _NamedDate(None, _days_of(item))
    if isinstance(item, DateValue):
        return _on_day(item.day, start, zones)
    try:
        zones.instant(item)
    except UnknownZone:
        return _NamedDate(None, {item.day - ONE_DAY, item.day, item.day + ONE_DAY})
    return _NamedDate(item)


def _uniform_period(period: PeriodValue, zones: Zones) -> _NamedDate:
    is_valid = not isinstance(period.start, DateValue | InvalidValue) and _is_valid_end(period)
    if not is_valid:
        return _NamedDate(None, _days_of(period.start))
    first = zones.instant(period.start)
    if not isinstance(period.end, DurationValue) and zones.instant(period.end) < first:
        return _NamedDate(None, _days_of(period.start) | _days_of(period.end))
    return _NamedDate(period)


def _is_valid_end(period: PeriodValue) -> bool:
    if isinstance(period.end, DurationValue):
        return not period.end.is_negative
    return not isinstance(period.end, DateValue | InvalidValue)


def _days_of(value: TimeValue) -> set[date]:
    return set() if value.day is None else {value.day}


def _in_zone_of(start: TimeValue, value: TimeValue | PeriodValue) -> TimeValue | PeriodValue:
    """Return a value; a time without a zone in the zone of the series."""
    if isinstance(start, WallTime) and isinstance(value, WallTime) and value.tzid is None:
        return replace(value, tzid=start.tzid)
    return value


def _on_day(day: date, start: TimeValue, zones: Zones) -> _NamedDate:
    """
    Return the occurrence of a timed series on a day: at the clock time of its start.

    A start in UTC may have another date there than in the zone of the reader; then the day is in doubt.
    """
    value = occurrence_on(day, start)
    if isinstance(value, UtcTime) and value.moment.astimezone(zones.reader).date() != day:
        return _NamedDate(None, {day - ONE_DAY, day, day + ONE_DAY})
    return _NamedDate(value)


def occurrence_on(day: date, start: TimeValue) -> TimeValue:
    """Return the time on a day at which the occurrence of a series with this start begins."""
    match start:
        case UtcTime(moment):
            return _in_form_of(start, datetime.combine(day, moment.time()))
        case WallTime(clock):
            return _in_form_of(start, datetime.combine(day, clock.time()))
        case _:
            return DateValue(day)


def replaced_time(line: ContentLine, start: TimeValue, zones: Zones) -> TimeValue | None:
    """
    Return the start of the occurrence that a RECURRENCE-ID names, in the form of the start of its series.

    None when it cannot be read or may name one of several occurrences: then it replaces none of them.
    """
    named = _uniform_date(_in_zone_of(start, line.time), start, zones).value
    assert not isinstance(named, PeriodValue)
    return named
