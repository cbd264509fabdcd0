"""The slots that each meeting may take, the chances at each of them, and what each is worth to a plan."""

from collections.abc import Collection, Sequence, Sized
from dataclasses import dataclass
from datetime import time
from functools import cached_property

import numpy as np

from scheduler.attendance import PartyChances, party_chances
from scheduler.availability import Availability, Slots
from scheduler.days import days_between, start_on
from scheduler.intervals import BoolArray, FloatArray, to_seconds
from scheduler.options import PlanOptions
from scheduler.problem import Meeting, Problem
from scheduler.proposal import RuleInstance
from scheduler.rules import CHANCE_RULES, DATE_RULES, PREFERENCES, MaskIterator


@dataclass(frozen=True, slots=True)
class MeetingCandidates:
    """
    The slots that a meeting may take, by start.

    Attributes
    ----------
    chances
        Who attends and which parties are represented at each slot.
    attendance
        The meeting's weight times its expected attendance, in expected parties, shape ``(slots,)``.
    values
        What is maximised: the attendance less the costs of all preferences, shape ``(slots,)``.
    """

    meeting: Meeting
    slots: Slots
    chances: PartyChances
    attendance: FloatArray
    values: FloatArray

    def __getitem__(self, kept: BoolArray) -> "MeetingCandidates":
        return MeetingCandidates(
            meeting=self.meeting,
            slots=self.slots[kept],
            chances=self.chances[kept],
            attendance=self.attendance[kept],
            values=self.values[kept],
        )


class Candidates:
    """
    The candidates of every meeting, in the order of ``problem.meetings``.

    Parameters
    ----------
    problem
        The problem to plan.
    availability
        The people's availability, where it is known already.
    options
        The options that decide what slots are worth: the objective and the cost of moves.
    """

    def __init__(
        self,
        problem: Problem,
        availability: Availability | None = None,
        options: PlanOptions | None = None,
    ) -> None:
        self.problem = problem
        self.availability = availability or Availability(problem)
        self.options = options or PlanOptions()
        self._grids: dict[tuple[time, ...], Slots] = {}

    def of(self, problem: Problem) -> "Candidates":
        """Return the candidates of a problem with other rules and the same people and commitments."""
        return Candidates(problem, self.availability, self.options)

    def with_availability(self, availability: Availability) -> "Candidates":
        """Return the candidates of the same problem under another availability."""
        return Candidates(self.problem, availability, self.options)

    @cached_property
    def meetings(self) -> tuple[MeetingCandidates, ...]:
        """What every meeting may take; a meeting may have no candidates."""
        return tuple(self.without((), meeting) for meeting in self.problem.meetings)

    def without(self, aside: Collection[RuleInstance], meeting: Meeting) -> MeetingCandidates:
        """Return what a meeting may take when some rules are set aside."""
        candidates = self.on_allowed_dates(meeting, aside)
        return candidates[self.is_likely_enough(meeting, candidates.chances, aside)]

    def on_allowed_dates(self, meeting: Meeting, aside: Collection[RuleInstance] = ()) -> MeetingCandidates:
        """Return the slots that every rule about the date allows; of a held or pinned meeting, its own slot."""
        slots = self.grid(meeting)
        if self.problem.fixed_start(meeting) is None:
            slots = slots[_all_allow(self.date_masks(meeting, slots), slots, aside)]
        chances = party_chances(self.availability, meeting, slots)
        return MeetingCandidates(
            meeting=meeting,
            slots=slots,
            chances=chances,
            attendance=meeting.weight * chances.expected_attendance,
            values=self.values(meeting, slots, chances.expected_attendance),
        )

    def is_likely_enough(
        self,
        meeting: Meeting,
        chances: PartyChances,
        aside: Collection[RuleInstance] = (),
    ) -> BoolArray:
        """Tell of each slot whether every rule about chances allows it; these rules bind no held or pinned meeting."""
        if self.problem.fixed_start(meeting) is not None:
            return np.ones(len(chances.expected_attendance), dtype=np.bool_)
        return _all_allow(self.chance_masks(meeting, chances), chances.expected_attendance, aside)

    def values(
        self,
        meeting: Meeting,
        slots: Slots,
        expected_attendance: FloatArray,
    ) -> FloatArray:
        """
        Return what slots are worth to a plan: the only place where a slot's value is computed.

        Parameters
        ----------
        slots, expected_attendance
            Some slots of the meeting and the expected attendance at each, shape ``(slots,)``.

        Returns
        -------
        FloatArray
            Weight times expected attendance, less the costs of all preferences, in expected parties.
        """
        values = meeting.weight * expected_attendance
        for preference in PREFERENCES:
            cost = preference.cost(self.problem, self.options, meeting, slots)
            if cost is not None:
                values = values - cost
        return np.asarray(values, dtype=np.float64)

    def grid(self, meeting: Meeting) -> Slots:
        """Return every slot that the horizon and the meeting's own starts make; its own if it is held or pinned."""
        duration = meeting.duration_minutes * 60
        start = self.problem.fixed_start(meeting)
        if start is not None:
            day = start.astimezone(self.problem.zone).toordinal()
            seconds = to_seconds(start)
            return Slots(np.array([day]), np.array([seconds]), np.array([seconds + duration]))

        grid = self.grid_of(meeting.start_clocks)
        return Slots(grid.days, grid.starts, grid.starts + duration)

    def grid_of(self, clocks: tuple[time, ...]) -> Slots:
        """Return every slot that the horizon from today on and these starts make, of no duration."""
        if clocks not in self._grids:
            self._grids[clocks] = _grid(self.problem, clocks)
        return self._grids[clocks]

    def date_masks(self, meeting: Meeting, slots: Slots) -> MaskIterator:
        """Yield every rule instance about the meeting's date, and the slots that it allows."""
        for rule in DATE_RULES:
            yield from rule.masks(self.problem, meeting, slots)

    def common_masks(self, meeting: Meeting, slots: Slots) -> MaskIterator:
        """Yield every rule instance about dates that applies equally to all meetings, and the slots that it allows."""
        for rule in DATE_RULES:
            if rule.is_common:
                yield from rule.masks(self.problem, meeting, slots)

    def chance_masks(self, meeting: Meeting, chances: PartyChances) -> MaskIterator:
        """Yield every rule instance about the meeting's chances, and the slots that it allows."""
        for rule in CHANCE_RULES:
            yield from rule.masks(meeting, chances)


def plan_attendance(choices: Sequence[MeetingCandidates], plan: Sequence[int]) -> float:
    """Return a plan's attendance objective: weight times expected attendance, summed over its meetings."""
    return sum(float(candidates.attendance[slot]) for candidates, slot in zip(choices, plan, strict=True))


def _grid(problem: Problem, clocks: Sequence[time]) -> Slots:
    first_day = max(problem.horizon.start, problem.today)
    starts: list[tuple[int, int]] = []
    for day in days_between(first_day, problem.horizon.end):
        for clock in clocks:
            start = start_on(day, clock, problem.zone)
            if start is not None:
                starts.append((day.toordinal(), to_seconds(start)))

    table = np.array(starts, dtype=np.int64).reshape(-1, 2)
    table = table[np.argsort(table[:, 1], kind="stable")]
    return Slots(table[:, 0], table[:, 1], table[:, 1])


def _all_allow(masks: MaskIterator, slots: Sized, aside: Collection[RuleInstance]) -> BoolArray:
    is_allowed = np.ones(len(slots), dtype=np.bool_)
    for instance, mask in masks:
        if instance not in aside:
            is_allowed &= mask
    return is_allowed
