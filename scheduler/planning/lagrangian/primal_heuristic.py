"""Who makes a plan of a wish: one council at a time gets its best year, given what all others have taken."""

from functools import cached_property

import numpy as np

from scheduler.intervals import BoolArray, IntArray, ascending
from scheduler.planning.instance import NEG_INF, UNASSIGNED, Instance, UnitArray
from scheduler.planning.lagrangian.packing import PackingRows
from scheduler.planning.longest_path import LongestPaths
from scheduler.planning.relations import keeps


class PrimalHeuristic:
    """
    Plans that keep every row and relation, out of wishes that may not.

    A *wish* is a position for every meeting in which each council's year is in order.
    """

    def __init__(self, instance: Instance, rows: PackingRows) -> None:
        self._instance = instance
        self._rows = rows
        self._series: dict[int, LongestPaths] = {}
        self._meetings = [np.array(meetings, dtype=np.int64) for _, meetings in instance.meetings_by_council]
        self._is_exclusion = np.arange(len(rows)) < rows.num_conflict_sets

    @cached_property
    def _entries(self) -> list[IntArray]:
        """Which of the rows' entries are each council's."""
        council = self._instance.council[self._instance.meeting[self._rows.position]]
        ends = np.cumsum(np.bincount(council, minlength=len(self._meetings)))
        return np.split(ascending(council), ends[:-1])

    def repair(self, wish: IntArray, gains: UnitArray, turn: int = 0, before: int | None = None) -> IntArray:
        """
        Return a plan near the wish in which no row is taken too often; `UNASSIGNED` for a council that finds no room.

        Councils that exceed a row are placed anew one after another, another one first each ``turn``, or ``before``.
        """
        usage = self._rows.usage(wish)
        over = np.flatnonzero((usage > self._rows.capacity) & self._is_exclusion)
        if not len(over):
            return wish
        concerned = np.isin(wish, self._rows.positions_in(over))
        councils = np.unique(self._instance.council[concerned]).tolist()
        first = councils.index(before) if before in councils else turn % len(councils)
        mended, gains = wish.copy(), gains.copy()
        rows_of = self._rows.rows_of
        leaving = wish[np.isin(self._instance.council, councils)]
        usage -= np.bincount(rows_of(leaving[leaving != UNASSIGNED]), minlength=len(usage))
        for council in (*councils[first:], *councils[:first]):
            mine = self._meetings[council]
            rows = rows_of(mended[mine])
            if not self._fits(usage, rows):
                mended[mine] = self._best_given(usage, council, gains)
                if mended[mine[0]] == UNASSIGNED:
                    continue
                rows = rows_of(mended[mine])
            np.add.at(usage, rows, 1)
        return mended

    def _best_given(self, usage: IntArray, council: int, gains: UnitArray) -> IntArray:
        """Return the council's best year on the slots that the others leave."""
        if council not in self._series:
            self._series[council] = LongestPaths(self._instance, [council])
        entries = self._entries[council]
        rows = self._rows.row[entries]
        is_full = (usage[rows] >= self._rows.capacity[rows]) & self._is_exclusion[rows]
        shut = self._rows.position[entries[is_full]]
        kept = gains[shut]
        gains[shut] = NEG_INF
        _, positions = self._series[council].best(gains)
        gains[shut] = kept
        return positions[self._meetings[council]]

    def _fits(self, usage: IntArray, rows: IntArray) -> bool:
        return bool((usage[rows] < self._rows.capacity[rows])[self._is_exclusion[rows]].all())


def is_feasible(instance: Instance, rows: PackingRows, positions: IntArray) -> BoolArray:
    """UnitProgress, part by part, whether the positions keep every row and relation."""
    is_sound = np.ones(rows.num_components, dtype=np.bool_)
    is_sound[rows.component_of_row[rows.usage(positions) > rows.capacity]] = False
    is_sound[rows.component_of_meeting[positions == UNASSIGNED]] = False
    for tie in instance.relations:
        part = rows.component_of_meeting[tie.meetings[0]]
        is_sound[part] = is_sound[part] and keeps(tie, instance.held(positions[list(tie.meetings)]))
    return is_sound
