"""Residual problem of a component: close the duality gap by enumeration, or by CP-SAT after reduced-cost fixing."""

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from scheduler.planning.enumeration import best_within_gap
from scheduler.planning.instance import NEG_INF, UNASSIGNED, Instance
from scheduler.planning.lagrangian import DualSolution
from scheduler.planning.search_types import Cut, Search, SearchStatus, UnitProgress, UnitResult
from scheduler.planning.unit_progress import report_units

if TYPE_CHECKING:
    from scheduler.planning.cpsat.model import PlanModel

# Positions a meeting, on average, in the first models: those with the lowest reduced cost. The smallest models find
# good plans soon; a better plan leaves fewer positions to the last model, which is to prove it.
MODEL_SIZES = (3, 6, 12)
WORTHWHILE = 2  # a model is solved when all positions within the gap are so many times as many
SMALL_MODEL = 500  # positions, which are searched at once
MODEL_SECONDS = 1.0  # of deterministic time, for each model but the last


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

    def solve(self) -> UnitResult:
        """
        Return the best plan of the component, proven optimal as far as the allowance suffices.

        The cheapest method that proves it is used: dual bound, enumeration, CP-SAT.
        """
        best = self._incumbent()
        if best.status == "feasible":
            enumerated = best_within_gap(self._instance, self._dual, self._component, best)
            if enumerated is not None:
                return enumerated
        for num_positions in self._model_sizes():
            if best.status not in ("feasible", "unknown") or self._search.is_over:
                break
            best = self._solve_restricted(num_positions, best)
        return best

    def _model_sizes(self) -> Iterator[int | None]:
        """Yield the numbers of positions of the models to be solved; None for all that are left."""
        yield from (size * len(self._meetings) for size in MODEL_SIZES)
        yield None

    def _incumbent(self) -> UnitResult:
        """Return the plan and the bound of the Lagrangian relaxation."""
        value = int(self._dual.values[self._component])
        if value == NEG_INF:
            return UnitResult("unknown", bound=self._bound)
        is_own_meeting = self._dual.component == self._component
        positions = np.where(is_own_meeting, self._dual.positions, UNASSIGNED)
        status: SearchStatus = "optimal" if value == self._bound else "feasible"
        return UnitResult(status, positions, value, self._bound)

    def _solve_restricted(self, num_positions: int | None, best: UnitResult) -> UnitResult:
        """
        Return the better of ``best`` and the best plan of the positions with the lowest reduced cost.

        The bound of the result holds for all plans. The model is left out when it is not much smaller than that of all
        positions that can be in a better plan.
        """
        assert best.bound is not None
        is_left = self._reduced_cost < -NEG_INF
        if best.value is not None:
            # Reduced-cost fixing: a plan with a position that costs the gap or more is not better than the best.
            is_left = self._reduced_cost < self._bound - best.value
        num_left = int(is_left.sum())
        if num_positions is not None and num_positions < num_left < max(SMALL_MODEL, WORTHWHILE * num_positions):
            return best

        is_candidate = is_left.copy()
        is_whole = num_positions is None or num_left <= num_positions
        if num_positions is not None and not is_whole:
            cutoff = np.partition(self._reduced_cost[is_left], num_positions)[num_positions]
            is_candidate &= self._reduced_cost <= cutoff
        if best.positions is not None:
            # With the best plan among its candidates, the model has a plan to start from.
            is_candidate[best.positions[self._meetings]] = True

        # Every plan either stays within the model, or selects a position outside and loses its reduced cost.
        outside = self._reduced_cost[is_left & ~is_candidate]
        bound_outside = self._bound - int(outside.min()) if len(outside) else NEG_INF
        limit = math.inf if is_whole else MODEL_SECONDS
        progress = self._progress(best, bound_outside)
        found = self._model().best(is_candidate, best.positions, progress, limit=limit)
        bound_inside = _bound_inside(found, best.bound)
        return _better(best, found, min(best.bound, max(bound_inside, bound_outside)))

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
