"""Build and solve the CP-SAT model; the same instance, seed and limit give the same answer."""

import math
from collections.abc import Callable, Sequence

import numpy as np
from ortools.sat.python import cp_model

from scheduler.intervals import BoolArray, IntArray
from scheduler.planning.cpsat.constraints import CONSTRAINTS
from scheduler.planning.cpsat.objective import total_gain
from scheduler.planning.cpsat.solver import solve
from scheduler.planning.cpsat.variables import PlanVariables
from scheduler.planning.instance import Instance
from scheduler.planning.search_types import Cut, Search, UnitProgress, UnitResult

PlanObjective = Callable[[PlanVariables], cp_model.LinearExprT]
PlanConstraint = Callable[[PlanVariables], None]


class PlanModel:
    """
    The model of some meetings: every meeting takes one candidate, and all rules between these meetings hold.

    ``meetings`` are all meetings when left out. Rules that join them with other meetings are not part of the model.
    Plans have the shape ``(meetings,)`` of the instance; the positions of meetings outside the model have no meaning.
    ``constraints`` restrict the plan further.
    """

    def __init__(
        self,
        instance: Instance,
        search: Search,
        cuts: Sequence[Cut] = (),
        meetings: Sequence[int] | None = None,
        constraints: Sequence[PlanConstraint] = (),
    ) -> None:
        self._instance = instance
        self._search = search
        self._cuts = cuts
        self._meetings = range(len(instance.choices)) if meetings is None else meetings
        self._constraints = constraints

    def best(
        self,
        is_candidate: BoolArray,
        hint: IntArray | None = None,
        progress: UnitProgress | None = None,
        objective: PlanObjective = total_gain,
        limit: float = math.inf,
    ) -> UnitResult:
        """
        Return the plan of the candidates that maximises the objective.

        Parameters
        ----------
        is_candidate
            Shape ``(positions,)``.
        hint
            A plan, shape ``(meetings,)``, from which the search starts.
        progress
            Called with ``(value, bound)`` for every better plan and every better bound.
        objective
            By default the total gain.
        limit
            Deterministic time of this search, if the allowance does not end before.
        """
        plan = self._build(is_candidate)
        plan.model.maximize(objective(plan))
        if hint is not None:
            for meeting in self._meetings:
                for position in plan.candidates[meeting].tolist():
                    plan.model.add_hint(plan.selected[position], position == hint[meeting])
        return solve(plan, self._search, progress, limit)

    def _build(self, is_candidate: BoolArray) -> PlanVariables:
        """Return the variables of a new model with all rules, cuts and further constraints."""
        plan = PlanVariables(cp_model.CpModel(), self._instance, self._meetings, is_candidate)
        for add_rule in CONSTRAINTS:
            add_rule(plan)
        for cut in self._cuts:
            moved = np.flatnonzero(self._instance.is_moved(cut))
            plan.model.add(plan.num_selected(moved) >= cut.min_moved)
        for add_constraint in self._constraints:
            add_constraint(plan)
        return plan
