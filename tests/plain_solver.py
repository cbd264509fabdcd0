"""The CP-SAT model alone, as a reference for the decomposition methods."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from scheduler.planning.cpsat.model import PlanModel
from scheduler.planning.instance import Instance
from scheduler.planning.search import Cut, Search, UnitResult


def best_plan(instance: Instance, search: Search, cuts: Sequence[Cut] = ()) -> UnitResult:
    """Return what the model alone makes of everything: the plan of greatest worth, the earliest of those that tie."""
    model = PlanModel(instance, search, cuts)
    everything = np.ones(len(instance.gains), dtype=np.bool_)
    settled = model.best(everything)
    if settled.status != "optimal" or settled.positions is None or settled.value is None:
        return settled
    ceilings = np.maximum.reduceat(instance.gains, instance.first[:-1])
    slack = int(ceilings.sum()) - settled.value
    worthy = instance.gains >= ceilings[instance.meeting] - slack  # a slot that loses more is in no plan of this worth
    return replace(settled, positions=model.earliest(worthy, settled.positions, settled.value))
