"""Who prices what councils share: a bound that no plan exceeds, good plans on the way, and what each slot loses."""

from scheduler.planning.lagrangian.propagation import SingleRowPropagation
from scheduler.planning.lagrangian.subgradient import DualSolution, resolve_dual, solve_dual
from scheduler.planning.lagrangian.tie_breaking import earliest_equal_plan

__all__ = ["DualSolution", "SingleRowPropagation", "earliest_equal_plan", "resolve_dual", "solve_dual"]
