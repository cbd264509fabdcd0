"""Half-open intervals live here: one by one as aware datetimes, and by the thousand as arrays of seconds."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

Seconds = npt.NDArray[np.int64]  # since 1970-01-01T00:00Z
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Interval:
    """
    A stretch of time: ``start`` is in, ``end`` is out, both aware.

    Examples
    --------
    >>> from datetime import UTC
    >>> nine, ten, eleven = (datetime(2027, 3, 3, hour, tzinfo=UTC) for hour in (9, 10, 11))
    >>> Interval(nine, ten).overlaps(Interval(ten, eleven))
    False
    """

    start: datetime
    end: datetime

    def overlaps(self, other: "Interval") -> bool:
        return self.start < other.end and other.start < self.end

    def covers(self, other: "Interval") -> bool:
        return self.start <= other.start and other.end <= self.end

    def widened(self, margin: timedelta) -> "Interval":
        return Interval(self.start - margin, self.end + margin)


def union(intervals: list[Interval]) -> list[Interval]:
    """Return the same time as the fewest intervals, in order; neighbours that touch are joined."""
    joined: list[Interval] = []
    for interval in sorted(intervals, key=lambda one: (one.start, one.end)):
        if joined and interval.start <= joined[-1].end:
            joined[-1] = Interval(joined[-1].start, max(joined[-1].end, interval.end))
        else:
            joined.append(interval)
    return joined


def without(intervals: list[Interval], taken: list[Interval]) -> list[Interval]:
    """Return what is left of ``intervals``, in order and none overlapping, when ``taken`` is gone."""
    left: list[Interval] = []
    gone, at = union(taken), 0
    for interval in union(intervals):
        start = interval.start
        while at < len(gone) and gone[at].start < interval.end:
            if start < gone[at].start:
                left.append(Interval(start, gone[at].start))
            start = max(start, gone[at].end)
            if start > interval.end:
                break  # it may reach into the next one
            at += 1
        if start < interval.end:
            left.append(Interval(start, interval.end))
    return left


def to_seconds(instant: datetime) -> int:
    """Return whole seconds since 1970 in UTC of an aware datetime."""
    return int(instant.timestamp())


@dataclass(frozen=True, slots=True)
class OwnedIntervals:
    """
    Many intervals, each with an owner, as three arrays of one length.

    ``owner`` counts from 0; ``start`` and ``end`` are seconds since 1970, half-open, start < end.
    """

    owner: IntArray
    start: Seconds
    end: Seconds

    @classmethod
    def of(cls, rows: list[tuple[int, int, int]]) -> "OwnedIntervals":
        """Build from ``(owner, start, end)`` rows, kept in the given order."""
        table = np.array(rows, dtype=np.int64).reshape(-1, 3)
        return cls(table[:, 0], table[:, 1], table[:, 2])

    def __len__(self) -> int:
        return len(self.owner)

    def union(self) -> "OwnedIntervals":
        """Return each owner's time as the fewest intervals, sorted by owner and start."""
        if not len(self):
            return self
        span = int(self.end.max() - self.start.min()) + 2  # one owner's times never reach the next one's
        floor = int(self.start.min())
        order = np.lexsort((self.start, self.owner))
        start = self.owner[order] * span + (self.start[order] - floor)
        end = self.owner[order] * span + (self.end[order] - floor)
        reach = np.maximum.accumulate(end)
        first = np.r_[True, start[1:] > reach[:-1]]
        last = np.r_[first[1:], True]
        owner = start[first] // span
        return OwnedIntervals(owner, start[first] - owner * span + floor, reach[last] - owner * span + floor)


def overlap_ranges(
    starts: Seconds, ends: Seconds, slot_starts: Seconds, slot_ends: Seconds
) -> tuple[IntArray, IntArray]:
    """
    Return, for each interval, the range ``[first, last)`` of slots that it overlaps.

    Slots are sorted by start and all equally long, so that those which overlap one interval stand in a row.

    Parameters
    ----------
    starts, ends
        Shape ``(n,)``, seconds.
    slot_starts, slot_ends
        Shape ``(slots,)``, seconds, both increasing.
    """
    first = np.searchsorted(slot_ends, starts, side="right")
    last = np.searchsorted(slot_starts, ends, side="left")
    return first, np.maximum(first, last)


def expand_ranges(first: IntArray, last: IntArray) -> tuple[IntArray, IntArray]:
    """
    Return ``(row, position)`` for every position of every range ``[first[row], last[row])``.

    Examples
    --------
    >>> row, position = expand_ranges(np.array([2, 5]), np.array([4, 6]))
    >>> row.tolist(), position.tolist()
    ([0, 0, 1], [2, 3, 5])
    """
    count = last - first
    row = np.repeat(np.arange(len(count)), count)
    offset = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    return row, first[row] + offset


def ascending(numbers: IntArray) -> IntArray:
    """
    Return the order in which ``numbers``, none below 0, ascend; equals as they stand.

    Like a stable `numpy.argsort`, by digits of 16 bits: those numpy sorts by counting, many times quicker.

    Examples
    --------
    >>> ascending(np.array([70_000, 5, 70_000, 4])).tolist()
    [3, 1, 0, 2]
    """
    order = np.argsort((numbers & 0xFFFF).astype(np.uint16), kind="stable")
    rest = numbers >> 16
    while rest.any():
        order = order[np.argsort((rest & 0xFFFF).astype(np.uint16)[order], kind="stable")]
        rest = rest >> 16
    return order


def covered(known: OwnedIntervals, num_owners: int, starts: Seconds, ends: Seconds) -> BoolArray:
    """
    Tell whether each owner's time covers each slot wholly.

    Parameters
    ----------
    known
        A union, as :meth:`OwnedIntervals.union` gives it.
    starts, ends
        Shape ``(owners, slots)`` or ``(1, slots)``, seconds.

    Returns
    -------
    BoolArray
        Shape ``(num_owners, slots)``.
    """
    shape = (num_owners, starts.shape[1])
    if not len(known) or not starts.size:
        return np.zeros(shape, dtype=np.bool_)
    floor = int(min(known.start.min(), starts.min()))
    span = int(max(known.end.max(), ends.max())) - floor + 2
    lift = np.arange(num_owners)[:, None] * span - floor
    at = np.searchsorted(known.owner * span + (known.start - floor), starts + lift, side="right") - 1
    reach = known.owner * span + (known.end - floor)
    return np.asarray((at >= 0) & (reach[np.maximum(at, 0)] >= ends + lift), dtype=np.bool_)
