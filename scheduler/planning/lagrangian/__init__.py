"""Lagrangian relaxation of the packing rows: dual bound, multipliers, reduced costs, incumbents, tie-breaking."""

from scheduler.planning.lagrangian.packing_propagation import SingleRowPropagation
from scheduler.planning.lagrangian.subgradient import DualSolution, resolve_dual, solve_dual
from scheduler.planning.lagrangian.tie_breaking import earliest_equal_plan

__all__ = ["DualSolution", "SingleRowPropagation", "earliest_equal_plan", "resolve_dual", "solve_dual"]
