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

        # A cut compares days, so that all slots of a cell have one pattern.
        pattern = np.zeros(len(instance.gains), dtype=np.int64)
        for bit, cut in enumerate(cuts):
            is_moved = instance.is_moved(cut)
            pattern += is_moved.astype(np.int64) << bit
        table = self._cells.table_of(pattern)
        self._pattern = table[..., 0]  # shape (meetings, days)

    def best(self) -> tuple[IntArray, int]:
        """Return the positions of the best path and its value; `NEG_INF` when there is none."""
        totals = self._totals()
        initial_state = totals[0][:, 0]
        value = int(initial_state.max())
        if value <= NO_PATH:
            return np.zeros(len(totals), dtype=np.int64), NEG_INF
        days = self._earliest_days(totals)
        positions = self._cells.best_slots(days[:, None], self._gains)
        return positions[:, 0], value

    def _totals(self) -> list[UnitArray]:
        """Return, by meeting, the best gain from it on; shape ``(days, states before the meeting)``."""
        table = self._cells.best_gains(self._gains)
        num_meetings, num_days, _ = table.shape
        is_enough = self._counter.is_enough

        # Backwards from the end, where only states with enough moves against every cut are feasible.
        totals: list[UnitArray] = []
        at_end = np.where(is_enough, 0, NEG_INF)
        after = np.broadcast_to(at_end, (num_days, len(at_end)))
        for meeting in reversed(range(num_meetings)):
            pattern = self._pattern[meeting]
            following = self._counter.following[pattern]
            completion = np.take_along_axis(after, following, axis=1)
            total = table[meeting] + completion
            total = np.maximum(total, NEG_INF)
            totals.append(total)
            if meeting:
                after = best_ahead(total, *self._spacing[meeting - 1])
        totals.reverse()
        return totals

    def _earliest_days(self, totals: Sequence[UnitArray]) -> IntArray:
        """Return the days of the best path; the earliest of equals, as `argmax` returns the first maximum."""
        days: list[int] = []
        state = 0
        first, end = 0, len(totals[0])
        for meeting, total in enumerate(totals):
            reachable = total[first:end, state]
            day = first + int(reachable.argmax())
            pattern = self._pattern[meeting, day]
            state = int(self._counter.following[pattern, state])
            days.append(day)
            least, most = self._spacing[meeting]
            first, end = day + least, day + most + 1
        return np.array(days, dtype=np.int64)
