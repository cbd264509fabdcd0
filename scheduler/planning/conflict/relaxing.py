"""Who finds the fewest rules to give up so that a plan exists: every set of them that leaves no conflict."""

from collections.abc import Iterable, Iterator
from contextlib import suppress

from scheduler.planning.conflict.asked import Asked, Worth
from scheduler.planning.conflict.finding import Conflict, Finder
from scheduler.planning.conflict.just_enough import Held
from scheduler.planning.conflict.minimal import Undecided
from scheduler.planning.optimum import optimum
from scheduler.planning.search import Search
from scheduler.proposal import Relaxation, RuleInstance

MAX_RELAXATIONS = 10
MAX_TOGETHER = 5  # rules to give up at once: more is no help to anybody, and long looked for
MAX_TRIED = 100  # sets of rules that may help
MAX_GROWN = 5000  # sets of rules of equal number

Rules = tuple[RuleInstance, ...]


class Relaxer:
    """
    Finds what to give up, the fewest rules first: whatever helps has a rule of every conflict.

    Notes
    -----
    Reiter, "A Theory of Diagnosis from First Principles", Artificial Intelligence 32, 1987: a tree of hitting sets.
    """

    def __init__(self, asked: Asked, conflict: Conflict, worth: Worth, finder: Finder, search: Search) -> None:
        self._asked = asked
        self._conflicts = [conflict]
        self._worth = worth
        self._finder = finder
        self._search = search
        self._pinned = {one.id for one in asked.problem.meetings if one.pinned is not None}

    def cheapest(self) -> tuple[Relaxation, ...]:
        """
        Return the relaxations of the fewest rules, of them the best, the best first.

        Each is proven. Some may be missing when the search ends before all were looked at, or when they are too
        many; and there are none where more than five rules would have to go.
        """
        found: list[Relaxation] = []
        with suppress(Undecided):
            for relaxation in self._fewest():
                found.append(relaxation)
        return tuple(sorted(found, key=lambda one: -one.objective)[:MAX_RELAXATIONS])

    def _fewest(self) -> Iterator[Relaxation]:
        """Yield every set of rules that helps, of as many rules as the smallest."""
        level: list[Rules] = [()]
        num_tried, helps = 0, False
        for _ in range(MAX_TOGETHER):
            if helps:
                return
            level = self._grown(level)
            for rules in level:
                if self._still(rules) is not None:
                    continue
                num_tried += 1
                if num_tried > MAX_TRIED:
                    return
                relaxation = self._given_up(rules)
                if relaxation is not None:
                    helps = True
                    yield relaxation

    def _grown(self, level: Iterable[Rules]) -> list[Rules]:
        """Return these sets of rules, none of which helps, each with one more, of a conflict that is left."""
        grown: dict[frozenset[RuleInstance], Rules] = {}
        for rules in level:
            for one in self._conflict(rules):
                grown.setdefault(frozenset((*rules, one)), (*rules, one))
            if len(grown) > MAX_GROWN:
                raise Undecided
        return list(grown.values())

    def _conflict(self, rules: Rules) -> Conflict:
        """Return a conflict that is left when these rules are given up."""
        left = self._still(rules)
        if left is None:
            left = self._finder.conflict(self._asked.without(frozenset(rules)))
            self._conflicts.append(left)
        return left

    def _still(self, rules: Rules) -> Conflict | None:
        """Return a conflict found before that stands whether or not these rules are given up."""
        pinned = self._pinned - {one.meeting for one in rules if one.rule == "pinned"}
        is_without_holidays = any(one.rule == "holiday" for one in rules)  # less notice may do then
        for conflict in self._conflicts:
            is_in_question = all(
                one not in rules
                and not (one.meeting in pinned and one.rule != "pinned")
                and not (is_without_holidays and one.rule == "notice")
                for one in conflict
            )
            if is_in_question:
                return conflict
        return None

    def _given_up(self, rules: Rules) -> Relaxation | None:
        """Return what giving up these rules leads to; None when there is still no plan."""
        asked = self._asked.without(frozenset(rules))
        if not self._finder.fits(asked):
            return None
        instance = asked.instance(self._worth)
        best = optimum(instance, self._search)
        if best.plan is None or best.status != "optimal":
            raise Undecided
        held = Held(asked.problem, asked.choices, best.plan)
        first, *others = (held.loosened(rule) for rule in rules)
        attendance = sum(float(one.gains[slot]) for one, slot in zip(asked.choices, best.plan, strict=True))
        return Relaxation(**first.model_dump(), objective=attendance, also=tuple(others))
