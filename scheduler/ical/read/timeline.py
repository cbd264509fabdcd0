"""Summarise a reading: the strongest kind of busy time at each instant of a window, and the unknown time in it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scheduler.ical.read.busy_type import BusyKind
from scheduler.ical.read.reader import Reading, UnknownTime
from scheduler.intervals import Interval, union, without

STRONGEST: tuple[BusyKind, ...] = ("busy_unavailable", "busy", "busy_tentative")


class Busy(NamedTuple):
    """A stretch of time of one kind."""

    interval: Interval
    kind: BusyKind


def busy_timeline(reading: Reading, window: Interval) -> list[Busy]:
    """Return the busy time within ``window`` in order, none overlapping, neighbours of one kind joined."""
    taken: list[Interval] = []
    timeline: list[Busy] = []
    for kind in STRONGEST:
        own = list(_within(window, (Interval(busy.start, busy.end) for busy in reading.busy if busy.kind == kind)))
        timeline += [Busy(left, kind) for left in without(own, taken)]
        taken += own
    return sorted(timeline, key=lambda busy: busy.interval.start)


def unknown_timeline(reading: Reading, window: Interval) -> list[UnknownTime]:
    """Return the unknown time within ``window``, for each reason in order; neighbours are joined."""
    by_reason: dict[str, list[Interval]] = {}
    for interval, sentence in reading.unknown:
        by_reason.setdefault(sentence, []).append(interval)
    return [
        UnknownTime(interval, sentence)
        for sentence, intervals in by_reason.items()
        for interval in union(list(_within(window, intervals)))
    ]


def _within(window: Interval, intervals: Iterable[Interval]) -> Iterator[Interval]:
    for interval in intervals:
        start, end = max(interval.start, window.start), min(interval.end, window.end)
        if start < end:
            yield Interval(start, end)
