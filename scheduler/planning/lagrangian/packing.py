"""What ties councils together lives here, as rows: at most so many of these slots; and which councils are tied."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from scheduler.intervals import IntArray, ascending, expand_ranges
from scheduler.planning.conflict_sets import ConflictSets
from scheduler.planning.instance import UNASSIGNED, Instance
from scheduler.planning.search import Cut


class PackingRows:
    """
    Every exclusion as ``sum of taken positions <= capacity``, and every cut as ``sum of -moved <= -min_moved``.

    Councils that no row and no relation joins, not even by way of others, are different *parts*.
    """

    def __init__(self, instance: Instance, cuts: Sequence[Cut] = ()) -> None:
        exclusions = ConflictSets.of([instance.conflict_sets, instance.relation_sets])
        moved = [np.flatnonzero(instance.is_moved(cut)) for cut in cuts]
        self.num_conflict_sets = len(exclusions)
        self.capacity = np.concatenate(
            [exclusions.capacity, np.array([-cut.min_moved for cut in cuts], dtype=np.int64)]
        )
        self.row = np.concatenate(
            [exclusions.row, *(np.full(len(each), len(exclusions) + at) for at, each in enumerate(moved))]
        )
        self.position = np.concatenate([instance.first[exclusions.meeting] + exclusions.slot, *moved])
        self._sign = np.where(np.arange(len(self.capacity)) < len(exclusions), 1, -1)
        self._first = np.searchsorted(self.row, np.arange(len(self.capacity) + 1))
        order = ascending(self.position)
        self._row_by_position = self.row[order]
        self._first_by_position = np.searchsorted(self.position[order], np.arange(len(instance.gains) + 1))
        self.num_positions = len(instance.gains)
        self.component_of_council = _components(instance, self, bool(cuts))
        self.num_components = 1 + int(self.component_of_council.max())
        self.component_of_meeting = self.component_of_council[instance.council]
        self.component_of_row = np.zeros(len(self.capacity), dtype=np.int64)
        self.component_of_row[self.row] = self.component_of_meeting[instance.meeting[self.position]]

    def __len__(self) -> int:
        return len(self.capacity)

    def cost(self, prices: IntArray) -> IntArray:
        """Return what each position costs at these prices, one a row."""
        dual = np.flatnonzero(prices)
        which, entry = expand_ranges(self._first[dual], self._first[dual + 1])
        cost = np.zeros(self.num_positions, dtype=np.int64)
        np.add.at(cost, self.position[entry], (prices * self._sign)[dual][which])
        return cost

    def usage(self, positions: IntArray) -> IntArray:
        """Return how much of each row the positions take; `UNASSIGNED` takes nothing."""
        rows = self.rows_of(positions[positions != UNASSIGNED])
        taken = np.bincount(rows, minlength=len(self))
        return np.asarray(taken * self._sign, dtype=np.int64)

    def rows_of(self, positions: IntArray) -> IntArray:
        """Return the rows that hold the positions, each as often as it holds one."""
        _, entry = expand_ranges(self._first_by_position[positions], self._first_by_position[positions + 1])
        return self._row_by_position[entry]

    def conflict_sets_of(self, positions: IntArray) -> dict[int, list[int]]:
        """Return for each position the exclusions that hold it."""
        which, entry = expand_ranges(self._first_by_position[positions], self._first_by_position[positions + 1])
        held: dict[int, list[int]] = {position: [] for position in positions.tolist()}
        for position, row in zip(positions[which].tolist(), self._row_by_position[entry].tolist(), strict=True):
            if row < self.num_conflict_sets:
                held[position].append(row)
        return held

    def positions_in(self, rows: IntArray) -> IntArray:
        """Return the positions that stand in any of the rows."""
        _, entry = expand_ranges(self._first[rows], self._first[rows + 1])
        return self.position[entry]


def _components(instance: Instance, rows: PackingRows, is_cut: bool) -> IntArray:
    """Return each council's part, numbered from 0."""
    num_councils = len(instance.meetings_by_council)
    if is_cut or num_councils == 1:
        return np.zeros(num_councils, dtype=np.int64)
    council = instance.council[instance.meeting[rows.position]]
    is_pair = rows.row[1:] == rows.row[:-1]
    pairs = np.unique(council[:-1][is_pair] * num_councils + council[1:][is_pair])
    ties = [divmod(pair, num_councils) for pair in pairs.tolist()]
    for tie in instance.relations:
        ties.extend(pairwise(instance.council[list(tie.meetings)].tolist()))
    root = list(range(num_councils))

    def root_of(at: int) -> int:
        while root[at] != at:
            root[at] = root[root[at]]
            at = root[at]
        return at

    for one, other in ties:
        root[root_of(one)] = root_of(other)
    return np.unique([root_of(at) for at in range(num_councils)], return_inverse=True)[1]
