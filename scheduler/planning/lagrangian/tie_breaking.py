"""Tie-breaking: of equally good plans, the one whose starts are lexicographically earliest in meeting order."""

from collections.abc import Sequence

import numpy as np

from scheduler.intervals import BoolArray, IntArray
from scheduler.planning.instance import NEG_INF, UNASSIGNED, Instance, UnitArray
from scheduler.planning.lagrangian.dual_solution import DualSolution
from scheduler.planning.lagrangian.packing import PackingRows
from scheduler.planning.lagrangian.primal_heuristic import PrimalHeuristic, is_feasible
from scheduler.planning.longest_path import NO_PATH, CouncilPaths
from scheduler.planning.search_types import Search


def earliest_equal_plan(
    instance: Instance,
    dual: DualSolution,
    component: int,
    positions: IntArray,
    value: int,
    search: Search,
) -> tuple[IntArray, bool]:
    """
    Return the earliest plan of one component that has the same value as a given plan.

    Meetings are fixed one after another in the problem's order, at the earliest position for which a plan is found.
    An earlier position is ruled out where the dual bound, given all fixed meetings, falls below ``value``.

    Parameters
    ----------
    positions, value
        A plan of the component, shape ``(meetings,)``, and its value in units.

    Returns
    -------
    positions
        The earliest plan found.
    is_proven
        False when some earlier position was neither ruled out by the bound nor reached by the primal heuristic.
    """
    return _LexicographicSearch(instance, dual, component, value, search).run(positions)


class _FixedMeetings:
    """The meetings fixed so far, and the positions that they exclude for all others."""

    def __init__(self, instance: Instance, dual: DualSolution) -> None:
        self._first = instance.first
        self._meeting = instance.meeting
        self._rows: PackingRows = dual.rows
        self.gains = instance.gains.copy()
        self.reduced_gains = dual.reduced_gains.copy()
        self._usage = np.zeros(len(self._rows), dtype=np.int64)
        self._is_fixed: BoolArray = np.zeros(len(instance.choices), dtype=np.bool_)

    def fix(self, meetings: Sequence[int], positions: IntArray) -> None:
        """Fix meetings at their positions, and exclude the positions that then have no capacity left."""
        rows = self._rows
        used = rows.rows_of(positions[meetings])
        np.add.at(self._usage, used, 1)
        is_full = self._usage[used] >= rows.capacity[used]
        is_conflict_set = used < rows.num_conflict_sets
        full = used[is_full & is_conflict_set]
        excluded = rows.positions_in(full)

        # A full row also contains the positions that fill it: those of fixed meetings stay.
        self._is_fixed[meetings] = True
        meeting_of_excluded = self._meeting[excluded]
        is_fixed = self._is_fixed[meeting_of_excluded]
        excluded = excluded[~is_fixed]
        for gains in (self.gains, self.reduced_gains):
            gains[excluded] = NEG_INF
            for meeting in meetings:
                self.leave_only(gains, meeting, int(positions[meeting]))

    def leave_only(
        self,
        gains: UnitArray,
        meeting: int,
        position: int,
    ) -> None:
        """Exclude, in ``gains``, all positions of a meeting but one."""
        gain = gains[position]
        first = self._first[meeting]
        end = self._first[meeting + 1]
        gains[first:end] = NEG_INF
        gains[position] = gain


class _LossBound:
    """
    A lower bound on the loss of a plan against the dual bound, given the fixed meetings.

    At fixed multipliers the relaxation separates by council, so that the losses of councils add up.
    """

    def __init__(
        self,
        instance: Instance,
        dual: DualSolution,
        fixed: _FixedMeetings,
        paths: CouncilPaths,
    ) -> None:
        self._council = instance.council
        self._reduced_gains = dual.reduced_gains
        self._fixed = fixed
        self._paths = paths
        self._loss_by_council: dict[int, int] = {}

    def at(self, meeting: int, positions: IntArray) -> UnitArray:
        """Return the loss of plans in which the meeting takes each of the positions; ``-NEG_INF`` without a path."""
        council = int(self._council[meeting])
        paths = self._paths[council]
        through = paths.through(self._fixed.reduced_gains)
        through = through[positions]
        loss = self._longest(council) - through + self._loss_of_others(council)
        return np.where(through > NO_PATH, loss, -NEG_INF)

    def record(self, meeting: int, loss: int) -> None:
        """Record the loss at the position at which the meeting is going to be fixed."""
        council = int(self._council[meeting])
        self._loss_by_council[council] = loss - self._loss_of_others(council)

    def _longest(self, council: int) -> int:
        values, _ = self._paths[council].best(self._reduced_gains)
        return int(values[council])

    def _loss_of_others(self, council: int) -> int:
        return sum(loss for other, loss in self._loss_by_council.items() if other != council)


class _LexicographicSearch:
    """Fix the meetings of one component in order, each as early as a plan of the given value allows."""

    def __init__(
        self,
        instance: Instance,
        dual: DualSolution,
        component: int,
        value: int,
        search: Search,
    ) -> None:
        self._instance = instance
        self._dual = dual
        self._component = component
        self._value = value
        self._search = search
        self._paths = CouncilPaths(instance)
        self._heuristic = PrimalHeuristic(instance, dual.rows)
        self._fixed = _FixedMeetings(instance, dual)

    def run(self, positions: IntArray) -> tuple[IntArray, bool]:
        """Return the earliest plan found that is as good as ``positions``, and whether it is proven earliest."""
        dual = self._dual
        slack = int(dual.bounds[self._component]) - self._value
        bound = _LossBound(self._instance, dual, self._fixed, self._paths)
        plan = positions
        is_proven = True
        not_yet_fixed: list[int] = []
        meetings = np.flatnonzero(dual.component == self._component)
        for meeting in meetings.tolist():
            # Reduced costs alone rule out most earlier positions, whatever the fixed meetings exclude.
            first = int(self._instance.first[meeting])
            reduced_cost = dual.reduced_cost[first : plan[meeting]]
            earlier = first + np.flatnonzero(reduced_cost <= slack)
            if len(earlier):
                # Meetings without an earlier position need no decision: they are fixed before the next one does.
                self._fixed.fix(not_yet_fixed, plan)
                not_yet_fixed = []
                loss = bound.at(meeting, np.append(earlier, plan[meeting]))
                candidates = earlier[loss[:-1] <= slack]
                found, is_decided = self._first_plan(meeting, candidates, plan)
                is_proven &= is_decided
                if found is not None:
                    plan = found
                    loss = bound.at(meeting, plan[meeting : meeting + 1])
                bound.record(meeting, int(loss[-1]))
            not_yet_fixed.append(meeting)
        return plan, is_proven

    def _first_plan(
        self,
        meeting: int,
        candidates: IntArray,
        plan: IntArray,
    ) -> tuple[IntArray | None, bool]:
        """Return a plan with the meeting at the first possible candidate, and whether no earlier one was skipped."""
        is_decided = True
        for position in candidates.tolist():
            found = None if self._search.is_over else self._plan_with(meeting, position, plan)
            if found is not None:
                return found, is_decided
            is_decided = False
        return None, is_decided

    def _plan_with(
        self,
        meeting: int,
        position: int,
        plan: IntArray,
    ) -> IntArray | None:
        """Return a plan of the same value with the meeting at the position and all fixed meetings unchanged."""
        instance = self._instance
        gains = self._fixed.gains.copy()
        self._fixed.leave_only(gains, meeting, position)
        council = int(instance.council[meeting])
        is_council = instance.council == council
        _, path = self._paths[council].best(gains)
        if (path[is_council] == UNASSIGNED).any():
            return None
        relaxed = np.where(is_council, path, plan)
        # The council is placed first: its path holds the position, and the other councils are planned around it.
        found = self._heuristic.repair(relaxed, gains, first_council=council)
        return found if self._is_equal_plan(found) else None

    def _is_equal_plan(self, positions: IntArray) -> bool:
        """Return whether the positions are a feasible plan of the component with the given value."""
        is_own_meeting = self._dual.component == self._component
        own = positions[is_own_meeting]
        if (own == UNASSIGNED).any():
            return False
        gains = self._instance.gains[own]
        if int(gains.sum()) != self._value:
            return False
        feasible = is_feasible(self._instance, self._dual.rows, positions)
        return bool(feasible[self._component])
