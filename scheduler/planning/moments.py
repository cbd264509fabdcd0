"""Upper bounds on how many of some meetings can be held: by the moments of their slots, and by the time they cover."""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapreplace

import numpy as np

from scheduler.intervals import BoolArray, IntArray, Seconds
from scheduler.planning.deficient_set import deficient_set
from scheduler.planning.instance import Instance


@dataclass(frozen=True, slots=True)
class Group:
    """Meetings of which at most ``capacity`` overlap when each is followed by so many seconds of travel."""

    meetings: tuple[int, ...]
    capacity: int = 1
    travel: int = 0

    def is_within(self, other: "Group") -> bool:
        """Tell whether the meetings can be held in the way in which those of another group are held."""
        is_easier = self.capacity >= other.capacity and self.travel <= other.travel
        return is_easier and set(self.meetings) <= set(other.meetings)


class OpenSlots:
    """The slots of a mask, with the days of every meeting as bits."""

    def __init__(self, instance: Instance, mask: BoolArray | None) -> None:
        self._instance = instance
        self._mask = np.ones(len(instance.gains), dtype=np.bool_) if mask is None else mask
        days = instance.days[self._mask]
        meeting = instance.meeting[self._mask]

        first_day = int(days.min()) if len(days) else 0
        days -= first_day
        table = np.zeros((len(instance.choices), int(days.max(initial=0)) + 1), dtype=np.bool_)
        table[meeting, days] = True
        self.num_days = table.sum(axis=1)
        packed = np.packbits(table, axis=1, bitorder="little")
        self._days = [int.from_bytes(row.tobytes(), "little") for row in packed]

    def share_a_day(self, meeting: int, other: int) -> bool:
        """Tell whether two meetings may take the same day."""
        return bool(self._days[meeting] & self._days[other])

    def scarce(self, meetings: Sequence[int], capacity: int) -> list[int]:
        """Return the meetings, those with the fewest days first, without those that have days enough in any case."""
        counted = [meeting for meeting in meetings if self.num_days[meeting]]
        kept = sorted(counted, key=lambda meeting: int(self.num_days[meeting]))
        # A deficient set of n meetings has fewer than n / capacity moments, and so no more days.
        while kept and self.num_days[kept[-1]] * capacity >= len(kept):
            kept.pop()
        return kept

    def fit_on_days(self, meetings: Sequence[int], capacity: int) -> bool:
        """Tell whether the meetings can be spread over their days, no more of them on a day than the capacity."""
        used = [0] * capacity
        for meeting in sorted(meetings, key=lambda meeting: self._days[meeting].bit_length()):
            for room in range(capacity):
                free = self._days[meeting] & ~used[room]
                if free:
                    used[room] |= free & -free
                    break
            else:
                return False
        return True

    def fit_in_turn(self, group: Group) -> bool:
        """Tell whether the meetings can be held when the slot that ends first is always taken next."""
        meeting, start, end = self.intervals(group)
        order = np.argsort(end, kind="stable")
        free_from = [int(start.min())] * group.capacity
        waiting = set(group.meetings)
        slots = zip(meeting[order].tolist(), start[order].tolist(), end[order].tolist(), strict=True)
        for member, slot_start, slot_end in slots:
            if member in waiting and free_from[0] <= slot_start:
                waiting.remove(member)
                heapreplace(free_from, slot_end)
        return not waiting

    def intervals(self, group: Group) -> tuple[IntArray, Seconds, Seconds]:
        """Return the meeting, the start and the end, travel included, of every open slot of a group."""
        instance = self._instance
        ranges = [np.arange(instance.first[meeting], instance.first[meeting + 1]) for meeting in group.meetings]
        positions = np.concatenate(ranges)
        positions = positions[self._mask[positions]]
        return instance.meeting[positions], instance.starts[positions], instance.ends[positions] + group.travel


def too_few_moments(group: Group, open_slots: OpenSlots) -> tuple[int, ...] | None:
    """Return meetings with fewer moments than meetings, by a matching of meetings and moments."""
    meeting, start, end = open_slots.intervals(group)
    moment = _moments(start, end)

    # Every slot is assigned to one moment at which it is in progress, of which the capacity holds.
    moments_of: dict[int, int] = dict.fromkeys(group.meetings, 0)
    span = int(moment.max(initial=0)) + 1
    for code in np.unique(meeting * span + moment).tolist():
        member, number = divmod(code, span)
        moments_of[member] |= 1 << number
    return deficient_set(moments_of, group.capacity)


def _moments(start: Seconds, end: Seconds) -> IntArray:
    """
    Return the number of a moment within every interval, for the smallest possible number of moments.

    The first moment lies just before the first end; the next, before the first end of the intervals that start later.
    """
    order = np.argsort(start, kind="stable")
    starts = start[order]
    # The first end of all intervals from a place in the order of the starts on.
    first_end = np.minimum.accumulate(end[order][::-1])[::-1]
    ends = []
    index = 0
    while index < len(starts):
        ends.append(int(first_end[index]))
        index = int(np.searchsorted(starts, ends[-1]))
    return np.searchsorted(np.array(ends, dtype=np.int64), start, side="right")


def too_little_time(group: Group, open_slots: OpenSlots) -> tuple[int, ...] | None:
    """Return meetings that together last longer than the time which their slots cover."""
    meeting, start, end = open_slots.intervals(group)
    members = np.array(group.meetings)
    place = np.empty(int(members.max()) + 1, dtype=np.int64)
    place[members] = np.arange(len(members))
    member = place[meeting]
    duration = np.zeros(len(members), dtype=np.int64)
    first = np.full(len(members), np.iinfo(np.int64).max)
    last = np.full(len(members), np.iinfo(np.int64).min)
    duration[member] = end - start
    np.minimum.at(first, member, start)
    np.maximum.at(last, member, end)

    covered = _Covered(start, end)
    by_last = np.argsort(last, kind="stable")
    for begin in np.unique(first).tolist():
        inside = by_last[first[by_last] >= begin]
        needed = np.cumsum(duration[inside])
        available = group.capacity * (covered.before(last[inside]) - covered.before(np.array([begin])))
        exceeding = np.flatnonzero(needed > available)
        if len(exceeding):
            chosen = inside[: exceeding[0] + 1]
            return _longest(members[chosen], duration[chosen], int(available[exceeding[0]]))
    return None


def _longest(members: IntArray, duration: IntArray, available: int) -> tuple[int, ...]:
    """Return as few of the meetings as last longer than the time available."""
    order = np.argsort(-duration, kind="stable")
    num_needed = int(np.searchsorted(np.cumsum(duration[order]), available, side="right")) + 1
    return tuple(sorted(members[order[:num_needed]].tolist()))


class _Covered:
    """The union of intervals, measured from the left."""

    def __init__(self, start: Seconds, end: Seconds) -> None:
        order = np.argsort(start, kind="stable")
        reach = np.maximum.accumulate(end[order])
        is_new = np.ones(len(order), dtype=np.bool_)
        is_new[1:] = start[order][1:] > reach[:-1]
        self._starts = start[order][is_new]
        self._ends = reach[np.append(np.flatnonzero(is_new)[1:] - 1, len(order) - 1)]
        self._total = np.concatenate([[0], np.cumsum(self._ends - self._starts)])

    def before(self, moment: Seconds) -> IntArray:
        """Return how much of the union lies before each moment."""
        index = np.searchsorted(self._starts, moment)
        beyond = np.maximum(self._ends[np.maximum(index - 1, 0)] - moment, 0)
        return np.asarray(self._total[index] - np.where(index > 0, beyond, 0), dtype=np.int64)
