"""Who finds rules that cannot hold together: first where it fails, a council's path or a few councils, then why."""

from collections.abc import Sequence
from datetime import time
from functools import cache

import numpy as np

from scheduler.intervals import IntArray
from scheduler.planning.infeasibility.council_group import Scope, also_concerned
from scheduler.planning.infeasibility.feasibility import SECONDS_PER_SLOT, Together
from scheduler.planning.infeasibility.path_feasibility import IN_ORDER, spacing_range, stuck
from scheduler.planning.infeasibility.quickxplain import Undecided, minimal
from scheduler.planning.infeasibility.relaxed_problem import Asked
from scheduler.planning.infeasibility.rule_instances import spacing
from scheduler.planning.infeasibility.rule_masks import Ground
from scheduler.planning.infeasibility.setting_aside import of_councils
from scheduler.planning.instance import Instance
from scheduler.planning.search import Search
from scheduler.problem import Council, Meeting
from scheduler.proposal import RuleInstance, RuleName

Conflict = tuple[RuleInstance, ...]

EASE: tuple[RuleName, ...] = (  # what a person changes most easily is rather named, what lies hardest rather not
    "window",
    "weekday_and_start",
    "notice",
    "quorum_likely",
    "required_person",
    "spacing_max",
    "spacing_min",
    "relation",
    "pinned",
    "blackout",
    "rooms",
    "holiday",
    "nobody_in_two_places",
)


class Finder:
    """Finds conflicts within one search; ``passes`` counts how often it looked whether some rules hold together."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self.passes = 0

    def conflict(self, asked: Asked) -> Conflict:
        """
        Return a minimal set of rules that cannot hold together, where not all do, in the order that they are listed.

        Raises
        ------
        Undecided
            When the search is over before it is known, or when there is no plan even without any rule.
        """
        _demand_days(asked)
        self._take(sum(len(one.slots) for one in asked.choices))
        for council, meetings in _busy(asked):  # rules about all that alone are too much would spoil any other conflict
            ground = Ground(asked, meetings, range(len(meetings)))
            if stuck(ground.days(ground.rules), IN_ORDER) is not None:
                return self._of_run(asked, council, range(0))
        for council, _ in _busy(asked):
            days = [one.slots.days for one in asked.choices if one.meeting.council == council.id]
            run = stuck(days, spacing_range(council, asked.given_up))
            if run is not None:
                return self._of_run(asked, council, range(run[0], run[1] + 1))
        councils = minimal([council.id for council, _ in _busy(asked)], lambda some: self._fit(asked, some))
        if not councils:
            raise Undecided
        return self._of_councils(asked, councils)

    def fits(self, asked: Asked) -> bool:
        """
        Tell whether there is a plan that keeps all rules that are left.

        Raises
        ------
        Undecided
            When the search is over before it is known.
        """
        return self._fit(asked, frozenset(council.id for council, _ in _busy(asked)))

    def _fit(self, asked: Asked, councils: frozenset[str]) -> bool:
        """Tell whether there is a plan of these councils."""
        if not councils:
            return True
        self.passes += 1
        choices = [one for one in asked.choices if one.meeting.council in councils]
        instance = Instance(of_councils(asked.left, councils), choices)
        return Together(instance, self._search, []).fits(np.ones(len(instance.gains), dtype=np.bool_))

    def _of_run(self, asked: Asked, council: Council, run: range) -> Conflict:
        """
        Return why a council's meetings of the run, by their places, cannot be held, whatever all others do.

        No rule about another meeting alone is needed; but the others are held, on days that rules about all leave.
        """
        meetings = asked.problem.meetings_by_council[council.id]
        ground = Ground(asked, meetings, set(range(len(meetings))).difference(run))
        limits = frozenset(spacing(council))
        rules = [
            *ground.rules,
            *(limit for limit in spacing(council) if len(run) > 1 and limit not in asked.given_up),
        ]

        def hold(some: frozenset[RuleInstance]) -> bool:
            self._take(sum(map(len, ground.slots)))
            return stuck(ground.days(some), spacing_range(council, limits - some)) is None

        return _named(rules, minimal(_by_ease(rules), hold))

    def _of_councils(self, asked: Asked, councils: frozenset[str]) -> Conflict:
        """Return why these councils cannot be planned together, though any of them without the others can."""
        scope = Scope(asked, councils, self._search)
        conflict = _named(scope.rules, minimal(_by_ease(scope.rules), lambda some: self._hold(scope, some)))
        others = also_concerned(asked, conflict, councils)
        if others:  # it has to be minimal with their meetings held, too
            wider = Scope(asked, councils | others, self._search, others)
            if not all(self._hold(wider, frozenset(conflict) - {one}) for one in conflict):
                raise Undecided
        return conflict

    def _hold(self, scope: Scope, rules: frozenset[RuleInstance]) -> bool:
        self.passes += 1
        return scope.hold(rules)

    def _take(self, num_slots: int) -> None:
        """Count a pass, and what it takes."""
        if self._search.is_over:
            raise Undecided
        self.passes += 1
        self._search.allowance.draw(SECONDS_PER_SLOT * num_slots)


def _demand_days(asked: Asked) -> None:
    """
    Refuse a question that no plan answers even without any rule: too many meetings for the days of the horizon.

    Raises
    ------
    Undecided
        When it is one.
    """

    @cache
    def days(clocks: tuple[time, ...]) -> IntArray:
        return np.unique(asked.candidates.grid_of(clocks).days)

    for _, meetings in _busy(asked):
        if stuck([days(one.start_clocks) for one in meetings], IN_ORDER) is not None:
            raise Undecided


def _busy(asked: Asked) -> list[tuple[Council, tuple[Meeting, ...]]]:
    """Return the councils that have meetings, with these."""
    held = asked.problem.meetings_by_council
    return [(council, held[council.id]) for council in asked.problem.councils if held[council.id]]


def _by_ease(rules: Sequence[RuleInstance]) -> list[RuleInstance]:
    return sorted(rules, key=lambda rule: EASE.index(rule.rule))


def _named(rules: Sequence[RuleInstance], found: frozenset[RuleInstance] | None) -> Conflict:
    """Return what was found in the order of the rules."""
    if not found:
        raise Undecided
    return tuple(rule for rule in rules if rule in found)
