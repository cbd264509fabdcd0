"""The planning instance: all slots of all meetings as flat arrays, with gains in integer units."""

from collections.abc import Collection, Sequence
from copy import copy
from datetime import datetime
from functools import cached_property

import numpy as np
import numpy.typing as npt

from scheduler.availability import Slots
from scheduler.candidates import MeetingCandidates
from scheduler.intervals import BoolArray, FloatArray, IntArray, Seconds
from scheduler.planning.search_types import Cut, Plan
from scheduler.problem import Council, Problem, SpacingRange
from scheduler.proposal import RuleInstance
from scheduler.rules import IN_ORDER, SET_RULES, spacing_ranges
from scheduler.rules.conflict_sets import ConflictSets
from scheduler.rules.held import around_held
from scheduler.rules.relation import MeetingRelation, relation_sets, relations_of
from scheduler.rules.travel_times import is_one_place

UNITS = 10_000_000  # per expected party: rounding a meeting's gain errs by half a unit, 0.05 of the tolerance, at most
MAX_TOTAL = 2**60  # limit of a sum of absolute gains, for CP-SAT's 64-bit sums
DAY_SECONDS = 86_400
UNASSIGNED = -1  # the position of a meeting without a slot
NEG_INF = -(2**61)  # the gain of an excluded position, and the value of an infeasible path

UnitArray = npt.NDArray[np.int64]  # gains, values or costs in units


class Instance:
    """
    The input of every exact method, in integer units so that all methods agree on which plans are equally good.

    Slots are ordered by meeting, then by start. A *position* is the index of a slot in this order; arrays "by
    position" have the shape ``(positions,)``. Meetings and councils are numbered as in the problem.

    Parameters
    ----------
    problem
        The rules between meetings.
    choices
        The candidate slots of every meeting, in the order of the problem's meetings.
    gains
        Gains by position, in expected parties, to be maximised in place of the values in ``choices``.
    aside
        Rules between meetings that do not apply.

    Attributes
    ----------
    num_slots
        The number of slots of every meeting, shape ``(meetings,)``.
    first
        The first position of every meeting, and the number of positions; shape ``(meetings + 1,)``.
    exact_gains, gains
        Gains by position, in expected parties and in units.
    scale
        Units per expected party.
    """

    def __init__(
        self,
        problem: Problem,
        choices: Sequence[MeetingCandidates],
        gains: FloatArray | None = None,
        aside: Collection[RuleInstance] = (),
    ) -> None:
        self.problem = problem
        self.aside = aside
        self.choices = choices
        self.num_slots = np.array([len(candidates.slots) for candidates in choices], dtype=np.int64)
        self.first = np.concatenate([[0], np.cumsum(self.num_slots)])
        if gains is None:
            gains = np.concatenate([candidates.values for candidates in choices])
        self.exact_gains = gains

        # CP-SAT bounds an objective by the sum of all coefficients, also of variables that exclude each other.
        total = float(np.abs(gains).sum())
        max_scale = int(MAX_TOTAL / max(total, 1e-9))
        self.scale = max(1, min(UNITS, max_scale))
        self.gains = self.to_units(gains)

    @cached_property
    def meeting(self) -> IntArray:
        """The meeting of every position."""
        return np.repeat(np.arange(len(self.choices)), self.num_slots)

    @cached_property
    def days(self) -> IntArray:
        """The day of every position, as a proleptic Gregorian ordinal."""
        return np.concatenate([candidates.slots.days for candidates in self.choices])

    @cached_property
    def starts(self) -> Seconds:
        """The start of every position."""
        return np.concatenate([candidates.slots.starts for candidates in self.choices])

    @cached_property
    def ends(self) -> Seconds:
        """The end of every position."""
        return np.concatenate([candidates.slots.ends for candidates in self.choices])

    @cached_property
    def meetings_by_council(self) -> list[tuple[Council, list[int]]]:
        """Every council with its meetings, in the order in which they take place."""
        meetings: dict[str, list[int]] = {council.id: [] for council in self.problem.councils}
        for index, meeting in enumerate(self.problem.meetings):
            meetings[meeting.council].append(index)
        return [(council, meetings[council.id]) for council in self.problem.councils]

    @cached_property
    def council(self) -> IntArray:
        """The council of every meeting."""
        index_by_id = {council.id: index for index, council in enumerate(self.problem.councils)}
        return np.array([index_by_id[meeting.council] for meeting in self.problem.meetings], dtype=np.int64)

    @cached_property
    def relations(self) -> list[MeetingRelation]:
        """The relations between the meetings."""
        return relations_of(self.problem, self.aside)

    @cached_property
    def spacing(self) -> list[SpacingRange]:
        """By meeting, the fewest and the most days to the next meeting of its council."""
        spacing = [IN_ORDER] * len(self.choices)
        for council, meetings in self.meetings_by_council:
            ranges = spacing_ranges(self.problem, council, self.aside)
            for meeting, spacing_range in zip(meetings, ranges, strict=True):
                spacing[meeting] = spacing_range
        return spacing

    def with_gains(self, gains: FloatArray) -> "Instance":
        """
        Return the instance with other gains by position, in expected parties; minus infinity excludes a position.

        Units keep their scale, so that bounds and multipliers of this instance apply to the new one.
        """
        # A shallow copy shares the cached properties: slots, days and conflict sets do not depend on gains.
        instance = copy(self)
        vars(instance).pop("rounding", None)
        instance.exact_gains = gains
        instance.gains = self.to_units(gains)
        return instance

    def to_units(self, gains: FloatArray) -> UnitArray:
        """Return gains in expected parties as units; `NEG_INF` for minus infinity."""
        is_excluded = np.isneginf(gains)
        finite = np.where(is_excluded, 0.0, gains)
        units = np.rint(finite * self.scale).astype(np.int64)
        return np.where(is_excluded, NEG_INF, units)

    @property
    def busy_councils(self) -> list[int]:
        """The councils that have meetings."""
        return [index for index, (_, meetings) in enumerate(self.meetings_by_council) if meetings]

    @cached_property
    def conflict_sets(self) -> ConflictSets:
        """The packing constraints of every rule that joins meetings, relations left out."""
        is_day_by_day = self.is_day_by_day
        is_implied = is_day_by_day and is_one_place(self.problem.meetings)
        sets: list[ConflictSets] = []
        for rule in SET_RULES:
            if not (is_implied and rule.is_implied_in_one_place):
                sets += rule.conflict_sets(self.problem, self.choices, is_day_by_day, self.aside)
        return around_held(self.problem, ConflictSets.of(sets))

    @cached_property
    def relation_sets(self) -> ConflictSets:
        """The packing constraints of the relations, as far as these are small enough."""
        sets = ConflictSets.of([relation_sets(relation, self.choices) for relation in self.relations])
        return around_held(self.problem, sets)

    @property
    def is_day_by_day(self) -> bool:
        """Whether slots of different days never overlap."""
        midnights = self.days * DAY_SECONDS
        latest_end = (self.ends - midnights).max()
        earliest_start = (self.starts - midnights).min()
        return bool(latest_end <= earliest_start + DAY_SECONDS)

    @property
    def is_empty_somewhere(self) -> bool:
        """Whether a meeting has no slot."""
        return bool((self.num_slots == 0).any())

    def positions(self, plan: Plan) -> IntArray:
        """Return the position of every meeting in a plan."""
        return self.first[:-1] + np.array(plan, dtype=np.int64)

    def plan(self, positions: IntArray) -> Plan:
        """Return the plan with these positions, shape ``(meetings,)``."""
        return tuple((positions - self.first[:-1]).tolist())

    def slots_at(self, positions: IntArray) -> Slots:
        """Return the slots at the positions."""
        return Slots(self.days[positions], self.starts[positions], self.ends[positions])

    def start_at(self, position: int) -> datetime:
        """Return the start of the slot at a position, in the problem's time zone."""
        return datetime.fromtimestamp(int(self.starts[position]), self.problem.zone)

    def units(self, plan: Plan) -> int:
        """Return a plan's value in units."""
        return int(self.gains[self.positions(plan)].sum())

    def value(self, plan: Plan) -> float:
        """Return a plan's value in expected parties, without rounding."""
        return float(self.exact_gains[self.positions(plan)].sum())

    def to_parties(self, units: int) -> float:
        """Return an upper bound in expected parties for an upper bound in units."""
        return units / self.scale + self.rounding

    def guaranteed_parties(self, units: int) -> float:
        """Return a lower bound in expected parties on every plan of at least this value in units."""
        # The gain of each meeting is rounded by at most half a unit.
        return (units - len(self.choices) / 2) / self.scale

    @cached_property
    def rounding(self) -> float:
        """The most by which a plan's exact value can exceed its value in units, in expected parties."""
        # A plan selects one slot a meeting: the largest rounding errors of all meetings add up to a valid bound.
        error = self.exact_gains - self.gains / self.scale
        return float(np.maximum.reduceat(error, self.first[:-1]).sum())

    def is_moved(self, cut: Cut) -> BoolArray:
        """Return, by position, whether a slot is another, ``min_days`` or more away from the one in the cut's plan."""
        positions = self.positions(cut.plan)
        days_of_plan = np.repeat(self.days[positions], self.num_slots)
        days_apart = np.abs(self.days - days_of_plan)
        is_moved = np.asarray(days_apart >= cut.min_days, dtype=np.bool_)
        is_moved[positions] = False  # with 0 days, only the slot of the plan itself is not moved
        return is_moved

    def by_meeting(self, flags: BoolArray) -> list[BoolArray]:
        """Split an array by position into an array a meeting."""
        return np.split(flags, self.first[1:-1])
