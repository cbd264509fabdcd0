"""Maximise the sorted levels one after the other with CP-SAT: the lowest level first, then the next."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from scheduler.intervals import BoolArray, IntArray
from scheduler.planning.instance import Instance
from scheduler.planning.lagrangian import solve_dual
from scheduler.planning.party_levels import PartyLevels
from scheduler.planning.search_types import Cut, Search, UnitResult

if TYPE_CHECKING:
    from scheduler.planning.cpsat.model import PlanConstraint, PlanModel

LEVELS_SHARE = 0.75  # of the allowance; the rest is for the total attendance and for alternative plans
MAX_SLOTS = 15_000  # of more candidates only those of least reduced cost are searched, and nothing is proven


class LevelSearch:
    """
    Search for the fairest plan of at least ``min_value`` units, from the plan ``start``.

    Each iteration maximises the next level over all plans but those known. Where no other plan attains the level of
    the known plans, these are optimal. Plans seldom agree in their lowest levels, so that few iterations are needed.
    """

    def __init__(
        self,
        instance: Instance,
        levels: PartyLevels,
        search: Search,
        cuts: Sequence[Cut],
        min_value: int,
        start: IntArray,
    ) -> None:
        self._instance = instance
        self._levels = levels
        self._search = search
        self._cuts = cuts
        self._min_value = min_value
        self._incumbents = _Incumbents(instance, levels, start)
        self._reduced_costs = _ReducedCosts(instance, search, cuts)

    def maximise_levels(self, depth: int) -> tuple[UnitResult, int]:
        """
        Maximise the ``depth`` lowest levels in turn, then the total.

        Returns
        -------
        result : UnitResult
            The fairest plan found. Its status, value and bound are those of the total under the proven levels.
        num_proven : int
            How many levels are proven to be highest.
        """
        best = self._incumbents.best
        candidate_mask = self._reduced_costs.at_most_for(self._min_value)
        is_complete = candidate_mask.sum() <= MAX_SLOTS
        if not is_complete:
            candidate_mask &= self._reduced_costs.is_among_lowest(MAX_SLOTS)
            candidate_mask[best] = True
        num_proven, is_fairest_known = self._raise_levels(candidate_mask, depth)

        value = self._incumbents.value
        if not is_complete:
            # A plan of the slots left out may be fairer, so that no level is proven.
            result = UnitResult("feasible", self._incumbents.best, value, self._reduced_costs.bound)
            return result, 0
        if is_fairest_known:
            return UnitResult("optimal", self._incumbents.best, value, value), depth
        return self._maximise_total(min(num_proven + 1, depth)), num_proven

    def _raise_levels(self, candidate_mask: BoolArray, depth: int) -> tuple[int, bool]:
        """Maximise level after level; return how many are proven, and whether the fairest plan is known."""
        allowance = self._search.allowance.part(LEVELS_SHARE)
        seconds = allowance.seconds
        search = replace(self._search, allowance=allowance)
        num_proven = 0
        is_fairest_known = False
        while num_proven < depth and not (is_fairest_known or search.is_over):
            result = self._best_other_plan(search, candidate_mask, num_proven)
            # All plans that are at least as fair as the incumbents are known when the others stay below them.
            incumbent_sum = self._incumbents.lowest_sum(num_proven + 1)
            is_below = result.status == "optimal" and _value(result) < incumbent_sum
            is_fairest_known = result.status == "infeasible" or is_below
            if not is_fairest_known and result.positions is not None:
                self._incumbents.add(result.positions, depth)
            if not result.is_conclusive:
                break
            # The maximum over the other plans and over the incumbents are both known: the level is proven.
            num_proven += 1
            self._incumbents.keep_fairest(num_proven)
        self._search.allowance.draw(seconds - allowance.seconds)
        return num_proven, is_fairest_known

    def _best_other_plan(
        self,
        search: Search,
        candidate_mask: BoolArray,
        num_proven: int,
    ) -> UnitResult:
        """Return, of the plans that are not incumbents and keep the proven levels, that of the highest next level."""
        # OR-Tools is imported here: where all plans are enumerated it is never loaded.
        from scheduler.planning.cpsat.fairness import exclude_plans, next_level_objective
        from scheduler.planning.cpsat.objective import require_value

        best = self._incumbents.best
        objective = partial(
            next_level_objective,
            levels=self._levels,
            hint=best,
            lowest_levels=self._incumbents.lowest_levels(num_proven),
        )
        has_min_value = partial(require_value, minimum=self._min_value)
        is_other = partial(exclude_plans, plans=self._incumbents.plans)
        model = self._model(search, has_min_value, is_other)
        return model.best(candidate_mask, best, objective=objective)

    def _maximise_total(self, num_levels: int) -> UnitResult:
        """Maximise the total under the ``num_levels`` lowest levels."""
        from scheduler.planning.cpsat.fairness import require_levels

        keeps_levels = partial(
            require_levels,
            levels=self._levels,
            hint=self._incumbents.best,
            lowest_levels=self._incumbents.lowest_levels(num_levels),
        )
        model = self._model(self._search, keeps_levels)
        candidate_mask = self._reduced_costs.at_most_for(self._incumbents.value)
        result = model.best(candidate_mask, self._incumbents.best)
        if result.positions is not None and _value(result) > self._incumbents.value:
            self._incumbents.replace(result.positions)
        value = self._incumbents.value
        if result.status != "optimal":
            bound = self._reduced_costs.bound
            if result.bound is not None:
                bound = min(result.bound, bound)
            return UnitResult("feasible", self._incumbents.best, value, max(bound, value))
        return UnitResult("optimal", self._incumbents.best, value, value)

    def _model(self, search: Search, *demands: "PlanConstraint") -> "PlanModel":
        from scheduler.planning.cpsat.model import PlanModel

        return PlanModel(self._instance, search, self._cuts, constraints=demands)


class _Incumbents:
    """The fairest plans known, which agree in all levels proven; ``plans`` has shape ``(plans, meetings)``."""

    def __init__(
        self,
        instance: Instance,
        levels: PartyLevels,
        start: IntArray,
    ) -> None:
        self._instance = instance
        self._levels = levels
        self.plans = start[None]

    @property
    def best(self) -> IntArray:
        """The fairest plan."""
        fairest: IntArray = self.plans[0]
        return fairest

    @property
    def value(self) -> int:
        """The value of the fairest plan, in units."""
        return int(self._instance.gains[self.best].sum())

    def lowest_levels(self, num: int) -> list[int]:
        """Return the ``num`` lowest levels of the fairest plan, in ascending order."""
        sorted_levels = self._levels.worst_first(self.plans[:1])
        lowest: list[int] = sorted_levels[0, :num].tolist()
        return lowest

    def lowest_sum(self, num: int) -> int:
        """Return the sum of the ``num`` lowest levels of the fairest plan."""
        return sum(self.lowest_levels(num))

    def add(self, positions: IntArray, depth: int) -> None:
        """Add a plan and sort all by their ``depth`` lowest levels."""
        plans = np.vstack([self.plans, positions])
        order = fairest_first(self._instance, self._levels, plans, depth)
        self.plans = plans[order]

    def keep_fairest(self, num: int) -> None:
        """Drop the plans whose ``num`` lowest levels have another sum than those of the fairest plan."""
        sorted_levels = self._levels.worst_first(self.plans)
        sums = sorted_levels[:, :num].sum(axis=1)
        self.plans = self.plans[sums == sums[0]]

    def replace(self, positions: IntArray) -> None:
        """Replace all plans by another plan."""
        self.plans = positions[None]


class _ReducedCosts:
    """The Lagrangian ``bound`` on the total, and for each slot how far the plans through it stay below the bound."""

    def __init__(
        self,
        instance: Instance,
        search: Search,
        cuts: Sequence[Cut],
    ) -> None:
        dual = solve_dual(instance, search.without_progress(), cuts)
        assert dual is not None, "the instance has a plan"
        self.bound = int(dual.bounds.sum())
        self._reduced_cost = dual.reduced_cost

    def at_most_for(self, value: int) -> BoolArray:
        """Return the slots that a plan of at least ``value`` units can contain: reduced-cost fixing drops the rest."""
        max_reduced_cost = self.bound - value
        return np.asarray(self._reduced_cost <= max_reduced_cost, dtype=np.bool_)

    def is_among_lowest(self, num: int) -> BoolArray:
        """Return the slots whose reduced cost is at most that of rank ``num``, counted from 0."""
        limit = np.partition(self._reduced_cost, num)[num]
        return np.asarray(self._reduced_cost <= limit, dtype=np.bool_)


def fairest_first(
    instance: Instance,
    levels: PartyLevels,
    plans: IntArray,
    depth: int,
) -> IntArray:
    """
    Return the order of plans from the fairest: by the ``depth`` lowest levels, then the total.

    Plans are given by position, shape ``(plans, meetings)``; plans that are equal in both keep their order.
    """
    lowest_levels = levels.worst_first(plans)[:, :depth]
    total = instance.gains[plans].sum(axis=1)
    # lexsort sorts by its last key first: the total, then the levels from the lowest.
    level_keys = -lowest_levels.T[::-1]
    return np.lexsort([-total, *level_keys])


def _value(result: UnitResult) -> int:
    assert result.value is not None
    return result.value
