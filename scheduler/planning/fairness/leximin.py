"""Leximin: the plan of the highest lowest level, then the next, within a floor on attendance; and its price."""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from scheduler.intervals import IntArray
from scheduler.planning.fairness.level_search import LevelSearch, fairest_first
from scheduler.planning.fairness.plan_listing import plans_of_value
from scheduler.planning.instance import Instance
from scheduler.planning.lagrangian import solve_dual
from scheduler.planning.optimum import optimum
from scheduler.planning.party_levels import PartyLevels
from scheduler.planning.search_types import Cut, Plan, PlanResult, Search, UnitResult
from scheduler.proposal import Fairness


class Leximin:
    """
    Find the fairest plans of an instance.

    Plans are compared by the level of the worst-represented party, then of the next, and so on; ties are broken by
    the total attendance. Only plans with at least the share ``1 - give_up`` of the greatest attendance are admitted.

    Parameters
    ----------
    best
        The plan of greatest attendance. When it is not proven optimal, no plan is called optimal.
    give_up
        The share of the greatest attendance that a plan may lose, from 0 to 1.
    """

    def __init__(
        self,
        instance: Instance,
        best: PlanResult,
        give_up: float,
    ) -> None:
        assert best.plan is not None
        assert best.value is not None
        self._instance = instance
        self._best = best.plan
        self._is_floor_proven = best.status == "optimal"
        self._floor = (1 - give_up) * best.value
        # In units, rounding could place the best plan itself below the floor.
        floor_units = math.ceil(self._floor * instance.scale)
        self._min_value = min(instance.units(best.plan), floor_units)
        self._levels = PartyLevels(instance)

    def fairest(self, search: Search) -> tuple[PlanResult, Fairness]:
        """
        Return the fairest plan, and the price of fairness.

        The value and bound of the plan are total attendance, under the levels proven. The status is ``feasible`` when
        the allowance ends before all levels are proven.
        """
        depth = len(self._levels)
        num_proven = depth
        if self._all_plans is not None:
            result = self._fairest_of(self._all_plans, depth)
        else:
            result, num_proven = self._search_levels(search, (), self._best, depth)
        assert result.plan is not None
        assert result.value is not None
        assert result.bound is not None
        price_absences = self._price_absences(result.plan)
        if search.progress is not None:
            search.progress(result.value, result.bound)
        if not (self._is_floor_proven and num_proven == depth):
            result = replace(result, status="feasible")
        fairness = Fairness(
            floor=self._floor,
            leximin_depth=num_proven,
            price_absences=price_absences,
        )
        return result, fairness

    def next_fairest(
        self,
        instance: Instance,
        search: Search,
        cuts: Sequence[Cut],
    ) -> PlanResult:
        """Return the plan that satisfies the cuts with the highest lowest level; ties are broken by attendance."""
        if self._all_plans is not None:
            plans = self._all_plans
            for cut in cuts:
                num_moved = instance.is_moved(cut)[plans].sum(axis=1)
                plans = plans[num_moved >= cut.min_moved]
            return self._fairest_of(plans, depth=1)
        start = optimum(instance, search, cuts)
        if start.plan is None or instance.units(start.plan) < self._min_value:
            # No plan satisfies the cuts and the floor if the best plan under the cuts is proven and below the floor.
            is_proven = start.status in ("infeasible", "optimal")
            return PlanResult("infeasible" if is_proven else "unknown")
        depth = min(1, len(self._levels))
        result, _ = self._search_levels(search, cuts, start.plan, depth)
        return result

    def _price_absences(self, plan: Plan) -> float:
        """Return the expected absences of the plan, less those of the plan of greatest attendance."""
        price = 0.0
        for choice, best_slot, slot in zip(self._instance.choices, self._best, plan, strict=True):
            attendance = choice.chances.expected_attendance
            price += float(attendance[best_slot] - attendance[slot])
        return price

    @cached_property
    def _all_plans(self) -> IntArray | None:
        """All plans above the floor by position, where councils share no constraint and the plans are few."""
        instance = self._instance
        if instance.relations or len(instance.conflict_sets):
            return None
        # Without coupling constraints the dual bound is exact, and the reduced cost of a slot is what the best plan
        # through it loses: slots that lose more than the floor allows are in no such plan.
        dual = solve_dual(instance, Search())
        assert dual is not None, "the instance has a plan"
        max_loss = int(dual.bounds.sum()) - self._min_value
        return plans_of_value(instance, dual.reduced_cost <= max_loss, self._min_value)

    def _fairest_of(self, plans: IntArray, depth: int) -> PlanResult:
        """Return the fairest of ``plans``, compared by ``depth`` levels."""
        if not len(plans):
            return PlanResult("infeasible")
        order = fairest_first(self._instance, self._levels, plans, depth)
        positions = plans[order[0]]
        total = int(self._instance.gains[positions].sum())
        return self._to_plan_result(UnitResult("optimal", positions, value=total, bound=total))

    def _search_levels(
        self,
        search: Search,
        cuts: Sequence[Cut],
        start: Plan,
        depth: int,
    ) -> tuple[PlanResult, int]:
        """Raise ``depth`` levels from the plan ``start``; return the plan and the number of levels proven."""
        level_search = LevelSearch(
            self._instance,
            self._levels,
            search,
            cuts,
            self._min_value,
            self._instance.positions(start),
        )
        result, num_proven = level_search.maximise_levels(depth)
        return self._to_plan_result(result), num_proven

    def _to_plan_result(self, result: UnitResult) -> PlanResult:
        assert result.positions is not None
        assert result.bound is not None
        plan = self._instance.plan(result.positions)
        value = self._instance.value(plan)
        bound = max(value, self._instance.to_parties(result.bound))
        return PlanResult(result.status, plan, value, bound)
