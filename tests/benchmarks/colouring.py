"""A greedy colouring by value, independent of the planner: DSATUR (Brélaz, 1979) with slots as colours."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scheduler import Problem
from scheduler.candidates import MeetingCandidates
from scheduler.intervals import BoolArray, FloatArray, IntArray
from scheduler.planning.search_types import Plan, PlanResult
from scheduler.rules import spacing_range
from tests.benchmarks.prepared import Prepared
from tests.benchmarks.processes import Watch
from tests.benchmarks.together import bound_people

NO_LIMIT = 1_000_000  # days between two meetings


def colouring(prepared: Prepared, _: float, __: Watch) -> PlanResult:
    """Return the plan of the colouring, without a bound."""
    plan = coloured(prepared.problem, prepared.choices)
    if plan is None:
        return PlanResult("unknown")
    value = sum(float(one.values[slot]) for one, slot in zip(prepared.choices, plan, strict=True))
    return PlanResult("feasible", plan, value, math.inf)


def coloured(problem: Problem, choices: Sequence[MeetingCandidates]) -> Plan | None:
    """
    Always place the meeting with the fewest free slots left, at its free slot of greatest value.

    There is no backtracking: None is returned once a meeting has no free slot left. The problem has a single place,
    without travel, and no relations.
    """
    assert len({(meeting.venue, meeting.mode) for meeting in problem.meetings}) == 1
    assert not problem.relations
    slots = _Slots.of(problem, choices)
    num_rooms = next((venue.rooms for venue in problem.venues if venue.id == problem.meetings[0].venue), len(choices))
    free = np.ones(len(slots.meeting), dtype=np.bool_)
    taken: list[int] = []
    for _ in choices:
        num_free = np.bincount(slots.meeting[free], minlength=len(choices))
        num_free[slots.meeting[taken]] = len(free) + 1  # placed: not the fewest any more
        meeting = int(num_free.argmin())
        if num_free[meeting] == 0:
            return None
        is_open = free & (slots.meeting == meeting)
        taken.append(int(np.where(is_open, slots.values, -np.inf).argmax()))
        free &= ~slots.is_excluded_by(taken[-1]) & ~slots.is_full(taken, num_rooms)
    first_slots = np.searchsorted(slots.meeting, np.arange(len(choices)))
    return tuple((np.sort(taken) - first_slots).tolist())


@dataclass(frozen=True)
class _Slots:
    """
    The slots of all meetings, by meeting, as flat arrays of shape ``(slots,)``.

    ``rank`` is the place of a slot's meeting in the order of its council. ``shares``, of shape ``(meetings,
    meetings)``, states whether somebody is bound to both meetings.
    """

    meeting: IntArray
    council: IntArray
    rank: IntArray
    days: IntArray
    starts: IntArray
    ends: IntArray
    values: FloatArray
    spacing: Sequence[tuple[int, int]]  # by council: the fewest and the most days to the next meeting
    shares: BoolArray

    @classmethod
    def of(cls, problem: Problem, choices: Sequence[MeetingCandidates]) -> "_Slots":
        councils = {council.id: index for index, council in enumerate(problem.councils)}
        ranks = {
            meeting.id: rank
            for meetings in problem.meetings_by_council.values()
            for rank, meeting in enumerate(meetings)
        }
        ranges = [spacing_range(council) for council in problem.councils]
        num_slots = [len(one.slots) for one in choices]
        return cls(
            meeting=np.repeat(np.arange(len(choices)), num_slots),
            council=np.repeat([councils[one.meeting.council] for one in choices], num_slots),
            rank=np.repeat([ranks[one.meeting.id] for one in choices], num_slots),
            days=np.concatenate([one.slots.days for one in choices]),
            starts=np.concatenate([one.slots.starts for one in choices]),
            ends=np.concatenate([one.slots.ends for one in choices]),
            values=np.concatenate([one.values for one in choices]),
            spacing=[(least, NO_LIMIT if most is None else most) for least, most in ranges],
            shares=_shares(problem),
        )

    def is_excluded_by(self, taken: int) -> BoolArray:
        """Tell which slots of other meetings a taken slot excludes, by a person in both or by the council's spacing."""
        overlaps = (self.starts < self.ends[taken]) & (self.ends > self.starts[taken])
        excluded = overlaps & self.shares[self.meeting[taken]][self.meeting]
        # Between meetings that are n steps apart lie at least n times the fewest days, and at most n times the most.
        steps = self.rank - self.rank[taken]
        days = np.where(steps < 0, -1, 1) * (self.days - self.days[taken])
        least, most = self.spacing[self.council[taken]]
        is_amiss = (days < np.abs(steps) * least) | (days > np.abs(steps) * most)
        excluded |= is_amiss & (steps != 0) & (self.council == self.council[taken])
        return np.asarray(excluded, dtype=np.bool_)

    def is_full(self, taken: Sequence[int], num_rooms: int) -> BoolArray:
        """Tell which slots have a moment at which all rooms are taken, as far as the last taken slot is concerned."""
        full = np.zeros(len(self.meeting), dtype=np.bool_)
        starts, ends = self.starts[list(taken)], self.ends[list(taken)]
        moments = np.unique(self.starts[(self.starts >= starts[-1]) & (self.starts < ends[-1])])
        # The number of simultaneous meetings only grows at a start.
        for moment in moments.tolist():
            if np.count_nonzero((starts <= moment) & (moment < ends)) >= num_rooms:
                full |= (self.starts <= moment) & (moment < self.ends)
        return full


def _shares(problem: Problem) -> BoolArray:
    people = {person.id: index for index, person in enumerate(problem.people)}
    attends = np.zeros((len(problem.meetings), len(people)), dtype=np.int64)
    for index in range(len(problem.meetings)):
        attends[index, [people[person] for person in bound_people(problem, index)]] = 1
    return np.asarray(attends @ attends.T > 0, dtype=np.bool_)
