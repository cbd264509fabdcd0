"""Who decides what prices left open: CP-SAT, on the few slots that can still be in a best plan."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from scheduler.intervals import Flags, Indices
from scheduler.planning.instance import NOWHERE, Instance
from scheduler.planning.prices import Priced
from scheduler.planning.search import Cut, Search, Settled
from scheduler.planning.series import NEVER
from scheduler.planning.ties import Ties

if TYPE_CHECKING:
    from scheduler.planning.cpsat.model import PlanModel

FEW_SLOTS = 300  # so many are searched first, those that lose least; then
WIDENING = 4  # times as many, until nothing outside can be better


class Rest:
    """One part's meetings, with what prices say of them."""

    def __init__(self, instance: Instance, priced: Priced, part: int, search: Search, cuts: Sequence[Cut]) -> None:
        self._instance = instance
        self._priced = priced
        self._part = part
        self._search = search
        self._cuts = cuts
        self._is_mine = (priced.part == part)[instance.meeting]
        self._ceiling = int(priced.bounds[part])  # losses are counted from here
        self._losses = np.where(self._is_mine, priced.loss, -NEVER)

    def settle(self) -> Settled:
        """Return the part's best plan, proven as far as the allowance goes; the earliest of those that tie."""
        best = self._best()
        if best.status != "optimal" or best.positions is None or best.value is None:
            return best
        return Settled("optimal", self._earliest(best.positions, best.value), best.value, best.value)

    def _best(self) -> Settled:
        value = int(self._priced.values[self._part])
        positions = np.where(self._priced.part == self._part, self._priced.positions, NOWHERE)
        if value == self._ceiling:
            return Settled("optimal", positions, value, value)
        best = Settled("feasible", positions, value, self._ceiling) if value > NEVER else None
        bound, num_slots = self._ceiling, FEW_SLOTS
        ordered = np.sort(self._losses[self._is_mine & (self._losses < -NEVER)])
        while not self._search.is_over:
            worst = int(ordered[-1]) if best is None else self._ceiling - _value(best)  # who loses more is out
            allowed = min(worst, int(ordered[min(num_slots, len(ordered)) - 1]))
            found = self._model().best(self._losing(allowed), None if best is None else best.positions, None)
            outside = ordered[np.searchsorted(ordered, allowed, side="right") :]
            beyond = (
                self._ceiling - int(outside[0]) if len(outside) else NEVER
            )  # no plan with another slot is worth more
            if found.positions is not None and (best is None or _value(found) > _value(best)):
                best = Settled("feasible", found.positions, found.value, bound)
            inside = NEVER if found.status == "infeasible" else bound if found.bound is None else found.bound
            bound = min(bound, max(inside, beyond))
            if best is None and max(inside, beyond) == NEVER:
                return Settled("infeasible")
            if best is not None and bound <= _value(best):
                return Settled("optimal", best.positions, best.value, best.value)
            if found.status in ("unknown", "feasible"):
                break
            num_slots *= WIDENING
        return (
            Settled("unknown", None, None, bound)
            if best is None
            else Settled("feasible", best.positions, best.value, bound)
        )

    def _earliest(self, positions: Indices, value: int) -> Indices:
        kept = self._losing(self._ceiling - value)
        meetings = np.flatnonzero(self._priced.part == self._part)
        if not any(kept[self._instance.first[at] : positions[at]].any() for at in meetings):
            return positions
        earliest, is_sure = Ties(self._instance, self._priced, self._part, value, self._search).earliest(positions)
        return earliest if is_sure else self._model().earliest(kept, earliest, value)

    def _losing(self, allowed: int) -> Flags:
        return np.asarray(self._losses <= allowed, dtype=np.bool_)

    def _model(self) -> "PlanModel":
        from scheduler.planning.cpsat.model import PlanModel  # here, so that what prices decide never loads OR-Tools

        return PlanModel(
            self._instance, self._search, self._cuts, np.flatnonzero(self._priced.part == self._part).tolist()
        )


def _value(settled: Settled) -> int:
    assert settled.value is not None
    return settled.value
