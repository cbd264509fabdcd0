"""Summarise how a calendar was read: the period that it tells about, its counts, and what was skipped."""

from datetime import date, datetime, timedelta
from typing import Any

from scheduler.days import whole_days
from scheduler.evidence import SkippedPart, Source
from scheduler.ical.read.reading import Reading
from scheduler.ical.shared_calendars import SharedCalendar
from scheduler.intervals import Interval, without
from scheduler.problem import Problem


def own_source(problem: Problem, file: str, person: str, reading: Reading) -> Source:
    """Return the summary of a person's own calendar."""
    return _with_reading(Source(kind="own", name=file, people=(person,)), problem, reading)


def shared_source(problem: Problem, shared: SharedCalendar, reading: Reading) -> Source:
    """Return the summary of a shared calendar."""
    source = Source(kind="shared", name=shared.file, calendar=shared.id, label=shared.label, people=shared.people)
    return _with_reading(source, problem, reading)


def horizon_of(problem: Problem) -> Interval:
    """Return the planning period, from the first midnight to the last."""
    return whole_days(problem.horizon.start, problem.horizon.end, problem.zone)


def _with_reading(source: Source, problem: Problem, reading: Reading) -> Source:
    horizon = horizon_of(problem)
    in_horizon = [busy for busy in reading.busy if Interval(busy.start, busy.end).overlaps(horizon)]
    counts: dict[str, Any] = {
        "num_events": reading.num_events,
        "num_busy": len(in_horizon),
        "written_at": reading.written_at,
        "skipped": _skipped_parts(reading, horizon),
    }
    if in_horizon:
        last_end = max(busy.end for busy in in_horizon)
        counts["last_busy"] = _last_day(min(last_end, horizon.end), problem)

    known = without([horizon], [unknown.interval for unknown in reading.unknown])
    if known:
        gaps = without([Interval(known[0].start, known[-1].end)], known)
        counts |= {
            "first_known": known[0].start.astimezone(problem.zone).date(),
            "last_known": _last_day(known[-1].end, problem),
            "num_unknown_days": _num_days(gaps, problem),
        }
    return source.model_copy(update=counts)


def _skipped_parts(reading: Reading, horizon: Interval) -> tuple[SkippedPart, ...]:
    """Return every part that was not read, and the reasons of unknown time in the horizon that no part names."""
    parts = [SkippedPart(sentence=skipped.sentence, day=skipped.day) for skipped in reading.skipped]
    stated = {part.sentence for part in parts}
    in_horizon = [unknown.sentence for unknown in reading.unknown if unknown.interval.overlaps(horizon)]
    further = [sentence for sentence in dict.fromkeys(in_horizon) if sentence not in stated]
    return (*parts, *[SkippedPart(sentence=sentence) for sentence in further])


def _num_days(intervals: list[Interval], problem: Problem) -> int:
    """Return the number of days that the intervals touch."""
    days: set[int] = set()
    for interval in intervals:
        first = interval.start.astimezone(problem.zone).date().toordinal()
        last = _last_day(interval.end, problem).toordinal()
        days.update(range(first, last + 1))
    return len(days)


def _last_day(end: datetime, problem: Problem) -> date:
    """Return the last day that a half-open interval with this end touches."""
    last_moment = end - timedelta(microseconds=1)
    return last_moment.astimezone(problem.zone).date()
