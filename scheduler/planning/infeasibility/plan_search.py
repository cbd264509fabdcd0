"""Search for any plan among some slots of an instance: by repaired random paths, then by CP-SAT."""

from functools import cached_property

import numpy as np

from scheduler.attendance import PartyChances, PersonChances
from scheduler.availability import Slots
from scheduler.candidates import MeetingCandidates
from scheduler.intervals import BoolArray, IntArray
from scheduler.planning.infeasibility.quickxplain import Undecided
from scheduler.planning.instance import UNASSIGNED, Instance
from scheduler.planning.lagrangian.packing import PackingRows
from scheduler.planning.lagrangian.primal_heuristic import PrimalHeuristic, is_feasible
from scheduler.planning.longest_path import LongestPaths
from scheduler.planning.search_types import Search
from scheduler.problem import Meeting

HEURISTIC_TRIES = 4  # random plans that are repaired before CP-SAT is called
MAX_RANDOM_GAIN = 1000  # a wide range: councils seldom choose the same slots
SECONDS_PER_SLOT = 1e-5  # of deterministic time for the packing rows of a slot, and as much again for a model


class PlanSearch:
    """
    The plans of an instance that take only the chosen slots, shape ``(positions,)``.

    Packing rows and models are built of these slots alone, which are often few of a large instance.
    """

    def __init__(self, instance: Instance, search: Search, chosen: BoolArray) -> None:
        self._search = search
        self._num_meetings = len(instance.choices)
        self._positions = np.flatnonzero(chosen)
        self._instance = among(instance, chosen)

    def plan(self) -> IntArray | None:
        """
        Return a plan, by position of the whole instance; None when there is none.

        Raises
        ------
        Undecided
            If the search is over before that is known.
        """
        if not self._instance.num_slots.all():
            return None
        self._draw()
        plan = self._heuristic_plan()
        if plan is None:
            return None
        component_of_meeting = self._rows.component_of_meeting
        for component in np.unique(component_of_meeting[plan == UNASSIGNED]).tolist():
            solution = self._call_solver(np.flatnonzero(component_of_meeting == component))
            if solution is None:
                return None
            plan = np.maximum(plan, solution)  # a position is above UNASSIGNED
        return self._positions[plan]

    def plan_of(self, meetings: IntArray) -> IntArray | None:
        """Return a plan of some meetings, `UNASSIGNED` for others; None when there is none."""
        self._draw()
        solution = self._call_solver(meetings)
        if solution is None:
            return None
        plan = np.full(self._num_meetings, UNASSIGNED, dtype=np.int64)
        plan[meetings] = self._positions[solution[meetings]]
        return plan

    def can_relate(self) -> bool:
        """Tell whether the meetings named by relations have a plan without the others."""
        named = {meeting for relation in self._instance.relations for meeting in relation.meetings}
        return not named or self.plan_of(np.array(sorted(named), dtype=np.int64)) is not None

    @cached_property
    def _rows(self) -> PackingRows:
        return PackingRows(self._instance)

    def _heuristic_plan(self) -> IntArray | None:
        """Return a plan of repaired random paths, `UNASSIGNED` in components without; None if a council has no path."""
        instance = self._instance
        paths = LongestPaths(instance)
        random = np.random.default_rng(self._search.seed)
        plan = np.full(self._num_meetings, UNASSIGNED, dtype=np.int64)
        heuristic = None
        for iteration in range(HEURISTIC_TRIES):
            gains = random.integers(0, MAX_RANDOM_GAIN, len(instance.gains))
            _, relaxed = paths.best(gains)
            if (relaxed == UNASSIGNED).any():
                return None  # the council has no path even without the other councils
            if not instance.relations and not len(instance.conflict_sets):
                return relaxed

            heuristic = heuristic or PrimalHeuristic(instance, self._rows)
            repaired = heuristic.repair(relaxed, gains, iteration)
            is_solved = is_feasible(instance, self._rows, repaired)[self._rows.component_of_meeting]
            plan = np.where(is_solved, repaired, plan)  # components do not depend on each other
            if (plan != UNASSIGNED).all():
                break
        return plan

    def _call_solver(self, meetings: IntArray) -> IntArray | None:
        """Return CP-SAT's plan of some meetings; None when there is none."""
        # Imported here, so that instances that need no model never load OR-Tools.
        from scheduler.planning.cpsat.model import PlanModel

        self._draw()
        every_slot = np.ones(len(self._instance.gains), dtype=np.bool_)
        model = PlanModel(self._instance, self._search, (), meetings.tolist())
        result = model.best(every_slot, objective=lambda _: 0)
        if result.status == "unknown":
            raise Undecided
        return result.positions

    def _draw(self) -> None:
        """Draw the deterministic time to build rows or a model of the slots."""
        self._search.allowance.draw(SECONDS_PER_SLOT * len(self._positions))


def among(instance: Instance, chosen: BoolArray) -> Instance:
    """Return the instance with only the chosen slots, shape ``(positions,)``, and gains of 0."""
    chosen_of = instance.by_meeting(chosen)
    choices = [
        bare_candidates(each.meeting, each.slots[kept]) for each, kept in zip(instance.choices, chosen_of, strict=True)
    ]
    return Instance(instance.problem, choices, np.zeros(int(chosen.sum())), instance.aside)


def bare_candidates(meeting: Meeting, slots: Slots) -> MeetingCandidates:
    """Return a meeting with some slots, without chances and values."""
    num_slots = len(slots)
    nobody = np.zeros((0, num_slots))
    no_flags = np.zeros((0, num_slots), dtype=np.bool_)
    nothing = np.zeros(num_slots)
    people = PersonChances((), nobody, no_flags, no_flags)
    return MeetingCandidates(
        meeting=meeting,
        slots=slots,
        chances=PartyChances(people, nobody, nothing, nothing),
        attendance=nothing,
        values=nothing,
    )
