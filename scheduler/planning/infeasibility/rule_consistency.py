"""Test whether a set of rules about some councils is consistent: whether a plan of these councils keeps it."""

from collections.abc import Collection
from functools import cache

import numpy as np

from scheduler.intervals import IntArray
from scheduler.planning.infeasibility.feasibility import Feasibility
from scheduler.planning.infeasibility.relaxed_problem import RelaxedProblem, of_councils
from scheduler.planning.infeasibility.rule_masks import RuleMasks
from scheduler.planning.instance import Instance
from scheduler.planning.search_types import Search
from scheduler.proposal import RuleInstance
from scheduler.rules import RULES, SetRule, instances_between


class CouncilGroup:
    """
    Some councils of a problem.

    The meetings of ``bystanders`` are held on some slot of any day, under the rules about all meetings alone.
    """

    def __init__(
        self,
        relaxed: RelaxedProblem,
        councils: frozenset[str],
        search: Search,
        bystanders: Collection[str] = (),
    ) -> None:
        self._relaxed = relaxed
        self._problem = of_councils(relaxed.problem, councils)
        meetings = self._problem.meetings
        indices = {index for index, meeting in enumerate(meetings) if meeting.council in bystanders}
        self._masks = RuleMasks(relaxed, meetings, indices)
        self._choices = self._masks.choices()

        # Plans found under some rules may be plans under others: all tests share them.
        known_plans: list[IntArray] = []
        self._feasibility = cache(lambda aside: Feasibility(self._instance(aside), search, known_plans))

        is_day_by_day = self._instance(frozenset()).is_day_by_day
        between = instances_between(self._problem, is_day_by_day=is_day_by_day)
        kept = [rule for rule in between if rule not in relaxed.aside]
        self._between = frozenset(kept)
        self.rules = [*self._masks.rules, *kept]

    def is_consistent(self, rules: frozenset[RuleInstance]) -> bool:
        """
        Tell whether a plan keeps these rules.

        Raises
        ------
        Undecided
            If the search is over before that is known.
        """
        feasibility = self._feasibility(self._between - rules)
        return feasibility.has_plan(np.concatenate(self._masks.allowed(rules)))

    def _instance(self, aside: frozenset[RuleInstance]) -> Instance:
        nothing = np.zeros(sum(map(len, self._masks.slots)))
        return Instance(self._problem, self._choices, nothing, self._relaxed.aside | aside)


def other_councils_bound(
    relaxed: RelaxedProblem,
    rules: Collection[RuleInstance],
    councils: Collection[str],
) -> frozenset[str]:
    """Return the councils, outside ``councils``, that have a meeting which one of the rules binds."""
    problem = relaxed.problem
    found = set()
    for meeting in problem.meetings:
        if meeting.council in councils:
            continue
        for instance in rules:
            rule = RULES[instance.rule]
            if isinstance(rule, SetRule) and rule.binds(problem, instance, meeting):
                found.add(meeting.council)
    return frozenset(found)
