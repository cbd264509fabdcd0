"""Residual problem of a component: close the duality gap by enumeration, or by CP-SAT after reduced-cost fixing."""

from collections.abc import Callable, Sequence

import numpy as np

from scheduler.planning.enumeration import best_within_gap
from scheduler.planning.instance import NEG_INF, UNASSIGNED, Instance
from scheduler.planning.lagrangian import DualSolution
from scheduler.planning.restricted_model import RestrictedModels
from scheduler.planning.search_types import Cut, Search, SearchStatus, UnitResult
from scheduler.planning.two_threads import search_each_in_two_threads, search_in_two_threads
from scheduler.planning.unit_progress import ComponentProgress

# Positions a meeting, on average, in the first models: those with the lowest reduced cost. The smallest models find
# good plans soon; a better plan leaves fewer positions to the last model, which is to prove it.
MODEL_SIZES = (3, 6, 12)
# The limit of each of these, as a share of the time that a model of all positions is expected to take. It is shorter
# while another thread searches all positions, because the result of that search has to wait for these models.
SHARE_OF_STEPS = 0.5
SHARE_BESIDE = 0.25


def close_gaps(
    instance: Instance,
    dual: DualSolution,
    components: Sequence[int],
    search: Search,
    cuts: Sequence[Cut] = (),
) -> list[UnitResult]:
    """
    Return the best plan of each component, proven optimal as far as the allowance suffices.

    The cheapest method that proves it is used: dual bound, enumeration, CP-SAT. Large components with a wide gap are
    solved last, in two threads: a single component by two searches, several components divided between the threads.

    Parameters
    ----------
    instance, cuts
        The instance and the cuts that ``dual`` relaxes.
    dual
        The bounds and the reduced costs of the Lagrangian relaxation, and its best plan.
    components
        Their indices, from 0.
    search
        The allowance, progress and cancellation.
    """
    progress = ComponentProgress(instance, dual.values, dual.bounds)
    results: dict[int, UnitResult] = {}
    hard: dict[int, RestrictedModels] = {}
    for component in components:
        best = results[component] = _without_model(instance, dual, component, search, progress)
        if best.is_conclusive or search.is_over:
            continue
        models = RestrictedModels(instance, dual, component, cuts, progress)
        if not models.is_wide(best):
            results[component] = _solve_in_steps(models, best, search)
        elif models.is_small:
            results[component] = models.solve_all(best, search)
        else:
            hard[component] = models

    if len(hard) == 1:
        ((component, models),) = hard.items()
        results[component] = _solve_in_two_ways(models, results[component], search)
    elif hard:
        searches = [_stepwise(models, results[component]) for component, models in hard.items()]
        seconds = [models.expected_seconds for models in hard.values()]
        results.update(zip(hard, search_each_in_two_threads(search, searches, seconds), strict=True))
    return [results[component] for component in components]


def _without_model(
    instance: Instance,
    dual: DualSolution,
    component: int,
    search: Search,
    progress: ComponentProgress,
) -> UnitResult:
    """Return the plan of the Lagrangian relaxation, or the optimal plan where enumeration finds it."""
    best = _incumbent(dual, component)
    if best.status == "feasible":
        enumerated = best_within_gap(instance, dual, component, best)
        if enumerated is not None:
            progress.report(search, component, enumerated.value, enumerated.bound)
            return enumerated
    return best


def _solve_in_two_ways(models: RestrictedModels, best: UnitResult, search: Search) -> UnitResult:
    """Solve a component in two threads: by a model of all positions, and by models of more and more positions."""
    return search_in_two_threads(
        search,
        direct=lambda own: models.solve_all(best, own),
        small=lambda own: _solve_small(models, best, own, SHARE_BESIDE),
        rest=lambda known, own: _solve_rest(models, known, own),
        expected_seconds=models.expected_seconds,
    )


def _stepwise(models: RestrictedModels, best: UnitResult) -> Callable[[Search], UnitResult]:
    return lambda search: _solve_in_steps(models, best, search)


def _solve_in_steps(models: RestrictedModels, best: UnitResult, search: Search) -> UnitResult:
    """Solve small models, then that of all positions that are left."""
    return _solve_rest(models, _solve_small(models, best, search, SHARE_OF_STEPS), search)


def _incumbent(dual: DualSolution, component: int) -> UnitResult:
    """Return the plan and the bound of the Lagrangian relaxation."""
    value, bound = int(dual.values[component]), int(dual.bounds[component])
    if value == NEG_INF:
        return UnitResult("unknown", bound=bound)
    positions = np.where(dual.component == component, dual.positions, UNASSIGNED)
    status: SearchStatus = "optimal" if value == bound else "feasible"
    return UnitResult(status, positions, value, bound)


def _solve_small(
    models: RestrictedModels,
    best: UnitResult,
    search: Search,
    share: float,
) -> UnitResult:
    """Solve models of more and more positions; each starts from the best plan so far."""
    for positions_a_meeting in MODEL_SIZES:
        if best.is_conclusive or search.is_over:
            break
        best = models.improve(best, positions_a_meeting, search, share)
    return best


def _solve_rest(models: RestrictedModels, best: UnitResult, search: Search) -> UnitResult:
    """Solve the model of all positions that are left, which proves the best plan."""
    if best.is_conclusive or search.is_over:
        return best
    return models.solve_left(best, search)
