"""The parts that every rule is made of: what it forbids, and how it is dropped, measured and loosened."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Protocol

from scheduler.attendance import PartyChances
from scheduler.availability import Slots
from scheduler.intervals import BoolArray
from scheduler.problem import Council, Meeting, Problem, SpacingRange
from scheduler.proposal import RuleInstance, RuleName
from scheduler.rules.conflict_sets import ConflictSets, MeetingSlots

ROUNDING = 1e-9  # a chance that falls short of its limit by no more than this meets it

MaskIterator = Iterator[tuple[RuleInstance, BoolArray]]  # rule instances, each with the slots that it allows
LoosenedTo = tuple[str, ...] | float | int | None  # a new limit; None when only dropping the rule helps


class MeetingOutlook(MeetingSlots, Protocol):
    """The slots that a meeting may take, with the chances at each of them."""

    @property
    def chances(self) -> PartyChances: ...


@dataclass(frozen=True, slots=True)
class PlannedSlots:
    """
    A plan: the slot that each meeting takes, as an index into its candidates.

    ``problem`` has the rules as they are stated, whether or not the plan keeps them.
    """

    problem: Problem
    choices: Sequence[MeetingOutlook]
    plan: Sequence[int]

    def planned(self, meeting: str | None) -> tuple[Meeting, MeetingOutlook, int]:
        """Return a meeting as the problem states it, its candidates, and the slot that it takes."""
        index = next(index for index, stated in enumerate(self.problem.meetings) if stated.id == meeting)
        return self.problem.meetings[index], self.choices[index], self.plan[index]

    def day(self, meeting: str | None) -> date:
        """Return the date of a meeting."""
        _, candidates, slot = self.planned(meeting)
        return date.fromordinal(int(candidates.slots.days[slot]))

    def gaps(self, council: str | None) -> list[int]:
        """Return the days between a council's consecutive meetings, without those between two held meetings."""
        held = self.problem.held
        meetings = self.problem.meetings_by_council[council or ""]
        return [
            (self.day(following.id) - self.day(meeting.id)).days
            for meeting, following in pairwise(meetings)
            if not (meeting.id in held and following.id in held)
        ]


@dataclass(frozen=True, slots=True)
class Loosening:
    """
    How a rule with a limit is loosened.

    Attributes
    ----------
    measure
        Return the strictest limit that a plan keeps; None when only dropping the rule helps.
    steps
        Return limits by increasing change, each looser than the limit before. The last limit is at least as loose as
        ``to``.
    apply
        Return the problem with the limit ``to`` instead of the stated one.
    """

    measure: Callable[[PlannedSlots, RuleInstance], LoosenedTo]
    steps: Callable[[Problem, RuleInstance, Any], Sequence[Any]]
    apply: Callable[[Problem, RuleInstance, Any], Problem]


def only_step(_problem: Problem, _instance: RuleInstance, to: Any) -> Sequence[Any]:
    """Return ``to`` alone: the rule has no smaller change."""
    return (to,)


def unchanged(problem: Problem, _dropped: Collection[RuleInstance]) -> Problem:
    """Return the problem as it is: skipping the rule's own instances drops the rule."""
    return problem


@dataclass(frozen=True, kw_only=True)
class Rule:
    """
    The base class of all rules: what planner, explanations and relaxations need of any rule.

    Attributes
    ----------
    name
        The rule's name in answers.
    ease
        A rank by how easily people change the rule: conflicts prefer rules of low rank.
    loosening
        How the rule is loosened; None when it can only be dropped.
    drop
        Return the problem without the dropped instances, where dropping them changes other rules as well.
    weakened_by
        Rules whose dropping weakens this rule: a conflict found before, with this rule in it, may then not hold.
    """

    name: RuleName
    ease: int
    loosening: Loosening | None
    drop: Callable[[Problem, Collection[RuleInstance]], Problem] = unchanged
    weakened_by: frozenset[RuleName] = frozenset()


@dataclass(frozen=True, kw_only=True)
class DateRule(Rule):
    """
    A rule about the date of one meeting.

    Attributes
    ----------
    masks
        Yield the rule's instances for one meeting, each with the slots that it allows, shape ``(slots,)``.
    is_common
        Whether the rule applies equally to all meetings, so that an instance names no meeting.
    """

    masks: Callable[[Problem, Meeting, Slots], MaskIterator]
    is_common: bool = False


@dataclass(frozen=True, kw_only=True)
class ChanceRule(Rule):
    """
    A rule about the chances of one meeting.

    Attributes
    ----------
    masks
        Yield the rule's instances for one meeting, each with the slots that it allows, shape ``(slots,)``.
    """

    masks: Callable[[Meeting, PartyChances], MaskIterator]


@dataclass(frozen=True, kw_only=True)
class PinRule(Rule):
    """A rule that fixes the slot of a meeting and sets aside all other rules about that slot."""


@dataclass(frozen=True, kw_only=True)
class PathRule(Rule):
    """
    A limit on the days between consecutive meetings of a council.

    Attributes
    ----------
    limit
        Return the limit of a council in days; None when it has none.
    tighten
        Return a spacing range that keeps the limit as well.
    """

    limit: Callable[[Council], int | None]
    tighten: Callable[[SpacingRange, int], SpacingRange]

    def instance(self, council: Council) -> RuleInstance:
        """Return the rule's instance for a council."""
        return RuleInstance(rule=self.name, council=council.id)


@dataclass(frozen=True, kw_only=True)
class SetRule(Rule):
    """
    A rule that joins meetings by sets of slots with a capacity.

    Attributes
    ----------
    instances
        Yield the instances that can forbid anything between the meetings of a problem. The flag tells that slots of
        different days never overlap.
    conflict_sets
        Yield the sets of all instances but those set aside.
    binds
        Tell whether an instance binds a meeting.
    is_implied_in_one_place
        Whether `order` implies the rule where all meetings are one council's, without travel between them, and slots
        of different days never overlap.
    """

    instances: Callable[[Problem, bool], Iterator[RuleInstance]]
    conflict_sets: Callable[
        [Problem, Sequence[MeetingSlots], bool, Collection[RuleInstance]],
        Iterator[ConflictSets],
    ]
    binds: Callable[[Problem, RuleInstance, Meeting], bool]
    is_implied_in_one_place: bool = False
