"""Who decides what prices left open: CP-SAT, on the few slots that can still be in a best plan."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from scheduler.intervals import BoolArray, IntArray
from scheduler.planning.enumeration import best_within_gap
from scheduler.planning.instance import NEG_INF, UNASSIGNED, Instance
from scheduler.planning.lagrangian import DualSolution, earliest_equal_plan
from scheduler.planning.search import Cut, Search, UnitProgress, UnitResult

if TYPE_CHECKING:
    from scheduler.planning.cpsat.model import PlanModel

FEW_SLOTS = 12  # so many a meeting are searched first, those that lose least of all; then
WIDENING = 4  # times as many, until nothing outside can be better


class ResidualProblem:
    """One part's meetings, with what prices say of them."""

    def __init__(self, instance: Instance, dual: DualSolution, part: int, search: Search, cuts: Sequence[Cut]) -> None:
        self._instance = instance
        self._dual = dual
        self._part = part
        self._search = search
        self._cuts = cuts
        self._meetings = np.flatnonzero(dual.component == part)
        self._is_mine = (dual.component == part)[instance.meeting]
        self._ceiling = int(dual.bounds[part])  # losses are counted from here
        self._losses = np.where(self._is_mine, dual.reduced_cost, -NEG_INF)

    def settle(self) -> UnitResult:
        """Return the part's best plan, proven as far as the allowance goes; the earliest of those that tie."""
        best = self.best(break_ties=True)
        if best.status != "optimal" or best.positions is None or best.value is None:
            return best
        return replace(best, positions=self._earliest(best.positions, best.value))

    def best(self, *, break_ties: bool = False) -> UnitResult:
        """Return a plan of the part that none is worth more than, proven as far as the allowance goes."""
        best = self._by_prices()
        if best.status == "feasible":
            asked = self._instance, self._dual, self._part, best
            seen = best_within_gap(*asked, break_ties=break_ties)
            if seen is not None:
                return seen
        num_slots = FEW_SLOTS * len(self._meetings)
        while best.status in ("feasible", "unknown") and not self._search.is_over:
            best, went_through = self._among(num_slots, best)
            if not went_through:
                break
            num_slots *= WIDENING
        return best

    def _by_prices(self) -> UnitResult:
        """Return what prices found."""
        value = int(self._dual.values[self._part])
        if value == NEG_INF:
            return UnitResult("unknown", bound=self._ceiling)
        positions = np.where(self._dual.component == self._part, self._dual.positions, UNASSIGNED)
        return UnitResult("optimal" if value == self._ceiling else "feasible", positions, value, self._ceiling)

    def _among(self, num_slots: int, best: UnitResult) -> tuple[UnitResult, bool]:
        """Return the best with what CP-SAT finds among so many slots, and whether it went through them all."""
        assert best.bound is not None
        losses = np.sort(self._losses[self._losses < -NEG_INF])
        allowed = int(losses[min(num_slots, len(losses)) - 1])
        if best.value is not None:
            allowed = min(allowed, self._ceiling - best.value)  # who loses more is in no better plan
        found = self._model().best(self._losing(allowed), best.positions, self._tell)
        outside = losses[np.searchsorted(losses, allowed, side="right") :]
        without = (
            self._ceiling - int(outside[0]) if len(outside) else NEG_INF
        )  # no plan with another slot is worth more
        within = NEG_INF if found.status == "infeasible" else best.bound if found.bound is None else found.bound
        bound = min(best.bound, max(within, without))
        is_better = found.value is not None and (best.value is None or found.value > best.value)
        better = found if is_better else best
        if better.value is None:
            return UnitResult(
                "infeasible" if bound == NEG_INF else "unknown", bound=bound
            ), found.status == "infeasible"
        is_proven = bound <= better.value
        settled = UnitResult(
            "optimal" if is_proven else "feasible", better.positions, better.value, max(bound, better.value)
        )
        return settled, found.status in ("optimal", "infeasible")

    def _earliest(self, positions: IntArray, value: int) -> IntArray:
        kept = self._losing(self._ceiling - value)
        if not any(kept[self._instance.first[at] : positions[at]].any() for at in self._meetings):
            return positions
        best = UnitResult("optimal", positions, value, value)
        seen = best_within_gap(self._instance, self._dual, self._part, best)
        if seen is not None and seen.positions is not None:
            return seen.positions
        earliest, is_sure = earliest_equal_plan(self._instance, self._dual, self._part, positions, value, self._search)
        return earliest if is_sure else self._model().earliest(kept, earliest, value)

    def _losing(self, allowed: int) -> BoolArray:
        return np.asarray(self._losses <= allowed, dtype=np.bool_)

    def _model(self) -> "PlanModel":
        from scheduler.planning.cpsat.model import PlanModel  # here, so that what prices decide never loads OR-Tools

        return PlanModel(self._instance, self._search, self._cuts, self._meetings.tolist())

    @property
    def _tell(self) -> UnitProgress | None:
        """How to tell of this part's plans, those of all other parts added."""
        progress = self._search.progress
        is_other = np.arange(len(self._dual.bounds)) != self._part
        values, bounds = self._dual.values[is_other], self._dual.bounds[is_other]
        if progress is None or (values == NEG_INF).any():
            return None
        value, bound = int(values.sum()), int(bounds.sum())

        def tell(own_value: int, own_bound: int) -> None:
            reached = min(own_bound, self._ceiling)
            progress((value + own_value) / self._instance.scale, self._instance.to_parties(bound + reached))

        return tell
