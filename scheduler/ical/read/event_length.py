"""Determine how long an event lasts, or may last when its end cannot be read."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from scheduler.days import ONE_DAY
from scheduler.ical.read.component import Component, ContentLine
from scheduler.ical.read.component_time import BAD_END, DAY_AND_TIME, ENDS_FIRST, NO_END, end_time, start_line
from scheduler.ical.read.local_days import day_that_begins
from scheduler.ical.read.values import DateValue, DurationValue, InvalidValue, TimeValue, UtcTime
from scheduler.ical.read.zone_lookup import Zones

# How long an event may last: one without an end, one whose end cannot be read, and any other.
WITHOUT_END = timedelta(hours=6)
UNREADABLE_END = ONE_DAY
LONGEST = timedelta(days=31)

_ENDS = ("DTEND", "DURATION")


@dataclass(frozen=True, slots=True)
class LengthDoubt:
    """The time around its start in which each occurrence of an event may lie, and a sentence with the reason."""

    sentence: str
    after: timedelta
    before: timedelta = timedelta()

    def __post_init__(self) -> None:
        object.__setattr__(self, "after", min(self.after, LONGEST))


def with_valid_end(component: Component, zones: Zones) -> tuple[Component, LengthDoubt | None]:
    """
    Return the component with at most one end, which is valid, or with no end and the doubt about its length.

    The start of the component is valid.
    """
    end = end_time(component, zones)
    duration = _longest_duration(component)
    if end is not None and not isinstance(end, InvalidValue):
        line, doubt = _by_end(component, end, zones)
    elif isinstance(duration, DurationValue):
        line, doubt = _by_duration(component, duration)
    elif end is not None or duration is not None:
        line, doubt = None, _unreadable_end(component, end, duration, zones)
    else:
        line, doubt = None, _without_end(component)
    lines = [other for other in component.lines if other.name not in _ENDS]
    if line is not None:
        lines.append(line)
    return replace(component, lines=lines), doubt


def _by_end(component: Component, end: TimeValue, zones: Zones) -> tuple[ContentLine | None, LengthDoubt | None]:
    start = start_line(component).time
    if isinstance(start, DateValue) and not isinstance(end, DateValue):
        # A time that begins a day is the day; for every other time it is unknown whether the whole day was meant.
        day = day_that_begins(end, zones)
        if day is None:
            return None, _between(zones.instant(start), zones.instant(end), DAY_AND_TIME)
        end = DateValue(day)
    elif isinstance(end, DateValue) and not isinstance(start, DateValue):
        end = UtcTime(_end_by_day(end.day, zones.instant(start), zones))

    first, last = zones.instant(start), zones.instant(end)
    if first < last:
        return _end_line(start, end, last - first), None
    if first == last:
        return None, _without_end(component)
    return None, _between(first, last, ENDS_FIRST)


def _end_line(start: TimeValue, end: TimeValue, length: timedelta) -> ContentLine:
    """Return the end in the form of the start, or the length of the event: a repeated event keeps its length."""
    has_form_of_start = type(start) is type(end) and getattr(start, "tzid", None) == getattr(end, "tzid", None)
    if has_form_of_start:
        return ContentLine("DTEND", {}, "", end)
    return ContentLine("DURATION", {}, "", DurationValue(0, length))


def _end_by_day(day: date, start: datetime, zones: Zones) -> datetime:
    """Return the midnight that ends a timed event whose end is a date: the one before that day, or after it."""
    midnight = zones.midnight(day)
    day_of_start = start.astimezone(zones.reader).date()
    return zones.midnight(day + ONE_DAY) if day == day_of_start else midnight


def _between(start: datetime, end: datetime, sentence: str) -> LengthDoubt:
    """Return the doubt about an event from its start to its end; in reverse order, from its end to a day after."""
    if start < end:
        return LengthDoubt(sentence, end - start)
    before = start - end
    return LengthDoubt(sentence, UNREADABLE_END, before if before <= LONGEST else timedelta())


def _by_duration(component: Component, duration: DurationValue) -> tuple[ContentLine | None, LengthDoubt | None]:
    is_whole_day = isinstance(start_line(component).time, DateValue)
    if duration.is_negative:
        return None, LengthDoubt(ENDS_FIRST, UNREADABLE_END)
    if not duration.days and not duration.exact:
        return None, _without_end(component)
    if is_whole_day and duration.exact:
        days, rest = divmod(duration.exact, ONE_DAY)
        if rest:
            return None, LengthDoubt(DAY_AND_TIME, duration.days * ONE_DAY + duration.exact)
        duration = DurationValue(duration.days + days, timedelta())
    return ContentLine("DURATION", {}, "", duration), None


def _without_end(component: Component) -> LengthDoubt | None:
    """Return the doubt about a timed event without length; a whole day without an end is one day."""
    is_whole_day = isinstance(start_line(component).time, DateValue)
    if is_whole_day:
        return None
    return LengthDoubt(NO_END, UNREADABLE_END if component.is_marked_as_whole_days else WITHOUT_END)


def _unreadable_end(
    component: Component, end: TimeValue | None, duration: InvalidValue | None, zones: Zones
) -> LengthDoubt:
    if isinstance(end, InvalidValue) and end.day is not None:
        start = zones.instant(start_line(component).time)
        return _between(start, zones.midnight(end.day + ONE_DAY), BAD_END)
    # A duration with numbers out of range, such as P99999999W, is long.
    is_long = duration is not None and duration.is_well_formed
    return LengthDoubt(BAD_END, LONGEST if is_long else UNREADABLE_END)


def _longest_duration(component: Component) -> DurationValue | InvalidValue | None:
    durations = [line.duration for line in component.lines_named("DURATION")]
    readable = [value for value in durations if isinstance(value, DurationValue)]
    if readable:
        return max(readable, key=lambda value: (not value.is_negative, value.days * ONE_DAY + value.exact))
    return durations[0] if durations else None
