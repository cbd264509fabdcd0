"""Who finds the fewest rules to give up so that a plan exists: every set of them that leaves no conflict."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from scheduler.planning.infeasibility.conflict import Conflict, Finder
from scheduler.planning.infeasibility.least import least
from scheduler.planning.infeasibility.quickxplain import Undecided
from scheduler.planning.infeasibility.relaxation_size import Held
from scheduler.planning.infeasibility.relaxed_problem import Asked, UnitArray, rewritten
from scheduler.planning.optimum import optimum
from scheduler.planning.search import Plan, Search
from scheduler.proposal import TOLERANCE, Loosened, Relaxation, RuleInstance

MAX_RELAXATIONS = 10  # sets of rules
MAX_TOGETHER = 5  # rules to give up at once: more is no help to anybody, and long looked for
MAX_TRIED = 100  # sets of rules that may help
MAX_GROWN = 5000  # sets of rules of equal number

Rules = tuple[RuleInstance, ...]


class _Best(NamedTuple):
    """A plan that none is better than, and what of it is maximised."""

    plan: Plan
    value: float


@dataclass(frozen=True, slots=True)
class Way:
    """Rules that are given up, how far they have to be changed for the best plan then, and what this is worth."""

    rules: Rules
    changes: tuple[Loosened, ...]
    worth: float  # what is maximised
    attendance: float

    @property
    def relaxation(self) -> Relaxation:
        first, *others = self.changes
        return Relaxation(**first.model_dump(), objective=self.attendance, also=tuple(others))


class Relaxer:
    """
    Finds what to give up, the fewest rules first: whatever helps has a rule of every conflict.

    Notes
    -----
    Reiter, "A Theory of Diagnosis from First Principles", Artificial Intelligence 32, 1987: a tree of hitting sets.
    """

    def __init__(self, asked: Asked, conflict: Conflict, worth: UnitArray, finder: Finder, search: Search) -> None:
        self._asked = asked
        self._conflicts = [conflict]
        self._worth = worth
        self._finder = finder
        self._search = search
        self._tolerance = TOLERANCE * len(asked.problem.meetings)
        self._pinned = {one.id for one in asked.problem.meetings if one.pinned is not None}

    def cheapest(self) -> tuple[Relaxation, ...]:
        """
        Return the relaxations of the fewest rules, of them the best, the best first.

        Each is proven. Of rules that have degrees there are two where they differ: just enough for the best plan that
        giving them up leads to, and just enough for any. Some may be missing when the search ends before all were
        looked at, or when they are too many; and there are none where more than five rules would have to go.
        """
        found: list[Way] = []
        with suppress(Undecided):
            found.extend(self._fewest())
        best = sorted(found, key=_by_attendance)[:MAX_RELAXATIONS]
        told = [smaller for way in best for smaller in self._with_least(way)]
        return tuple(way.relaxation for way in sorted(told, key=_by_attendance))

    def _with_least(self, way: Way) -> list[Way]:
        """Return the way with no greater changes than its worth needs, and than any plan needs; or as far as known."""
        try:
            return self._smaller(way)
        except Undecided:
            return [way]

    def _smaller(self, way: Way) -> list[Way]:

        def is_as_good(changes: Sequence[Loosened]) -> bool:
            asked = self._asked.without(way.rules, changes)
            found = self._best(asked, break_ties=False)
            return found is not None and found.value >= way.worth - self._tolerance

        def fits(changes: Sequence[Loosened]) -> bool:
            return self._finder.fits(self._asked.without(way.rules, changes))

        problem = rewritten(self._asked.problem, way.rules)
        smaller = dict.fromkeys(tuple(least(problem, way.changes, do)) for do in (is_as_good, fits))
        found = (way if changes == way.changes else self._way(way.rules, changes) for changes in smaller)
        return list({other.changes: other for other in found if other is not None}.values())

    def _fewest(self) -> Iterator[Way]:
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
                way = self._way(rules)
                if way is not None:
                    helps = True
                    yield way

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
            left = self._finder.conflict(self._asked.without(rules))
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

    def _way(self, rules: Rules, changes: Sequence[Loosened] = ()) -> Way | None:
        """Return what giving up these rules leads to, or changing them so; None when there is still no plan."""
        asked = self._asked.without(rules, changes)
        best = self._best(asked)
        if best is None:
            return None
        held = Held(rewritten(self._asked.problem, rules), asked.choices, best.plan)
        attendance = sum(float(one.gains[slot]) for one, slot in zip(asked.choices, best.plan, strict=True))
        return Way(rules, tuple(held.loosened(rule) for rule in rules), best.value, attendance)

    def _best(self, asked: Asked, *, break_ties: bool = True) -> _Best | None:
        """Return the best plan of what is asked; None when there is none."""
        if not self._finder.fits(asked):
            return None
        found = optimum(asked.instance(self._worth), self._search, break_ties=break_ties)
        if found.plan is None or found.value is None or found.status != "optimal":
            raise Undecided
        return _Best(found.plan, found.value)


def _by_attendance(way: Way) -> float:
    return -way.attendance
