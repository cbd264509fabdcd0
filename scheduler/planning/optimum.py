"""Who finds the best plan and proves it: the one door to every exact method."""

from collections.abc import Sequence

import numpy as np

from scheduler.planning.diverse_path import best_differing
from scheduler.planning.instance import NOWHERE, Instance
from scheduler.planning.lagrangian import price
from scheduler.planning.longest_path import Series
from scheduler.planning.residual import Rest
from scheduler.planning.search import Cut, Found, Search, Settled


def optimum(instance: Instance, search: Search, cuts: Sequence[Cut] = (), *, is_earliest_wanted: bool = True) -> Found:
    """
    Return the plan of greatest worth that obeys every rule between meetings and every cut.

    Of plans that tie, the one with the earliest starts, compared meeting by meeting in the list's order; any of them
    where that is not wanted. The same instance, seed and limit give the same answer, whatever the load.
    """
    if instance.is_empty_somewhere:
        return Found("infeasible")
    if not (cuts or instance.ties or len(instance.exclusions)):
        return _found(instance, _each_alone(instance), search)
    if cuts and (counted := best_differing(instance, cuts)) is not None:
        return _found(instance, counted, search)
    priced = price(instance, search, cuts)
    if priced is None:
        return Found("infeasible")
    rests = [Rest(instance, priced, part, search, cuts) for part in range(len(priced.bounds))]
    parts = [rest.settle() if is_earliest_wanted else rest.best() for rest in rests]
    return _found(instance, _together(instance, parts), search)


def _each_alone(instance: Instance) -> Settled:
    """Return the best plan of councils that share nothing: each one's best year."""
    if len(instance.choices) == 1:
        best = int(instance.gains.argmax())  # the first of equals
        return Settled("optimal", np.array([best]), int(instance.gains[best]), int(instance.gains[best]))
    values, positions = Series(instance).best(instance.gains)
    if (positions == NOWHERE).any():
        return Settled("infeasible")
    worth = int(values.sum())
    return Settled("optimal", positions, worth, worth)


def _together(instance: Instance, parts: Sequence[Settled]) -> Settled:
    """Return what is known of the whole."""
    statuses = {part.status for part in parts}
    if "infeasible" in statuses:
        return Settled("infeasible")
    if "unknown" in statuses:
        return Settled("unknown")
    positions = np.full(len(instance.choices), NOWHERE, dtype=np.int64)
    value = bound = 0
    for part in parts:
        assert part.positions is not None
        assert part.value is not None
        assert part.bound is not None
        positions = np.maximum(positions, part.positions)
        value, bound = value + part.value, bound + part.bound
    return Settled("optimal" if statuses == {"optimal"} else "feasible", positions, value, bound)


def _found(instance: Instance, settled: Settled, search: Search) -> Found:
    """Return what was settled in expected parties."""
    if settled.positions is None or settled.bound is None:
        return Found(settled.status)
    plan = instance.plan(settled.positions)
    value = instance.value(plan)
    bound = max(value, instance.to_parties(settled.bound))
    if search.progress is not None:
        search.progress(value, bound)
    return Found(settled.status, plan, value, bound)
