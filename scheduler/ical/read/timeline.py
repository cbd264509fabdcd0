"""Summarise a reading: the strongest kind of busy time at each instant of a window, and the unknown time in it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scheduler.ical.read.busy_type import BusyKind
from scheduler.ical.read.reading import Reading, UnknownTime
from scheduler.intervals import Interval, union, without

STRONGEST_FIRST: tuple[BusyKind, ...] = ("busy_unavailable", "busy", "busy_tentative")


class BusyInterval(NamedTuple):
    """An interval with a single kind of busy time."""

    interval: Interval
    kind: BusyKind


def busy_timeline(reading: Reading, window: Interval) -> list[BusyInterval]:
    """Return the busy time within ``window`` in order, without overlaps; neighbours of the same kind are joined."""
    stronger: list[Interval] = []
    timeline: list[BusyInterval] = []
    for kind in STRONGEST_FIRST:
        intervals = [Interval(busy.start, busy.end) for busy in reading.busy if busy.kind == kind]
        clipped = list(_clip(intervals, window))
        timeline += [BusyInterval(interval, kind) for interval in without(clipped, stronger)]
        stronger += clipped
    return sorted(timeline, key=lambda busy: busy.interval.start)


def unknown_timeline(reading: Reading, window: Interval) -> list[UnknownTime]:
    """Return the unknown time within ``window``, reason by reason; neighbours with the same reason are joined."""
    intervals_by_reason: dict[str, list[Interval]] = {}
    for interval, sentence in reading.unknown:
        intervals_by_reason.setdefault(sentence, []).append(interval)
    timeline = []
    for sentence, intervals in intervals_by_reason.items():
        clipped = list(_clip(intervals, window))
        timeline += [UnknownTime(interval, sentence) for interval in union(clipped)]
    return timeline


def _clip(intervals: Iterable[Interval], window: Interval) -> Iterator[Interval]:
    for interval in intervals:
        start = max(interval.start, window.start)
        end = min(interval.end, window.end)
        if start < end:
            yield Interval(start, end)
