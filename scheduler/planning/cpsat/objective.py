"""The value of a plan in the CP-SAT model, in units: as objective and as constraint."""

from ortools.sat.python import cp_model

from scheduler.planning.cpsat.variables import PlanVariables


def total_gain(plan: PlanVariables) -> cp_model.LinearExpr:
    """Return the plan's value in units."""
    positions = list(plan.selected)
    gains = plan.instance.gains[positions].tolist()
    literals = list(plan.selected.values())
    return cp_model.LinearExpr.weighted_sum(literals, gains)


def require_value(plan: PlanVariables, minimum: int) -> None:
    """Constrain the plan's value to ``minimum`` units or more."""
    plan.model.add(total_gain(plan) >= minimum)
