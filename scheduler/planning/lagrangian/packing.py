"""Packing rows: the constraints between councils, and the independent components that they leave."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from scheduler.intervals import IntArray, ascending, expand_ranges
from scheduler.planning.instance import UNASSIGNED, Instance
from scheduler.planning.search_types import Cut
from scheduler.rules.conflict_sets import ConflictSets


@dataclass(frozen=True, slots=True)
class Incidence:
    """
    The non-zero entries ``(row, position)`` of the packing matrix, with an index by row and one by position.

    ``row`` is sorted. The entries of row ``i`` are ``first_of_row[i]`` to ``first_of_row[i + 1]``. The rows that
    contain position ``p`` are ``row_by_position[first_of_position[p]:first_of_position[p + 1]]``.
    """

    row: IntArray
    position: IntArray
    first_of_row: IntArray
    row_by_position: IntArray
    first_of_position: IntArray

    @classmethod
    def of(
        cls,
        row: IntArray,
        position: IntArray,
        num_rows: int,
        num_positions: int,
    ) -> "Incidence":
        """Index the entries; ``row`` must be sorted."""
        order = ascending(position)
        position_sorted = position[order]
        return cls(
            row=row,
            position=position,
            first_of_row=np.searchsorted(row, np.arange(num_rows + 1)),
            row_by_position=row[order],
            first_of_position=np.searchsorted(position_sorted, np.arange(num_positions + 1)),
        )

    def entries_of_rows(self, rows: IntArray) -> tuple[IntArray, IntArray]:
        """Return ``(index into rows, entry)`` of every entry of the rows."""
        first = self.first_of_row[rows]
        end = self.first_of_row[rows + 1]
        return expand_ranges(first, end)

    def rows_of_positions(self, positions: IntArray) -> tuple[IntArray, IntArray]:
        """Return ``(index into positions, row)`` of every entry of the positions."""
        first = self.first_of_position[positions]
        end = self.first_of_position[positions + 1]
        index, entry = expand_ranges(first, end)
        return index, self.row_by_position[entry]


@dataclass(frozen=True, slots=True)
class Components:
    """
    The connected components of the councils: no row and no relation joins councils of different components.

    Components are numbered from 0, and can be bounded, solved and proven optimal independently of each other.
    """

    of_council: IntArray
    of_meeting: IntArray
    of_row: IntArray
    number: int


class PackingRows:
    """
    The constraints between councils as ``A x <= capacity``, where ``x`` marks the selected positions.

    The first ``num_conflict_sets`` rows are conflict sets: at most ``capacity`` of their positions may be selected.
    The other rows are cuts with coefficients -1: ``-(number of moved meetings) <= -min_moved``. Without these rows the
    problem separates into one longest path a council; the Lagrangian relaxation therefore dualises all of them.
    """

    def __init__(self, instance: Instance, cuts: Sequence[Cut] = ()) -> None:
        conflict_sets = ConflictSets.of([instance.conflict_sets, instance.relation_sets])
        self.num_conflict_sets = len(conflict_sets)
        self.num_positions = len(instance.gains)

        cut_capacity = np.array([-cut.min_moved for cut in cuts], dtype=np.int64)
        self.capacity = np.concatenate([conflict_sets.capacity, cut_capacity])
        is_conflict_set = np.arange(len(self.capacity)) < self.num_conflict_sets
        self._coefficient = np.where(is_conflict_set, 1, -1)

        rows = [conflict_sets.row]
        positions = [instance.first[conflict_sets.meeting] + conflict_sets.slot]
        for row, cut in enumerate(cuts, start=self.num_conflict_sets):
            moved = np.flatnonzero(instance.is_moved(cut))
            rows.append(np.full(len(moved), row))
            positions.append(moved)
        self.incidence = Incidence.of(
            np.concatenate(rows),
            np.concatenate(positions),
            len(self.capacity),
            self.num_positions,
        )
        self.components = _components(instance, self.incidence, num_rows=len(self.capacity), has_cuts=bool(cuts))

    def __len__(self) -> int:
        return len(self.capacity)

    @property
    def component_of_meeting(self) -> IntArray:
        return self.components.of_meeting

    def cost(self, multipliers: IntArray) -> IntArray:
        """Return the Lagrangian cost of every position, ``A' multipliers``; shape ``(positions,)``."""
        weights = multipliers * self._coefficient
        # Entries sorted by position: the cost of a position is a difference of prefix sums.
        total = np.concatenate([[0], np.cumsum(weights[self.incidence.row_by_position])])
        first = self.incidence.first_of_position
        return np.asarray(total[first[1:]] - total[first[:-1]], dtype=np.int64)

    def usage(self, positions: IntArray) -> IntArray:
        """Return the activity of every row, ``A x``; meetings that are `UNASSIGNED` use nothing."""
        rows = self.rows_of(positions[positions != UNASSIGNED])
        count = np.bincount(rows, minlength=len(self))
        return np.asarray(count * self._coefficient, dtype=np.int64)

    def rows_of(self, positions: IntArray) -> IntArray:
        """Return the rows that contain the positions, a row once for every position in it."""
        _, rows = self.incidence.rows_of_positions(positions)
        return rows

    def conflict_sets_of(self, positions: IntArray) -> dict[int, list[int]]:
        """Return the conflict sets that contain each of the positions."""
        conflict_sets: dict[int, list[int]] = {position: [] for position in positions.tolist()}
        index, rows = self.incidence.rows_of_positions(positions)
        entry_positions = positions[index].tolist()
        for position, row in zip(entry_positions, rows.tolist(), strict=True):
            if row < self.num_conflict_sets:
                conflict_sets[position].append(row)
        return conflict_sets

    def positions_in(self, rows: IntArray) -> IntArray:
        """Return the positions in any of the rows, a position once for every row that contains it."""
        _, entry = self.incidence.entries_of_rows(rows)
        return self.incidence.position[entry]


def _components(
    instance: Instance,
    incidence: Incidence,
    *,
    num_rows: int,
    has_cuts: bool,
) -> Components:
    """Return the connected components of the graph that joins councils with a common row or relation."""
    num_councils = len(instance.meetings_by_council)
    # A cut counts the moved meetings of all councils, and thereby joins all councils.
    if has_cuts or num_councils == 1:
        of_council = np.zeros(num_councils, dtype=np.int64)
    else:
        edges = _council_edges(instance, incidence)
        of_council = _connected(num_councils, edges)
    of_meeting = of_council[instance.council]
    of_row = np.zeros(num_rows, dtype=np.int64)
    of_row[incidence.row] = of_meeting[instance.meeting[incidence.position]]
    return Components(of_council, of_meeting, of_row, number=1 + int(of_council.max()))


def _council_edges(instance: Instance, incidence: Incidence) -> Iterable[tuple[int, int]]:
    """Yield pairs of councils that connect every row and every relation."""
    num_councils = len(instance.meetings_by_council)
    council = instance.council[instance.meeting[incidence.position]]
    # Consecutive entries of a row form a path through its councils, which connects them as well as all pairs would.
    is_same_row = incidence.row[1:] == incidence.row[:-1]
    edge_code = council[:-1][is_same_row] * num_councils + council[1:][is_same_row]
    for code in np.unique(edge_code).tolist():
        yield divmod(code, num_councils)
    for relation in instance.relations:
        related_councils = instance.council[list(relation.meetings)]
        yield from pairwise(related_councils.tolist())


def _connected(num_nodes: int, edges: Iterable[tuple[int, int]]) -> IntArray:
    """Return the component of every node, by union-find with path halving."""
    parent = list(range(num_nodes))

    def find(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for node, neighbour in edges:
        root = find(node)
        parent[root] = find(neighbour)
    roots = [find(node) for node in range(num_nodes)]
    _, component = np.unique(roots, return_inverse=True)
    return component
