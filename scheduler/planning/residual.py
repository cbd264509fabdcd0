"""Residual problem of a component: close the duality gap by enumeration, or by CP-SAT after reduced-cost fixing."""

from collections.abc import Sequence

import numpy as np

from scheduler.planning.enumeration import best_within_gap
from scheduler.planning.instance import NEG_INF, UNASSIGNED, Instance
from scheduler.planning.lagrangian import DualSolution
from scheduler.planning.restricted_model import RestrictedModels
from scheduler.planning.search_types import Cut, Search, SearchStatus, UnitResult
from scheduler.planning.two_searches import TwoSearches

# Positions a meeting, on average, in the first models: those with the lowest reduced cost. The smallest models find
# good plans soon; a better plan leaves fewer positions to the last model, which is to prove it.
MODEL_SIZES = (3, 6, 12)


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
        if _is_decided(best) or self._search.is_over:
            return best
        models = self._models(self._search)
        if not models.is_wide(best):
            return self._solve_rest(self._solve_small(best, self._search), self._search)
        if models.is_small:
            return models.solve_all(best)
        return TwoSearches(
            direct=lambda search: self._models(search).solve_all(best),
            small=lambda search: self._solve_small(best, search),
            rest=self._solve_rest,
            expected_seconds=models.expected_seconds,
        ).run(self._search)

    def _solve_small(self, best: UnitResult, search: Search) -> UnitResult:
        """Solve models of more and more positions; each starts from the best plan so far."""
        models = self._models(search)
        for positions_a_meeting in MODEL_SIZES:
            if _is_decided(best) or search.is_over:
                break
            best = models.improve(best, positions_a_meeting)
        return best

    def _solve_rest(self, best: UnitResult, search: Search) -> UnitResult:
        """Solve the model of all positions that are left, which proves the best plan."""
        if _is_decided(best) or search.is_over:
            return best
        return self._models(search).solve_left(best)

    def _models(self, search: Search) -> RestrictedModels:
        return RestrictedModels(self._instance, self._dual, self._component, search, self._cuts)

    def _incumbent(self) -> UnitResult:
        """Return the plan and the bound of the Lagrangian relaxation."""
        value = int(self._dual.values[self._component])
        bound = int(self._dual.bounds[self._component])
        if value == NEG_INF:
            return UnitResult("unknown", bound=bound)
        is_own_meeting = self._dual.component == self._component
        positions = np.where(is_own_meeting, self._dual.positions, UNASSIGNED)
        status: SearchStatus = "optimal" if value == bound else "feasible"
        return UnitResult(status, positions, value, bound)


def _is_decided(result: UnitResult) -> bool:
    return result.status in ("optimal", "infeasible")
