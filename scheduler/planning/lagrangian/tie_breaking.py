"""Who breaks ties: of plans that are worth the same, the one whose starts come first, meeting by meeting."""

from collections.abc import Sequence

import numpy as np

from scheduler.intervals import IntArray
from scheduler.planning.instance import NEG_INF, UNASSIGNED, Instance, UnitArray
from scheduler.planning.lagrangian.primal_heuristic import PrimalHeuristic, is_feasible
from scheduler.planning.lagrangian.subgradient import DualSolution
from scheduler.planning.longest_path import LongestPaths
from scheduler.planning.search import Search


def earliest_equal_plan(
    instance: Instance, dual: DualSolution, part: int, positions: IntArray, value: int, search: Search
) -> tuple[IntArray, bool]:
    """
    Return the earliest plan found of one part worth ``value``, as ``positions`` is, and whether it surely is that.

    The meetings are settled one after another, in the list's order, each as early as it can be. A meeting cannot be
    earlier than where the bound, with all that is settled, falls below the plans' worth; that it can be is shown by a
    plan. Where neither is found the answer is not sure.
    """
    return _Settling(instance, dual, part, value, search).earliest(positions)


class _Settling:
    """How far the meetings of one part are settled, and what that leaves to the others."""

    def __init__(self, instance: Instance, dual: DualSolution, part: int, value: int, search: Search) -> None:
        self._instance = instance
        self._dual = dual
        self._part = part
        self._value = value
        self._search = search
        self._slack = int(dual.bounds[part]) - value
        self._incumbents = PrimalHeuristic(instance, dual.rows)
        self._series: dict[int, LongestPaths] = {}
        self._open_gains = instance.gains.copy()  # without what the settled meetings shut
        self._open_dual = dual.reduced_gains.copy()
        self._lost: dict[int, int] = {}  # by council: what its settled meetings cost it at these prices
        self._usage = np.zeros(len(dual.rows), dtype=np.int64)
        self._is_settled = np.zeros(len(instance.choices), dtype=np.bool_)

    def earliest(self, positions: IntArray) -> tuple[IntArray, bool]:
        """Return the earliest plan found that is worth as much as ``positions``, and whether it is surely the first."""
        best, is_sure = positions, True
        unsettled: list[int] = []
        for meeting in np.flatnonzero(self._dual.component == self._part).tolist():
            first = int(self._instance.first[meeting])
            earlier = first + np.flatnonzero(self._dual.reduced_cost[first : best[meeting]] <= self._slack)
            if len(earlier):
                self._settle(unsettled, best)
                unsettled = []
                lost = self._lost_at(meeting, np.append(earlier, best[meeting]))
                for position in earlier[lost[:-1] <= self._slack].tolist():
                    found = None if self._search.is_over else self._plan_with(meeting, position, best)
                    if found is not None:
                        best = found
                        lost = self._lost_at(meeting, best[meeting : meeting + 1])
                        break
                    is_sure = False
                council = int(self._instance.council[meeting])
                self._lost[council] = int(lost[-1]) - self._lost_by_others(council)
            unsettled.append(meeting)
        return best, is_sure

    def _lost_at(self, meeting: int, positions: IntArray) -> UnitArray:
        """Return what plans with each of these positions lose at least, all settled meetings counted."""
        council = int(self._instance.council[meeting])
        series = self._series_of(council)
        through = series.through(self._open_dual)[positions]
        own = self._best_dual(council) - through
        return np.where(through > NEG_INF // 2, own + self._lost_by_others(council), -NEG_INF)

    def _lost_by_others(self, council: int) -> int:
        return sum(lost for other, lost in self._lost.items() if other != council)

    def _best_dual(self, council: int) -> int:
        return int(self._series_of(council).best(self._dual.reduced_gains)[0][council])

    def _plan_with(self, meeting: int, position: int, plan: IntArray) -> IntArray | None:
        """Return a plan worth as much in which the meeting takes this position and what is settled stays."""
        instance = self._instance
        gains = self._open_gains.copy()
        self._leave_only(gains, meeting, position)
        council = int(instance.council[meeting])
        _, year = self._series_of(council).best(gains)
        wish = np.where(instance.council == council, year, plan)
        if (wish[instance.council == council] == UNASSIGNED).any():
            return None
        found = self._incumbents.repair(wish, gains, before=council)
        is_mine = self._dual.component == self._part
        if (found[is_mine] == UNASSIGNED).any() or int(instance.gains[found[is_mine]].sum()) != self._value:
            return None
        return found if is_feasible(instance, self._dual.rows, found)[self._part] else None

    def _settle(self, meetings: Sequence[int], positions: IntArray) -> None:
        """Give each of the meetings its position for good, and shut what that leaves no room for."""
        rows = self._dual.rows
        taken = rows.rows_of(positions[meetings])
        np.add.at(self._usage, taken, 1)
        full = taken[(self._usage[taken] >= rows.capacity[taken]) & (taken < rows.num_conflict_sets)]
        shut = rows.positions_in(full)
        self._is_settled[meetings] = True
        shut = shut[~self._is_settled[self._instance.meeting[shut]]]
        for gains in (self._open_gains, self._open_dual):
            gains[shut] = NEG_INF
            for meeting in meetings:
                self._leave_only(gains, meeting, int(positions[meeting]))

    def _leave_only(self, gains: UnitArray, meeting: int, position: int) -> None:
        kept = gains[position]
        gains[self._instance.first[meeting] : self._instance.first[meeting + 1]] = NEG_INF
        gains[position] = kept

    def _series_of(self, council: int) -> LongestPaths:
        if council not in self._series:
            self._series[council] = LongestPaths(self._instance, [council])
        return self._series[council]
