"""Primal heuristic: repair a relaxed solution into a feasible plan, one council at a time."""

from collections import deque
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scheduler.intervals import BoolArray, IntArray, ascending
from scheduler.planning.instance import NEG_INF, UNASSIGNED, Instance, UnitArray
from scheduler.planning.lagrangian.packing import PackingRows
from scheduler.planning.longest_path import NO_PATH, CouncilPaths
from scheduler.rules.relation import is_kept

MAX_PLACEMENTS = 5  # of a council, on average, until a repair gives up
MAX_ASCENTS = 3  # rounds over all councils


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

    def violating_councils(self, relaxed: IntArray) -> list[int]:
        """Return the councils with a position in a violated conflict set, ascending."""
        is_violated = (self._rows.usage(relaxed) > self._rows.capacity) & self._is_conflict_set
        if not is_violated.any():
            return []
        meetings = np.flatnonzero(relaxed != UNASSIGNED)
        index, rows = self._rows.incidence.rows_of_positions(relaxed[meetings])
        is_involved = np.zeros(len(self._meetings), dtype=np.bool_)
        is_involved[self._instance.council[meetings[index[is_violated[rows]]]]] = True
        councils: list[int] = np.flatnonzero(is_involved).tolist()
        return councils

    def repair(
        self,
        relaxed: IntArray,
        gains: UnitArray,
        iteration: int = 0,
        involved: list[int] | None = None,
    ) -> IntArray:
        """
        Return a plan near the relaxed solution in which no two councils violate a conflict set.

        A council's path may violate one by itself, as a relation between its own meetings can forbid any of its paths.

        Parameters
        ----------
        relaxed
            A position a meeting; `UNASSIGNED`, in the plan returned, for a council that found no path.
        gains
            Shape ``(positions,)``, in units; `NEG_INF` excludes a position. With the gains of the relaxation, in which
            contested positions have a cost, these go to the councils that lose most without them.
        iteration
            Rotates the order in which councils are placed, so that successive calls reach different plans. At 0, those
            that lose most by an average slot are placed first.
        involved
            The `violating_councils`, if they are known.
        """
        if involved is None:
            involved = self.violating_councils(relaxed)
        if not involved:
            return relaxed

        # All involved councils release their positions before the first is placed: the usage that remains, of councils
        # that are not replanned, violates no conflict set, and every placement below keeps it so.
        plan = relaxed.copy()
        plan[np.isin(self._instance.council, involved)] = UNASSIGNED
        state = _Placing(plan, self._rows.usage(plan), gains.copy(), np.zeros(len(self._rows), dtype=np.int64))
        waiting = deque(_rotated(sorted(involved, key=self._rank.__getitem__), iteration))
        for _ in range(MAX_PLACEMENTS * len(involved)):
            if not waiting:
                break
            council = waiting.popleft()
            waiting.extend(self._place(council, relaxed, state))
        return plan

    def ascend(self, plan: IntArray) -> IntArray:
        """
        Return a feasible plan improved by coordinate ascent.

        One council after another takes its longest path given the positions of all others, until none gains.
        """
        gains = self._instance.gains
        plan = plan.copy()
        state = _Placing(plan, self._rows.usage(plan), gains.copy(), np.zeros(0, dtype=np.int64))
        for _ in range(MAX_ASCENTS):
            is_improved = False
            for council in self._instance.busy_councils:
                meetings = self._meetings[council]
                before = plan[meetings]
                if before[0] == UNASSIGNED:
                    continue
                self._release(council, state)
                found = self._best_given(council, state)
                is_better = found[0] != UNASSIGNED and gains[found].sum() > gains[before].sum()
                self._take(council, found if is_better else before, state)
                is_improved |= bool(is_better)
            if not is_improved:
                break
        return plan

    def _place(
        self,
        council: int,
        relaxed: IntArray,
        state: "_Placing",
    ) -> list[int]:
        """Give a council its relaxed path where that fits, else the best path that does; return who had to leave."""
        positions = relaxed[self._meetings[council]]
        if positions[0] == UNASSIGNED or not self._fits(state.usage, self._rows.rows_of(positions)):
            positions = self._best_given(council, state)
        if positions[0] != UNASSIGNED:
            self._take(council, positions, state)
            return []
        return self._place_by_ejection(council, state)

    def _place_by_ejection(self, council: int, state: "_Placing") -> list[int]:
        """Give a council the path that displaces the least, and return the councils that it displaces."""
        entries = self._full_entries(council, state.usage)
        rows = self._rows.incidence.row[entries]
        # Rows over which councils have displaced each other before cost more, so that the same do not alternate.
        penalty = self._penalty * (1 + state.num_ejections[rows])
        gains = state.gains.copy()
        np.subtract.at(gains, self._rows.incidence.position[entries], penalty)
        np.maximum(gains, NEG_INF, out=gains)
        positions = self._longest(council, gains)
        if positions[0] == UNASSIGNED:
            return []

        self._take(council, positions, state)
        ejected: list[int] = []
        for row in np.flatnonzero((state.usage > self._rows.capacity) & self._is_conflict_set).tolist():
            state.num_ejections[row] += 1
            is_in_row = np.isin(state.plan, self._rows.positions_in(np.array([row])))
            for other in np.unique(self._instance.council[is_in_row]).tolist():
                if other != council and state.usage[row] > self._rows.capacity[row]:
                    self._release(other, state)
                    ejected.append(other)
        return ejected

    @cached_property
    def _rank(self) -> list[int]:
        """By council, its rank in the order of placement: first those that lose most by an average slot."""
        instance = self._instance
        num_meetings = len(instance.choices)
        gains = np.maximum(instance.gains, 0)  # of excluded positions 0
        greatest = np.zeros(num_meetings, dtype=np.int64)
        np.maximum.at(greatest, instance.meeting, gains)
        total = np.bincount(instance.meeting, weights=gains, minlength=num_meetings)
        loss = greatest - total / np.maximum(instance.num_slots, 1)
        loss_of_council = np.bincount(instance.council, weights=loss, minlength=len(self._meetings))
        rank = np.empty(len(loss_of_council), dtype=np.int64)
        rank[np.argsort(-loss_of_council, kind="stable")] = np.arange(len(rank))
        ranks: list[int] = rank.tolist()
        return ranks

    @cached_property
    def _penalty(self) -> int:
        """What a position in a full row costs a council that finds no other: a tenth of an average gain."""
        gains = self._instance.gains
        is_allowed = gains > NEG_INF
        return 1 + int(np.abs(gains[is_allowed]).mean()) // 10

    def _take(self, council: int, positions: IntArray, state: "_Placing") -> None:
        state.plan[self._meetings[council]] = positions
        np.add.at(state.usage, self._rows.rows_of(positions), 1)

    def _release(self, council: int, state: "_Placing") -> None:
        positions = state.plan[self._meetings[council]]
        np.subtract.at(state.usage, self._rows.rows_of(positions), 1)
        state.plan[self._meetings[council]] = UNASSIGNED

    def _best_given(self, council: int, state: "_Placing") -> IntArray:
        """Return the council's longest path on the positions whose conflict sets have capacity left."""
        self.num_placements += 1
        excluded = self._rows.incidence.position[self._full_entries(council, state.usage)]
        # Gains are excluded in place and restored: a copy for every council would cost more than its path.
        original_gains = state.gains[excluded]
        state.gains[excluded] = NEG_INF
        positions = self._longest(council, state.gains)
        state.gains[excluded] = original_gains
        return positions

    def _longest(self, council: int, gains: UnitArray) -> IntArray:
        """Return the positions of a council's longest path; all are `UNASSIGNED` when it has none."""
        meetings = self._meetings[council]
        if len(meetings) == 1:
            # The path of one meeting is its best slot, of equal slots the earliest.
            first = self._instance.first[meetings[0]]
            position = first + gains[first : first + self._instance.num_slots[meetings[0]]].argmax()
            return np.array([position if gains[position] > NO_PATH else UNASSIGNED])
        _, positions = self._paths[council].best(gains)
        return positions[meetings]

    def _full_entries(self, council: int, usage: IntArray) -> IntArray:
        """Return the entries of a council's positions in conflict sets without capacity left."""
        entries = self._entries_by_council[council]
        rows = self._rows.incidence.row[entries]
        is_full = usage[rows] >= self._rows.capacity[rows]
        is_full &= self._is_conflict_set[rows]
        return entries[is_full]

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


@dataclass(slots=True)
class _Placing:
    """
    A plan under construction.

    ``usage`` is the activity of every packing row, ``num_ejections`` how often a row has displaced a council.
    """

    plan: IntArray
    usage: IntArray
    gains: UnitArray
    num_ejections: IntArray


def _rotated(councils: list[int], iteration: int) -> list[int]:
    """Return the councils in cyclic order from the one that ``iteration`` selects."""
    start = iteration % len(councils)
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
