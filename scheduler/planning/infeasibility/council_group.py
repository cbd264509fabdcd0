"""Where some councils are looked at together: every rule about them can be kept or given up by itself."""

from collections.abc import Collection
from functools import cache

import numpy as np

from scheduler.intervals import IntArray
from scheduler.planning.conflict_sets import people_bound
from scheduler.planning.infeasibility.feasibility import Together
from scheduler.planning.infeasibility.relaxed_problem import Asked
from scheduler.planning.infeasibility.rule_instances import rules_between
from scheduler.planning.infeasibility.rule_masks import Ground
from scheduler.planning.infeasibility.setting_aside import of_councils, set_aside
from scheduler.planning.instance import Instance
from scheduler.planning.search import Search
from scheduler.proposal import RuleInstance

Rules = frozenset[RuleInstance]


class Scope:
    """Some councils; those that are ``bystanders`` are held on some slot of any day, by rules about all alone."""

    def __init__(
        self, asked: Asked, councils: frozenset[str], search: Search, bystanders: Collection[str] = ()
    ) -> None:
        self._asked = asked
        self._councils = councils
        meetings = [one for one in asked.problem.meetings if one.council in councils]
        self._ground = Ground(asked, meetings, {at for at, one in enumerate(meetings) if one.council in bystanders})
        self._choices = self._ground.choices()
        seen: list[IntArray] = []
        self._together = cache(lambda given_up: Together(self._instance(given_up), search, seen))
        named = rules_between(asked.problem, self._instance(frozenset()))
        self._between = frozenset(between := [rule for rule in named if rule not in asked.given_up])
        self.rules = [*self._ground.rules, *between]

    def hold(self, rules: Rules) -> bool:
        """
        Tell whether these rules hold together.

        Raises
        ------
        Undecided
            When the search is over before it is known.
        """
        return self._together(self._between - rules).fits(np.concatenate(self._ground.kept(rules)))

    def _instance(self, given_up: Rules) -> Instance:
        left = set_aside(self._asked.problem, self._asked.given_up | given_up)
        nothing = np.zeros(sum(map(len, self._ground.slots)))
        return Instance(of_councils(left, self._councils), self._choices, nothing)


def also_concerned(asked: Asked, rules: Collection[RuleInstance], councils: Collection[str]) -> frozenset[str]:
    """Return which councils beside these ``rules`` between meetings bind: by a person or a venue that they name."""
    people = {one.person for one in rules if one.rule == "nobody_in_two_places"}
    venues = {one.venue for one in rules if one.rule == "rooms"}
    return frozenset(
        meeting.council
        for meeting in asked.problem.meetings
        if meeting.council not in councils
        and (meeting.venue in venues or not people.isdisjoint(people_bound(asked.problem, meeting)))
    )
