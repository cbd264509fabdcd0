"""Who builds the model and searches it, so that the same question gets the same answer whatever the load."""

from collections.abc import Callable, Sequence

import numpy as np
from ortools.sat.python import cp_model

from scheduler.intervals import BoolArray, IntArray
from scheduler.planning.cpsat import objective
from scheduler.planning.cpsat.constraints import CONSTRAINTS
from scheduler.planning.cpsat.solver import solve
from scheduler.planning.cpsat.variables import PlanVariables
from scheduler.planning.instance import Instance
from scheduler.planning.search import Cut, Search, UnitProgress, UnitResult

Goal = Callable[[PlanVariables], cp_model.LinearExprT]
Demand = Callable[[PlanVariables], None]


class PlanModel:
    """
    The plan of some meetings as a model: each takes one slot of those kept, and every rule between them holds.

    Meetings of councils that share something with these are planned with them. Positions are given and returned for
    all meetings of the problem; those of other meetings mean nothing. ``demands`` constrain a plan further.
    """

    def __init__(
        self,
        instance: Instance,
        search: Search,
        cuts: Sequence[Cut] = (),
        meetings: Sequence[int] | None = None,
        demands: Sequence[Demand] = (),
    ) -> None:
        self._instance = instance
        self._demands = demands
        self._search = search
        self._cuts = cuts
        self._meetings = range(len(instance.choices)) if meetings is None else meetings

    def best(
        self,
        kept: BoolArray,
        hint: IntArray | None = None,
        tell: UnitProgress | None = None,
        goal: Goal = objective.worth,
    ) -> UnitResult:
        """Return the plan of greatest worth, or of what ``goal`` says, of the slots kept; searched from ``hint``."""
        plan = self._variables(kept)
        plan.model.maximize(goal(plan))
        if hint is not None:
            for meeting in self._meetings:
                for position in plan.open[meeting].tolist():
                    plan.model.add_hint(plan.taken[position], position == hint[meeting])
        return solve(plan, self._search, tell)

    def earliest(self, kept: BoolArray, positions: IntArray, worth: int) -> IntArray:
        """
        Return the plan that is worth as much as ``positions``, ``worth``, whose starts come first in turn.

        ``kept`` holds whatever such a plan can take.
        """
        kept = kept.copy()
        if not any(kept[self._instance.first[at] : positions[at]].any() for at in self._meetings):
            return positions
        found = self._first_by(kept, worth, lambda plan: objective.is_earlier_than(plan, positions))
        if found is None:  # nearly always: plans seldom tie
            return positions
        settled = 1 + next(place for place, at in enumerate(self._meetings) if found[at] != positions[at])
        while True:
            for at in self._meetings[:settled]:
                kept[self._instance.first[at] : self._instance.first[at + 1]] = False
                kept[found[at]] = True
            if settled == len(self._meetings):
                return found
            after = settled

            def in_turn(plan: PlanVariables, first: int = settled) -> cp_model.LinearExpr:
                nonlocal after
                rank, after = objective.starts_in_turn(plan, first)
                return rank

            following = self._first_by(kept, worth, in_turn)
            found = found if following is None else following
            settled = after

    def _first_by(self, kept: BoolArray, worth: int, rank: Goal) -> IntArray | None:
        plan = self._variables(kept)
        least = sum(int(self._instance.gains[plan.open[at]].min()) for at in self._meetings)
        if least < worth:  # else every plan of the slots kept is worth enough
            plan.model.add(objective.worth(plan) >= worth)
        plan.model.minimize(rank(plan))
        return solve(plan, self._search).positions

    def _variables(self, kept: BoolArray) -> PlanVariables:
        plan = PlanVariables(cp_model.CpModel(), self._instance, self._meetings, kept)
        for constraint in CONSTRAINTS:
            constraint(plan)
        for cut in self._cuts:
            moved = np.flatnonzero(self._instance.is_moved(cut))
            plan.model.add(plan.takes_any(moved) >= cut.min_moved)
        for demand in self._demands:
            demand(plan)
        return plan
