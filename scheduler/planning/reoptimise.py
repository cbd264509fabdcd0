"""Reoptimise after a change of some gains: warm start from the multipliers of the unchanged instance."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from scheduler.intervals import FloatArray, IntArray
from scheduler.planning.instance import NEG_INF, UNASSIGNED, Instance, UnitArray
from scheduler.planning.lagrangian import DualSolution, SingleRowPropagation, resolve_dual, solve_dual
from scheduler.planning.longest_path import through
from scheduler.planning.residual import close_gaps
from scheduler.planning.search_types import Search, SearchStatus


@dataclass(frozen=True, slots=True)
class Reoptimised:
    """The best plan after a change: its value in expected parties, and the positions of its slots."""

    status: SearchStatus
    value: float | None = None
    positions: IntArray | None = None


SECONDS_PER_SLOT = 1e-6  # deterministic time of one reoptimisation besides its searches


class Reoptimiser:
    """
    An instance that is solved once and then reoptimised for other gains of some slots.

    Gains are in expected parties, by position; minus infinity excludes a slot. Results are proven optimal as far as
    the allowance lasts, and their status says so. When the allowance is spent, `reoptimise` returns ``unknown``.
    """

    def __init__(self, instance: Instance, search: Search) -> None:
        self.instance = instance
        self._search = search.without_progress()
        dual = None if instance.is_empty_somewhere else solve_dual(instance, self._search, is_reused=True)
        self._dual = dual
        if dual is None:
            self.best = Reoptimised("infeasible")
            return
        self.best = self._solve_all(instance, dual)
        # The optimal plan replaces the incumbent of the dual: a tighter gap fixes more slots in later calls.
        if self.best.positions is not None:
            values = _component_values(instance, dual, self.best.positions)
            self._dual = replace(dual, positions=self.best.positions, values=values)

    @property
    def status(self) -> SearchStatus:
        """The status of `best`; ``feasible`` when the search ended before all changes were reoptimised."""
        is_cut_short = self.best.status == "optimal" and self._search.is_over
        return "feasible" if is_cut_short else self.best.status

    def reoptimise(self, changed: IntArray, gains: FloatArray) -> Reoptimised:
        """Return the best plan when the slots at the positions ``changed`` have these ``gains``."""
        if self._dual is None:
            return Reoptimised("infeasible")
        if self._search.is_over:
            return Reoptimised("unknown")
        self._search.allowance.draw(SECONDS_PER_SLOT * len(self.instance.gains))
        new_gains = self.instance.exact_gains.copy()
        new_gains[changed] = gains
        # Excluding slots can empty others of their support; gains alone never make a slot impossible.
        if np.isneginf(gains).any():
            is_possible = self._propagation.propagate(~np.isneginf(new_gains))
            new_gains[~is_possible] = -np.inf
        instance = self.instance.with_gains(new_gains)
        # Components without a changed slot keep their optimal plan.
        is_affected = np.zeros(len(self._dual.bounds), dtype=np.bool_)
        changed_meetings = self.instance.meeting[changed]
        is_affected[self._dual.component[changed_meetings]] = True
        dual = resolve_dual(instance, self._dual, is_affected, self._search)
        if dual is None:
            return Reoptimised("infeasible")
        return self._solve_affected(instance, dual, np.flatnonzero(is_affected))

    def bounds_through(self, positions: IntArray, gains: FloatArray) -> UnitArray:
        """
        Return an upper bound on the plans through each position when this slot alone has another gain.

        Returns
        -------
        UnitArray
            In units, relative to the best plan: 0 is the value of the best plan. `NEG_INF` where no plan exists.
        """
        rest_of_path, multiplier_cost, offset = self._path_bounds
        units = self.instance.to_units(gains)
        best_path = through(units, rest_of_path[positions])
        bounds = best_path - multiplier_cost[positions] + offset[positions]
        # Half of NEG_INF separates impossible paths from all sums of real gains and multipliers.
        return np.where(bounds > NEG_INF // 2, bounds, NEG_INF)

    @cached_property
    def _propagation(self) -> SingleRowPropagation:
        assert self._dual is not None
        return SingleRowPropagation(self.instance, self._dual.rows)

    @cached_property
    def _path_bounds(self) -> tuple[UnitArray, UnitArray, UnitArray]:
        """
        By position: reduced gain of the rest of the path, cost of the multipliers, remaining terms of the bound.

        The Lagrangian bound of a plan through a slot is the bound of its component, less the reduced gain of the
        council's best path, plus the reduced gain of the best path through the slot.
        """
        dual = self._dual
        assert dual is not None
        paths = dual.structure.paths
        rest_of_path = paths.others(dual.reduced_gains)
        best_by_council, _ = paths.best(dual.reduced_gains)
        council = self.instance.council[self.instance.meeting]
        best_path = best_by_council[council]
        component = dual.component[self.instance.meeting]
        duality_gap = (dual.bounds - dual.values)[component]
        multiplier_cost = self.instance.gains - dual.reduced_gains
        return rest_of_path, multiplier_cost, duality_gap - best_path

    def _solve_all(self, instance: Instance, dual: DualSolution) -> Reoptimised:
        """Solve every component to its optimal plan."""
        positions = np.full(len(instance.choices), UNASSIGNED, dtype=np.int64)
        is_proven = True
        for result in close_gaps(instance, dual, range(len(dual.bounds)), self._search):
            if result.positions is None:
                return Reoptimised(result.status)
            positions = np.maximum(positions, result.positions)
            is_proven &= result.status == "optimal"
        return _to_reoptimised(instance, positions, is_proven=is_proven)

    def _solve_affected(
        self,
        instance: Instance,
        dual: DualSolution,
        components: IntArray,
    ) -> Reoptimised:
        """Solve the ``components`` to their optimal plan and keep the plan of the others."""
        is_affected = np.isin(dual.component, components)
        positions = np.where(is_affected, UNASSIGNED, dual.positions)
        is_proven = True
        for result in close_gaps(instance, dual, components.tolist(), self._search):
            if result.positions is None:
                return Reoptimised(result.status)
            positions = np.maximum(positions, result.positions)
            is_proven &= result.status == "optimal"
        return _to_reoptimised(instance, positions, is_proven=is_proven)


def _component_values(instance: Instance, dual: DualSolution, positions: IntArray) -> UnitArray:
    """Return the value of each component of a plan, in units."""
    values = np.zeros(len(dual.bounds), dtype=np.int64)
    np.add.at(values, dual.component, instance.gains[positions])
    return values


def _to_reoptimised(
    instance: Instance,
    positions: IntArray,
    *,
    is_proven: bool,
) -> Reoptimised:
    value = instance.value(instance.plan(positions))
    status: SearchStatus = "optimal" if is_proven else "feasible"
    return Reoptimised(status, value, positions)
