"""State of the subgradient method: the best dual bound, the incumbent and the step size of every component."""

import numpy as np

from scheduler.intervals import BoolArray, IntArray
from scheduler.planning.instance import NEG_INF, UNASSIGNED, Instance, UnitArray
from scheduler.planning.lagrangian.dual_solution import DualSolution, DualStructure, lagrangian_gains
from scheduler.planning.lagrangian.primal_heuristic import is_feasible
from scheduler.planning.longest_path import NO_PATH

MAX_STALLED_ITERATIONS = 10  # without a better bound, until the step is halved
INITIAL_PLACEMENTS = 2  # a council, granted to the primal heuristic before the first iteration
MIN_PLACEMENTS = 2  # of councils an iteration: about the time of the iteration itself
INITIAL_STEP_FACTOR = 1.0  # of Polyak's step
MIN_STEP_FACTOR = 0.01  # of Polyak's step: below, multipliers hardly move and bounds hardly improve


class DualBound:
    """The lowest dual bound of every component so far, and the multipliers that prove it."""

    def __init__(self, instance: Instance, structure: DualStructure) -> None:
        self._instance = instance
        self._structure = structure
        self._rows = structure.rows
        self._components = structure.rows.components
        self.values: UnitArray = np.full(self._components.number, -NEG_INF, dtype=np.int64)
        self.multipliers: IntArray = np.zeros(len(self._rows), dtype=np.int64)
        self._reduced_gains: UnitArray | None = None
        self._reduced_cost: UnitArray | None = None

    def restart(self, known: DualSolution, is_active: BoolArray) -> None:
        """Take over known bounds and multipliers; the bounds of active components are no longer valid."""
        self.values = np.where(is_active, -NEG_INF, known.bounds)
        self.multipliers = known.multipliers.copy()
        self._forget()

    def evaluate(self, path_values: UnitArray, multipliers: IntArray) -> UnitArray:
        """
        Return the Lagrangian dual function of every component.

        By weak duality every value is an upper bound: a feasible plan satisfies all rows, so that with multipliers of
        0 or more the term ``multipliers * (capacity - usage)`` adds nothing negative to the plan's value.
        """
        components = self._components
        values = np.zeros(components.number, dtype=np.int64)
        np.add.at(values, components.of_council, path_values)
        np.add.at(values, components.of_row, multipliers * self._rows.capacity)
        return values

    def improve(
        self,
        values: UnitArray,
        multipliers: IntArray,
        is_active: BoolArray,
    ) -> BoolArray:
        """Keep the values that are lower than all before, with their multipliers; return where they are."""
        is_better = (values < self.values) & is_active
        if is_better.any():
            self.values[is_better] = values[is_better]
            # A row belongs to one component: multipliers of different iterations can be combined by component.
            is_better_row = is_better[self._components.of_row]
            self.multipliers[is_better_row] = multipliers[is_better_row]
            self._forget()
        return is_better

    def _forget(self) -> None:
        self._reduced_gains = None
        self._reduced_cost = None

    @property
    def reduced_gains(self) -> UnitArray:
        """Gains by position less their Lagrangian cost at the best multipliers."""
        if self._reduced_gains is None:
            self._reduced_gains = lagrangian_gains(self._instance, self._rows, self.multipliers)
        return self._reduced_gains

    @property
    def reduced_cost(self) -> UnitArray:
        """
        By position, how far the bound falls when a plan must select it.

        The relaxation separates by council, so that this is the council's longest path less its longest path through
        the position; ``-NEG_INF`` for positions on no path.
        """
        if self._reduced_cost is None:
            through = self._structure.paths.through(self.reduced_gains)
            council = self._instance.council[self._instance.meeting]
            num_councils = len(self._instance.meetings_by_council)
            longest = np.full(num_councils, NEG_INF, dtype=np.int64)
            np.maximum.at(longest, council, through)
            loss = longest[council] - through
            self._reduced_cost = np.where(through > NO_PATH, loss, -NEG_INF)
        return self._reduced_cost


class Incumbent:
    """The best feasible plan of every component so far."""

    def __init__(self, instance: Instance, structure: DualStructure) -> None:
        self._instance = instance
        self._structure = structure
        self._components = structure.rows.components
        self.values: UnitArray = np.full(self._components.number, NEG_INF, dtype=np.int64)
        self.positions: IntArray = np.full(len(instance.choices), UNASSIGNED, dtype=np.int64)
        self._placements_a_iteration = MIN_PLACEMENTS + len(instance.busy_councils) // 20
        self._placements = INITIAL_PLACEMENTS * len(instance.busy_councils)

    @property
    def is_complete(self) -> bool:
        """Whether every component has a plan."""
        return bool((self.values > NEG_INF).all())

    def restart(self, known: DualSolution, is_active: BoolArray) -> None:
        """Take over the known plan; in active components its value is that of the present gains."""
        self.positions = known.positions.copy()
        gains = self._instance.gains[self.positions]
        of_meeting = self._components.of_meeting
        values = self._sum_by_component(gains)
        # Positions may have been excluded since the plan was found.
        is_infeasible = (self.positions == UNASSIGNED) | (gains == NEG_INF)
        values[of_meeting[is_infeasible]] = NEG_INF
        self.values = np.where(is_active, values, known.values)

    def improve(
        self,
        relaxed: IntArray,
        reduced_gains: UnitArray,
        iteration: int,
        is_active: BoolArray,
    ) -> None:
        """Repair a relaxed solution, and keep the plan in the components where it is better than all before."""
        heuristic = self._structure.primal_heuristic
        involved = heuristic.violating_councils(relaxed)
        # Repairs that place many councils cost more than the iteration itself: they have to wait for their turn.
        if len(involved) > self._placements:
            self._placements += self._placements_a_iteration
            return
        self._placements += self._placements_a_iteration - len(involved)
        self.offer(heuristic.repair(relaxed, reduced_gains, iteration, involved), is_active)

    def ascend(self, is_active: BoolArray) -> None:
        """Improve the plan of the active components by coordinate ascent."""
        if is_active.any():
            self.offer(self._structure.primal_heuristic.ascend(self.positions), is_active)

    def offer(self, plan: IntArray, is_active: BoolArray) -> None:
        """Keep a plan in the active components in which it is feasible and better than all before."""
        structure = self._structure
        gains = self._instance.gains
        values = self._sum_by_component(gains[plan])
        feasible = is_feasible(self._instance, structure.rows, plan)
        # A plan with an excluded position has a sum of gains below every path's.
        is_better = feasible & (values > np.maximum(self.values, NO_PATH)) & is_active
        self.values[is_better] = values[is_better]
        is_better_meeting = is_better[self._components.of_meeting]
        self.positions[is_better_meeting] = plan[is_better_meeting]

    def _sum_by_component(self, gains: UnitArray) -> UnitArray:
        """Return the sum of gains, given by meeting, of every component."""
        total = np.zeros(self._components.number, dtype=np.int64)
        np.add.at(total, self._components.of_meeting, gains)
        return total


class StepSize:
    """The factor of Polyak's step in every component, halved whenever the bound stalls (Held, Wolfe and Crowder)."""

    def __init__(self, num_components: int) -> None:
        self.factor = np.full(num_components, INITIAL_STEP_FACTOR)
        self._num_stalled = np.zeros(num_components, dtype=np.int64)

    @property
    def is_converged(self) -> BoolArray:
        return np.asarray(self.factor <= MIN_STEP_FACTOR, dtype=np.bool_)

    def record(self, is_better: BoolArray) -> None:
        """Record the components whose bound improved in this iteration."""
        self._num_stalled = np.where(is_better, 0, self._num_stalled + 1)
        is_stalled = self._num_stalled >= MAX_STALLED_ITERATIONS
        self.factor[is_stalled] /= 2
        self._num_stalled[is_stalled] = 0
