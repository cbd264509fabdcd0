"""Who plans again when a little has changed: from the prices that are known already, and as exactly as before."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from scheduler.intervals import Chances, Indices
from scheduler.planning.instance import NEVER, NOWHERE, Instance, Worth
from scheduler.planning.lagrangian import Narrowing, Priced, price, price_again
from scheduler.planning.longest_path import through
from scheduler.planning.residual import Rest
from scheduler.planning.search import Outcome, Search


@dataclass(frozen=True, slots=True)
class Varied:
    """What planning again led to: the best plan's worth in expected parties, and its positions."""

    status: Outcome
    value: float | None = None
    positions: Indices | None = None


SECONDS_PER_SLOT = 3e-6  # of deterministic time to plan again, close to what it takes on an idle machine


class Variations:
    """
    One question that is planned once, and then again and again with other gains for some slots.

    Gains are in expected parties by position, minus infinity where a slot is shut. Every answer is proven as far as
    the search's allowance goes, and says so; once it is spent nothing is planned again.
    """

    def __init__(self, instance: Instance, search: Search) -> None:
        self.instance = instance
        self._search = search.quietly()
        self._known = None if instance.is_empty_somewhere else price(instance, search.quietly())
        self.best = Varied("infeasible") if self._known is None else self._settle(instance, self._known)
        if self._known is not None and self.best.positions is not None:
            self._known = replace(
                self._known, positions=self.best.positions, values=self._worth(instance, self.best.positions)
            )

    @property
    def status(self) -> Outcome:
        """The best plan's, or ``feasible`` when the search ended before all was planned again."""
        return "feasible" if self.best.status == "optimal" and self._search.is_over else self.best.status

    def again(self, changed: Indices, gains: Chances) -> Varied:
        """Return the best plan when the slots at the positions ``changed`` have these gains."""
        known = self._known
        if known is None:
            return Varied("infeasible")
        if self._search.is_over:
            return Varied("unknown")
        self._search.allowance.draw(SECONDS_PER_SLOT * len(self.instance.gains))
        everything = self.instance.exact_gains.copy()
        everything[changed] = gains
        if np.isneginf(gains).any():
            everything[~self._narrowing.left(~np.isneginf(everything))] = -np.inf
        instance = self.instance.varied(everything)
        parts = np.zeros(len(known.bounds), dtype=np.bool_)
        parts[known.part[self.instance.meeting[changed]]] = True
        priced = price_again(instance, known, parts, self._search)
        return Varied("infeasible") if priced is None else self._settle(instance, priced, parts.nonzero()[0])

    def ceilings(self, positions: Indices, gains: Chances) -> Worth:
        """
        Return what no plan through each position is worth more than, when it alone has another gain.

        In whole units, against the best plan: 0 is worth as much; `NEVER` where no plan can be.
        """
        known = self._known
        assert known is not None
        others, cost, margin = self._through
        above = through(self.instance.to_units(gains), others[positions]) - cost[positions] + margin[positions]
        return np.where(above > NEVER // 2, above, NEVER)

    @cached_property
    def _narrowing(self) -> Narrowing:
        assert self._known is not None
        return Narrowing(self.instance, self._known.rows)

    @cached_property
    def _through(self) -> tuple[Worth, Worth, Worth]:
        """By position: what the council's other meetings are worth at the known prices, the price, and the rest."""
        known = self._known
        assert known is not None
        others = known.standing.series.others(known.gains)
        best_of_council, _ = known.standing.series.best(known.gains)
        best = best_of_council[self.instance.council[self.instance.meeting]]
        gap = (known.bounds - known.values)[known.part[self.instance.meeting]]
        return others, self.instance.gains - known.gains, gap - best

    def _settle(self, instance: Instance, priced: Priced, parts: Indices | None = None) -> Varied:
        """Return the best of what prices found and left open in ``parts``; in all, and the earliest, when left out."""
        positions = np.full(len(instance.choices), NOWHERE, dtype=np.int64)
        if parts is not None:
            positions = np.where(np.isin(priced.part, parts), NOWHERE, priced.positions)
        is_proven = True
        for part in range(len(priced.bounds)) if parts is None else parts.tolist():
            rest = Rest(instance, priced, part, self._search, ())
            settled = rest.settle() if parts is None else rest.best()
            if settled.positions is None:
                return Varied(settled.status)
            positions = np.maximum(positions, settled.positions)
            is_proven &= settled.status == "optimal"
        value = instance.value(instance.plan(positions))
        return Varied("optimal" if is_proven else "feasible", value, positions)

    def _worth(self, instance: Instance, positions: Indices) -> Worth:
        """Return what each part of a plan is worth, in whole units."""
        assert self._known is not None
        worth = np.zeros(len(self._known.bounds), dtype=np.int64)
        np.add.at(worth, self._known.part, instance.gains[positions])
        return worth
