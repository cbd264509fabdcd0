"""Longest path with counters: one council's best path that differs enough from earlier plans."""

import math
from collections.abc import Sequence

import numpy as np

from scheduler.intervals import BoolArray, IntArray
from scheduler.planning.instance import NEG_INF, Instance, UnitArray
from scheduler.planning.longest_path import NO_PATH, PathGroup, best_ahead
from scheduler.planning.search_types import Cut, UnitResult

MAX_STATES = 4096  # of all counters together: the recursion's table has a column for each


def best_diverse_path(instance: Instance, cuts: Sequence[Cut]) -> UnitResult | None:
    """
    Return the best path that satisfies every cut; of equally long paths, the one with the earliest starts.

    None when the recursion does not apply: several councils have meetings, meetings share relations or conflict sets,
    or the cuts need more than `MAX_STATES` counter states.
    """
    num_states = math.prod(cut.min_moved + 1 for cut in cuts)
    councils = instance.busy_councils
    if num_states > MAX_STATES or len(councils) > 1:
        return None
    if instance.relations or len(instance.conflict_sets):
        return None
    group = PathGroup(instance, np.array(councils))
    positions, value = _CountingPath(group, instance, cuts).best()
    if value == NEG_INF:
        return UnitResult("infeasible")
    return UnitResult("optimal", positions, value, value)


class _MoveCounter:
    """
    The counters of moved meetings as one *state* number.

    A state holds, for every cut, the number of moved meetings so far, up to ``min_moved``: more moves than that change
    nothing about which completions are feasible. State 0 is "nothing moved". A *pattern* is the set of cuts from whose
    plans a slot is moved, one bit a cut.
    """

    def __init__(self, cuts: Sequence[Cut]) -> None:
        num_cuts = len(cuts)
        sizes = [cut.min_moved + 1 for cut in cuts]
        enough = np.array(sizes)[:, None] - 1
        states = np.arange(math.prod(sizes))
        counters = np.stack(np.unravel_index(states, sizes))  # shape (cuts, states)
        is_enough = counters == enough
        self.is_enough: BoolArray = is_enough.all(axis=0)

        # Every pattern raises the counters of its cuts, none above enough.
        patterns = np.arange(2**num_cuts)[:, None]
        bits = np.arange(num_cuts)
        is_moved = (patterns >> bits) & 1
        following = []
        for moved in is_moved:
            raised = counters + moved[:, None]
            raised = np.minimum(raised, enough)
            state = np.ravel_multi_index(list(raised), sizes)
            following.append(state)
        self.following = np.stack(following)  # shape (patterns, states)


class _CountingPath:
    """
    Longest path of one council over ``(day, state)``.

    As with the plain recursion, the best completion depends only on the day and the state reached.
    """

    def __init__(
        self,
        group: PathGroup,
        instance: Instance,
        cuts: Sequence[Cut],
    ) -> None:
        self._cells = group.cells
        self._spacing = group.spacing
        self._gains = instance.gains
        self._counter = _MoveCounter(cuts)

        # With cuts of 0 days, the slots of a cell can differ in their patterns.
        self._pattern = np.zeros(len(instance.gains), dtype=np.int64)  # by position
        for bit, cut in enumerate(cuts):
            is_moved = instance.is_moved(cut)
            self._pattern += is_moved.astype(np.int64) << bit

    def best(self) -> tuple[IntArray, int]:
        """Return the positions of the best path and its value; `NEG_INF` when there is none."""
        totals = self._totals()
        initial_state = totals[0][:, 0]
        value = int(initial_state.max())
        if value <= NO_PATH:
            return np.zeros(len(totals), dtype=np.int64), NEG_INF
        return self._earliest_positions(totals), value

    def _totals(self) -> list[UnitArray]:
        """Return, by meeting, the best gain from it on; shape ``(days, states before the meeting)``."""
        tables = [(pattern, self._best_gains(pattern)) for pattern in np.unique(self._pattern).tolist()]
        num_meetings, num_days, _ = self._cells.shape
        is_enough = self._counter.is_enough

        # Backwards from the end, where only states with enough moves against every cut are feasible.
        totals: list[UnitArray] = []
        at_end = np.where(is_enough, 0, NEG_INF)
        after = np.broadcast_to(at_end, (num_days, len(at_end)))
        for meeting in reversed(range(num_meetings)):
            total = np.full(after.shape, NEG_INF, dtype=np.int64)
            for pattern, table in tables:
                days = np.flatnonzero(table[meeting] > NEG_INF)
                following = self._counter.following[pattern]
                completion = after[days[:, None], following]
                through_pattern = table[meeting, days, None] + completion
                total[days] = np.maximum(total[days], through_pattern)
            totals.append(total)
            if meeting:
                after = best_ahead(total, *self._spacing[meeting - 1])
        totals.reverse()
        return totals

    def _best_gains(self, pattern: int) -> UnitArray:
        """Return, by meeting and day, the best gain of the slots with a pattern; `NEG_INF` where there is none."""
        gains = np.where(self._pattern == pattern, self._gains, NEG_INF)
        return self._cells.best_gains(gains)[..., 0]

    def _earliest_positions(self, totals: Sequence[UnitArray]) -> IntArray:
        """Return the positions of the best path; the earliest of equals, as `argmax` returns the first maximum."""
        positions: list[int] = []
        state = 0
        first, end = 0, len(totals[0])
        for meeting, total in enumerate(totals):
            day = first + int(total[first:end, state].argmax())
            least, most = self._spacing[meeting]
            first, end = day + least, day + most + 1

            # Of the day's slots, the first that reaches the day's total with its own next state.
            slots = self._cells.slots_on(day, meeting)
            following = self._counter.following[self._pattern[slots], state]
            reached = self._gains[slots] + self._completion(totals[meeting + 1 :], first, end)[following]
            index = int(reached.argmax())
            positions.append(int(slots[index]))
            state = int(following[index])
        return np.array(positions, dtype=np.int64)

    def _completion(self, later: Sequence[UnitArray], first: int, end: int) -> UnitArray:
        """Return, by state, the best gain of the later meetings when the next is on the days ``first`` to ``end``."""
        if not later:
            return np.where(self._counter.is_enough, 0, NEG_INF)
        completion: UnitArray = later[0][first:end].max(axis=0, initial=NEG_INF)
        return completion
