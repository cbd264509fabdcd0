"""Expand the components of a series to their busy occurrences, and to the time in which they may be busy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple

from scheduler.days import ONE_DAY
from scheduler.ical.read.busy_type import BusyKind
from scheduler.ical.read.component import Component, ContentLine
from scheduler.ical.read.component_time import single_occurrence, start_line
from scheduler.ical.read.event_length import LengthDoubt
from scheduler.ical.read.expansion import expand
from scheduler.ical.read.fast_forward import fast_forward
from scheduler.ical.read.following_changes import FollowingChange, changes_of, following_change
from scheduler.ical.read.local_days import rules_of
from scheduler.ical.read.revisions import KindOf
from scheduler.ical.read.rrule import valid_rule
from scheduler.ical.read.uniform import BAD_DATE, UniformEvent, occurrence_on, replaced_time, uniform
from scheduler.ical.read.values import DateValue, DurationValue, PeriodValue
from scheduler.ical.read.window_margin import FIRST, LAST
from scheduler.ical.read.zone_lookup import Zones, wall_instant
from scheduler.intervals import Interval

Occurrence = tuple[Interval, BusyKind]


class Doubt(NamedTuple):
    """Time in which the components may be busy or free, and a sentence with the reason."""

    interval: Interval
    sentence: str


@dataclass(frozen=True, slots=True)
class SeriesPart:
    """
    Components that are expanded together.

    Attributes
    ----------
    components
        An event or a series, and its overrides that change all following occurrences.
    recurrence_ids
        The occurrences that overrides replace, of whatever range.
    """

    components: list[Component]
    recurrence_ids: Sequence[ContentLine] = ()


def times_of(part: SeriesPart, kind_of: KindOf, zones: Zones, window: Interval) -> Iterator[Occurrence | Doubt]:
    """
    Yield the busy occurrences of a part, and the doubts, in UTC; some lie outside the window.

    Raises
    ------
    UnreadableCalendar
        When a component is invalid; the recurrence library may raise any other error.
    """
    events = [uniform(component, zones) for component in part.components]
    event, *overrides = events
    series = event.component
    changes = [
        following_change(override, _exact_length(override.component, zones), series, zones) for override in overrides
    ]
    reach = _reach(events, changes, window)
    replaced = _replaced_starts(part, zones)
    kind = kind_of(part.components[0])
    expander = _Expander(event, zones, reach)
    periods = set(expander.periods())
    for time in expander.expand():
        if time.start in replaced:
            continue
        current = changes_of(time, changes)
        if not current and kind is not None:
            yield _judge(time, kind, event, zones)
        for change in current:
            changed_kind = kind_of(change.event.component)
            if changed_kind is not None:
                changed_time = change.apply_to_period(time) if time in periods else change.apply(time)
                yield _judge_changed(time, changed_time, changed_kind, event, change, zones)
    if kind is not None or changes:
        yield from _added_doubts(event, changes, zones, window)


def _reach(events: list[UniformEvent], changes: list[FollowingChange], window: Interval) -> Interval:
    """
    Return the window, widened by the time around its start in which an occurrence may lie.

    An occurrence without a valid end has such a time, and so has one that an override moves or makes longer.
    """
    lengths = [event.length for event in events if event.length is not None]
    after = max((length.after for length in lengths), default=timedelta())
    before = max((length.before for length in lengths), default=timedelta())
    if changes:
        after += max(abs(change.shift) + change.wall_length for change in changes) + ONE_DAY
        before += max(abs(change.shift) for change in changes) + ONE_DAY
    return Interval(max(window.start, FIRST + after) - after, min(window.end, LAST - before) + before)


def _judge_changed(
    time: Interval, changed_time: Interval, kind: BusyKind, series: UniformEvent, change: FollowingChange, zones: Zones
) -> Occurrence | Doubt:
    """Return an occurrence after the change; it is in doubt when it is so in the series, or has no valid end."""
    judged = _judge(changed_time, kind, replace(change.event, days_in_doubt=set()), zones)
    if not isinstance(judged, Doubt) and _may_not_take_place(time, series, zones):
        return Doubt(changed_time, BAD_DATE)
    return judged


def _judge(time: Interval, kind: BusyKind, event: UniformEvent, zones: Zones) -> Occurrence | Doubt:
    """Return an occurrence as busy, or as a doubt when it has no valid end or may not take place."""
    if event.length is not None:
        return Doubt(_possible_length(time, event.length, event, zones), event.length.sentence)
    if _may_not_take_place(time, event, zones):
        return Doubt(time, BAD_DATE)
    return time, kind


def _may_not_take_place(time: Interval, event: UniformEvent, zones: Zones) -> bool:
    if not event.days_in_doubt:
        return False
    zone_of_start = rules_of(start_line(event.component).time, zones)
    days = {time.start.astimezone(rules).date() for rules in (zone_of_start, zones.reader)}
    return bool(days & event.days_in_doubt)


def _possible_length(time: Interval, length: LengthDoubt, event: UniformEvent, zones: Zones) -> Interval:
    start, end = time.start - length.before, time.start + length.after
    if isinstance(start_line(event.component).time, DateValue):
        # The days of a whole-day event may have 23 or 25 hours.
        day = time.start.astimezone(zones.reader).date()
        rest = length.after % ONE_DAY
        start, end = zones.midnight(day - length.before), zones.midnight(day + length.after) + rest
    return Interval(start, end)


def _added_doubts(
    event: UniformEvent, changes: list[FollowingChange], zones: Zones, window: Interval
) -> Iterator[Doubt]:
    """Yield the days on which an occurrence may have been added, each to the end of an occurrence on that day."""
    if event.may_have_more_anywhere:
        yield Doubt(window, BAD_DATE)
    start = start_line(event.component).time
    rules = rules_of(start, zones)
    alone = single_occurrence(event.component, zones)
    length = alone.end - alone.start if event.length is None else event.length.after
    for day in event.days_with_more:
        end = zones.instant(occurrence_on(day, start)) + length
        possible = Interval(_midnight(day, rules), max(_midnight(day + ONE_DAY, rules), end))
        yield Doubt(possible, BAD_DATE)
        for change in changes_of(Interval(possible.end, possible.end), changes):
            changed_end = change.apply(Interval(possible.end, possible.end)).end
            yield Doubt(Interval(change.apply(possible).start, changed_end), BAD_DATE)


def _midnight(day: date, rules: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=rules).astimezone(UTC)


def _replaced_starts(part: SeriesPart, zones: Zones) -> set[datetime]:
    start = start_line(part.components[0]).time
    values = [replaced_time(line, start, zones) for line in part.recurrence_ids]
    return {zones.instant(value) for value in values if value is not None}


class _Expander:
    """Expands an event to the times of its occurrences."""

    def __init__(self, event: UniformEvent, zones: Zones, window: Interval) -> None:
        self._event = event
        self._zones = zones
        self._window = window
        self._length = _exact_length(event.component, zones)

    def expand(self) -> Iterator[Interval]:
        """
        Yield the occurrences, without those that EXDATE excludes.

        The caller applies the overrides. The library, given the overrides, would need time quadratic in their number.
        """
        event = self._event
        component = event.component
        excluded = {self._zones.instant(value) for value in event.excluded if not isinstance(value, PeriodValue)}
        found = self.periods()
        rule_lines = list(component.lines_named("RRULE"))
        if len(rule_lines) == 1:
            component = fast_forward(component, valid_rule(rule_lines[0].rule), self._zones, self._window)
        if rule_lines or event.added:
            # Exceptions are compared here, as instants: the library also excludes the same clock time in another zone.
            found += self._expand_rules(replace(event, component=component, excluded=[]))
        else:
            found.append(single_occurrence(component, self._zones))
        yield from (time for time in found if time.start not in excluded)

    def periods(self) -> list[Interval]:
        """Return the periods of RDATE."""
        return [_period_time(value, self._zones) for value in self._event.added if isinstance(value, PeriodValue)]

    def _expand_rules(self, event: UniformEvent) -> Iterator[Interval]:
        for expanded in expand(event, self._zones, self._window):
            start = self._instant(expanded.start)
            end = self._instant(expanded.end)
            if self._length is not None:
                # Every occurrence has the same exact length (RFC 5545, section 3.8.5.3); the library adds wall time.
                # Where the clock turns, DTEND is read by some clients as wall time: the later end counts.
                has_end = event.component.has("DTEND")
                end = max(start + self._length, end) if has_end else start + self._length
            yield Interval(start, end)

    def _instant(self, written: date) -> datetime:
        """Return the instant of a time from the recurrence library."""
        if not isinstance(written, datetime):
            return self._zones.midnight(written)
        return wall_instant(written.replace(tzinfo=None), written.tzinfo or self._zones.home)


def _exact_length(component: Component, zones: Zones) -> timedelta | None:
    """Return the length of a timed event; None for whole days and for days that follow the clock."""
    durations = [line.duration for line in component.lines_named("DURATION")]
    has_days = any(isinstance(value, DurationValue) and value.days for value in durations)
    if has_days or isinstance(start_line(component).time, DateValue):
        return None
    time = single_occurrence(component, zones)
    return time.end - time.start


def _period_time(period: PeriodValue, zones: Zones) -> Interval:
    end_name = "DURATION" if isinstance(period.end, DurationValue) else "DTEND"
    lines = [ContentLine("DTSTART", {}, "", period.start), ContentLine(end_name, {}, "", period.end)]
    return single_occurrence(Component("VEVENT", lines), zones)
