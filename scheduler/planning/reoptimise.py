"""Who plans again when a little has changed: from the prices that are known already, and as exactly as before."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from scheduler.intervals import FloatArray, IntArray
from scheduler.planning.instance import NEG_INF, UNASSIGNED, Instance, UnitArray
from scheduler.planning.lagrangian import DualSolution, SingleRowPropagation, resolve_dual, solve_dual
from scheduler.planning.longest_path import through
from scheduler.planning.residual import ResidualProblem
from scheduler.planning.search import Outcome, Search


@dataclass(frozen=True, slots=True)
class Reoptimised:
    """What planning again led to: the best plan's worth in expected parties, and its positions."""

    status: Outcome
    value: float | None = None
    positions: IntArray | None = None


SECONDS_PER_SLOT = 3e-6  # of deterministic time to plan again, close to what it takes on an idle machine


class Reoptimiser:
    """
    One question that is planned once, and then again and again with other gains for some slots.

    Gains are in expected parties by position, minus infinity where a slot is shut. Every answer is proven as far as
    the search's allowance goes, and says so; once it is spent nothing is planned again.
    """

    def __init__(self, instance: Instance, search: Search) -> None:
        self.instance = instance
        self._search = search.without_progress()
        self._known = None if instance.is_empty_somewhere else solve_dual(instance, search.without_progress())
        self.best = Reoptimised("infeasible") if self._known is None else self._settle(instance, self._known)
        if self._known is not None and self.best.positions is not None:
            self._known = replace(
                self._known, positions=self.best.positions, values=self._worth(instance, self.best.positions)
            )

    @property
    def status(self) -> Outcome:
        """The best plan's, or ``feasible`` when the search ended before all was planned again."""
        return "feasible" if self.best.status == "optimal" and self._search.is_over else self.best.status

    def again(self, changed: IntArray, gains: FloatArray) -> Reoptimised:
        """Return the best plan when the slots at the positions ``changed`` have these gains."""
        known = self._known
        if known is None:
            return Reoptimised("infeasible")
        if self._search.is_over:
            return Reoptimised("unknown")
        self._search.allowance.draw(SECONDS_PER_SLOT * len(self.instance.gains))
        everything = self.instance.exact_gains.copy()
        everything[changed] = gains
        if np.isneginf(gains).any():
            everything[~self._narrowing.propagate(~np.isneginf(everything))] = -np.inf
        instance = self.instance.with_gains(everything)
        parts = np.zeros(len(known.bounds), dtype=np.bool_)
        parts[known.component[self.instance.meeting[changed]]] = True
        dual = resolve_dual(instance, known, parts, self._search)
        return Reoptimised("infeasible") if dual is None else self._settle(instance, dual, parts.nonzero()[0])

    def bounds_through(self, positions: IntArray, gains: FloatArray) -> UnitArray:
        """
        Return what no plan through each position is worth more than, when it alone has another gain.

        In whole units, against the best plan: 0 is worth as much; `NEG_INF` where no plan can be.
        """
        known = self._known
        assert known is not None
        others, cost, margin = self._through
        above = through(self.instance.to_units(gains), others[positions]) - cost[positions] + margin[positions]
        return np.where(above > NEG_INF // 2, above, NEG_INF)

    @cached_property
    def _narrowing(self) -> SingleRowPropagation:
        assert self._known is not None
        return SingleRowPropagation(self.instance, self._known.rows)

    @cached_property
    def _through(self) -> tuple[UnitArray, UnitArray, UnitArray]:
        """By position: what the council's other meetings are worth at the known prices, the price, and the rest."""
        known = self._known
        assert known is not None
        others = known.structure.paths.others(known.reduced_gains)
        best_of_council, _ = known.structure.paths.best(known.reduced_gains)
        best = best_of_council[self.instance.council[self.instance.meeting]]
        gap = (known.bounds - known.values)[known.component[self.instance.meeting]]
        return others, self.instance.gains - known.reduced_gains, gap - best

    def _settle(self, instance: Instance, dual: DualSolution, parts: IntArray | None = None) -> Reoptimised:
        """Return the best of what prices found and left open in ``parts``; in all, and the earliest, when left out."""
        positions = np.full(len(instance.choices), UNASSIGNED, dtype=np.int64)
        if parts is not None:
            positions = np.where(np.isin(dual.component, parts), UNASSIGNED, dual.positions)
        is_proven = True
        for part in range(len(dual.bounds)) if parts is None else parts.tolist():
            rest = ResidualProblem(instance, dual, part, self._search, ())
            settled = rest.solve(break_ties=parts is None)
            if settled.positions is None:
                return Reoptimised(settled.status)
            positions = np.maximum(positions, settled.positions)
            is_proven &= settled.status == "optimal"
        value = instance.value(instance.plan(positions))
        return Reoptimised("optimal" if is_proven else "feasible", value, positions)

    def _worth(self, instance: Instance, positions: IntArray) -> UnitArray:
        """Return what each part of a plan is worth, in whole units."""
        assert self._known is not None
        worth = np.zeros(len(self._known.bounds), dtype=np.int64)
        np.add.at(worth, self._known.component, instance.gains[positions])
        return worth
