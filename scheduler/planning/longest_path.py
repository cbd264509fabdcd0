"""Who finds a council's best year as a longest path over days: exact, in a moment, and blind to other councils."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

import numpy as np

from scheduler.intervals import IntArray
from scheduler.planning.instance import NEG_INF, UNASSIGNED, Instance, UnitArray


class LongestPaths:
    """
    The years of some councils, those of equal shape side by side.

    A year keeps its order and spacing; gains are given anew each time, so that a price or a closed slot may lower
    them. ``councils`` counts through ``instance.meetings_by_council``; one without meetings has the empty year.
    """

    def __init__(self, instance: Instance, councils: Iterable[int] | None = None) -> None:
        everybody = range(len(instance.meetings_by_council))
        self.councils = [at for at in councils or everybody if instance.meetings_by_council[at][1]]
        self._num_councils = len(everybody)
        self._num_meetings = len(instance.choices)
        shapes = defaultdict(list)
        for at in self.councils:
            shapes[_shape(instance, at)].append(at)
        self._years = [PathGroup(instance, np.array(alike), *shape) for shape, alike in shapes.items()]

    def best(self, gains: UnitArray) -> tuple[UnitArray, IntArray]:
        """
        Return what each council's best year is worth, and the position of each meeting's slot in it.

        Of equal years it is the one with the earliest starts. `NEG_INF` and `UNASSIGNED` where there is none.
        """
        values = np.zeros(self._num_councils, dtype=np.int64)
        positions = np.full(self._num_meetings, UNASSIGNED, dtype=np.int64)
        for years in self._years:
            values[years.councils], positions[years.meetings] = years.best(gains)
        return values, positions

    def through(self, gains: UnitArray) -> UnitArray:
        """Return for each position what its council's best year through it is worth; `NEG_INF` where there is none."""
        return through(gains, self.others(gains))

    def others(self, gains: UnitArray) -> UnitArray:
        """Return for each position what the council's other meetings can be worth; `NEG_INF` where they cannot be."""
        others = np.full(len(gains), NEG_INF, dtype=np.int64)
        for years in self._years:
            others[years.slots] = years.others(gains)
        return others


def through(gains: UnitArray, others: UnitArray) -> UnitArray:
    """Return what years are worth that are made of slots and their ``others``; `NEG_INF` where either cannot be."""
    return np.where((others > NEG_INF // 2) & (gains > NEG_INF // 2), gains + others, NEG_INF)


def path_group(instance: Instance, council: int) -> "PathGroup":
    """Return one council's years alone."""
    return PathGroup(instance, np.array([council]), *_shape(instance, council))


def _shape(instance: Instance, index: int) -> tuple[int, int, int | None]:
    council, meetings = instance.meetings_by_council[index]
    return len(meetings), *council.spacing_range


class PathGroup:
    """
    Councils of equal shape: ``num_meetings`` each, consecutive ones ``least`` to ``most`` days apart.

    A *cell* is a meeting's slots of one day; tables have the shape ``(meetings, days, councils)``.
    """

    def __init__(self, instance: Instance, councils: IntArray, num_meetings: int, least: int, most: int | None) -> None:
        self.councils = councils
        self.meetings = np.array([instance.meetings_by_council[at][1] for at in councils]).T
        members = self.meetings.ravel()
        sizes = instance.num_slots[members]
        offset = np.repeat(instance.first[members] - np.cumsum(sizes) + sizes, sizes)
        self.slots = np.arange(len(offset)) + offset
        days = instance.days[self.slots]
        row = np.repeat(np.arange(len(members)), sizes)
        first_day = int(days.min())
        num_days = int(days.max()) - first_day + 1
        self._shape = (num_meetings, num_days, len(councils))
        self.reach = (least, num_days if most is None else min(most, num_days))
        is_new = np.concatenate([[True], (row[1:] != row[:-1]) | (days[1:] != days[:-1])])
        self._first_of_cell = np.flatnonzero(is_new)
        self._cell = np.cumsum(is_new) - 1
        place, council = np.divmod(row[is_new], len(councils))
        self._where = np.ravel_multi_index((place, days[is_new] - first_day, council), self._shape)

    def best(self, gains: UnitArray) -> tuple[UnitArray, IntArray]:
        """Return each year's worth, shape ``(councils,)``, and the slots' positions, ``(meetings, councils)``."""
        table = self.table(gains)
        total = table + self._after(table)
        values = np.maximum(total[0].max(axis=0), NEG_INF)
        found = self.slots_of(self._earliest_days(total), gains)
        found[:, values <= NEG_INF // 2] = UNASSIGNED
        values[values <= NEG_INF // 2] = NEG_INF
        return values, found

    def others(self, gains: UnitArray) -> UnitArray:
        """Return what the best of the other meetings is worth around each of the slots."""
        table = self.table(gains)
        others = (self._after(table) + self._before(table)).ravel()[self._where][self._cell]
        return np.asarray(np.maximum(others, NEG_INF), dtype=np.int64)

    def table(self, gains: UnitArray) -> UnitArray:
        """Return the best gain of each meeting and day; `NEG_INF` where it has no slot."""
        table = np.full(self._shape, NEG_INF, dtype=np.int64)
        table.ravel()[self._where] = np.maximum.reduceat(gains[self.slots], self._first_of_cell)
        return table

    def by_day(self, values: IntArray) -> IntArray:
        """Return what holds of all a meeting's slots of a day, given by position, for each meeting and day; else 0."""
        table = np.zeros(self._shape, dtype=np.int64)
        table.ravel()[self._where] = values[self.slots[self._first_of_cell]]
        return table

    def _after(self, table: UnitArray) -> UnitArray:
        """Return the best of the meetings behind each, when it is on that day."""
        after = np.zeros_like(table)
        for place in range(len(table) - 2, -1, -1):
            after[place] = best_ahead(np.maximum(table[place + 1] + after[place + 1], NEG_INF), *self.reach)
        return after

    def _before(self, table: UnitArray) -> UnitArray:
        """Return the best of the meetings before each, when it is on that day."""
        before = np.zeros_like(table)
        for place in range(1, len(table)):
            best = np.maximum(table[place - 1] + before[place - 1], NEG_INF)
            before[place] = best_ahead(best[::-1], *self.reach)[::-1]
        return before

    def _earliest_days(self, total: UnitArray) -> IntArray:
        """Return the days of the best years, counted from the first, shape ``(meetings, councils)``."""
        num_meetings, num_days, num_councils = self._shape
        least, most = self.reach
        column = np.arange(num_councils)
        ahead = np.arange(least, max(most, least) + 1)[:, None]
        days = np.empty((num_meetings, num_councils), dtype=np.int64)
        days[0] = total[0].argmax(axis=0)  # the first of equals
        for place in range(1, num_meetings):
            reached = np.minimum(days[place - 1] + ahead, num_days - 1)  # beyond the last day there is no year at all
            days[place] = reached[total[place][reached, column].argmax(axis=0), column]
        return days

    def slots_of(self, days: IntArray, gains: UnitArray) -> IntArray:
        """Return the position of the best slot, the first of equals, of each meeting's day."""
        own = gains[self.slots]
        cell_at = self._cell_at[np.arange(len(days))[:, None], days, np.arange(days.shape[1])]
        first, last = self._first_of_cell[cell_at], self._end_of_cell[cell_at]
        best = first.copy()
        for step in range(1, int((last - first).max(initial=0))):
            other = np.minimum(first + step, last - 1)
            best = np.where(own[other] > own[best], other, best)
        return np.asarray(self.slots[best], dtype=np.int64)

    @cached_property
    def _cell_at(self) -> IntArray:
        """The cell of each meeting and day; any where there is none."""
        cell_at = np.zeros(self._shape, dtype=np.int64)
        cell_at.ravel()[self._where] = np.arange(len(self._where))
        return cell_at

    @cached_property
    def _end_of_cell(self) -> IntArray:
        return np.append(self._first_of_cell[1:], len(self.slots))


def best_ahead(best: UnitArray, least: int, most: int) -> UnitArray:
    """
    Return for each day the greatest of ``best``, shape ``(days, councils)``, from ``least`` to ``most`` days later.

    The width of what is looked at doubles with every step.
    """
    num_days, num_councils = best.shape
    width = min(most, num_days - 1) - least + 1
    if width < 1:
        return np.full_like(best, NEG_INF)
    greatest = np.full((num_days + width - 1, num_councils), NEG_INF, dtype=np.int64)
    greatest[: num_days - least] = best[least:]
    looked_at = 1
    while looked_at < width:
        step = min(looked_at, width - looked_at)
        greatest = np.maximum(greatest[:-step], greatest[step:])
        looked_at += step
    return greatest
