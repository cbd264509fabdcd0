"""Who finds the best plan and proves it: the one door to every exact method."""

from collections.abc import Sequence

import numpy as np

from scheduler.planning.diverse_path import best_diverse_path
from scheduler.planning.instance import UNASSIGNED, Instance
from scheduler.planning.lagrangian import solve_dual
from scheduler.planning.longest_path import LongestPaths
from scheduler.planning.residual import ResidualProblem
from scheduler.planning.search import Cut, PlanResult, Search, UnitResult


def optimum(instance: Instance, search: Search, cuts: Sequence[Cut] = (), *, break_ties: bool = True) -> PlanResult:
    """
    Return the plan of greatest worth that obeys every rule between meetings and every cut.

    Of plans that tie, the one with the earliest starts, compared meeting by meeting in the list's order; any of them
    where that is not wanted. The same instance, seed and limit give the same answer, whatever the load.
    """
    if instance.is_empty_somewhere:
        return PlanResult("infeasible")
    if not (cuts or instance.relations or len(instance.conflict_sets)):
        return _found(instance, _each_alone(instance), search)
    if cuts and (counted := best_diverse_path(instance, cuts)) is not None:
        return _found(instance, counted, search)
    dual = solve_dual(instance, search, cuts)
    if dual is None:
        return PlanResult("infeasible")
    rests = [ResidualProblem(instance, dual, part, search, cuts) for part in range(len(dual.bounds))]
    parts = [rest.solve(break_ties=break_ties) for rest in rests]
    return _found(instance, _together(instance, parts), search)


def _each_alone(instance: Instance) -> UnitResult:
    """Return the best plan of councils that share nothing: each one's best year."""
    if len(instance.choices) == 1:
        best = int(instance.gains.argmax())  # the first of equals
        return UnitResult("optimal", np.array([best]), int(instance.gains[best]), int(instance.gains[best]))
    values, positions = LongestPaths(instance).best(instance.gains)
    if (positions == UNASSIGNED).any():
        return UnitResult("infeasible")
    worth = int(values.sum())
    return UnitResult("optimal", positions, worth, worth)


def _together(instance: Instance, parts: Sequence[UnitResult]) -> UnitResult:
    """Return what is known of the whole."""
    statuses = {part.status for part in parts}
    if "infeasible" in statuses:
        return UnitResult("infeasible")
    if "unknown" in statuses:
        return UnitResult("unknown")
    positions = np.full(len(instance.choices), UNASSIGNED, dtype=np.int64)
    value = bound = 0
    for part in parts:
        assert part.positions is not None
        assert part.value is not None
        assert part.bound is not None
        positions = np.maximum(positions, part.positions)
        value, bound = value + part.value, bound + part.bound
    return UnitResult("optimal" if statuses == {"optimal"} else "feasible", positions, value, bound)


def _found(instance: Instance, settled: UnitResult, search: Search) -> PlanResult:
    """Return what was settled in expected parties."""
    if settled.positions is None or settled.bound is None:
        return PlanResult(settled.status)
    plan = instance.plan(settled.positions)
    value = instance.value(plan)
    bound = max(value, instance.to_parties(settled.bound))
    if search.progress is not None:
        search.progress(value, bound)
    return PlanResult(settled.status, plan, value, bound)
