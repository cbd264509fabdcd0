"""Half-open time intervals: single ones of aware datetimes, and large sets as arrays of seconds."""

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
    A half-open interval ``[start, end)`` of aware datetimes.

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
    """Return the union as disjoint intervals in ascending order; intervals that touch are merged."""
    merged: list[Interval] = []
    for interval in sorted(intervals, key=lambda interval: (interval.start, interval.end)):
        last = merged[-1] if merged else None
        if last is not None and interval.start <= last.end:
            merged[-1] = Interval(last.start, max(last.end, interval.end))
        else:
            merged.append(interval)
    return merged


def without(intervals: list[Interval], taken: list[Interval]) -> list[Interval]:
    """Return the difference ``intervals`` minus ``taken`` as disjoint intervals in ascending order."""
    difference: list[Interval] = []
    removed = union(taken)
    index = 0
    for interval in union(intervals):
        start = interval.start
        while index < len(removed) and removed[index].start < interval.end:
            if start < removed[index].start:
                difference.append(Interval(start, removed[index].start))
            start = max(start, removed[index].end)
            # A removed interval that ends after this interval may overlap the next interval too: keep the index.
            if start > interval.end:
                break
            index += 1
        if start < interval.end:
            difference.append(Interval(start, interval.end))
    return difference


def to_seconds(instant: datetime) -> int:
    """Return an aware datetime as whole seconds since 1970-01-01T00:00Z."""
    return int(instant.timestamp())


@dataclass(frozen=True, slots=True)
class OwnedIntervals:
    """
    Intervals with an owner, as three arrays of equal length.

    ``owner`` counts from 0; ``start`` and ``end`` are seconds since 1970 with start < end.
    """

    owner: IntArray
    start: Seconds
    end: Seconds

    @classmethod
    def of(cls, rows: list[tuple[int, int, int]]) -> "OwnedIntervals":
        """Build from ``(owner, start, end)`` rows; the order is kept."""
        table = np.array(rows, dtype=np.int64).reshape(-1, 3)
        return cls(table[:, 0], table[:, 1], table[:, 2])

    def __len__(self) -> int:
        return len(self.owner)

    def __getitem__(self, rows: IntArray) -> "OwnedIntervals":
        return OwnedIntervals(self.owner[rows], self.start[rows], self.end[rows])

    def joined(self, other: "OwnedIntervals") -> "OwnedIntervals":
        """Return these intervals, then those of ``other``."""
        return OwnedIntervals(
            np.concatenate([self.owner, other.owner]),
            np.concatenate([self.start, other.start]),
            np.concatenate([self.end, other.end]),
        )

    def union(self) -> "OwnedIntervals":
        """Return the union of each owner's intervals, disjoint and sorted by owner and start."""
        if not len(self):
            return self
        # All owners share one time line: owner k is shifted by k spans, so that intervals of two owners never touch.
        floor = int(self.start.min())
        span = int(self.end.max()) - floor + 2
        order = np.lexsort((self.start, self.owner))
        shift = self.owner[order] * span - floor
        start = self.start[order] + shift
        latest_end = np.maximum.accumulate(self.end[order] + shift)
        # A merged interval begins where a start lies after every earlier end.
        is_first = np.r_[True, start[1:] > latest_end[:-1]]
        is_last = np.r_[is_first[1:], True]
        owner = start[is_first] // span
        shift_back = floor - owner * span
        return OwnedIntervals(owner, start[is_first] + shift_back, latest_end[is_last] + shift_back)


def overlap_ranges(
    starts: Seconds, ends: Seconds, slot_starts: Seconds, slot_ends: Seconds
) -> tuple[IntArray, IntArray]:
    """
    Return the range ``[first, last)`` of slots that overlap each interval.

    Slots are sorted by start and of equal length, so that the slots which overlap an interval are consecutive.

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
    Return the indices that sort non-negative ``numbers`` in ascending order; the sort is stable.

    A radix sort by digits of 16 bits: numpy sorts arrays of such integers by counting, many times faster than 64 bits.

    Examples
    --------
    >>> ascending(np.array([70_000, 5, 70_000, 4])).tolist()
    [3, 1, 0, 2]
    """
    order = np.argsort((numbers & 0xFFFF).astype(np.uint16), kind="stable")
    rest = numbers >> 16
    while rest.any():
        digit = (rest & 0xFFFF).astype(np.uint16)
        order = order[np.argsort(digit[order], kind="stable")]
        rest = rest >> 16
    return order


def covered(known: OwnedIntervals, num_owners: int, starts: Seconds, ends: Seconds) -> BoolArray:
    """
    Return whether each slot lies wholly within one interval of each owner.

    Parameters
    ----------
    known
        Disjoint and sorted, as returned by :meth:`OwnedIntervals.union`.
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
    # One time line for all owners, as in `OwnedIntervals.union`.
    floor = int(min(known.start.min(), starts.min()))
    span = int(max(known.end.max(), ends.max())) - floor + 2
    shift = np.arange(num_owners)[:, None] * span - floor
    known_starts = known.owner * span + (known.start - floor)
    known_ends = known.owner * span + (known.end - floor)
    # The intervals are disjoint: only the last interval that starts at or before the slot can contain it.
    index = np.searchsorted(known_starts, starts + shift, side="right") - 1
    ends_later = known_ends[np.maximum(index, 0)] >= ends + shift
    return np.asarray((index >= 0) & ends_later, dtype=np.bool_)
