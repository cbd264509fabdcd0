"""Who decides among few plans by looking at every one: what prices left open is often no more than that."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import or_

import numpy as np

from scheduler.planning.instance import UNASSIGNED, Instance
from scheduler.planning.lagrangian import DualSolution
from scheduler.planning.lagrangian.primal_heuristic import is_feasible
from scheduler.planning.search import UnitResult

MAX_SLOTS = 4  # a meeting that can still be taken, on average
MAX_YEARS = 400  # of one council
MAX_TIES = 500  # plans, where nothing is lost anywhere: settling meeting after meeting is quicker then
MAX_STEPS = 20_000  # of all the looking together: some ten milliseconds


class TooMany(Exception):
    """There are more plans than is worth looking at."""


@dataclass(frozen=True, slots=True)
class _Year:
    """One council's year: a position for each meeting, what it loses at the final prices, and the rows it takes."""

    loss: int
    positions: tuple[int, ...]
    rows: int  # a bit each


Levels = tuple[int, ...]  # the rows taken at least once, at least twice, and so on, a bit each


def best_within_gap(
    instance: Instance, dual: DualSolution, part: int, best: UnitResult, *, break_ties: bool = True
) -> UnitResult | None:
    """
    Return the best plan of one part, and of those that tie the earliest, having seen every plan worth as much.

    ``best`` is a plan to beat, or to equal when the earliest is wanted. None when there are too many to look at.
    """
    assert best.value is not None
    least = best.value if break_ties else best.value + 1
    can_be_taken = dual.reduced_cost <= int(dual.bounds[part]) - least
    is_mine = dual.component == part
    num_left = np.bincount(instance.meeting[can_be_taken], minlength=len(is_mine))[is_mine]
    if num_left.sum() > MAX_SLOTS * is_mine.sum():
        return None
    try:
        found = _Look(instance, dual, part, least, break_ties).settle() if num_left.all() else None
    except TooMany:
        return None
    return found or UnitResult("optimal", best.positions, best.value, best.value)


class _Look:
    """All plans of a part that are worth ``least`` or more, council by council."""

    def __init__(self, instance: Instance, dual: DualSolution, part: int, least: int, break_ties: bool) -> None:
        self._instance = instance
        self._dual = dual
        self._part = part
        self._least = least
        self._is_earliest_wanted = break_ties
        self._ceiling = int(dual.bounds[part])
        self._steps_left = MAX_STEPS
        self._decided: list[list[int]] = []
        self._found: tuple[int, ...] | None = None  # positions of the part's meetings, in the list's order
        self._meetings = np.flatnonzero(dual.component == part).tolist()
        kept = np.flatnonzero((dual.reduced_cost <= self._gap) & (dual.component == part)[instance.meeting])
        self._gain = dict(zip(kept.tolist(), instance.gains[kept].tolist(), strict=True))
        self._rows = dual.rows.conflict_sets_of(kept)
        rows = self._rows_that_matter()
        bits = {row: 1 << place for place, row in enumerate(rows)}
        self._bits = {at: sum(bits[row] for row in mine if row in bits) for at, mine in self._rows.items()}
        self._capacity = {bits[row]: int(dual.rows.capacity[row]) for row in rows}
        self._prices = {bits[row]: int(dual.multipliers[row]) for row in rows if dual.multipliers[row] > 0}
        num_councils = len(set(instance.council[self._meetings].tolist()))
        self._full = [  # the rows that are full when they are taken once, twice, and so on
            sum(bit for bit, most in self._capacity.items() if most == times) for times in range(1, num_councils + 1)
        ]

    def _rows_that_matter(self) -> list[int]:
        """Return the exclusions that slots of several councils take, and those that cost something."""
        takers = defaultdict(set)
        for at, rows in self._rows.items():
            for row in rows:
                takers[row].add(int(self._instance.council[self._instance.meeting[at]]))
        capacity, prices = self._dual.rows.capacity, self._dual.multipliers
        return sorted(
            row for row, councils in takers.items() if len(councils) > 1 or capacity[row] > 1 or prices[row] > 0
        )

    def settle(self) -> UnitResult | None:
        """Look at every plan, and return the best, when there is any."""
        councils = [
            (meetings, self._years(council, meetings))
            for council, (_, meetings) in enumerate(self._instance.meetings_by_council)
            if meetings and self._dual.component[meetings[0]] == self._part
        ]
        if not self._gap and math.prod(len(years) for _, years in councils) > MAX_TIES:
            raise TooMany
        councils.sort(key=lambda one: len(one[1]))
        self._last_users(councils)
        self._combine(councils, {}, (0,) * len(self._full), 0)
        if self._found is None:
            return None
        positions = np.full(len(self._instance.choices), UNASSIGNED, dtype=np.int64)
        positions[self._meetings] = self._found
        value = sum(self._gain[at] for at in self._found)
        return UnitResult("optimal", positions, value, value)

    def _take_step(self) -> None:
        self._steps_left -= 1
        if self._steps_left < 0:
            raise TooMany

    @property
    def _gap(self) -> int:
        return self._ceiling - self._least

    def _last_users(self, councils: Sequence[tuple[list[int], list[_Year]]]) -> None:
        """Note which dual rows are decided when so many councils are still to come: none of those takes them."""
        unseen = set(self._prices)
        for _, years in reversed(councils):
            takes = 0
            for year in years:
                takes |= year.rows
            self._decided.append([bit for bit in sorted(unseen) if bit & takes])
            unseen -= set(self._decided[-1])

    def _wasted(self, levels: Levels, num_left: int) -> int:
        """Return what is lost because rows that cost something are not taken as often as they might be."""
        return sum(
            self._prices[bit] * (self._capacity[bit] - sum(bool(level & bit) for level in levels))
            for bit in self._decided[num_left]
        )

    def _combine(
        self, councils: Sequence[tuple[list[int], list[_Year]]], taken: dict[int, int], levels: Levels, lost: int
    ) -> None:
        """Give the first of ``councils`` each of its years in turn, and the others what fits."""
        if not councils:
            self._consider(taken)
            return
        (meetings, years), *others = councils
        for year in years:
            if lost + year.loss > self._gap:
                break  # years rise by loss
            self._take_step()
            if not any(level & full & year.rows for level, full in zip(levels, self._full, strict=True)):
                raised = _raised(levels, year.rows)
                now_lost = lost + year.loss + self._wasted(raised, len(others))
                if now_lost <= self._gap:
                    taken.update(zip(meetings, year.positions, strict=True))
                    self._combine(others, taken, raised, now_lost)

    def _consider(self, taken: dict[int, int]) -> None:
        positions = tuple(taken[at] for at in self._meetings)
        value = sum(self._gain[at] for at in positions)
        if value < self._least or (value == self._least and self._found is not None and positions >= self._found):
            return
        plan = np.full(len(self._instance.choices), UNASSIGNED, dtype=np.int64)
        plan[self._meetings] = positions
        if is_feasible(self._instance, self._dual.rows, plan)[self._part]:
            self._least, self._found = value if self._is_earliest_wanted else value + 1, positions

    def _years(self, council: int, meetings: Sequence[int]) -> list[_Year]:
        """Return the council's years that lose no more than the gap, by loss."""
        kept = self._dual.reduced_cost <= self._gap
        first = self._instance.first
        slots = [(first[at] + np.flatnonzero(kept[first[at] : first[at + 1]])).tolist() for at in meetings]
        ways = _ways(self._instance, council, slots)
        gain = {at: int(self._dual.reduced_gains[at]) for several in slots for at in several}
        rest = dict.fromkeys(slots[-1], 0)  # what the best following meetings gain, where there are any
        for several in reversed(slots[:-1]):
            worth = {at: [gain[to] + rest[to] for to in ways[at] if to in rest] for at in several}
            rest |= {at: max(gains) for at, gains in worth.items() if gains}
        best = max(gain[at] + rest[at] for at in slots[0] if at in rest)
        years: list[_Year] = []

        def extend(chosen: tuple[int, ...], gained: int) -> None:
            if len(chosen) == len(slots):
                if self._keeps_rows(chosen):
                    years.append(_Year(best - gained, chosen, self._rows_of(chosen)))
                if len(years) > MAX_YEARS:
                    raise TooMany
                return
            for at in ways[chosen[-1]] if chosen else slots[0]:
                self._take_step()
                if at in rest and best - gained - gain[at] - rest[at] <= self._gap:
                    extend((*chosen, at), gained + gain[at])

        extend((), 0)
        years.sort(key=lambda year: (year.loss, year.positions))
        if self._instance.relations or len(self._dual.rows) > self._dual.rows.num_conflict_sets:
            return years
        alike: dict[tuple[int, int], _Year] = {}  # of years alike to everybody else, the earliest is in the best plan
        for year in years:
            alike.setdefault((year.loss, year.rows), year)
        return list(alike.values())

    def _keeps_rows(self, year: tuple[int, ...]) -> bool:
        """
        Tell whether a year does not exceed a row by itself: over a night, or on long roads, it might.

        Rows are counted once a council from here on, so that a year which may take one twice is left to the solver.
        """
        taken = [row for at in year for row in self._rows[at]]
        if len(taken) == len(set(taken)):
            return True
        times = Counter(taken)
        if any(1 < several <= self._dual.rows.capacity[row] for row, several in times.items()):
            raise TooMany
        return False

    def _rows_of(self, year: tuple[int, ...]) -> int:
        return reduce(or_, (self._bits[at] for at in year))


def _raised(levels: Levels, rows: int) -> Levels:
    """Return the levels when these rows are taken once more."""
    raised = []
    for level in levels:
        raised.append(level | rows)
        rows &= level
    return tuple(raised)


def _ways(instance: Instance, council: int, slots: Sequence[Sequence[int]]) -> dict[int, list[int]]:
    """Return which slots of the following meeting each slot leaves: order and spacing."""
    least, most = instance.meetings_by_council[council][0].spacing_range
    day = {at: int(instance.days[at]) for several in slots for at in several}
    ways: dict[int, list[int]] = {}
    for here, following in pairwise(slots):
        for at in here:
            apart = ((to, day[to] - day[at]) for to in following)
            ways[at] = [to for to, days in apart if least <= days and (most is None or days <= most)]
    return ways
