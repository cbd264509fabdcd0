"""Who decides what prices left open: CP-SAT, on the few slots that can still be in a best plan."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from scheduler.intervals import Flags, Indices
from scheduler.planning.enumeration import best_of_few
from scheduler.planning.instance import NEVER, NOWHERE, Instance
from scheduler.planning.lagrangian import Priced, earliest_of_those_that_tie
from scheduler.planning.search import Cut, Search, Settled, Tell

if TYPE_CHECKING:
    from scheduler.planning.cpsat.model import PlanModel

FEW_SLOTS = 12  # so many a meeting are searched first, those that lose least of all; then
WIDENING = 4  # times as many, until nothing outside can be better


class Rest:
    """One part's meetings, with what prices say of them."""

    def __init__(self, instance: Instance, priced: Priced, part: int, search: Search, cuts: Sequence[Cut]) -> None:
        self._instance = instance
        self._priced = priced
        self._part = part
        self._search = search
        self._cuts = cuts
        self._meetings = np.flatnonzero(priced.part == part)
        self._is_mine = (priced.part == part)[instance.meeting]
        self._ceiling = int(priced.bounds[part])  # losses are counted from here
        self._losses = np.where(self._is_mine, priced.loss, -NEVER)

    def settle(self) -> Settled:
        """Return the part's best plan, proven as far as the allowance goes; the earliest of those that tie."""
        best = self.best(is_earliest_wanted=True)
        if best.status != "optimal" or best.positions is None or best.value is None:
            return best
        return replace(best, positions=self._earliest(best.positions, best.value))

    def best(self, *, is_earliest_wanted: bool = False) -> Settled:
        """Return a plan of the part that none is worth more than, proven as far as the allowance goes."""
        best = self._by_prices()
        if best.status == "feasible":
            asked = self._instance, self._priced, self._part, best
            seen = best_of_few(*asked, is_earliest_wanted=is_earliest_wanted)
            if seen is not None:
                return seen
        num_slots = FEW_SLOTS * len(self._meetings)
        while best.status in ("feasible", "unknown") and not self._search.is_over:
            best, went_through = self._among(num_slots, best)
            if not went_through:
                break
            num_slots *= WIDENING
        return best

    def _by_prices(self) -> Settled:
        """Return what prices found."""
        value = int(self._priced.values[self._part])
        if value == NEVER:
            return Settled("unknown", bound=self._ceiling)
        positions = np.where(self._priced.part == self._part, self._priced.positions, NOWHERE)
        return Settled("optimal" if value == self._ceiling else "feasible", positions, value, self._ceiling)

    def _among(self, num_slots: int, best: Settled) -> tuple[Settled, bool]:
        """Return the best with what CP-SAT finds among so many slots, and whether it went through them all."""
        assert best.bound is not None
        losses = np.sort(self._losses[self._losses < -NEVER])
        allowed = int(losses[min(num_slots, len(losses)) - 1])
        if best.value is not None:
            allowed = min(allowed, self._ceiling - best.value)  # who loses more is in no better plan
        found = self._model().best(self._losing(allowed), best.positions, self._tell)
        outside = losses[np.searchsorted(losses, allowed, side="right") :]
        without = self._ceiling - int(outside[0]) if len(outside) else NEVER  # no plan with another slot is worth more
        within = NEVER if found.status == "infeasible" else best.bound if found.bound is None else found.bound
        bound = min(best.bound, max(within, without))
        is_better = found.value is not None and (best.value is None or found.value > best.value)
        better = found if is_better else best
        if better.value is None:
            return Settled("infeasible" if bound == NEVER else "unknown", bound=bound), found.status == "infeasible"
        is_proven = bound <= better.value
        settled = Settled(
            "optimal" if is_proven else "feasible", better.positions, better.value, max(bound, better.value)
        )
        return settled, found.status in ("optimal", "infeasible")

    def _earliest(self, positions: Indices, value: int) -> Indices:
        kept = self._losing(self._ceiling - value)
        if not any(kept[self._instance.first[at] : positions[at]].any() for at in self._meetings):
            return positions
        best = Settled("optimal", positions, value, value)
        seen = best_of_few(self._instance, self._priced, self._part, best)
        if seen is not None and seen.positions is not None:
            return seen.positions
        earliest, is_sure = earliest_of_those_that_tie(
            self._instance, self._priced, self._part, positions, value, self._search
        )
        return earliest if is_sure else self._model().earliest(kept, earliest, value)

    def _losing(self, allowed: int) -> Flags:
        return np.asarray(self._losses <= allowed, dtype=np.bool_)

    def _model(self) -> "PlanModel":
        from scheduler.planning.cpsat.model import PlanModel  # here, so that what prices decide never loads OR-Tools

        return PlanModel(self._instance, self._search, self._cuts, self._meetings.tolist())

    @property
    def _tell(self) -> Tell | None:
        """How to tell of this part's plans, those of all other parts added."""
        progress = self._search.progress
        is_other = np.arange(len(self._priced.bounds)) != self._part
        values, bounds = self._priced.values[is_other], self._priced.bounds[is_other]
        if progress is None or (values == NEVER).any():
            return None
        value, bound = int(values.sum()), int(bounds.sum())

        def tell(own_value: int, own_bound: int) -> None:
            reached = min(own_bound, self._ceiling)
            progress((value + own_value) / self._instance.scale, self._instance.to_parties(bound + reached))

        return tell
