"""Decide whether an instance has any feasible plan; the cheapest method is tried first."""

from functools import cached_property

import numpy as np

from scheduler.intervals import BoolArray, IntArray
from scheduler.planning.infeasibility.quickxplain import Undecided
from scheduler.planning.instance import NEG_INF, UNASSIGNED, Instance, UnitArray
from scheduler.planning.lagrangian.packing import PackingRows
from scheduler.planning.lagrangian.primal_heuristic import PrimalHeuristic, is_feasible
from scheduler.planning.longest_path import LongestPaths
from scheduler.planning.path_feasibility import is_spaced
from scheduler.planning.search_types import Search

HEURISTIC_TRIES = 4  # random plans that are repaired before CP-SAT is called
MAX_RANDOM_GAIN = 1000  # a wide range: councils seldom choose the same slots
FEW_SLOTS = 60  # a meeting, on average, in the first model
WORTHWHILE = 3  # times as many slots in the whole model; else it is solved at once
SECONDS_PER_SLOT = 1e-6  # of deterministic time a test


class Feasibility:
    """
    Feasibility of an instance under varying candidate masks. The gains of the instance are ignored.

    ``known_plans`` are plans, by position, that were found on the same slots under other rules. Plans that are found
    are added to it.
    """

    def __init__(
        self,
        instance: Instance,
        search: Search,
        known_plans: list[IntArray],
    ) -> None:
        self._instance = instance
        self._search = search
        self._known_plans = known_plans

    @cached_property
    def _paths(self) -> LongestPaths:
        return LongestPaths(self._instance)

    @cached_property
    def _rows(self) -> PackingRows:
        return PackingRows(self._instance)

    @cached_property
    def _heuristic(self) -> PrimalHeuristic:
        return PrimalHeuristic(self._instance, self._rows)

    def has_plan(self, mask: BoolArray) -> bool:
        """
        Tell whether a plan takes only slots of the mask, shape ``(positions,)``.

        Raises
        ------
        Undecided
            If the search is over before it is known.
        """
        if self._search.is_over:
            raise Undecided
        self._search.allowance.draw(SECONDS_PER_SLOT * len(mask))
        if not self._has_slots(mask).all():
            return False
        if any(self._is_plan(plan, mask) for plan in self._known_plans):
            return True

        plan = self._heuristic_plan(mask)
        if plan is None:
            return False
        is_missing = plan == UNASSIGNED
        components = np.unique(self._rows.component_of_meeting[is_missing])
        for component in components.tolist():
            solution = self._solve(component, mask)
            if solution is None:
                return False
            plan = np.maximum(plan, solution)  # a position is above UNASSIGNED
        self._known_plans.append(plan)
        return True

    def _has_slots(self, mask: BoolArray) -> BoolArray:
        """Tell of each meeting whether the mask leaves it a slot."""
        num_slots = np.bincount(self._instance.meeting[mask], minlength=len(self._instance.choices))
        return np.asarray(num_slots > 0, dtype=np.bool_)

    def _is_plan(self, plan: IntArray, mask: BoolArray) -> bool:
        """Tell whether a plan found under other rules keeps the rules of this instance."""
        if not mask[plan].all():
            return False
        instance = self._instance
        for _, meetings in instance.meetings_by_council:
            spacing = [instance.spacing[meeting] for meeting in meetings]
            if not is_spaced(instance.days[plan[meetings]], spacing):
                return False
        return bool(is_feasible(instance, self._rows, plan).all())

    def _heuristic_plan(self, mask: BoolArray) -> IntArray | None:
        """Return a plan of repaired random paths, `UNASSIGNED` in components without; None if a council has no path."""
        random = np.random.default_rng(self._search.seed)
        plan = np.full(len(self._instance.choices), UNASSIGNED, dtype=np.int64)
        for iteration in range(HEURISTIC_TRIES):
            gains = np.where(mask, random.integers(0, MAX_RANDOM_GAIN, len(mask)), NEG_INF)
            _, relaxed = self._paths.best(gains)
            if (relaxed == UNASSIGNED).any():
                return None  # the council has no path even without the other councils
            if not self._instance.relations and not len(self._instance.conflict_sets):
                return relaxed

            repaired = self._heuristic.repair(relaxed, gains, iteration)
            is_solved = is_feasible(self._instance, self._rows, repaired)[self._rows.component_of_meeting]
            plan = np.where(is_solved, repaired, plan)  # components do not depend on each other
            if (plan != UNASSIGNED).all():
                break
        return plan

    def _solve(self, component: int, mask: BoolArray) -> IntArray | None:
        """Return a plan of one component, `UNASSIGNED` elsewhere; the model of all its slots is solved last."""
        # Slots on no path of their council are in no plan.
        gains: UnitArray = np.where(mask, 0, NEG_INF)
        mask = np.asarray(self._paths.through(gains) > NEG_INF, dtype=np.bool_)

        meetings = np.flatnonzero(self._rows.component_of_meeting == component)
        few = self._on_few_days(mask, meetings)
        if WORTHWHILE * few.sum() < mask.sum():
            # A plan on few slots is a plan; meetings of relations that have none alone have none together.
            plan = self._call_solver(meetings, few)
            if plan is not None:
                return plan
            related = self._related(component)
            if len(related) and self._call_solver(related, mask) is None:
                return None
        return self._call_solver(meetings, mask)

    def _related(self, component: int) -> IntArray:
        """Return the meetings named by relations if no council has two of them; otherwise an empty array."""
        named = {meeting for relation in self._instance.relations for meeting in relation.meetings}
        in_component = [meeting for meeting in sorted(named) if self._rows.component_of_meeting[meeting] == component]
        related = np.array(in_component, dtype=np.int64)
        councils = self._instance.council[related]
        has_one_each = len(np.unique(councils)) == len(councils)
        return related if has_one_each else related[:0]

    def _on_few_days(self, mask: BoolArray, meetings: IntArray) -> BoolArray:
        """Return the slots of the mask on random days, and on every day of a meeting that has few slots."""
        instance = self._instance
        num_slots = np.bincount(instance.meeting[mask], minlength=len(instance.choices))
        average = float(num_slots[meetings].mean())
        share = FEW_SLOTS / max(average, FEW_SLOTS)

        days = np.unique(instance.days)
        is_chosen = np.random.default_rng(self._search.seed).random(len(days)) < share
        rare_meetings = meetings[num_slots[meetings] <= FEW_SLOTS]
        rare = np.isin(instance.meeting, rare_meetings) & mask
        is_chosen[np.searchsorted(days, instance.days[rare])] = True
        return mask & is_chosen[np.searchsorted(days, instance.days)]

    def _call_solver(self, meetings: IntArray, mask: BoolArray) -> IntArray | None:
        """Return CP-SAT's plan of some meetings; None when there is none."""
        if not self._has_slots(mask)[meetings].all():
            return None
        # Imported here, so that instances that need no model never load OR-Tools.
        from scheduler.planning.cpsat.model import PlanModel

        model = PlanModel(self._instance, self._search, (), meetings.tolist())
        result = model.best(mask, objective=lambda _: 0)
        if result.status == "unknown":
            raise Undecided
        return result.positions
