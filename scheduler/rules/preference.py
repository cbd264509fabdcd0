"""The base class of preferences: soft constraints with a cost by slot, in expected parties."""

from collections.abc import Callable
from dataclasses import dataclass

from scheduler.availability import Slots
from scheduler.intervals import FloatArray
from scheduler.options import PlanOptions
from scheduler.problem import Meeting, Problem


@dataclass(frozen=True, slots=True)
class Preference:
    """
    A preference that a plan may leave unmet at a cost.

    Attributes
    ----------
    name
        The preference's name.
    cost
        Return what each slot of a meeting costs, in expected parties, shape ``(slots,)``; None when none costs
        anything. The planner maximises attendance less all costs.
    """

    name: str
    cost: Callable[[Problem, PlanOptions, Meeting, Slots], FloatArray | None]
