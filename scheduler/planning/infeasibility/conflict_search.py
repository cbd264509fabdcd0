"""Find a minimal conflict: first the meetings that cannot be held, of one council or of several, then the rules."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import time
from functools import cache, partial

import numpy as np

from scheduler.intervals import IntArray
from scheduler.planning.capacity_bound import CapacityBound
from scheduler.planning.infeasibility.feasibility import SECONDS_PER_SLOT, Feasibility
from scheduler.planning.infeasibility.known_plans import KnownPlans
from scheduler.planning.infeasibility.quickxplain import Minimised, SearchEnded, Undecided, minimal_conflict, necessary
from scheduler.planning.infeasibility.relaxed_problem import RelaxedProblem, of_meetings
from scheduler.planning.infeasibility.rule_consistency import MeetingGroup, meetings_concerned
from scheduler.planning.infeasibility.rule_masks import RuleMasks
from scheduler.planning.instance import Instance
from scheduler.planning.path_feasibility import blocked_run
from scheduler.planning.search_types import Allowance, Search
from scheduler.problem import Council, Meeting
from scheduler.proposal import RuleInstance
from scheduler.rules import IN_ORDER, RULES, spacing_instances, spacing_ranges

SHARE_OF_TEST = 0.05  # of the allowance, at most, for one test of the search for a conflict


@dataclass(frozen=True, slots=True)
class Conflict:
    """Rules that cannot hold together, in the order of the problem's rules, and whether they are proven minimal."""

    rules: tuple[RuleInstance, ...] = ()
    is_minimal: bool = True


class ConflictFinder:
    """Finds conflicts within one search; ``num_tests`` counts how often it tested whether rules hold together."""

    def __init__(self, search: Search) -> None:
        self._search = search
        # One hard test must not take the whole allowance: while a conflict is searched, each has a part of it.
        self._of_test = replace(search, allowance=Allowance(0.0))
        self._most_of_test = SHARE_OF_TEST * search.allowance.seconds
        self.num_tests = 0

    def conflict(self, relaxed: RelaxedProblem) -> Conflict:
        """
        Return a minimal set of conflicting rules of an infeasible problem.

        The set is not proven minimal if the search is over before that is known.

        Raises
        ------
        Undecided
            If the search is over at once, or if the background alone has no plan.
        """
        _check_background(relaxed)
        self._count_test(sum(len(candidates.slots) for candidates in relaxed.choices))
        councils = _councils_with_meetings(relaxed)

        # Rules about all meetings that leave too few days would be part of any other conflict: they come first.
        for council, meetings in councils:
            masks = RuleMasks(relaxed, meetings, range(len(meetings)), only_days=True)
            if blocked_run(masks.days(masks.rules), [IN_ORDER] * len(meetings)) is not None:
                return self._of_run(relaxed, council, range(0))

        # If one council's meetings cannot be held on their own, the conflict lies within that council.
        for council, _ in councils:
            days = [each.slots.days for each in relaxed.choices if each.meeting.council == council.id]
            run = blocked_run(days, spacing_ranges(relaxed.problem, council, relaxed.aside))
            if run is not None:
                return self._of_run(relaxed, council, range(run[0], run[1] + 1))
        return self._of_meetings(relaxed, self._meetings_in_conflict(relaxed))

    def is_feasible(self, relaxed: RelaxedProblem) -> bool:
        """
        Tell whether the problem has a plan.

        Raises
        ------
        Undecided
            If the search is over before it is known.
        """
        self.num_tests += 1
        councils = frozenset(council.id for council, _ in _councils_with_meetings(relaxed))
        return _has_plan(relaxed, councils, self._search)

    def _meetings_in_conflict(self, relaxed: RelaxedProblem) -> frozenset[str]:
        """Return few meetings that cannot all be held, though those of each council can."""
        problem = relaxed.problem
        witness = CapacityBound(relaxed.instance).witness()
        if witness is not None:
            return frozenset(problem.meetings[index].id for index in witness)
        ids = [council.id for council, _ in _councils_with_meetings(relaxed)]

        def have_plan(councils: frozenset[str]) -> bool:
            return self._tested(lambda: _has_plan(relaxed, councils, self._of_test))

        councils = minimal_conflict(ids, have_plan).elements
        return frozenset(meeting.id for meeting in problem.meetings if meeting.council in councils)

    def _of_run(
        self,
        relaxed: RelaxedProblem,
        council: Council,
        run: range,
    ) -> Conflict:
        """
        Return why a run of a council's meetings, by their indices, cannot be held, whatever the others do.

        The other meetings of the council are held on days that the rules about all meetings leave.
        """
        meetings = relaxed.problem.meetings_by_council[council.id]
        bystanders = set(range(len(meetings))).difference(run)
        masks = RuleMasks(relaxed, meetings, bystanders, only_days=True)
        limits = frozenset(spacing_instances(council))
        rules = list(masks.rules)
        if len(run) > 1:
            rules += [limit for limit in spacing_instances(council) if limit not in relaxed.aside]

        def is_consistent(subset: frozenset[RuleInstance]) -> bool:
            self._count_test(sum(map(len, masks.slots)))
            spacing = spacing_ranges(relaxed.problem, council, limits - subset)
            return blocked_run(masks.days(subset), spacing) is None

        found = minimal_conflict(_by_ease(rules), is_consistent)
        hardest_first = [rule for rule in reversed(_by_ease(rules)) if rule in found.elements]
        return _in_order(rules, necessary(hardest_first, is_consistent))

    def _of_meetings(self, relaxed: RelaxedProblem, meetings: frozenset[str]) -> Conflict:
        """Return why meetings cannot be planned together, though those of each council can."""
        group = MeetingGroup(relaxed, meetings, self._of_test)

        def holds_in(group: MeetingGroup, rules: frozenset[RuleInstance]) -> bool:
            return self._tested(lambda: group.is_consistent(rules))

        found = minimal_conflict(group.by_preference(), partial(holds_in, group))
        # The rules may bind meetings outside the group, and then need not all be necessary. Fewer rules bind no others,
        # so that one repetition is enough.
        concerned = meetings_concerned(relaxed.problem, found.elements, meetings)
        wider = group
        if concerned != meetings:
            try:
                wider = MeetingGroup(relaxed, concerned, self._of_test, concerned - meetings)
            except Undecided:  # there are too many slots
                return _in_order(group.rules, replace(found, is_minimal=False))
        hardest_first = [rule for rule in reversed(group.by_preference()) if rule in found.elements]
        return _in_order(group.rules, necessary(hardest_first, partial(holds_in, wider)))

    def _tested(self, test: Callable[[], bool]) -> bool:
        """
        Return the result of a test that draws from the allowance of one test.

        Raises
        ------
        Undecided
            If that allowance does not suffice.
        SearchEnded
            If the search is over.
        """
        if self._search.is_over:
            raise SearchEnded
        self.num_tests += 1
        granted = min(self._most_of_test, self._search.allowance.seconds)
        self._of_test.allowance.seconds = granted
        try:
            return test()
        finally:
            self._search.allowance.draw(granted - self._of_test.allowance.seconds)

    def _count_test(self, num_slots: int) -> None:
        """Count a test of so many slots, and its deterministic time."""
        if self._search.is_over:
            raise SearchEnded
        self.num_tests += 1
        self._search.allowance.draw(SECONDS_PER_SLOT * num_slots)


def _has_plan(relaxed: RelaxedProblem, councils: frozenset[str], search: Search) -> bool:
    """Tell whether there is a plan of these councils' meetings."""
    if not councils:
        return True
    choices = [each for each in relaxed.choices if each.meeting.council in councils]
    problem = of_meetings(relaxed.problem, {each.meeting.id for each in choices})
    instance = Instance(problem, choices, aside=relaxed.aside)
    every_slot = np.ones(len(instance.gains), dtype=np.bool_)
    return Feasibility(instance, search, KnownPlans(problem)).has_plan(every_slot)


def _check_background(relaxed: RelaxedProblem) -> None:
    """
    Check that the horizon has days enough for every council's meetings.

    Raises
    ------
    Undecided
        If a council has too few days even without rules.
    """

    @cache
    def open_days(clocks: tuple[time, ...]) -> IntArray:
        return np.unique(relaxed.candidates.grid_of(clocks).days)

    def days(meeting: Meeting) -> IntArray:
        is_held = meeting.id in relaxed.problem.held
        return relaxed.candidates.grid(meeting).days if is_held else open_days(meeting.start_clocks)

    for _, meetings in _councils_with_meetings(relaxed):
        if blocked_run([days(meeting) for meeting in meetings], [IN_ORDER] * len(meetings)) is not None:
            raise Undecided


def _councils_with_meetings(relaxed: RelaxedProblem) -> list[tuple[Council, tuple[Meeting, ...]]]:
    by_council = relaxed.problem.meetings_by_council
    return [(council, by_council[council.id]) for council in relaxed.problem.councils if by_council[council.id]]


def _by_ease(rules: Sequence[RuleInstance]) -> list[RuleInstance]:
    """Return the rules, those first that people change most easily: QuickXplain prefers these."""
    return sorted(rules, key=lambda rule: RULES[rule.rule].ease)


def _in_order(rules: Sequence[RuleInstance], found: Minimised[RuleInstance]) -> Conflict:
    """Return a conflict in the order of the rules."""
    if not found.elements:
        raise Undecided
    return Conflict(tuple(rule for rule in rules if rule in found.elements), found.is_minimal)
