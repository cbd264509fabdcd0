"""Who finds one council's best year that differs enough from others: a longest path that counts its moves."""

from collections.abc import Sequence

import numpy as np

from scheduler.intervals import IntArray
from scheduler.planning.instance import NEG_INF, Instance, UnitArray
from scheduler.planning.longest_path import PathGroup, best_ahead, path_group
from scheduler.planning.search import Cut, UnitResult

MAX_STATES = 4096  # counters together; beyond, the table would outgrow what it saves


def best_diverse_path(instance: Instance, cuts: Sequence[Cut]) -> UnitResult | None:
    """
    Return the best year of the only council that differs as every cut asks, the earliest of those that tie.

    None when the counters would be too many, or when there are other councils or anything between meetings but order
    and spacing.
    """
    num_states = int(np.prod([cut.min_moved + 1 for cut in cuts], dtype=np.float64))
    if num_states > MAX_STATES or len(instance.busy_councils) > 1 or instance.relations or len(instance.conflict_sets):
        return None
    positions, value = _Counted(path_group(instance, instance.busy_councils[0]), instance, cuts).best()
    if value == NEG_INF:
        return UnitResult("infeasible")
    return UnitResult("optimal", positions, value, value)


class _Counted:
    """A council's years by day and *state*: how many meetings moved so far against each earlier plan, up to enough."""

    def __init__(self, years: PathGroup, instance: Instance, cuts: Sequence[Cut]) -> None:
        self._years = years
        self._gains = instance.gains
        sizes = [cut.min_moved + 1 for cut in cuts]
        counters = np.stack(np.unravel_index(np.arange(np.prod(sizes)), sizes))  # (cuts, states)
        enough = np.array(sizes)[:, None] - 1
        self._is_enough = (counters == enough).all(axis=0)
        patterns = (np.arange(2 ** len(cuts))[:, None] >> np.arange(len(cuts))) & 1
        self._following = np.stack(  # by which plans a slot is moved from, and by state
            [np.ravel_multi_index(list(np.minimum(counters + moved[:, None], enough)), sizes) for moved in patterns]
        )
        moved_by = sum(instance.is_moved(cut).astype(np.int64) << bit for bit, cut in enumerate(cuts))
        self._pattern = years.by_day(np.asarray(moved_by, dtype=np.int64))[..., 0]

    def best(self) -> tuple[IntArray, int]:
        """Return the positions of the best year and its worth; `NEG_INF` when there is none."""
        table = self._years.table(self._gains)[..., 0]
        num_meetings, num_days = table.shape
        totals: list[UnitArray] = []
        after = np.broadcast_to(np.where(self._is_enough, 0, NEG_INF), (num_days, len(self._is_enough)))
        for place in reversed(range(num_meetings)):
            counted = np.take_along_axis(after, self._following[self._pattern[place]], axis=1)
            totals.insert(0, np.maximum(table[place][:, None] + counted, NEG_INF))
            after = best_ahead(totals[0], *self._years.reach)
        value = int(totals[0][:, 0].max())
        if value <= NEG_INF // 2:
            return np.zeros(num_meetings, dtype=np.int64), NEG_INF
        return self._years.slots_of(self._path(totals)[:, None], self._gains)[:, 0], value

    def _path(self, totals: Sequence[UnitArray]) -> IntArray:
        """Return the days of the best year, the earliest of equals."""
        least, most = self._years.reach
        days, state, first, end = [], 0, 0, len(totals[0])
        for place, total in enumerate(totals):
            day = first + int(total[first:end, state].argmax())
            state = int(self._following[self._pattern[place, day], state])
            days.append(day)
            first, end = day + least, day + most + 1
        return np.array(days, dtype=np.int64)
