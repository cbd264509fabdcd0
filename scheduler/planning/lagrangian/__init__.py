"""Lagrangian relaxation of the packing rows: dual bound, multipliers, reduced costs and incumbents."""

from scheduler.planning.lagrangian.packing_propagation import SingleRowPropagation
from scheduler.planning.lagrangian.subgradient import DualSolution, resolve_dual, seconds_of_model, solve_dual

__all__ = ["DualSolution", "SingleRowPropagation", "resolve_dual", "seconds_of_model", "solve_dual"]
