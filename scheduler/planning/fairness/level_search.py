"""Who climbs: raises the worst-off party with CP-SAT, then the next, level by level, as far as the allowance goes."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from scheduler.intervals import BoolArray, IntArray
from scheduler.planning.instance import Instance
from scheduler.planning.lagrangian import solve_dual
from scheduler.planning.party_levels import PartyLevels
from scheduler.planning.search import Allowance, Cut, Search, UnitResult

if TYPE_CHECKING:
    from scheduler.planning.cpsat.model import PlanConstraint, PlanModel

LEVELS_SHARE = 0.75  # of what is left of the allowance: the total and other plans want some too
MAX_SLOTS = 15_000  # beyond, only those that lose least are searched, and nothing is proven


class LevelSearch:
    """
    Plans worth ``least`` or more, in whole units, made fairer step by step; it begins with the plan ``start``.

    Each step looks beside the plans known for the one whose next level is highest. Where there is none as high, the
    fairest plan is known: plans seldom share their lowest levels, so that few steps are needed.
    """

    def __init__(
        self,
        instance: Instance,
        representation: PartyLevels,
        search: Search,
        cuts: Sequence[Cut],
        least: int,
        start: IntArray,
    ) -> None:
        self._instance = instance
        self._representation = representation
        self._search = search
        self._cuts = cuts
        self._least = least
        self._known = start[None]  # plans that share all levels proven; the first is the fairest
        dual = solve_dual(instance, search.without_progress(), cuts)
        assert dual is not None, "there is a plan"
        self._loss = dual.reduced_cost
        self._ceiling = int(dual.bounds.sum())  # no plan is worth more, and one with a slot loses what the slot does

    def raised(self, depth: int) -> tuple[UnitResult, int]:
        """
        Return the plan of greatest total whose ``depth`` lowest levels are as high as can be, and how many are proven.

        The plan's status, value and bound speak of the total that the levels reached allow.
        """
        kept = self._losing(self._ceiling - self._least)
        is_all = kept.sum() <= MAX_SLOTS
        if not is_all:
            kept &= self._loss <= np.partition(self._loss, MAX_SLOTS)[MAX_SLOTS]
            kept[self._known[0]] = True
        num_proven, is_over = self._levels(kept, depth)
        if not is_all:
            return UnitResult("feasible", self._known[0], self._value, self._ceiling), 0
        if is_over:
            return UnitResult("optimal", self._known[0], self._value, self._value), depth
        return self._total(min(num_proven + 1, depth)), num_proven

    def _levels(self, kept: BoolArray, depth: int) -> tuple[int, bool]:
        """Raise level after level; return how many are proven, and whether the fairest plan is known by then."""
        begun = LEVELS_SHARE * self._search.allowance.seconds
        search = replace(self._search, allowance=Allowance(begun))
        num_proven, is_over = 0, False
        while num_proven < depth and not (is_over or search.is_over):
            found = self._beside(search, kept, num_proven)
            together = self._together(self._known, num_proven + 1)
            is_over = found.status == "infeasible" or (found.status == "optimal" and _value(found) < together[0])
            if not is_over and found.positions is not None:
                self._get_to_know(found.positions, depth)
            if found.status not in ("optimal", "infeasible"):
                break
            num_proven += 1
            together = self._together(self._known, num_proven)
            self._known = self._known[together == together[0]]
        self._search.allowance.draw(begun - search.allowance.seconds)
        return num_proven, is_over

    def _beside(self, search: Search, kept: BoolArray, num_held: int) -> UnitResult:
        """Return the plan beside those known with the highest level next to those held."""
        from scheduler.planning.cpsat.fairness import is_none_of, next_level
        from scheduler.planning.cpsat.objective import require_value

        levels = self._representation.worst_first(self._known[:1])[0, :num_held].tolist()
        goal = partial(next_level, representation=self._representation, now=self._known[0], levels=levels)
        demands = partial(require_value, minimum=self._least), partial(is_none_of, plans=self._known)
        return self._model(search, *demands).best(kept, self._known[0], objective=goal)

    def _get_to_know(self, positions: IntArray, depth: int) -> None:
        known = np.vstack([self._known, positions])
        self._known = known[fairest_first(self._instance, self._representation, known, depth)]

    def _together(self, plans: IntArray, num: int) -> IntArray:
        return np.asarray(self._representation.worst_first(plans)[:, :num].sum(axis=1), dtype=np.int64)

    def _total(self, num_held: int) -> UnitResult:
        """Raise the total while the lowest levels are held, and take the earliest starts of what ties."""
        from scheduler.planning.cpsat.fairness import hold

        best = self._known[0]
        levels = self._representation.worst_first(self._known[:1])[0, :num_held].tolist()
        held = partial(hold, representation=self._representation, now=best, levels=levels)
        kept = self._losing(self._ceiling - self._value)
        settled = self._model(self._search, held).best(kept, best)
        if settled.positions is not None and _value(settled) > self._value:
            self._known = settled.positions[None]
        if settled.status != "optimal":
            bound = self._ceiling if settled.bound is None else min(settled.bound, self._ceiling)
            return UnitResult("feasible", self._known[0], self._value, max(bound, self._value))
        kept = self._losing(self._ceiling - self._value)
        earliest = self._model(self._search, held).earliest(kept, self._known[0], self._value)
        return UnitResult("optimal", earliest, self._value, self._value)

    @property
    def _value(self) -> int:
        return int(self._instance.gains[self._known[0]].sum())

    def _losing(self, allowed: int) -> BoolArray:
        return np.asarray(self._loss <= allowed, dtype=np.bool_)

    def _model(self, search: Search, *demands: "PlanConstraint") -> "PlanModel":
        from scheduler.planning.cpsat.model import PlanModel  # here, so that what a list decides never loads OR-Tools

        return PlanModel(self._instance, search, self._cuts, constraints=demands)


def fairest_first(instance: Instance, representation: PartyLevels, plans: IntArray, depth: int) -> IntArray:
    """
    Return the order of plans, the fairest first: by their ``depth`` lowest levels, the total, the earliest starts.

    Plans are given by position, shape ``(plans, meetings)``.
    """
    levels = representation.worst_first(plans)[:, :depth]
    total = instance.gains[plans].sum(axis=1)
    return np.lexsort([*plans.T[::-1], -total, *-levels.T[::-1]])  # the last key counts first


def _value(settled: UnitResult) -> int:
    assert settled.value is not None
    return settled.value
