"""The CP-SAT model alone, as a reference for the decomposition methods."""

from collections.abc import Sequence

import numpy as np

from scheduler.planning.cpsat.model import PlanModel
from scheduler.planning.instance import Instance
from scheduler.planning.search_types import Cut, Search, UnitResult


def best_plan(instance: Instance, search: Search, cuts: Sequence[Cut] = ()) -> UnitResult:
    """Return an optimal plan by CP-SAT alone."""
    all_slots = np.ones(len(instance.gains), dtype=np.bool_)
    return PlanModel(instance, search, cuts).best(all_slots)
