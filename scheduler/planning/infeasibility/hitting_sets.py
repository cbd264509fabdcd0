"""Find the fewest rules to change so that a plan exists: hitting sets of the conflicts."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from scheduler.candidates import plan_attendance
from scheduler.planning.infeasibility.conflict_search import ConflictFinder
from scheduler.planning.infeasibility.quickxplain import Undecided
from scheduler.planning.infeasibility.relaxation_size import just_enough, least_changes
from scheduler.planning.infeasibility.relaxed_problem import RelaxedProblem
from scheduler.planning.optimum import optimum
from scheduler.planning.search_types import Plan, Search
from scheduler.proposal import TOLERANCE, Loosened, Relaxation, RuleInstance
from scheduler.rules import RULES, PlannedSlots, dropped

MAX_RELAXATIONS = 10  # sets of rules
MAX_TOGETHER = 5  # rules of one set: nobody changes more at once, and more take long to find
MAX_TRIED = 100  # sets of rules that hit all known conflicts
SECONDS_PER_RELAXATION = 5e-3  # of deterministic time, to compute candidates again
MAX_GROWN = 5000  # sets of rules of equal size

Rules = tuple[RuleInstance, ...]


class _BestPlan(NamedTuple):
    plan: Plan
    value: float  # what is maximised, in expected parties


@dataclass(frozen=True, slots=True)
class RelaxationOption:
    """Rules whose change makes the problem feasible, with the changes, the value then, and its attendance."""

    rules: Rules
    changes: tuple[Loosened, ...]
    value: float
    attendance: float

    @property
    def relaxation(self) -> Relaxation:
        """The option as a result."""
        first, *others = self.changes
        return Relaxation(**first.model_dump(), objective=self.attendance, also=tuple(others))


class RelaxationSearch:
    """
    Searches for the smallest sets of rules to change: every relaxation contains a rule of every conflict.

    Notes
    -----
    Reiter, "A Theory of Diagnosis from First Principles", Artificial Intelligence 32, 1987: a tree of hitting sets,
    level by level.
    """

    def __init__(
        self,
        relaxed: RelaxedProblem,
        conflict: Rules,
        finder: ConflictFinder,
        search: Search,
    ) -> None:
        self._relaxed = relaxed
        self._conflicts = [conflict]
        self._finder = finder
        self._search = search
        self._tolerance = TOLERANCE * len(relaxed.problem.meetings)

    def cheapest(self) -> tuple[Relaxation, ...]:
        """
        Return the relaxations of the fewest rules, at most ten, of greatest attendance, best first.

        Every relaxation is proven. A rule with a limit may lead to two: loosened just enough for the best plan, and
        just enough for any plan. Some may be missing when the search ends early, or when there are too many sets of
        rules; there are none when more than five rules have to change.
        """
        options: list[RelaxationOption] = []
        with suppress(Undecided):
            options.extend(self._fewest())
        best = sorted(options, key=_by_attendance)[:MAX_RELAXATIONS]
        smallest = [smaller for option in best for smaller in self._with_least_changes(option)]
        return tuple(option.relaxation for option in sorted(smallest, key=_by_attendance))

    def _with_least_changes(self, option: RelaxationOption) -> list[RelaxationOption]:
        """
        Return variants of the option with smaller changes.

        One keeps the option's value with the smallest changes that do; the other has the smallest changes that permit
        any plan.
        """
        try:
            return self._smaller(option)
        except Undecided:
            return [option]

    def _smaller(self, option: RelaxationOption) -> list[RelaxationOption]:
        def is_as_good(changes: Sequence[Loosened]) -> bool:
            best = self._best(self._relaxed.without(option.rules, changes))
            return best is not None and best.value >= option.value - self._tolerance

        def is_feasible(changes: Sequence[Loosened]) -> bool:
            return self._finder.is_feasible(self._relaxed.without(option.rules, changes))

        tests: tuple[Callable[[Sequence[Loosened]], bool], ...] = (is_as_good, is_feasible)
        problem = dropped(self._relaxed.problem, option.rules)
        distinct = dict.fromkeys(tuple(least_changes(problem, option.changes, test)) for test in tests)
        smaller = [option if changes == option.changes else self._option(option.rules, changes) for changes in distinct]
        return list({each.changes: each for each in smaller if each is not None}.values())

    def _fewest(self) -> Iterator[RelaxationOption]:
        """Yield every set of rules that helps, of as few rules as the smallest."""
        level: list[Rules] = [()]
        num_tried = 0
        is_found = False
        for _ in range(MAX_TOGETHER):
            if is_found:
                return
            level = self._grown(level)
            for rules in level:
                if self._known_conflict(rules) is not None:
                    continue  # the set does not hit every known conflict
                num_tried += 1
                if num_tried > MAX_TRIED:
                    return
                option = self._option(rules)
                if option is not None:
                    is_found = True
                    yield option

    def _grown(self, level: Iterable[Rules]) -> list[Rules]:
        """Extend every set of rules by each rule of a conflict that remains when the set is dropped."""
        grown: dict[frozenset[RuleInstance], Rules] = {}
        for rules in level:
            for rule in self._conflict(rules):
                grown.setdefault(frozenset((*rules, rule)), (*rules, rule))
            if len(grown) > MAX_GROWN:
                raise Undecided
        return list(grown.values())

    def _conflict(self, rules: Rules) -> Rules:
        """Return a conflict that remains when these rules are dropped."""
        known = self._known_conflict(rules)
        if known is not None:
            return known
        conflict = self._finder.conflict(self._relaxed.without(rules))
        if not conflict.is_minimal:
            raise Undecided
        self._conflicts.append(conflict.rules)
        return conflict.rules

    def _known_conflict(self, rules: Rules) -> Rules | None:
        """Return a conflict found before that holds when these rules are dropped; None when no known one does."""
        names = {rule.rule for rule in rules}
        unpinned = {rule.meeting for rule in rules if rule.rule == "pinned"}
        pinned = {meeting.id for meeting in self._relaxed.problem.meetings if meeting.pinned is not None}

        def still_applies(rule: RuleInstance) -> bool:
            # A pin sets the meeting's other rules aside; dropping a rule may weaken others.
            is_pinned_away = rule.rule != "pinned" and rule.meeting in pinned - unpinned
            is_weakened = not RULES[rule.rule].weakened_by.isdisjoint(names)
            return rule not in rules and not is_pinned_away and not is_weakened

        return next((conflict for conflict in self._conflicts if all(map(still_applies, conflict))), None)

    def _option(self, rules: Rules, changes: Sequence[Loosened] = ()) -> RelaxationOption | None:
        """Return the best plan without these rules, or with the changes to them; None when there is still no plan."""
        relaxed = self._relaxed.without(rules, changes)
        best = self._best(relaxed)
        if best is None:
            return None
        stated = dropped(self._relaxed.problem, rules)
        planned = PlannedSlots(stated, relaxed.choices, best.plan)
        return RelaxationOption(
            rules=rules,
            changes=tuple(just_enough(planned, rule) for rule in rules),
            value=best.value,
            attendance=plan_attendance(relaxed.choices, best.plan),
        )

    def _best(self, relaxed: RelaxedProblem) -> _BestPlan | None:
        """Return the best plan of a problem; None when there is none."""
        self._search.allowance.draw(SECONDS_PER_RELAXATION)
        if not self._finder.is_feasible(relaxed):
            return None
        result = optimum(relaxed.instance, self._search)
        if result.plan is None or result.value is None or result.status != "optimal":
            raise Undecided
        return _BestPlan(result.plan, result.value)


def _by_attendance(option: RelaxationOption) -> float:
    return -option.attendance
