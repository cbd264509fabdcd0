"""Residual problem of a component: close the duality gap by enumeration, or by CP-SAT after reduced-cost fixing."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from scheduler.intervals import BoolArray, IntArray
from scheduler.planning.enumeration import best_within_gap
from scheduler.planning.instance import NEG_INF, UNASSIGNED, Instance
from scheduler.planning.lagrangian import DualSolution, earliest_equal_plan
from scheduler.planning.search_types import Cut, Search, SearchStatus, UnitProgress, UnitResult
from scheduler.planning.unit_progress import report_units

if TYPE_CHECKING:
    from scheduler.planning.cpsat.model import PlanModel

INITIAL_POSITIONS = 12  # a meeting, on average, in the first model: those with the lowest reduced cost
GROWTH = 4  # factor by which the next model has more positions


class ResidualProblem:
    """The meetings of one component, with the bound and the reduced costs of the Lagrangian relaxation."""

    def __init__(
        self,
        instance: Instance,
        dual: DualSolution,
        component: int,
        search: Search,
        cuts: Sequence[Cut],
    ) -> None:
        self._instance = instance
        self._dual = dual
        self._component = component
        self._search = search
        self._cuts = cuts
        self._meetings = np.flatnonzero(dual.component == component)
        self._bound = int(dual.bounds[component])
        is_own_position = (dual.component == component)[instance.meeting]
        self._reduced_cost = np.where(is_own_position, dual.reduced_cost, -NEG_INF)

    def solve(self, *, break_ties: bool) -> UnitResult:
        """
        Return the best plan of the component, proven optimal as far as the allowance suffices.

        With ``break_ties``, an optimal plan is the one with the earliest starts, compared meeting by meeting.
        """
        best = self._best(break_ties=break_ties)
        if not break_ties or best.status != "optimal" or best.positions is None or best.value is None:
            return best
        return replace(best, positions=self._earliest(best.positions, best.value))

    def _best(self, *, break_ties: bool) -> UnitResult:
        """Return the best plan by the cheapest method that proves it: dual bound, enumeration, CP-SAT."""
        best = self._incumbent()
        if best.status == "feasible":
            enumerated = self._enumerate(best, break_ties=break_ties)
            if enumerated is not None:
                return enumerated
        num_positions = INITIAL_POSITIONS * len(self._meetings)
        while best.status in ("feasible", "unknown") and not self._search.is_over:
            best, is_exhausted = self._solve_restricted(num_positions, best)
            # A restricted model that was not searched completely has spent the allowance: a larger one has none.
            if not is_exhausted:
                break
            num_positions *= GROWTH
        return best

    def _incumbent(self) -> UnitResult:
        """Return the plan and the bound of the Lagrangian relaxation."""
        value = int(self._dual.values[self._component])
        if value == NEG_INF:
            return UnitResult("unknown", bound=self._bound)
        is_own_meeting = self._dual.component == self._component
        positions = np.where(is_own_meeting, self._dual.positions, UNASSIGNED)
        status: SearchStatus = "optimal" if value == self._bound else "feasible"
        return UnitResult(status, positions, value, self._bound)

    def _enumerate(
        self,
        best: UnitResult,
        *,
        break_ties: bool,
    ) -> UnitResult | None:
        return best_within_gap(self._instance, self._dual, self._component, best, break_ties=break_ties)

    def _solve_restricted(self, num_positions: int, best: UnitResult) -> tuple[UnitResult, bool]:
        """
        Solve the model of the positions with the lowest reduced cost.

        Returns
        -------
        result
            The better of ``best`` and the model's plan, with a bound on all plans.
        is_exhausted
            Whether CP-SAT searched the restricted model completely.
        """
        assert best.bound is not None
        reduced_costs = np.sort(self._reduced_cost[self._reduced_cost < -NEG_INF])
        index = min(num_positions, len(reduced_costs)) - 1
        max_cost = int(reduced_costs[index])
        if best.value is not None:
            # Reduced-cost fixing: a plan with a position that costs more than the gap is not better than the best.
            max_cost = min(max_cost, self._bound - best.value)

        # Every plan either stays within the model, or selects a position outside and loses its reduced cost.
        num_inside = np.searchsorted(reduced_costs, max_cost, side="right")
        cheapest_outside = reduced_costs[num_inside : num_inside + 1]
        bound_outside = self._bound - int(cheapest_outside[0]) if len(cheapest_outside) else NEG_INF
        progress = self._progress(best, bound_outside)
        found = self._model().best(self._within(max_cost), best.positions, progress)
        bound_inside = _bound_inside(found, best.bound)
        bound = min(best.bound, max(bound_inside, bound_outside))
        return _better(best, found, bound), found.status in ("optimal", "infeasible")

    def _earliest(self, positions: IntArray, value: int) -> IntArray:
        """Return the earliest plan of the given value, by the cheapest method that proves it."""
        # Reduced-cost fixing: only these positions are in plans of this value.
        is_candidate = self._within(self._bound - value)
        if not self._has_earlier(is_candidate, positions):
            return positions
        best = UnitResult("optimal", positions, value, value)
        enumerated = self._enumerate(best, break_ties=True)
        if enumerated is not None and enumerated.positions is not None:
            return enumerated.positions
        earliest, is_proven = earliest_equal_plan(
            self._instance,
            self._dual,
            self._component,
            positions,
            value,
            self._search,
        )
        return earliest if is_proven else self._model().earliest(is_candidate, earliest, value)

    def _has_earlier(self, is_candidate: BoolArray, positions: IntArray) -> bool:
        """Return whether any meeting has a candidate before its position."""
        first = self._instance.first
        return any(is_candidate[first[meeting] : positions[meeting]].any() for meeting in self._meetings)

    def _within(self, max_cost: int) -> BoolArray:
        """Return, by position, whether the reduced cost is at most ``max_cost``."""
        return np.asarray(self._reduced_cost <= max_cost, dtype=np.bool_)

    def _model(self) -> "PlanModel":
        # Imported here: problems that the dual bound or enumeration decide never load OR-Tools.
        from scheduler.planning.cpsat.model import PlanModel

        return PlanModel(self._instance, self._search, self._cuts, self._meetings.tolist())

    def _progress(self, best: UnitResult, bound_outside: int) -> UnitProgress | None:
        """
        Return a callback that reports a restricted model's plans and bounds as those of all components together.

        Parameters
        ----------
        best
            What is known of the component before the model is solved.
        bound_outside
            An upper bound on the component's plans that are not in the model.
        """
        is_other = np.arange(len(self._dual.bounds)) != self._component
        values = self._dual.values[is_other]
        if self._search.progress is None or (values == NEG_INF).any():
            return None
        value_of_others = int(values.sum())
        bound_of_others = int(self._dual.bounds[is_other].sum())
        known_value, known_bound = best.value, best.bound
        assert known_bound is not None

        def report(value: int | None, bound_inside: int) -> None:
            found = [each for each in (value, known_value) if each is not None]
            if found:
                # The model's own bound says nothing about the plans outside it.
                bound = min(known_bound, max(bound_inside, bound_outside))
                report_units(self._instance, self._search, value_of_others + max(found), bound_of_others + bound)

        return report


def _bound_inside(found: UnitResult, known_bound: int) -> int:
    """Return an upper bound on the plans within a restricted model."""
    if found.status == "infeasible":
        return NEG_INF
    return known_bound if found.bound is None else found.bound


def _better(best: UnitResult, found: UnitResult, bound: int) -> UnitResult:
    """Return the better of two results, with the status that ``bound``, valid for all plans, implies."""
    if found.value is not None and (best.value is None or found.value > best.value):
        best = found
    if best.value is None:
        return UnitResult("infeasible" if bound == NEG_INF else "unknown", bound=bound)
    status: SearchStatus = "optimal" if bound <= best.value else "feasible"
    return UnitResult(status, best.positions, best.value, max(bound, best.value))
