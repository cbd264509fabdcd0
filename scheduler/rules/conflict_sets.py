"""Sets of slots with a capacity: the packing constraints of a plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from scheduler.availability import Slots
from scheduler.intervals import IntArray, Seconds, ascending, expand_ranges
from scheduler.problem import Meeting


class MeetingSlots(Protocol):
    """The slots that a meeting may take."""

    @property
    def meeting(self) -> Meeting: ...

    @property
    def slots(self) -> Slots: ...


@dataclass(frozen=True, slots=True)
class ConflictSets:
    """
    Sets of slots, of which at most ``capacity`` can be taken.

    ``capacity`` has shape ``(sets,)``. ``row``, ``meeting`` and ``slot`` have shape ``(entries,)`` and are sorted by
    ``row``: an entry says that the set ``row`` holds the slot of this index of this meeting.
    """

    capacity: IntArray
    row: IntArray
    meeting: IntArray
    slot: IntArray

    def __len__(self) -> int:
        return len(self.capacity)

    @classmethod
    def none(cls) -> "ConflictSets":
        """Return no sets at all."""
        nothing = np.zeros(0, dtype=np.int64)
        return cls(nothing, nothing, nothing, nothing)

    @classmethod
    def of(cls, collections: Sequence["ConflictSets"]) -> "ConflictSets":
        """Return the sets of several collections, renumbered consecutively."""
        if not collections:
            return cls.none()

        sizes = [len(collection) for collection in collections]
        offsets = np.cumsum([0, *sizes])[:-1]
        rows = [collection.row + offset for collection, offset in zip(collections, offsets, strict=True)]
        return cls(
            capacity=np.concatenate([collection.capacity for collection in collections]),
            row=np.concatenate(rows),
            meeting=np.concatenate([collection.meeting for collection in collections]),
            slot=np.concatenate([collection.slot for collection in collections]),
        )

    @classmethod
    def joined(
        cls,
        capacity: int,
        row: IntArray,
        meeting: IntArray,
        slot: IntArray,
    ) -> "ConflictSets":
        """
        Return sets of equal capacity from entries in any order; sets with no more meetings than it are omitted.

        Parameters
        ----------
        capacity
            How many slots of a set can be taken, 1 or more.
        row, meeting, slot
            The entries, shape ``(entries,)``: the set, the meeting's index, and the index of its slot.
        """
        order = np.lexsort((slot, meeting, row))
        row, meeting, slot = row[order], meeting[order], slot[order]

        # A meeting takes one slot, so that a set of no more meetings than its capacity forbids nothing.
        num_rows = int(row.max(initial=-1)) + 1
        span = int(meeting.max(initial=-1)) + 1
        num_meetings = np.bincount(distinct(row * span + meeting) // max(span, 1), minlength=num_rows)
        matters = num_meetings > capacity

        kept = matters[row]
        number = np.cumsum(matters) - 1
        capacities = np.full(int(matters.sum()), capacity, dtype=np.int64)
        return cls(capacities, number[row[kept]], meeting[kept], slot[kept])


def overlapping_sets(start: Seconds, end: Seconds) -> tuple[IntArray, IntArray]:
    """
    Return every maximal set of intervals that share an instant: the cliques of an interval graph.

    Two intervals overlap exactly when some set holds both.

    Parameters
    ----------
    start, end
        Shape ``(intervals,)``, half-open.

    Returns
    -------
    tuple of IntArray
        The sets and the positions of the intervals in them, as pairs sorted by set.

    Examples
    --------
    >>> sets, position = overlapping_sets(np.array([0, 2, 5]), np.array([4, 6, 9]))
    >>> sets.tolist(), position.tolist()
    ([0, 0, 1, 1], [0, 1, 1, 2])
    """
    # Intervals that share an instant share one at which an interval starts: only starts are looked at.
    instants = distinct(start)
    first = np.searchsorted(instants, start)
    last = np.searchsorted(instants, end)

    # A set is maximal when an interval ends before the next start: no later set holds all of its intervals.
    is_maximal = np.zeros(len(instants) + 1, dtype=np.bool_)
    is_maximal[last] = True
    is_maximal = is_maximal[1:]

    position, instant = expand_ranges(first, last)
    kept = is_maximal[instant]
    position, instant = position[kept], instant[kept]
    order = ascending(instant)
    number = np.cumsum(is_maximal) - 1
    return number[instant[order]], position[order]


def distinct(numbers: IntArray) -> IntArray:
    """Return the distinct numbers in ascending order; on short arrays faster than `numpy.unique`."""
    if not len(numbers):
        return numbers
    ordered = np.sort(numbers)
    is_new = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    return np.asarray(ordered[is_new], dtype=np.int64)
