"""Test whether a set of rules about some meetings is consistent: whether a plan of these meetings keeps it."""

from collections.abc import Collection, Sequence
from functools import cache

import numpy as np

from scheduler.planning.infeasibility.feasibility import Feasibility
from scheduler.planning.infeasibility.known_plans import KnownPlans
from scheduler.planning.infeasibility.relaxed_problem import RelaxedProblem, of_meetings
from scheduler.planning.infeasibility.rule_masks import RuleMasks
from scheduler.planning.instance import Instance
from scheduler.planning.search_types import Search
from scheduler.problem import Meeting, Problem
from scheduler.proposal import RuleInstance
from scheduler.rules import RULES, SetRule, instances_between, spacing_instances
from scheduler.rules.required_attendees import bound_people


class MeetingGroup:
    """
    Some meetings of a problem.

    Those in ``bystanders`` are held on any slot, under the rules about all meetings alone. The spacing of a council
    is looked at where all of its meetings belong to the group.
    """

    def __init__(
        self,
        relaxed: RelaxedProblem,
        meetings: Collection[str],
        search: Search,
        bystanders: Collection[str] = (),
    ) -> None:
        self._problem = of_meetings(relaxed.problem, meetings)
        grouped = self._problem.meetings
        indices = {index for index, meeting in enumerate(grouped) if meeting.id in bystanders}
        self._masks = RuleMasks(relaxed, grouped, indices)
        self._choices = self._masks.choices()

        # Without the meetings between them, two meetings may be further apart than a council's limit.
        by_council = relaxed.problem.meetings_by_council
        partial = [council for council in self._problem.councils if not _is_whole(by_council[council.id], meetings)]
        limits = {limit for council in partial for limit in spacing_instances(council)}
        self._aside = relaxed.aside | limits

        # Plans found under some rules may be plans under others: all tests share them.
        known_plans = KnownPlans(self._problem)
        self._feasibility = cache(lambda aside: Feasibility(self._instance(aside), search, known_plans))

        is_day_by_day = self._instance(frozenset()).is_day_by_day
        between = instances_between(self._problem, is_day_by_day=is_day_by_day)
        kept = [rule for rule in between if rule not in self._aside]
        self._between = frozenset(kept)
        self.rules = [*self._masks.rules, *kept]

    def by_preference(self) -> list[RuleInstance]:
        """
        Return the rules in the order in which conflicts prefer them.

        Rules that people change easily come first, and of the people's rules those that bind most meetings: they
        explain with the fewest rules that many meetings exclude each other.
        """
        bound = bound_people(self._problem)

        def preference(rule: RuleInstance) -> tuple[int, int]:
            is_of_person = rule.rule == "nobody_in_two_places"
            return RULES[rule.rule].ease, -len(bound[rule.person or ""]) if is_of_person else 0

        return sorted(self.rules, key=preference)

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
        return Instance(self._problem, self._choices, nothing, self._aside | aside)


def _is_whole(meetings: Sequence[Meeting], group: Collection[str]) -> bool:
    return all(meeting.id in group for meeting in meetings)


def meetings_concerned(
    problem: Problem,
    rules: Collection[RuleInstance],
    meetings: Collection[str],
) -> frozenset[str]:
    """Return all meetings of the councils that have one of the meetings, or a meeting which one of the rules binds."""
    councils = {meeting.council for meeting in problem.meetings if meeting.id in meetings}
    for instance in rules:
        rule = RULES[instance.rule]
        if isinstance(rule, SetRule):
            councils.update(each.council for each in problem.meetings if rule.binds(problem, instance, each))
    return frozenset(meeting.id for meeting in problem.meetings if meeting.council in councils)
