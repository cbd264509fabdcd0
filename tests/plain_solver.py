"""The CP-SAT model alone, as a reference for the decomposition methods."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from scheduler.planning.cpsat.model import PlanModel
from scheduler.planning.instance import Instance
from scheduler.planning.search_types import Cut, Search, UnitResult


def best_plan(instance: Instance, search: Search, cuts: Sequence[Cut] = ()) -> UnitResult:
    """Return the optimal plan by CP-SAT alone, with ties broken by the earliest starts."""
    model = PlanModel(instance, search, cuts)
    all_slots = np.ones(len(instance.gains), dtype=np.bool_)
    result = model.best(all_slots)
    if result.status != "optimal" or result.positions is None or result.value is None:
        return result
    upper_bounds = np.maximum.reduceat(instance.gains, instance.first[:-1])
    slack = int(upper_bounds.sum()) - result.value
    # A slot that loses more than the slack of the optimum against the sum of the upper bounds is in no optimal plan.
    candidates = instance.gains >= upper_bounds[instance.meeting] - slack
    return replace(result, positions=model.earliest(candidates, result.positions, result.value))
