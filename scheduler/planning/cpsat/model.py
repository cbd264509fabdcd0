"""Build and solve the CP-SAT model; the same instance, seed and limit give the same answer."""

from collections.abc import Callable, Sequence

import numpy as np
from ortools.sat.python import cp_model

from scheduler.intervals import BoolArray, IntArray
from scheduler.planning.cpsat.constraints import CONSTRAINTS
from scheduler.planning.cpsat.objective import lexicographic_rank, rank_among_earlier, total_gain
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
        """
        plan = self._build(is_candidate)
        plan.model.maximize(objective(plan))
        if hint is not None:
            for meeting in self._meetings:
                for position in plan.candidates[meeting].tolist():
                    plan.model.add_hint(plan.selected[position], position == hint[meeting])
        return solve(plan, self._search, progress)

    def earliest(
        self,
        is_candidate: BoolArray,
        positions: IntArray,
        value: int,
    ) -> IntArray:
        """
        Return the plan of at least the given value with the lexicographically earliest starts.

        Parameters
        ----------
        is_candidate
            Shape ``(positions,)``: includes every position of every such plan.
        positions, value
            A plan and its value in units.
        """
        candidates = is_candidate.copy()
        if not self._has_earlier(candidates, positions):
            return positions
        plan = self._minimise(candidates, value, lambda variables: rank_among_earlier(variables, positions))
        # Equally good plans are rare: nearly always this proves that there is no earlier one.
        if plan is None:
            return positions

        # The minimal rank settles all meetings up to the first difference; the others follow in groups.
        differs = plan != positions
        first_difference = next(index for index, meeting in enumerate(self._meetings) if differs[meeting])
        num_fixed = first_difference + 1
        while num_fixed < len(self._meetings):
            self._fix(candidates, self._meetings[:num_fixed], plan)
            plan, num_fixed = self._fix_next_group(candidates, plan, value, num_fixed)
        return plan

    def _fix_next_group(
        self,
        candidates: BoolArray,
        plan: IntArray,
        value: int,
        num_fixed: int,
    ) -> tuple[IntArray, int]:
        """Return the plan with the next meetings as early as possible, and how many meetings are fixed then."""
        end = num_fixed

        def rank(variables: PlanVariables) -> cp_model.LinearExpr:
            nonlocal end
            expression, end = lexicographic_rank(variables, num_fixed)
            return expression

        earlier = self._minimise(candidates, value, rank)
        return plan if earlier is None else earlier, end

    def _fix(
        self,
        candidates: BoolArray,
        meetings: Sequence[int],
        plan: IntArray,
    ) -> None:
        """Leave each of the meetings only its position in the plan."""
        for meeting in meetings:
            first, end = self._instance.first[meeting], self._instance.first[meeting + 1]
            candidates[first:end] = False
            candidates[plan[meeting]] = True

    def _has_earlier(self, candidates: BoolArray, positions: IntArray) -> bool:
        """Return whether any meeting has a candidate before its position."""
        first = self._instance.first
        return any(candidates[first[meeting] : positions[meeting]].any() for meeting in self._meetings)

    def _minimise(
        self,
        candidates: BoolArray,
        value: int,
        objective: PlanObjective,
    ) -> IntArray | None:
        """Return the plan of at least the given value that minimises the objective; None when none is found."""
        plan = self._build(candidates)
        # The constraint is left out when every plan of the candidates satisfies it.
        lowest_gains = [int(self._instance.gains[plan.candidates[meeting]].min()) for meeting in self._meetings]
        if sum(lowest_gains) < value:
            plan.model.add(total_gain(plan) >= value)
        plan.model.minimize(objective(plan))
        return solve(plan, self._search).positions

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
