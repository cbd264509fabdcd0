"""Find the plan of greatest value and prove it optimal: choose the exact method that fits the instance."""

from collections.abc import Sequence

import numpy as np

from scheduler.planning.capacity_bound import CapacityBound
from scheduler.planning.diverse_path import best_diverse_path
from scheduler.planning.instance import UNASSIGNED, Instance
from scheduler.planning.lagrangian import solve_dual
from scheduler.planning.longest_path import LongestPaths
from scheduler.planning.residual import close_gaps
from scheduler.planning.search_types import Cut, PlanResult, Search, SearchStatus, UnitResult


def optimum(
    instance: Instance,
    search: Search,
    cuts: Sequence[Cut] = (),
) -> PlanResult:
    """
    Return the plan of greatest value that satisfies all rules between meetings and all cuts.

    The same instance, seed and limit give the same result on any machine load, also where several plans are equally
    good.
    """
    if instance.is_empty_somewhere:
        return PlanResult("infeasible")
    # Without coupling constraints the problem separates by council, and longest paths are optimal.
    is_coupled = bool(cuts or instance.relations or len(instance.conflict_sets))
    if not is_coupled:
        return _to_plan_result(instance, _separable_optimum(instance), search)
    if cuts:
        diverse_path = best_diverse_path(instance, cuts)
        if diverse_path is not None:
            return _to_plan_result(instance, diverse_path, search)
    elif CapacityBound(instance).witness() is not None:
        return PlanResult("infeasible")
    dual = solve_dual(instance, search, cuts)
    if dual is None:
        return PlanResult("infeasible")
    # Components share no constraint: each is solved alone, and values and bounds add up.
    results = close_gaps(instance, dual, range(len(dual.bounds)), search, cuts)
    return _to_plan_result(instance, _sum_of_components(instance, results), search)


def _separable_optimum(instance: Instance) -> UnitResult:
    """Return the best path of each council, for an instance without constraints between councils."""
    if len(instance.choices) == 1:
        position = int(instance.gains.argmax())  # of equal gains the first: the earliest start
        gain = int(instance.gains[position])
        positions = np.array([position])
        return UnitResult("optimal", positions, value=gain, bound=gain)
    values, positions = LongestPaths(instance).best(instance.gains)
    if (positions == UNASSIGNED).any():
        return UnitResult("infeasible")
    total = int(values.sum())
    return UnitResult("optimal", positions, value=total, bound=total)


def _sum_of_components(instance: Instance, results: Sequence[UnitResult]) -> UnitResult:
    """Combine the results of all components into the result of the whole instance."""
    statuses = {result.status for result in results}
    if "infeasible" in statuses:
        return UnitResult("infeasible")
    if "unknown" in statuses:
        return UnitResult("unknown")
    positions = np.full(len(instance.choices), UNASSIGNED, dtype=np.int64)
    value = 0
    bound = 0
    for result in results:
        assert result.positions is not None
        assert result.value is not None
        assert result.bound is not None
        # UNASSIGNED is below every position, and each meeting belongs to one component.
        positions = np.maximum(positions, result.positions)
        value += result.value
        bound += result.bound
    status: SearchStatus = "optimal" if statuses == {"optimal"} else "feasible"
    return UnitResult(status, positions, value, bound)


def _to_plan_result(instance: Instance, result: UnitResult, search: Search) -> PlanResult:
    """Convert a result from units to expected parties and report it as progress."""
    if result.positions is None or result.bound is None:
        return PlanResult(result.status)
    plan = instance.plan(result.positions)
    value = instance.value(plan)
    bound = max(value, instance.to_parties(result.bound))
    if search.progress is not None:
        search.progress(value, bound)
    return PlanResult(result.status, plan, value, bound)
