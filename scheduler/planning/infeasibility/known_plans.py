"""Plans that were found under some rules, and the rules between meetings that each of them breaks."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np

from scheduler.intervals import BoolArray, IntArray
from scheduler.planning.infeasibility.plan_search import bare_candidates
from scheduler.planning.instance import Instance
from scheduler.planning.path_feasibility import is_spaced
from scheduler.problem import Problem
from scheduler.proposal import RuleInstance
from scheduler.rules import SET_RULES
from scheduler.rules.conflict_sets import ConflictSets
from scheduler.rules.held import around_held
from scheduler.rules.relation import is_kept
from scheduler.rules.required_attendees import people_bound
from scheduler.rules.travel_times import travel_minutes

# A plan breaks an instance of these rules or does not, whichever others are set aside: that is found out once.
TESTED_ONCE = ("nobody_in_two_places", "rooms")


@dataclass(frozen=True, slots=True)
class KnownPlan:
    """
    A plan, by position, on the same slots as others.

    Attributes
    ----------
    was_scarce
        The meetings for which few slots were left when the plan was found.
    broken
        The rules about people and rooms that the plan breaks; other sets of slots with a capacity are tested anew.
    """

    positions: IntArray
    was_scarce: BoolArray
    broken: frozenset[RuleInstance]

    def keeps_rules(self, instance: Instance) -> bool:
        """Tell whether the plan keeps the rules between meetings of an instance."""
        if not self.broken.issubset(instance.aside):
            return False
        for _, meetings in instance.meetings_by_council:
            spacing = [instance.spacing[meeting] for meeting in meetings]
            if not is_spaced(instance.days[self.positions[meetings]], spacing):
                return False
        relations_kept = all(
            is_kept(relation, instance.slots_at(self.positions[list(relation.meetings)]))
            for relation in instance.relations
        )
        return relations_kept and self._keeps_other_sets(instance)

    def _keeps_other_sets(self, instance: Instance) -> bool:
        """Tell whether the plan keeps the capacities of all rules that join meetings but those of ``broken``."""
        others = [rule for rule in SET_RULES if rule.name not in TESTED_ONCE]
        if not others:
            return True
        chosen = zip(instance.choices, self.positions - instance.first[:-1], strict=True)
        choices = [bare_candidates(each.meeting, each.slots[slot : slot + 1]) for each, slot in chosen]
        sets = [
            found
            for rule in others
            for found in rule.conflict_sets(instance.problem, choices, instance.is_day_by_day, instance.aside)
        ]
        # The meetings have no other slots, so that a plan takes every entry of a set.
        joined = around_held(instance.problem, ConflictSets.of(sets))
        num_taken = np.bincount(joined.row, minlength=len(joined))
        return bool((num_taken <= joined.capacity).all())


class KnownPlans:
    """The plans of some meetings that were found so far, the last one last."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self.plans: list[KnownPlan] = []

    def add(self, instance: Instance, positions: IntArray, is_scarce: BoolArray) -> None:
        """Add a plan that was found on the slots of an instance."""
        broken = frozenset(self._broken(instance, positions))
        self.plans.append(KnownPlan(positions, is_scarce, broken))

    @cached_property
    def _people(self) -> list[frozenset[str]]:
        return [people_bound(self._problem, meeting) for meeting in self._problem.meetings]

    @cached_property
    def _longest_travel(self) -> int:
        problem = self._problem
        between_venues = (venue.travel_minutes.values() for venue in problem.venues)
        of_parties = (party.travel_minutes.values() for party in problem.parties)
        return 60 * max(chain.from_iterable(chain(between_venues, of_parties)), default=0)

    def _broken(self, instance: Instance, positions: IntArray) -> Iterator[RuleInstance]:
        """Yield the rules about people and rooms that a plan breaks."""
        slots = instance.slots_at(positions)
        starts, ends = slots.starts.tolist(), slots.ends.tolist()
        is_held = [meeting.id in self._problem.held for meeting in self._problem.meetings]
        near: list[int] = []
        for meeting in np.argsort(slots.starts, kind="stable").tolist():
            near = [other for other in near if ends[other] + self._longest_travel > starts[meeting]]
            for other in near:
                if not (is_held[meeting] and is_held[other]):
                    yield from self._people_in_both(other, meeting, starts[meeting] - ends[other])
            near.append(meeting)
            in_progress = [other for other in near if ends[other] > starts[meeting]]
            yield from self._full_venue(meeting, in_progress, is_held)

    def _people_in_both(self, earlier: int, later: int, seconds_between: int) -> Iterator[RuleInstance]:
        """Yield the rule of every person who has too little time between two meetings."""
        meeting, other = self._problem.meetings[earlier], self._problem.meetings[later]
        for person in self._people[earlier] & self._people[later]:
            if seconds_between < 60 * travel_minutes(self._problem, person, meeting, other):
                yield RuleInstance(rule="nobody_in_two_places", person=person)

    def _full_venue(self, meeting: int, in_progress: list[int], is_held: list[bool]) -> Iterator[RuleInstance]:
        """Yield the rule of the venue of a meeting if it has too few rooms at the meeting's start."""
        venue = self._venue_of(meeting)
        if venue is None:
            return
        there = [other for other in in_progress if self._venue_of(other) == venue]
        num_to_come = sum(not is_held[other] for other in there)
        # Held meetings take their rooms whatever is planned, and break no rule alone.
        num_left = max(self._problem.venues_by_id[venue].rooms - (len(there) - num_to_come), 0)
        if num_to_come > num_left:
            yield RuleInstance(rule="rooms", venue=venue)

    def _venue_of(self, meeting: int) -> str | None:
        """Return the venue where a meeting needs a room."""
        stated = self._problem.meetings[meeting]
        return None if stated.mode == "online" else stated.venue
