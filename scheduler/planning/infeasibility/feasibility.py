"""Decide whether an instance has any feasible plan; the cheapest method is tried first."""

from functools import cached_property

import numpy as np

from scheduler.intervals import BoolArray, IntArray
from scheduler.planning.capacity_bound import CapacityBound
from scheduler.planning.infeasibility.known_plans import KnownPlan, KnownPlans
from scheduler.planning.infeasibility.plan_search import PlanSearch
from scheduler.planning.infeasibility.quickxplain import Undecided
from scheduler.planning.instance import NEG_INF, UNASSIGNED, Instance, UnitArray
from scheduler.planning.lagrangian.packing import PackingRows
from scheduler.planning.lagrangian.primal_heuristic import PrimalHeuristic, is_feasible
from scheduler.planning.longest_path import LongestPaths
from scheduler.planning.search_types import Search

FEW_SLOTS = 60  # a meeting: all its slots are in every model
NUM_PATHS = 12  # random paths of every council, whose slots are in a first model
NUM_COMPLETIONS = 2  # of a plan of the meetings with few slots, before a model of others is solved
MAX_RANDOM_GAIN = 1000  # a wide range: councils seldom choose the same slots
WORTHWHILE = 2  # times as many slots in the next model; else that one is solved at once
SOME_SLOTS = 24  # of a meeting that moves when a known plan is adapted to other rules
SECONDS_PER_TEST = 2e-3  # of deterministic time, however few the slots
SECONDS_PER_SLOT = 1.5e-7  # of deterministic time a test
SECONDS_PER_ROW_ENTRY = 1e-6  # of deterministic time a slot, to build the packing rows
SECONDS_PER_PATH = 1e-7  # of deterministic time a slot, for a random path


class Feasibility:
    """
    Feasibility of an instance under varying candidate masks. The gains of the instance are ignored.

    ``known_plans`` are plans that were found on the same slots under other rules. Plans that are found are added to it.
    """

    def __init__(
        self,
        instance: Instance,
        search: Search,
        known_plans: KnownPlans,
    ) -> None:
        self._instance = instance
        self._search = search
        self._known_plans = known_plans
        self._bound = CapacityBound(instance)
        self._num_checked = 0
        self._applicable: list[KnownPlan] = []

    @cached_property
    def _paths(self) -> LongestPaths:
        return LongestPaths(self._instance)

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
        self._search.allowance.draw(SECONDS_PER_TEST + SECONDS_PER_SLOT * len(mask))
        if not self._num_slots(mask).all():
            return False
        if any(mask[known.positions].all() for known in self._applicable_plans()):
            return True

        # Slots on no path of their council are in no plan.
        gains: UnitArray = np.where(mask, 0, NEG_INF)
        on_path = np.asarray(self._paths.through(gains) > NEG_INF, dtype=np.bool_)
        num_slots = self._num_slots(on_path)
        if not num_slots.all():
            return False
        plan = self._plan(on_path, num_slots)
        if plan is None:
            return False
        self._known_plans.add(self._instance, plan, num_slots <= FEW_SLOTS)
        return True

    def _applicable_plans(self) -> list[KnownPlan]:
        """Return the known plans that keep the rules between meetings of this instance."""
        for known in self._known_plans.plans[self._num_checked :]:
            if known.keeps_rules(self._instance):
                self._applicable.append(known)
        self._num_checked = len(self._known_plans.plans)
        return self._applicable

    @cached_property
    def _rows(self) -> PackingRows:
        self._search.allowance.draw(SECONDS_PER_ROW_ENTRY * len(self._instance.gains))
        return PackingRows(self._instance)

    @cached_property
    def _heuristic(self) -> PrimalHeuristic:
        return PrimalHeuristic(self._instance, self._rows)

    def _plan(self, mask: BoolArray, num_slots: IntArray) -> IntArray | None:
        """Return a plan; None when there is none. Few slots are searched first, and all of them last."""
        # The meetings with few slots decide most tests, one way or the other.
        is_scarce = num_slots <= FEW_SLOTS
        slots_of_scarce = mask & is_scarce[self._instance.meeting]
        if self._bound.witness(slots_of_scarce) is not None:
            return None
        if is_scarce.all():
            return self._search_among(mask).plan()

        scarce = np.flatnonzero(is_scarce)
        confined: IntArray | None = np.full(len(is_scarce), UNASSIGNED, dtype=np.int64)
        if len(scarce):
            confined = self._search_among(slots_of_scarce).plan_of(scarce)
        if confined is None:
            return None

        plan = self._completed(confined, mask)
        if plan is not None:
            return plan
        for known in self._known_plans.plans[-1:]:
            plan = self._search_among(self._around(known, mask, is_scarce)).plan()
            if plan is not None:
                return plan
        if self._bound.witness(mask) is not None:
            return None
        few = self._on_paths(mask) | slots_of_scarce
        if WORTHWHILE * few.sum() < mask.sum():
            plan = self._search_among(few).plan()
            if plan is not None:
                return plan
        whole = self._search_among(mask)
        if not whole.can_relate():
            return None
        return whole.plan()

    def _num_slots(self, mask: BoolArray) -> IntArray:
        """Return how many slots the mask leaves each meeting."""
        return np.bincount(self._instance.meeting[mask], minlength=len(self._instance.choices))

    def _search_among(self, chosen: BoolArray) -> PlanSearch:
        return PlanSearch(self._instance, self._search, chosen)

    def _around(self, known: KnownPlan, mask: BoolArray, is_scarce: BoolArray) -> BoolArray:
        """Return the slots of a known plan, with others of the mask for the meetings that are likely to move."""
        positions = known.positions
        meeting = self._instance.meeting
        around = mask & is_scarce[meeting]
        # Meetings that had few slots before, and have more now, are the likely ones to move.
        for moving in np.flatnonzero(~is_scarce & (known.was_scarce | ~mask[positions])).tolist():
            first, end = self._instance.first[moving], self._instance.first[moving + 1]
            open_slots = first + np.flatnonzero(mask[first:end])
            spread = np.linspace(0, len(open_slots) - 1, SOME_SLOTS).astype(np.int64)
            around[open_slots[spread]] = True
        around[positions[mask[positions]]] = True
        return around

    def _completed(self, confined: IntArray, mask: BoolArray) -> IntArray | None:
        """Return a plan of all meetings that extends one of some, by repaired random paths; None when none is found."""
        chosen = confined[confined != UNASSIGNED]
        is_chosen = confined != UNASSIGNED
        rows = self._rows
        is_full = rows.usage(chosen) >= rows.capacity
        is_open = mask & ~is_chosen[self._instance.meeting]
        is_open[rows.positions_in(np.flatnonzero(is_full))] = False
        is_open[chosen] = True

        random = np.random.default_rng(self._search.seed)
        for iteration in range(NUM_COMPLETIONS):
            gains = self._random_gains(random, is_open)
            if self._known_plans.plans and not iteration:
                # First near the last known plan, of which most councils then keep their paths.
                known = self._known_plans.plans[-1].positions
                gains[known[is_open[known]]] *= MAX_RANDOM_GAIN
            _, relaxed = self._paths.best(gains)
            if (relaxed == UNASSIGNED).any():
                return None
            plan = self._heuristic.repair(relaxed, gains, iteration)
            if is_feasible(self._instance, rows, plan).all():
                return plan
        return None

    def _on_paths(self, mask: BoolArray) -> BoolArray:
        """Return the slots of some random paths of every council."""
        random = np.random.default_rng(self._search.seed)
        chosen = np.zeros(len(mask), dtype=np.bool_)
        for _ in range(NUM_PATHS):
            _, positions = self._paths.best(self._random_gains(random, mask))
            chosen[positions[positions != UNASSIGNED]] = True
        return chosen

    def _random_gains(self, random: np.random.Generator, mask: BoolArray) -> UnitArray:
        """Return random gains of the mask's slots, to be used for one path of every council."""
        self._search.allowance.draw(SECONDS_PER_PATH * len(mask))
        return np.where(mask, random.integers(1, MAX_RANDOM_GAIN, len(mask)), NEG_INF)
