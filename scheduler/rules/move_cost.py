"""`move_cost`: the cost, in expected parties, of moving a meeting from its published start."""

import numpy as np

from scheduler.availability import Slots
from scheduler.intervals import FloatArray, to_seconds
from scheduler.options import PlanOptions
from scheduler.problem import Meeting, Problem
from scheduler.rules.preference import Preference


def _cost(
    problem: Problem,
    options: PlanOptions,
    meeting: Meeting,
    slots: Slots,
) -> FloatArray | None:
    published = problem.published.get(meeting.id)
    if published is None or options.objective != "repair":
        return None
    is_kept = slots.starts == to_seconds(problem.instant(published))
    return np.where(is_kept, 0.0, options.move_cost)


MOVE_COST = Preference(name="move_cost", cost=_cost)
