"""Residual problem of a component: close the duality gap by enumeration, or by CP-SAT after reduced-cost fixing."""

from collections.abc import Sequence

import numpy as np

from scheduler.planning.enumeration import best_within_gap
from scheduler.planning.instance import NEG_INF, UNASSIGNED, Instance
from scheduler.planning.lagrangian import DualSolution
from scheduler.planning.restricted_model import RestrictedModels
from scheduler.planning.search_types import Cut, Search, SearchStatus, UnitResult
from scheduler.planning.two_searches import search_in_two_threads

# Positions a meeting, on average, in the first models: those with the lowest reduced cost. The smallest models find
# good plans soon; a better plan leaves fewer positions to the last model, which is to prove it.
MODEL_SIZES = (3, 6, 12)


def close_gap(
    instance: Instance,
    dual: DualSolution,
    component: int,
    search: Search,
    cuts: Sequence[Cut] = (),
) -> UnitResult:
    """
    Return the best plan of a component, proven optimal as far as the allowance suffices.

    The cheapest method that proves it is used: dual bound, enumeration, CP-SAT.

    Parameters
    ----------
    instance, cuts
        The instance and the cuts that ``dual`` relaxes.
    dual
        The bound and the reduced costs of the Lagrangian relaxation, and its best plan.
    component
        Its index, from 0.
    search
        The allowance, progress and cancellation.
    """
    best = _incumbent(dual, component)
    if best.status == "feasible":
        enumerated = best_within_gap(instance, dual, component, best)
        if enumerated is not None:
            return enumerated
    if best.is_conclusive or search.is_over:
        return best

    models = RestrictedModels(instance, dual, component, cuts)
    if not models.is_wide(best):
        return _solve_rest(models, _solve_small(models, best, search), search)
    if models.is_small:
        return models.solve_all(best, search)
    return search_in_two_threads(
        search,
        direct=lambda own: models.solve_all(best, own),
        small=lambda own: _solve_small(models, best, own),
        rest=lambda known, own: _solve_rest(models, known, own),
        expected_seconds=models.expected_seconds,
    )


def _incumbent(dual: DualSolution, component: int) -> UnitResult:
    """Return the plan and the bound of the Lagrangian relaxation."""
    value, bound = int(dual.values[component]), int(dual.bounds[component])
    if value == NEG_INF:
        return UnitResult("unknown", bound=bound)
    positions = np.where(dual.component == component, dual.positions, UNASSIGNED)
    status: SearchStatus = "optimal" if value == bound else "feasible"
    return UnitResult(status, positions, value, bound)


def _solve_small(models: RestrictedModels, best: UnitResult, search: Search) -> UnitResult:
    """Solve models of more and more positions; each starts from the best plan so far."""
    for positions_a_meeting in MODEL_SIZES:
        if best.is_conclusive or search.is_over:
            break
        best = models.improve(best, positions_a_meeting, search)
    return best


def _solve_rest(models: RestrictedModels, best: UnitResult, search: Search) -> UnitResult:
    """Solve the model of all positions that are left, which proves the best plan."""
    if best.is_conclusive or search.is_over:
        return best
    return models.solve_left(best, search)
