"""Subgradient method for the Lagrangian dual: multipliers of the packing rows, dual bound and incumbents."""

from collections.abc import Sequence

import numpy as np

from scheduler.intervals import BoolArray, FloatArray, IntArray
from scheduler.planning.instance import NEG_INF, UNASSIGNED, Instance, UnitArray
from scheduler.planning.lagrangian.dual_solution import DualSolution, DualStructure, lagrangian_gains
from scheduler.planning.lagrangian.packing import PackingRows
from scheduler.planning.lagrangian.primal_heuristic import PrimalHeuristic
from scheduler.planning.lagrangian.subgradient_state import DualBound, Incumbent, StepSize
from scheduler.planning.longest_path import LongestPaths
from scheduler.planning.search_types import Cut, Search
from scheduler.planning.unit_progress import report_units

__all__ = ["DualSolution", "resolve_dual", "solve_dual"]

MAX_ITERATIONS = 400
MAX_ITERATIONS_AGAIN = 40  # from known multipliers
FEW_POSITIONS = 100  # of a component, which is decided sooner than its plan is improved
# Deterministic time that a model is expected to take: more than in proportion to the number of its positions.
SECONDS_PER_POSITION = 1.5e-4
SECONDS_PER_SQUARED_POSITION = 7.5e-8
# Iterations that leave more than so much of the positions and of the first gap may take no more than a share of the
# time that a model of all positions is expected to take.
WIDE_POSITIONS = 0.5
WIDE_GAP = 0.25
MAX_SHARE_WHILE_WIDE = 0.1
FIXING_INTERVAL = 4  # iterations

# Deterministic time of an iteration, close to the time on an idle machine.
SECONDS_PER_ITERATION = 1e-3
SECONDS_PER_SLOT = 2e-7
SECONDS_PER_ENTRY = 2e-8  # of the packing rows
SECONDS_PER_PLACEMENT = 5e-4  # of a council whose path the primal heuristic computes again


def solve_dual(
    instance: Instance,
    search: Search,
    cuts: Sequence[Cut] = (),
    *,
    is_reused: bool = False,
) -> DualSolution | None:
    """
    Solve the Lagrangian dual; return None when a council has no path at all, so that no plan is feasible.

    With ``is_reused``, many changes of the instance are going to be judged by the bound: iterations then go on until
    the bound has converged, though a model of the positions left would prove this optimum sooner.
    """
    rows = PackingRows(instance, cuts)
    structure = DualStructure(
        rows=rows,
        paths=LongestPaths(instance),
        primal_heuristic=PrimalHeuristic(instance, rows),
    )
    method = _SubgradientMethod(instance, structure, is_reused=is_reused)
    if not method.start():
        return None
    return method.run(MAX_ITERATIONS, search)


def resolve_dual(
    instance: Instance,
    known: DualSolution,
    components: BoolArray,
    search: Search,
) -> DualSolution | None:
    """
    Solve the Lagrangian dual again after gains have changed, from known multipliers.

    Parameters
    ----------
    instance
        The instance of ``known`` with other gains (`Instance.with_gains`).
    known
        The solution to start from.
    components
        Shape ``(components,)``: those that contain changed gains. All others keep their solution.
    search
        The allowance, progress and cancellation.

    Returns
    -------
    DualSolution or None
        None when a council has no path any more.
    """
    method = _SubgradientMethod(instance, known.structure)
    if not method.restart(known, components):
        return None
    return method.run(MAX_ITERATIONS_AGAIN, search)


def seconds_of_model(num_positions: IntArray) -> FloatArray:
    """Return the deterministic time that models of so many positions are expected to take."""
    seconds = (SECONDS_PER_POSITION + SECONDS_PER_SQUARED_POSITION * num_positions) * num_positions
    return np.asarray(seconds, dtype=np.float64)


class _SubgradientMethod:
    """
    Subgradient method with Polyak steps, run on all components at once.

    A component is *active* until its bound is proven tight, its step size has converged, or a CP-SAT model of the
    positions left is expected to be quicker.
    """

    def __init__(
        self,
        instance: Instance,
        structure: DualStructure,
        *,
        is_reused: bool = False,
    ) -> None:
        self._instance = instance
        self._structure = structure
        self._is_reused = is_reused
        self._components = structure.rows.components
        self._component_of_position = self._components.of_meeting[instance.meeting]
        num_components = self._components.number
        self._bound = DualBound(instance, structure)
        self._incumbent = Incumbent(instance, structure)
        self._step_size = StepSize(num_components)
        self._multipliers = np.zeros(len(structure.rows))
        self._is_active = np.ones(num_components, dtype=np.bool_)
        # Deterministic time, of an iteration without the primal heuristic and of all iterations so far.
        self._seconds_a_iteration = (
            SECONDS_PER_ITERATION
            + SECONDS_PER_SLOT * len(instance.gains)
            + SECONDS_PER_ENTRY * len(structure.rows.incidence.row)
        )
        self._seconds = 0.0
        self._first_gap: UnitArray = np.full(num_components, -NEG_INF, dtype=np.int64)

    def start(self) -> bool:
        """Take the first step, from multipliers of 0; return whether every council has a path."""
        values, relaxed = self._structure.paths.best(self._instance.gains)
        if (relaxed == UNASSIGNED).any():
            return False
        multipliers = np.zeros(len(self._multipliers), dtype=np.int64)
        self._update(values, relaxed, self._instance.gains, multipliers, iteration=0)
        if not self._is_reused:
            self._stop_where_a_model_is_quicker()
        return True

    def restart(self, known: DualSolution, is_active: BoolArray) -> bool:
        """Take the first step of the active components, from known multipliers; return whether councils have paths."""
        self._is_active = is_active.copy()
        self._bound.restart(known, is_active)
        self._incumbent.restart(known, is_active)
        self._multipliers = known.multipliers.astype(np.float64)

        gains = lagrangian_gains(self._instance, self._structure.rows, known.multipliers)
        values, relaxed = self._structure.paths.best(gains)
        is_active_meeting = is_active[self._components.of_meeting]
        if (relaxed[is_active_meeting] == UNASSIGNED).any():
            return False
        relaxed = np.where(is_active_meeting, relaxed, self._incumbent.positions)
        self._update(values, relaxed, gains, known.multipliers, iteration=0)
        self._stop_where_a_model_is_quicker()
        return True

    def run(self, max_iterations: int, search: Search) -> DualSolution:
        """Iterate until no component is active, or the search is over."""
        search.allowance.draw(self._seconds)
        for iteration in range(max_iterations):
            if not self._is_active.any() or search.is_over:
                break
            seconds_before = self._seconds
            self._iterate(iteration)
            search.allowance.draw(self._seconds - seconds_before)
            self._report(search)
        # The smallest components are decided sooner than improved.
        has_few_positions = np.bincount(self._component_of_position) <= FEW_POSITIONS
        self._incumbent.ascend((self._incumbent.values < self._bound.values) & ~has_few_positions)
        return self._solution()

    def _iterate(self, iteration: int) -> None:
        """Solve the relaxation at the present multipliers, and change them by its subgradient."""
        # Bounds are computed at integer multipliers, so that they are exact in units.
        multipliers = np.rint(self._multipliers).astype(np.int64)
        gains = lagrangian_gains(self._instance, self._structure.rows, multipliers)
        values, relaxed = self._structure.paths.best(gains)
        # Inactive components keep their incumbent, which the primal heuristic then need not repair.
        is_active_meeting = self._is_active[self._components.of_meeting]
        relaxed = np.where(is_active_meeting, relaxed, self._incumbent.positions)
        self._update(values, relaxed, gains, multipliers, iteration)
        if iteration % FIXING_INTERVAL == FIXING_INTERVAL - 1 and not self._is_reused:
            self._stop_where_a_model_is_quicker()

    def _update(
        self,
        path_values: UnitArray,
        relaxed: IntArray,
        gains: UnitArray,
        multipliers: IntArray,
        iteration: int,
    ) -> None:
        """Update bound, incumbent and multipliers with the solution of the relaxation."""
        dual_values = self._bound.evaluate(path_values, multipliers)
        is_better = self._bound.improve(dual_values, multipliers, self._is_active)
        self._step_size.record(is_better)
        heuristic = self._structure.primal_heuristic
        num_placements = heuristic.num_placements
        self._incumbent.improve(relaxed, gains, iteration, self._is_active)
        num_placements = heuristic.num_placements - num_placements
        self._seconds += self._seconds_a_iteration + SECONDS_PER_PLACEMENT * num_placements
        # Where the incumbent's value equals the bound it is proven optimal.
        has_gap = self._incumbent.values < self._bound.values
        self._is_active &= has_gap & ~self._step_size.is_converged
        self._take_polyak_step(relaxed, dual_values)

    def _take_polyak_step(self, relaxed: IntArray, dual_values: UnitArray) -> None:
        """Move the multipliers along the subgradient: up on violated rows, down on rows with capacity left."""
        rows = self._structure.rows
        of_row = self._components.of_row
        num_components = self._components.number

        # ``usage - capacity`` is minus a subgradient of the dual function, which is minimised.
        violation = (rows.usage(relaxed) - rows.capacity).astype(np.float64)
        # Multipliers stay at 0 or above: directions that leave this range must not shorten the step.
        violation[(self._multipliers <= 0) & (violation < 0)] = 0
        squared_norm = np.bincount(of_row, weights=violation**2, minlength=num_components)

        # Polyak's step aims at the optimal dual value; the incumbent underestimates it. Without an incumbent, the
        # target is 2 % below the present value.
        fallback = dual_values - np.abs(dual_values) // 50
        target = np.where(self._incumbent.values > NEG_INF, self._incumbent.values, fallback)
        length = self._step_size.factor * (dual_values - target) / np.maximum(squared_norm, 1)
        moved = self._multipliers + length[of_row] * violation
        self._multipliers = np.maximum(moved, 0)

    def _stop_where_a_model_is_quicker(self) -> None:
        """
        Deactivate components in which a CP-SAT model of the positions left is quicker than further iterations.

        Reduced-cost fixing leaves the positions whose reduced cost is within the gap. Iterations are worthwhile as long
        as they take no more than a model of the positions left would. While they neither fix half of the positions nor
        close most of the gap, they are limited to a small share of the time that a model of all positions would take.
        """
        if not self._is_active.any():
            return
        component = self._component_of_position
        num_components = self._components.number
        gap = self._bound.values - self._incumbent.values
        # Until a component has its first plan, its gap is greater than any other.
        self._first_gap = np.where(self._first_gap >= -NEG_INF, gap, self._first_gap)
        # A position whose reduced cost exceeds the gap is in no plan that is as good as the incumbent.
        is_left = self._bound.reduced_cost <= gap[component]
        num_left = np.bincount(component[is_left], minlength=num_components)
        num_positions = np.bincount(component, minlength=num_components)

        seconds = self._seconds * num_positions / len(component)
        is_wide = (num_left > WIDE_POSITIONS * num_positions) & (gap > WIDE_GAP * self._first_gap)
        is_slower = seconds > seconds_of_model(num_left)
        is_slower |= is_wide & (seconds > MAX_SHARE_WHILE_WIDE * seconds_of_model(num_positions))
        self._is_active &= ~is_slower

    def _report(self, search: Search) -> None:
        """Report the incumbent and the bound of all components together, once every component has a plan."""
        if self._incumbent.is_complete:
            value = int(self._incumbent.values.sum())
            bound = int(self._bound.values.sum())
            report_units(self._instance, search, value, bound)

    def _solution(self) -> DualSolution:
        return DualSolution(
            component=self._components.of_meeting,
            positions=self._incumbent.positions,
            values=self._incumbent.values,
            bounds=self._bound.values,
            structure=self._structure,
            multipliers=self._bound.multipliers,
            at_multipliers=self._bound,
        )
