"""CP-SAT models of the positions with the lowest reduced cost, whose bounds hold for all plans of a component."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from scheduler.intervals import BoolArray, IntArray
from scheduler.planning.instance import NEG_INF, Instance
from scheduler.planning.lagrangian import DualSolution, seconds_of_model
from scheduler.planning.search_types import Cut, Search, SearchStatus, UnitProgress, UnitResult
from scheduler.planning.unit_progress import ComponentProgress

if TYPE_CHECKING:
    from scheduler.planning.cpsat.model import PlanModel

WORTHWHILE = 2  # a model is solved when all positions within the gap are so many times as many
SMALL_MODEL = 1000  # positions, which are searched at once
WIDE_SHARE = 0.5  # of all positions, beyond which the best plan is far from an optimal one


class RestrictedModels:
    """Models of some positions of a component, selected by the reduced costs of the Lagrangian relaxation."""

    def __init__(
        self,
        instance: Instance,
        dual: DualSolution,
        component: int,
        cuts: Sequence[Cut],
        progress: ComponentProgress,
    ) -> None:
        self._instance = instance
        self._component = component
        self._cuts = cuts
        self._progress = progress
        self._meetings = np.flatnonzero(dual.component == component)
        self._bound = int(dual.bounds[component])
        is_own = (dual.component == component)[instance.meeting]
        self._reduced_cost = np.where(is_own, dual.reduced_cost, -NEG_INF)
        # Positions that no plan of the component selects have an infinite reduced cost, and are in no model.
        self._is_possible = self._reduced_cost < -NEG_INF

    @property
    def expected_seconds(self) -> float:
        """The deterministic time that the model of all positions is expected to take."""
        return float(seconds_of_model(np.array(np.count_nonzero(self._is_possible))))

    @property
    def is_small(self) -> bool:
        """Whether the model of all positions takes no longer than those of some of them."""
        return bool(np.count_nonzero(self._is_possible) < SMALL_MODEL)

    def is_wide(self, best: UnitResult) -> bool:
        """Return whether most positions can be in a better plan: bound and plan are far apart."""
        num_left = np.count_nonzero(self._is_left(best))
        return bool(num_left > WIDE_SHARE * np.count_nonzero(self._is_possible))

    def improve(
        self,
        best: UnitResult,
        positions_a_meeting: int,
        search: Search,
        share: float,
    ) -> UnitResult:
        """
        Return the better of ``best`` and the best plan of the positions with the lowest reduced cost.

        The model is left out when it would not be much smaller than that of all positions that can be in a better plan,
        or when so few are left that the last model decides them at once. Its time is limited.

        Parameters
        ----------
        best
            What is known of the component.
        positions_a_meeting
            The size of the model, an average.
        search
            The allowance, progress and cancellation.
        share
            The limit of the model, as a share of the time that a model of all positions is expected to take.
        """
        num_positions = positions_a_meeting * len(self._meetings)
        is_left = self._is_left(best)
        num_left = int(np.count_nonzero(is_left))
        is_whole = num_left <= num_positions
        if num_left < SMALL_MODEL or (not is_whole and num_left < WORTHWHILE * num_positions):
            return best

        is_candidate = is_left.copy()
        if not is_whole:
            cutoff = np.partition(self._reduced_cost[is_left], num_positions)[num_positions]
            is_candidate &= self._reduced_cost <= cutoff
        if best.positions is not None:
            # With the best plan among its candidates, the model has a plan to start from.
            is_candidate[best.positions[self._meetings]] = True

        # Every plan either stays within the model, or selects a position outside and loses its reduced cost.
        outside = self._reduced_cost[is_left & ~is_candidate]
        bound_outside = self._bound - int(outside.min()) if len(outside) else NEG_INF
        progress = self._callback(bound_outside, search)
        limit = share * self.expected_seconds
        found = self._model(search).best(is_candidate, best.positions, progress, limit=limit)
        return _better(best, found, max(_bound_inside(found, self._bound), bound_outside))

    def solve_left(self, best: UnitResult, search: Search) -> UnitResult:
        """Return the best plan of the positions that can be in a better plan, in a search that starts from ``best``."""
        is_candidate = self._is_left(best)
        if best.positions is not None:
            is_candidate[best.positions[self._meetings]] = True
        return self._solve(best, is_candidate, best.positions, search)

    def solve_all(self, best: UnitResult, search: Search) -> UnitResult:
        """
        Return the best plan of all positions, in a search without a plan to start from.

        A start far from the optimum delays the proof: on conferences it took up to five times as long.
        """
        return self._solve(best, self._is_possible, None, search)

    def _solve(
        self,
        best: UnitResult,
        is_candidate: BoolArray,
        start: IntArray | None,
        search: Search,
    ) -> UnitResult:
        found = self._model(search).best(is_candidate, start, self._callback(NEG_INF, search))
        return _better(best, found, _bound_inside(found, self._bound))

    def _is_left(self, best: UnitResult) -> BoolArray:
        """Reduced-cost fixing: a plan with a position that costs the gap or more is not better than the best."""
        if best.value is None:
            return self._is_possible
        return np.asarray(self._reduced_cost < self._bound - best.value, dtype=np.bool_)

    def _model(self, search: Search) -> "PlanModel":
        # Imported here: problems that the dual bound or enumeration decide never load OR-Tools.
        from scheduler.planning.cpsat.model import PlanModel

        return PlanModel(self._instance, search, self._cuts, self._meetings.tolist())

    def _callback(self, bound_outside: int, search: Search) -> UnitProgress | None:
        """
        Return a callback that reports a restricted model's plans and bounds.

        Parameters
        ----------
        bound_outside
            An upper bound on the component's plans that are not in the model.
        search
            The options with the callback for all components.
        """
        if search.progress is None:
            return None

        def report(value: int | None, bound_inside: int) -> None:
            # The model's own bound says nothing about the plans outside it.
            self._progress.report(search, self._component, value, max(bound_inside, bound_outside))

        return report


def _bound_inside(found: UnitResult, known_bound: int) -> int:
    """Return an upper bound on the plans within a restricted model."""
    if found.status == "infeasible":
        return NEG_INF
    return known_bound if found.bound is None else found.bound


def _better(best: UnitResult, found: UnitResult, bound: int) -> UnitResult:
    """Return the better of two results, with the status that ``bound``, valid for all plans, implies."""
    assert best.bound is not None
    bound = min(best.bound, bound)
    if found.value is not None and (best.value is None or found.value > best.value):
        best = found
    if best.value is None:
        return UnitResult("infeasible" if bound == NEG_INF else "unknown", bound=bound)
    status: SearchStatus = "optimal" if bound <= best.value else "feasible"
    return UnitResult(status, best.positions, best.value, max(bound, best.value))
