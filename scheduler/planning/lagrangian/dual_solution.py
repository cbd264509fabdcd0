"""The result of the Lagrangian relaxation: bounds, multipliers, reduced costs and the best plan found."""

from dataclasses import dataclass
from typing import Protocol

from scheduler.intervals import IntArray
from scheduler.planning.instance import Instance, UnitArray
from scheduler.planning.lagrangian.packing import PackingRows
from scheduler.planning.lagrangian.primal_heuristic import PrimalHeuristic
from scheduler.planning.longest_path import LongestPaths


@dataclass(frozen=True, slots=True)
class DualStructure:
    """The parts of the relaxation that do not depend on gains, and are shared by instances that differ in them."""

    rows: PackingRows
    paths: LongestPaths
    primal_heuristic: PrimalHeuristic


class ReducedCosts(Protocol):
    """The reduced costs and gains of all positions at some multipliers, computed on first use."""

    @property
    def reduced_cost(self) -> UnitArray: ...

    @property
    def reduced_gains(self) -> UnitArray: ...


@dataclass(frozen=True, slots=True)
class DualSolution:
    """
    The best bounds and plans of every component, in units.

    Attributes
    ----------
    component
        The component of every meeting. Councils of different components share no row and no relation.
    positions
        The best plan, shape ``(meetings,)``; `UNASSIGNED` in components for which no plan was found.
    values, bounds
        The value of the best plan and an upper bound on every plan, by component; the value is `NEG_INF` without one.
    structure
        The packing rows, paths and primal heuristic.
    multipliers
        The multiplier of every packing row that proves the bounds; 0 or more.
    at_multipliers
        The reduced costs at the multipliers.
    """

    component: IntArray
    positions: IntArray
    values: UnitArray
    bounds: UnitArray
    structure: DualStructure
    multipliers: IntArray
    at_multipliers: ReducedCosts

    @property
    def reduced_cost(self) -> UnitArray:
        """By position: a plan that selects the position is worth at most the component's bound less this."""
        return self.at_multipliers.reduced_cost

    @property
    def reduced_gains(self) -> UnitArray:
        """Gains by position less their Lagrangian cost at the multipliers."""
        return self.at_multipliers.reduced_gains

    @property
    def rows(self) -> PackingRows:
        return self.structure.rows


def lagrangian_gains(instance: Instance, rows: PackingRows, multipliers: IntArray) -> UnitArray:
    """Return gains less the Lagrangian cost; `NEG_INF` stays far below every path value."""
    return instance.gains - rows.cost(multipliers)
