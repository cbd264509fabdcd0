"""The slots of several meetings in flat arrays, and the packing constraints that overlapping slots lead to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.intervals import BoolArray, IntArray, Seconds, ascending, expand_ranges
from scheduler.rules.conflict_sets import ConflictSets, MeetingSlots, distinct, overlapping_sets
from scheduler.rules.travel_times import place_of


@dataclass(frozen=True, slots=True)
class SlotPool:
    """
    The slots of some meetings, in arrays of shape ``(entries,)``.

    Attributes
    ----------
    meeting, slot
        The meeting's index in the problem, and the slot's index in the meeting's candidates.
    day
        Ordinals of the start's date.
    start, end
        Seconds since 1970, half-open.
    unit
        A number for each council and day: `order` lets a council take one slot of a unit.
    place
        A number for each council and venue: slots of one place need no travel between them.
    """

    meeting: IntArray
    slot: IntArray
    day: IntArray
    start: Seconds
    end: Seconds
    unit: IntArray
    place: IntArray

    @classmethod
    def of(cls, choices: Sequence[MeetingSlots], meetings: Sequence[int]) -> "SlotPool":
        """Return the slots of the meetings with these indices."""
        candidates = [choices[index] for index in meetings]
        sizes = [len(each.slots) for each in candidates]
        council_of = [each.meeting.council for each in candidates]
        place_of_each = [place_of(each.meeting) for each in candidates]

        number_of_council = {council: number for number, council in enumerate(dict.fromkeys(council_of))}
        number_of_place = {place: number for number, place in enumerate(dict.fromkeys(place_of_each))}
        day = np.concatenate([each.slots.days for each in candidates])
        council = np.repeat([number_of_council[council] for council in council_of], sizes)
        return cls(
            meeting=np.repeat(np.array(meetings, dtype=np.int64), sizes),
            slot=np.concatenate([np.arange(size) for size in sizes]),
            day=day,
            start=np.concatenate([each.slots.starts for each in candidates]),
            end=np.concatenate([each.slots.ends for each in candidates]),
            unit=day * len(number_of_council) + council,
            place=np.repeat([number_of_place[place] for place in place_of_each], sizes),
        )

    def of_meetings(self, meetings: Sequence[int]) -> "SlotPool":
        """Return the slots of some of the meetings, given in ascending order, as are those of the pool."""
        chosen = np.array(meetings, dtype=np.int64)
        first = np.searchsorted(self.meeting, chosen, side="left")
        last = np.searchsorted(self.meeting, chosen, side="right")
        _, entry = expand_ranges(first, last)
        return self[entry]

    def __getitem__(self, chosen: BoolArray | IntArray) -> "SlotPool":
        return SlotPool(
            meeting=self.meeting[chosen],
            slot=self.slot[chosen],
            day=self.day[chosen],
            start=self.start[chosen],
            end=self.end[chosen],
            unit=self.unit[chosen],
            place=self.place[chosen],
        )

    def overlapping(self, *, travel_minutes: int) -> tuple[IntArray, IntArray]:
        """Return the maximal sets of slots that overlap when parted by so much travel, as (set, entry) pairs."""
        return overlapping_sets(self.start, self.end + 60 * travel_minutes)

    def is_valid_per_place(self, row: IntArray, entry: IntArray) -> bool:
        """
        Tell whether any two slots of one place in a set also clash without travel time.

        Slots are widened by travel time, so that a set may contain two slots of one place that do not clash. Such a
        set would be too strict. Two slots of one unit always clash.
        """
        num_places = 1 + int(self.place.max())
        group = row * num_places + self.place[entry]
        order = ascending(group)
        group = group[order]
        unit = self.unit[entry][order]
        is_same_group = group[1:] == group[:-1]
        is_same_unit = unit[1:] == unit[:-1]
        return bool(is_same_unit[is_same_group].all())


def packing_sets(
    pool: SlotPool,
    row: IntArray,
    entry: IntArray,
    *,
    capacity: int,
) -> ConflictSets:
    """Return the sets as packing constraints; sets that `order` implies are left out."""
    # A council takes one slot of a unit: a set of no more units than its capacity cannot be exceeded.
    span = int(pool.unit.max()) + 1 if len(pool.unit) else 1
    row_of_unit = distinct(row * span + pool.unit[entry]) // span
    matters = np.bincount(row_of_unit) > capacity

    kept = matters[row]
    number = np.cumsum(matters) - 1
    return ConflictSets(
        capacity=np.full(int(matters.sum()), capacity),
        row=number[row[kept]],
        meeting=pool.meeting[entry[kept]],
        slot=pool.slot[entry[kept]],
    )
