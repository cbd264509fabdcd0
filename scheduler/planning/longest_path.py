"""Longest paths over days: the best sequence of meetings of every council on its own, by dynamic programming."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from scheduler.intervals import IntArray
from scheduler.planning.day_cells import DayCells
from scheduler.planning.instance import NEG_INF, UNASSIGNED, Instance, UnitArray
from scheduler.problem import SpacingRange

# NEG_INF plus a sum of gains is at most this, a sum of gains alone is above it (both by `MAX_TOTAL`).
NO_PATH = NEG_INF // 2


class LongestPaths:
    """
    The longest paths of several councils.

    A *path* selects a slot for each of a council's meetings so that their order and spacing are respected. Gains are an
    argument of every call: Lagrangian costs lower them, and `NEG_INF` excludes a position. ``councils`` are
    indices into ``instance.meetings_by_council``; a council without meetings has the empty path of value 0.
    """

    def __init__(self, instance: Instance, councils: Iterable[int] | None = None) -> None:
        self._num_councils = len(instance.meetings_by_council)
        self._num_meetings = len(instance.choices)
        selected = range(self._num_councils) if councils is None else councils
        self.councils = [council for council in selected if instance.meetings_by_council[council][1]]

        # Councils with as many meetings and the same spacing share one table, and thereby one pass of the recursion.
        councils_by_shape = defaultdict(list)
        for council in self.councils:
            shape = _shape(instance, council)
            councils_by_shape[shape].append(council)
        self._groups = [PathGroup(instance, np.array(members)) for members in councils_by_shape.values()]

    def best(self, gains: UnitArray) -> tuple[UnitArray, IntArray]:
        """
        Return the value of every council's longest path, and the position of every meeting on it.

        Of equally long paths, the one with the earliest starts is returned.

        Returns
        -------
        values
            Shape ``(councils,)``, in units; `NEG_INF` where a council has no path.
        positions
            Shape ``(meetings,)``; `UNASSIGNED` for the meetings of a council without a path.
        """
        values = np.zeros(self._num_councils, dtype=np.int64)
        positions = np.full(self._num_meetings, UNASSIGNED, dtype=np.int64)
        for group in self._groups:
            group_values, group_positions = group.best(gains)
            values[group.councils] = group_values
            positions[group.meetings] = group_positions
        return values, positions

    def through(self, gains: UnitArray) -> UnitArray:
        """Return the value of the longest path through every position; `NEG_INF` where there is none."""
        return through(gains, self.others(gains))

    def others(self, gains: UnitArray) -> UnitArray:
        """
        Return the best total gain of the council's other meetings, given that the position is selected.

        `NEG_INF` where no path contains the position.
        """
        others = np.full(len(gains), NEG_INF, dtype=np.int64)
        for group in self._groups:
            others[group.cells.slots] = group.others(gains)
        return others


def through(gains: UnitArray, others: UnitArray) -> UnitArray:
    """Return the path values ``gains + others``; `NEG_INF` where either is."""
    has_path = (others > NO_PATH) & (gains > NO_PATH)
    return np.where(has_path, gains + others, NEG_INF)


class CouncilPaths:
    """The `LongestPaths` of single councils, each built when it is first used."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._paths: dict[int, LongestPaths] = {}

    def __getitem__(self, council: int) -> LongestPaths:
        if council not in self._paths:
            self._paths[council] = LongestPaths(self._instance, [council])
        return self._paths[council]


def _shape(instance: Instance, council: int) -> tuple[SpacingRange, ...]:
    """Return the spacing after each of a council's meetings."""
    _, meetings = instance.meetings_by_council[council]
    return tuple(instance.spacing[meeting] for meeting in meetings)


class PathGroup:
    """
    The longest paths of councils with the same number of meetings and the same spacing, computed together.

    With ``g[k, d]`` the best gain of meeting ``k`` on day ``d``, the recursion is
    ``after[k, d] = max(g[k + 1, e] + after[k + 1, e])`` over all days ``e`` in the spacing range after ``d``.
    """

    def __init__(self, instance: Instance, councils: IntArray) -> None:
        self.councils = councils
        self.meetings = np.array([instance.meetings_by_council[council][1] for council in councils]).T
        self.cells = DayCells(instance, self.meetings)
        _, num_days, _ = self.cells.shape
        # By meeting, the fewest and the most days to the next one.
        self.spacing = [
            (least, num_days if most is None else min(most, num_days))
            for least, most in _shape(instance, int(councils[0]))
        ]

    def best(self, gains: UnitArray) -> tuple[UnitArray, IntArray]:
        """Return the paths' values, shape ``(councils,)``, and positions, shape ``(meetings, councils)``."""
        table = self.cells.best_gains(gains)
        total = table + self._after(table)
        values = np.maximum(total[0].max(axis=0), NEG_INF)
        days = self._earliest_days(total)
        positions = self.cells.best_slots(days, gains)
        has_no_path = values <= NO_PATH
        positions[:, has_no_path] = UNASSIGNED
        values[has_no_path] = NEG_INF
        return values, positions

    def others(self, gains: UnitArray) -> UnitArray:
        """Return the best total gain of the other meetings around each of the slots."""
        # Given the day of a meeting, the choices before and after it are independent.
        table = self.cells.best_gains(gains)
        others = self._after(table) + self._before(table)
        by_slot = self.cells.by_slot(others)
        return np.maximum(by_slot, NEG_INF)

    def _after(self, table: UnitArray) -> UnitArray:
        """Return the best total gain of all later meetings, by meeting and its day."""
        after = np.zeros_like(table)
        last = len(table) - 1
        for meeting in reversed(range(last)):
            # Clipping at NEG_INF keeps sums of several exclusions from overflowing 64 bits.
            total = table[meeting + 1] + after[meeting + 1]
            total = np.maximum(total, NEG_INF)
            after[meeting] = best_ahead(total, *self.spacing[meeting])
        return after

    def _before(self, table: UnitArray) -> UnitArray:
        """Return the best total gain of all earlier meetings, by meeting and its day."""
        before = np.zeros_like(table)
        for meeting in range(1, len(table)):
            total = table[meeting - 1] + before[meeting - 1]
            total = np.maximum(total, NEG_INF)
            # The same sliding maximum with time reversed.
            best = best_ahead(total[::-1], *self.spacing[meeting - 1])
            before[meeting] = best[::-1]
        return before

    def _earliest_days(self, total: UnitArray) -> IntArray:
        """Return the days of the best paths, counted from the first day, shape ``(meetings, councils)``."""
        num_meetings, num_days, num_councils = self.cells.shape
        column = np.arange(num_councils)

        # `argmax` returns the first maximum: the earliest day from which the remaining path is still optimal.
        days = np.empty((num_meetings, num_councils), dtype=np.int64)
        days[0] = total[0].argmax(axis=0)
        for meeting in range(1, num_meetings):
            least, most = self.spacing[meeting - 1]
            ahead = np.arange(least, max(most, least) + 1)[:, None]
            # Days beyond the last are mapped to it: the last day is in range itself, or the council has no path.
            reachable = np.minimum(days[meeting - 1] + ahead, num_days - 1)
            completions = total[meeting][reachable, column]
            best = completions.argmax(axis=0)
            days[meeting] = reachable[best, column]
        return days


def best_ahead(values: UnitArray, least: int, most: int) -> UnitArray:
    """
    Return the sliding maximum of ``values`` over the days ``day + least`` to ``day + most``.

    ``values`` and the result have the shape ``(days, columns)``; `NEG_INF` where the range holds no day.
    """
    num_days, num_columns = values.shape
    width = min(most, num_days - 1) - least + 1
    if width < 1:
        return np.full_like(values, NEG_INF)
    greatest = np.full((num_days + width - 1, num_columns), NEG_INF, dtype=np.int64)
    greatest[: num_days - least] = values[least:]

    # The maximum over 2w days is the maximum of two maxima over w days: the width covered doubles with every step.
    covered = 1
    while covered < width:
        step = min(covered, width - covered)
        greatest = np.maximum(greatest[:-step], greatest[step:])
        covered += step
    return greatest
