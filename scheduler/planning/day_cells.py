"""Day cells: the slots of a meeting on one day, as the nodes of the longest-path recursion."""

from functools import cached_property

import numpy as np

from scheduler.intervals import IntArray
from scheduler.planning.instance import NEG_INF, Instance, UnitArray


class DayCells:
    """
    The slots of several meetings grouped into *cells*: all slots of one meeting on one day.

    Order and spacing depend on days alone, so that the recursion runs over cells. Tables of cells have the shape
    ``(meetings, days, councils)``; ``meetings`` has the shape ``(meetings, councils)``.
    """

    def __init__(self, instance: Instance, meetings: IntArray) -> None:
        members = meetings.ravel()
        num_slots = instance.num_slots[members]
        member = np.repeat(np.arange(len(members)), num_slots)
        # The first position of a member, less the number of slots before it here, turns a count into a position.
        offset = instance.first[members] - np.cumsum(num_slots) + num_slots
        self.slots = np.arange(len(member)) + offset[member]

        days = instance.days[self.slots]
        days -= days.min()
        num_days = int(days.max()) + 1
        num_meetings, num_councils = meetings.shape
        self.shape = (num_meetings, num_days, num_councils)

        # Slots are sorted by start: a cell begins where the meeting or the day changes.
        is_first = np.ones(len(days), dtype=np.bool_)
        is_new_member = member[1:] != member[:-1]
        is_new_day = days[1:] != days[:-1]
        is_first[1:] = is_new_member | is_new_day
        self._first_of_cell = np.flatnonzero(is_first)
        self._cell_of_slot = np.cumsum(is_first) - 1

        index, column = np.divmod(member[is_first], num_councils)
        day = days[is_first]
        self._table_index = np.ravel_multi_index((index, day, column), self.shape)

    def best_gains(self, gains: UnitArray) -> UnitArray:
        """Return the table of the best gain of every cell; `NEG_INF` where a meeting has no slot on a day."""
        table = np.full(self.shape, NEG_INF, dtype=np.int64)
        own = gains[self.slots]
        best = np.maximum.reduceat(own, self._first_of_cell)
        table.ravel()[self._table_index] = best
        return table

    def by_slot(self, table: UnitArray) -> UnitArray:
        """Return the table's value at the cell of each of ``slots``."""
        by_cell = table.ravel()[self._table_index]
        return np.asarray(by_cell[self._cell_of_slot], dtype=np.int64)

    def slots_on(
        self,
        day: int,
        meeting: int,
        column: int = 0,
    ) -> IntArray:
        """Return the positions of the slots of a meeting on a day, counted from the first day, by start."""
        cell = self._cell_table[meeting, day, column]
        return self.slots[self._first_of_cell[cell] : self._end_of_cell[cell]]

    def best_slots(self, days: IntArray, gains: UnitArray) -> IntArray:
        """
        Return the position of the best slot in the cells on the given days; the earliest of equals.

        ``days`` are counted from the first day; they and the result have the shape ``(meetings, councils)``.
        """
        num_meetings, num_councils = days.shape
        index = np.arange(num_meetings)[:, None]
        column = np.arange(num_councils)
        cell = self._cell_table[index, days, column]
        first = self._first_of_cell[cell]
        end = self._end_of_cell[cell]

        # All cells are scanned in step; a strict comparison keeps the earliest of equal slots.
        own = gains[self.slots]
        best = first.copy()
        longest = int((end - first).max(initial=0))
        for step in range(1, longest):
            candidate = np.minimum(first + step, end - 1)
            best = np.where(own[candidate] > own[best], candidate, best)
        return np.asarray(self.slots[best], dtype=np.int64)

    @cached_property
    def _cell_table(self) -> IntArray:
        """The table of cell numbers; 0 where there is no cell."""
        table = np.zeros(self.shape, dtype=np.int64)
        numbers = np.arange(len(self._first_of_cell))
        table.ravel()[self._table_index] = numbers
        return table

    @cached_property
    def _end_of_cell(self) -> IntArray:
        """The end of every cell's slots in ``slots``."""
        following = self._first_of_cell[1:]
        return np.concatenate([following, [len(self.slots)]])
