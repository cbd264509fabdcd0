"""The question as flat arrays lives here: every slot of every meeting in a row, its worth in whole units."""

from collections.abc import Sequence
from copy import copy
from datetime import datetime
from functools import cached_property

import numpy as np
import numpy.typing as npt

from scheduler.availability import Slots
from scheduler.candidates import MeetingCandidates
from scheduler.intervals import BoolArray, FloatArray, IntArray, Seconds
from scheduler.planning.conflict_sets import ConflictSets, is_one_place, people_conflict_sets, room_conflict_sets
from scheduler.planning.relations import MeetingRelation, relation_sets
from scheduler.planning.search import Cut, Plan
from scheduler.problem import Council, Problem

UNITS = 10_000_000  # a whole expected party: rounding costs at most half a unit a meeting, 0.05 of the tolerance
MAX_TOTAL = 2**60  # what CP-SAT's 64-bit sums bear
DAY_SECONDS = 86_400
UNASSIGNED = -1  # the position of a meeting that has none
NEG_INF = -(2**61)  # what a slot is worth that cannot be taken, or a day on which the rest of the year cannot be held

UnitArray = npt.NDArray[np.int64]  # in whole units


class Instance:
    """
    What every exact method works on, so that all count in the same whole units and agree on what ties.

    Slots stand in the order of the meetings, each meeting's by start; a *position* counts through all of them.
    """

    def __init__(self, problem: Problem, choices: Sequence[MeetingCandidates], gains: FloatArray | None = None) -> None:
        """Take every slot's gain from ``choices``, or ``gains`` by position when something else is maximised."""
        self.problem = problem
        self.choices = choices
        self.num_slots = np.array([len(one.slots) for one in choices], dtype=np.int64)
        self.first = np.concatenate([[0], np.cumsum(self.num_slots)])
        self.exact_gains = np.concatenate([one.gains for one in choices]) if gains is None else gains
        total = float(np.abs(self.exact_gains).sum())  # CP-SAT adds up all coefficients, exclusive or not
        self.scale = max(1, min(UNITS, int(MAX_TOTAL / max(total, 1e-9))))
        self.gains = self.to_units(self.exact_gains)

    @cached_property
    def meeting(self) -> IntArray:
        """Every slot's meeting, by its place in the problem."""
        return np.repeat(np.arange(len(self.choices)), self.num_slots)

    @cached_property
    def days(self) -> IntArray:
        """Every slot's day."""
        return np.concatenate([one.slots.days for one in self.choices])

    @cached_property
    def starts(self) -> Seconds:
        """Every slot's start."""
        return np.concatenate([one.slots.starts for one in self.choices])

    @cached_property
    def ends(self) -> Seconds:
        """Every slot's end."""
        return np.concatenate([one.slots.ends for one in self.choices])

    @cached_property
    def meetings_by_council(self) -> list[tuple[Council, list[int]]]:
        """Each council with the places of its meetings, in the order they are held."""
        places: dict[str, list[int]] = {council.id: [] for council in self.problem.councils}
        for at, one in enumerate(self.problem.meetings):
            places[one.council].append(at)
        return [(council, places[council.id]) for council in self.problem.councils]

    @cached_property
    def council(self) -> IntArray:
        """Every meeting's council, by its place in the problem."""
        number = {council.id: at for at, council in enumerate(self.problem.councils)}
        return np.array([number[one.council] for one in self.problem.meetings], dtype=np.int64)

    @cached_property
    def relations(self) -> list[MeetingRelation]:
        """The relations."""
        place = {meeting.id: at for at, meeting in enumerate(self.problem.meetings)}
        return [
            MeetingRelation(one.kind, tuple(place[meeting] for meeting in one.meetings), one.days or 0)
            for one in self.problem.relations
        ]

    def varied(self, gains: FloatArray) -> "Instance":
        """Return the same question with other gains by position, on the same scale; minus infinity shuts a slot."""
        other = copy(self)  # with all that is known of slots, days and rules
        vars(other).pop("rounding", None)
        other.exact_gains = gains
        other.gains = self.to_units(gains)
        return other

    def to_units(self, gains: FloatArray) -> UnitArray:
        """Return gains in whole units; `NEG_INF` for minus infinity."""
        is_shut = np.isneginf(gains)
        return np.where(is_shut, NEG_INF, np.rint(np.where(is_shut, 0.0, gains) * self.scale).astype(np.int64))

    @property
    def busy_councils(self) -> list[int]:
        """The councils that have meetings, by their place in the problem."""
        return [at for at, (_, meetings) in enumerate(self.meetings_by_council) if meetings]

    @cached_property
    def conflict_sets(self) -> ConflictSets:
        """What people and rooms in common forbid between councils."""
        asked = self.problem, self.choices
        is_day_by_day = self.is_day_by_day
        if is_day_by_day and is_one_place(self.problem.meetings):
            return ConflictSets.none()
        people = people_conflict_sets(*asked, is_day_by_day=is_day_by_day)
        return ConflictSets.of([*people, *room_conflict_sets(*asked, is_day_by_day=is_day_by_day)])

    @cached_property
    def relation_sets(self) -> ConflictSets:
        """What relations forbid, as far as sets of slots say it."""
        return ConflictSets.of([relation_sets(tie, self.choices) for tie in self.relations])

    @property
    def is_day_by_day(self) -> bool:
        """Whether no slot of one day ever overlaps one of another day."""
        midnights = self.days * DAY_SECONDS
        return bool((self.ends - midnights).max() <= (self.starts - midnights).min() + DAY_SECONDS)

    @property
    def is_empty_somewhere(self) -> bool:
        """Whether some meeting has no slot at all."""
        return bool((self.num_slots == 0).any())

    def positions(self, plan: Plan) -> IntArray:
        """Return the positions of a plan's slots."""
        return self.first[:-1] + np.array(plan, dtype=np.int64)

    def held(self, positions: IntArray) -> Slots:
        """Return the slots at some positions."""
        return Slots(self.days[positions], self.starts[positions], self.ends[positions])

    def moment(self, position: int) -> datetime:
        """Return when the slot at a position starts, on the problem's own clock."""
        return datetime.fromtimestamp(int(self.starts[position]), self.problem.zone)

    def plan(self, positions: IntArray) -> Plan:
        """Return the plan that takes these positions, one a meeting."""
        return tuple((positions - self.first[:-1]).tolist())

    def units(self, plan: Plan) -> int:
        """Return a plan's worth in whole units."""
        return int(self.gains[self.positions(plan)].sum())

    def value(self, plan: Plan) -> float:
        """Return a plan's worth as it is."""
        return float(self.exact_gains[self.positions(plan)].sum())

    def to_parties(self, units: int) -> float:
        """Return a bound in whole units as one in expected parties, rounding counted in."""
        return units / self.scale + self.rounding

    @cached_property
    def rounding(self) -> float:
        """How much any plan's worth in whole units may fall short of its worth, in expected parties."""
        return float(np.maximum.reduceat(self.exact_gains - self.gains / self.scale, self.first[:-1]).sum())

    def is_moved(self, cut: Cut) -> BoolArray:
        """Return, by position, whether a slot lies at least so many days from the one that the cut's plan takes."""
        taken = np.repeat(self.days[self.positions(cut.plan)], self.num_slots)
        return np.asarray(np.abs(self.days - taken) >= cut.min_days, dtype=np.bool_)

    def by_meeting(self, flags: BoolArray) -> list[BoolArray]:
        """Return flags by position as flags by meeting and slot."""
        return np.split(flags, self.first[1:-1])
