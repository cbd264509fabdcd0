"""Who compares plans by the party heard least, then by the next, and says what fairness costs."""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from scheduler.intervals import IntArray
from scheduler.planning.fairness.enumeration import plans_worth
from scheduler.planning.fairness.level_search import LevelSearch, fairest_first
from scheduler.planning.instance import Instance
from scheduler.planning.lagrangian import solve_dual
from scheduler.planning.optimum import optimum
from scheduler.planning.party_levels import PartyLevels
from scheduler.planning.search import Cut, Plan, PlanResult, Search, UnitResult
from scheduler.proposal import Fairness


class Leximin:
    """
    Plans compared by the party heard least, then by the next; of those that tie by the total, then by the start.

    Only plans that are worth all but the share ``give_up`` of ``best`` count.
    """

    def __init__(self, instance: Instance, best: PlanResult, give_up: float) -> None:
        assert best.plan is not None
        assert best.value is not None
        self._floor = (1 - give_up) * best.value
        self._instance = instance
        self._best = best.plan
        self._is_floor_proven = best.status == "optimal"
        self._least = min(instance.units(best.plan), math.ceil(self._floor * instance.scale))
        self._representation = PartyLevels(instance)

    def fairest(self, search: Search) -> tuple[PlanResult, Fairness]:
        """Return the fairest plan, as far as the allowance goes; its value and bound speak of the total."""
        depth = num_proven = len(self._representation)
        if self._listed is not None:
            found = self._pick(self._listed, depth)
        else:
            found, num_proven = self._climb(search, (), self._best, depth)
        assert found.plan is not None
        assert found.value is not None
        assert found.bound is not None
        absences = self._price_absences(found.plan)
        if search.progress is not None:
            search.progress(found.value, found.bound)
        if not (self._is_floor_proven and num_proven == depth):
            found = replace(found, status="feasible")
        return found, Fairness(floor=self._floor, leximin_depth=num_proven, price_absences=absences)

    def next_fairest(self, instance: Instance, search: Search, cuts: Sequence[Cut]) -> PlanResult:
        """Return the plan that obeys the cuts in which the worst-off party is heard most; then the total decides."""
        if self._listed is not None:
            plans = self._listed
            for cut in cuts:
                plans = plans[instance.is_moved(cut)[plans].sum(axis=1) >= cut.min_moved]
            return self._pick(plans, 1)
        found = optimum(instance, search, cuts)
        if found.plan is None or instance.units(found.plan) < self._least:
            return PlanResult("infeasible" if found.status in ("infeasible", "optimal") else "unknown")
        return self._climb(search, cuts, found.plan, min(1, len(self._representation)))[0]

    def _price_absences(self, plan: Plan) -> float:
        """Return how many absences more are to be expected than in the plan of greatest attendance."""
        expected = [one.chances.expected_attendance for one in self._instance.choices]
        return float(sum(of[best] - of[slot] for of, best, slot in zip(expected, self._best, plan, strict=True)))

    @cached_property
    def _listed(self) -> IntArray | None:
        """Every plan of the floor, where these can be listed."""
        instance = self._instance
        if instance.relations or len(instance.conflict_sets):
            return None
        dual = solve_dual(instance, Search())  # nothing is shared, so that this is each council's best year
        assert dual is not None, "there is a plan"
        return plans_worth(instance, dual.reduced_cost <= int(dual.bounds.sum()) - self._least, self._least)

    def _pick(self, plans: IntArray, depth: int) -> PlanResult:
        """Return the best of the plans listed, compared by so many levels."""
        if not len(plans):
            return PlanResult("infeasible")
        best = plans[fairest_first(self._instance, self._representation, plans, depth)[0]]
        total = int(self._instance.gains[best].sum())
        return self._found(UnitResult("optimal", best, total, total))

    def _climb(self, search: Search, cuts: Sequence[Cut], start: Plan, depth: int) -> tuple[PlanResult, int]:
        climb = LevelSearch(
            self._instance, self._representation, search, cuts, self._least, self._instance.positions(start)
        )
        settled, num_proven = climb.raised(depth)
        return self._found(settled), num_proven

    def _found(self, settled: UnitResult) -> PlanResult:
        assert settled.positions is not None
        assert settled.bound is not None
        plan = self._instance.plan(settled.positions)
        value = self._instance.value(plan)
        return PlanResult(settled.status, plan, value, max(value, self._instance.to_parties(settled.bound)))
