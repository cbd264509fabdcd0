"""Primal heuristic: repair a relaxed solution into a feasible plan, one council at a time."""

from functools import cached_property

import numpy as np

from scheduler.intervals import BoolArray, IntArray, ascending
from scheduler.planning.instance import NEG_INF, UNASSIGNED, Instance, UnitArray
from scheduler.planning.lagrangian.packing import PackingRows
from scheduler.planning.longest_path import CouncilPaths
from scheduler.rules.relation import is_kept


class PrimalHeuristic:
    """
    Sequential re-optimisation of the councils that violate a conflict set.

    A *relaxed solution* assigns a position to every meeting. Each council's path is feasible on its own, but the
    councils together may violate packing rows and relations.

    Attributes
    ----------
    num_placements
        How many paths of councils have been computed again so far, a measure of the work.
    """

    def __init__(self, instance: Instance, rows: PackingRows) -> None:
        self._instance = instance
        self._rows = rows
        self._paths = CouncilPaths(instance)
        self._meetings = [np.array(meetings, dtype=np.int64) for _, meetings in instance.meetings_by_council]
        self._is_conflict_set = np.arange(len(rows)) < rows.num_conflict_sets
        self.num_placements = 0

    def repair(
        self,
        relaxed: IntArray,
        gains: UnitArray,
        iteration: int = 0,
        first_council: int | None = None,
    ) -> IntArray:
        """
        Return a plan near the relaxed solution that violates no conflict set.

        Parameters
        ----------
        relaxed
            A position a meeting; `UNASSIGNED`, in the plan returned, for a council without a feasible path.
        gains
            Shape ``(positions,)``, in units; `NEG_INF` excludes a position.
        iteration
            Rotates the order in which councils are placed, so that successive calls reach different plans.
        first_council
            The council that is placed first, when it is among those that violate a conflict set.
        """
        usage = self._rows.usage(relaxed)
        involved = self._violating_councils(relaxed, usage)
        if not involved:
            return relaxed

        # All involved councils release their positions before the first is placed: the usage that remains, of councils
        # that are not replanned, violates no conflict set, and every placement below keeps it so.
        released = relaxed[np.isin(self._instance.council, involved)]
        released = released[released != UNASSIGNED]
        rows = self._rows.rows_of(released)
        usage -= np.bincount(rows, minlength=len(usage))

        plan = relaxed.copy()
        gains = gains.copy()
        for council in _rotated(involved, iteration, first_council):
            self._place(council, plan, usage, gains)
        return plan

    def _violating_councils(self, relaxed: IntArray, usage: IntArray) -> list[int]:
        """Return the councils with a position in a violated conflict set, ascending."""
        is_violated = (usage > self._rows.capacity) & self._is_conflict_set
        violated = np.flatnonzero(is_violated)
        if not len(violated):
            return []
        positions = self._rows.positions_in(violated)
        is_involved = np.isin(relaxed, positions)
        councils: list[int] = np.unique(self._instance.council[is_involved]).tolist()
        return councils

    def _place(
        self,
        council: int,
        plan: IntArray,
        usage: IntArray,
        gains: UnitArray,
    ) -> None:
        """Give a council its relaxed path where that fits into ``usage``, else the best path that does."""
        meetings = self._meetings[council]
        positions = plan[meetings]
        rows = self._rows.rows_of(positions)
        if not self._fits(usage, rows):
            positions = self._best_given(usage, council, gains)
            plan[meetings] = positions
            if positions[0] == UNASSIGNED:
                return
            rows = self._rows.rows_of(positions)
        np.add.at(usage, rows, 1)

    def _best_given(
        self,
        usage: IntArray,
        council: int,
        gains: UnitArray,
    ) -> IntArray:
        """Return the council's longest path on the positions whose conflict sets have capacity left."""
        self.num_placements += 1
        incidence = self._rows.incidence
        entries = self._entries_by_council[council]
        rows = incidence.row[entries]
        is_full = usage[rows] >= self._rows.capacity[rows]
        is_full &= self._is_conflict_set[rows]
        excluded_entries = entries[is_full]
        excluded = incidence.position[excluded_entries]

        # Gains are excluded in place and restored: a copy for every council would cost more than its path.
        original_gains = gains[excluded]
        gains[excluded] = NEG_INF
        _, positions = self._paths[council].best(gains)
        gains[excluded] = original_gains
        return positions[self._meetings[council]]

    @cached_property
    def _entries_by_council(self) -> list[IntArray]:
        """The entries of the packing matrix, grouped by the council of their position."""
        entry_meeting = self._instance.meeting[self._rows.incidence.position]
        entry_council = self._instance.council[entry_meeting]
        ends = np.cumsum(np.bincount(entry_council, minlength=len(self._meetings)))
        return np.split(ascending(entry_council), ends[:-1])

    def _fits(self, usage: IntArray, rows: IntArray) -> bool:
        """Return whether each of the rows that is a conflict set has capacity left."""
        conflict_sets = rows[self._is_conflict_set[rows]]
        capacity = self._rows.capacity[conflict_sets]
        has_capacity = usage[conflict_sets] < capacity
        return bool(has_capacity.all())


def _rotated(councils: list[int], iteration: int, first_council: int | None) -> list[int]:
    """Return the councils in cyclic order from ``first_council``, or from the one that ``iteration`` selects."""
    start = iteration % len(councils)
    if first_council in councils:
        start = councils.index(first_council)
    return councils[start:] + councils[:start]


def is_feasible(instance: Instance, rows: PackingRows, positions: IntArray) -> BoolArray:
    """Return, by component, whether the positions satisfy every packing row and every relation."""
    components = rows.components
    feasible = np.ones(components.number, dtype=np.bool_)
    violated = rows.usage(positions) > rows.capacity
    feasible[components.of_row[violated]] = False
    feasible[components.of_meeting[positions == UNASSIGNED]] = False

    # Relations are checked themselves: those with too many slots for conflict sets have no packing rows.
    for relation in instance.relations:
        component = components.of_meeting[relation.meetings[0]]
        if feasible[component]:
            meetings = list(relation.meetings)
            slots = instance.slots_at(positions[meetings])
            feasible[component] = is_kept(relation, slots)
    return feasible
