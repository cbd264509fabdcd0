"""Move the start of a recurrence rule close to the window: series of birthdays may start centuries earlier."""

from dataclasses import replace
from datetime import date, timedelta
from math import lcm

from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.component import Component, ContentLine
from scheduler.ical.read.component_time import end_time, start_line
from scheduler.ical.read.rrule import RecurrenceRule
from scheduler.ical.read.values import NOT_UNDERSTOOD, TimeValue, shifted, valid_duration
from scheduler.ical.read.window_margin import padded
from scheduler.ical.read.zone_lookup import Zones
from scheduler.intervals import Interval

_MARGIN_DAYS = 3  # for the differences between zones
_MAX_LENGTH_DAYS = 10**6
_FIRST_YEAR = 1583  # the first full year of the Gregorian calendar; earlier starts are not moved


def fast_forward(master: Component, rule: RecurrenceRule, zones: Zones, window: Interval) -> Component:
    """
    Return a series with the same occurrences within ``window`` that starts, if possible, shortly before the window.

    The start moves by whole periods of the rule, so that every other week stays every other. Since DTSTART counts as an
    occurrence even where the rule does not name it (RFC 5545, section 3.8.5.3), the new start stays so far from the
    window that an occurrence on that day would end before it.

    Parameters
    ----------
    rule
        The only rule of the series.
    """
    first = _day_of(start_line(master).time)
    length_days = _length_in_days(master, first, zones)
    latest = padded(window).start.date() - timedelta(days=min(length_days, _MAX_LENGTH_DAYS) + _MARGIN_DAYS)
    moved = _latest_equivalent_start(first, latest, rule)
    if moved <= first:
        return master
    offset = moved - first
    return Component(master.name, [_shift_line(line, offset) for line in master.lines])


def _length_in_days(master: Component, first: date, zones: Zones) -> int:
    end = end_time(master, zones)
    if end is not None:
        return (_day_of(end) - first).days
    line = next(master.lines_named("DURATION"), None)
    if line is None:
        return 2
    duration = valid_duration(line.duration)
    return duration.days + duration.exact.days + 1


def _day_of(value: TimeValue) -> date:
    if value.day is None:
        raise UnreadableCalendar(NOT_UNDERSTOOD)
    return value.day


def _latest_equivalent_start(first: date, latest: date, rule: RecurrenceRule) -> date:
    """Return the last day, not after ``latest``, on which the rule may start and name the same later days."""
    # With COUNT, a later start would end the rule later.
    if rule.count is not None or latest <= first or first.year < _FIRST_YEAR:
        return first
    if rule.frequency in ("DAILY", "WEEKLY"):
        period_days = rule.interval * (7 if rule.frequency == "WEEKLY" else 1)
        num_periods = (latest - first).days // period_days
        return first + timedelta(days=num_periods * period_days)
    # By the month or year the start moves by whole years, which keeps its month and day. The weeks of BYWEEKNO may
    # belong to the year before or after, and 29 February does not exist in every year.
    is_leap_day = (first.month, first.day) == (2, 29)
    if rule.frequency not in ("MONTHLY", "YEARLY") or rule.has("BYWEEKNO") or is_leap_day:
        return first
    period_years = rule.interval
    if rule.frequency == "MONTHLY":
        period_years = lcm(rule.interval, 12) // 12
    num_periods = max(latest.year - 1 - first.year, 0) // period_years
    return first.replace(year=first.year + num_periods * period_years)


def _shift_line(line: ContentLine, offset: timedelta) -> ContentLine:
    if line.name not in ("DTSTART", "DTEND"):
        return line
    return replace(line, value=shifted(line.time, offset))
