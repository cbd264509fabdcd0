"""Who builds the model and searches it, so that the same question gets the same answer whatever the load."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from ortools.sat.python import cp_model

from scheduler.candidates import MeetingCandidates
from scheduler.intervals import Flags
from scheduler.planning import units
from scheduler.planning.cpsat import objective
from scheduler.planning.cpsat.constraints import RULES
from scheduler.planning.cpsat.variables import PlanVariables
from scheduler.planning.search import Cut, Found, Plan, Progress, Search
from scheduler.problem import Problem

LARGE_MODEL = 15_000  # booleans: from here on one strategy alone may get stuck
STRATEGIES = 8  # interleaved on one thread, so that the search is the same on any machine
GUARD_SECONDS, GUARD = (
    30,
    3,
)  # the wall clock stops a search only when it is this many times slower than its deterministic limit


def best_plan(
    problem: Problem, choices: Sequence[MeetingCandidates], search: Search, cuts: Sequence[Cut] = ()
) -> Found:
    """Return the plan of greatest attendance; of plans that tie in whole units, the one with the earliest starts."""
    scale = units.units_per_party(choices)
    gains = units.whole_gains(choices, scale)
    everything = [np.ones(len(one.slots), dtype=np.bool_) for one in choices]
    plan = _variables(problem, choices, everything, cuts)
    plan.model.maximize(objective.attendance(plan, gains))
    solver = _solver(search, plan)
    status = _solve(solver, plan, search, _Watch(scale, search.progress) if search.progress else None)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Found("infeasible" if status == cp_model.INFEASIBLE else "unknown")
    taken = _taken(solver, plan)
    if status == cp_model.OPTIMAL:
        taken = _earliest(problem, choices, search, cuts, taken)
    value = float(sum(one.gains[slot] for one, slot in zip(choices, taken, strict=True)))
    bound = max(value, float(solver.best_objective_bound) / scale + units.rounding(choices, gains, scale))
    return Found("optimal" if status == cp_model.OPTIMAL else "feasible", taken, value, bound)


def _variables(
    problem: Problem, choices: Sequence[MeetingCandidates], kept: Sequence[Flags], cuts: Sequence[Cut]
) -> PlanVariables:
    plan = PlanVariables(cp_model.CpModel(), choices, kept)
    for rule in RULES:
        rule(plan, problem)
    for cut in cuts:
        moved = [
            plan.takes_any(at, np.flatnonzero(np.abs(one.slots.days - one.slots.days[slot]) >= cut.min_days))
            for at, (one, slot) in enumerate(zip(choices, cut.plan, strict=True))
        ]
        plan.model.add(sum(moved) >= cut.min_moved)
    return plan


def _earliest(
    problem: Problem, choices: Sequence[MeetingCandidates], search: Search, cuts: Sequence[Cut], taken: Plan
) -> Plan:
    """Return the plan of the same worth whose starts come first, meeting by meeting."""
    gains = units.whole_gains(choices, units.units_per_party(choices))
    worth = sum(int(one[slot]) for one, slot in zip(gains, taken, strict=True))
    slack = sum(int(one.max()) for one in gains) - worth
    kept = [one >= one.max() - slack for one in gains]  # a slot that loses more cannot be in a plan of this worth

    def first_by(rank: Callable[[PlanVariables], cp_model.LinearExpr]) -> Plan | None:
        plan = _variables(problem, choices, kept, cuts)
        if slack:  # else every plan of the slots kept is worth the same
            plan.model.add(objective.attendance(plan, gains) >= worth)
        plan.model.minimize(rank(plan))
        solver = _solver(search, plan)
        is_found = _solve(solver, plan, search) in (cp_model.OPTIMAL, cp_model.FEASIBLE)
        return _taken(solver, plan) if is_found else None

    if not any(flags[:slot].any() for flags, slot in zip(kept, taken, strict=True)):
        return taken
    earlier = first_by(lambda plan: objective.is_earlier_than(plan, taken))
    if earlier is None:  # nearly always: plans seldom tie
        return taken
    settled = 1 + next(at for at, (slot, now) in enumerate(zip(earlier, taken, strict=True)) if slot != now)
    while True:
        for at in range(settled):
            kept[at] = np.arange(len(kept[at])) == earlier[at]
        if settled == len(choices):
            return earlier
        block = objective.meetings_ranked_together(kept, settled)
        earlier = first_by(partial(objective.starts_in_turn, meetings=block)) or earlier
        settled = block.stop


def _taken(solver: cp_model.CpSolver, plan: PlanVariables) -> Plan:
    return tuple(
        next(slot for slot, literal in literals.items() if solver.boolean_value(literal)) for literals in plan.taken
    )


def _solver(search: Search, plan: PlanVariables) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.random_seed = search.seed
    parameters.max_deterministic_time = search.allowance.seconds
    parameters.max_time_in_seconds = GUARD_SECONDS + GUARD * search.allowance.seconds
    parameters.num_workers = 1
    # with a day channel the linear relaxation is nearly tight: it proves most, and probing and symmetry find little
    parameters.linearization_level = 2
    parameters.cp_model_probing_level = 0
    parameters.symmetry_level = 0
    if sum(map(len, plan.taken)) >= LARGE_MODEL:
        parameters.num_workers = STRATEGIES
        parameters.interleave_search = True
    return solver


def _solve(
    solver: cp_model.CpSolver, plan: PlanVariables, search: Search, watch: "_Watch | None" = None
) -> cp_model.CpSolverStatus:
    if search.allowance.is_spent:
        return cp_model.UNKNOWN
    status = solver.solve(plan.model, watch)
    assert status != cp_model.MODEL_INVALID, plan.model.validate()
    search.allowance.draw(solver.response_proto.deterministic_time)
    return status


class _Watch(cp_model.CpSolverSolutionCallback):
    """Tells every better plan to whoever watches."""

    def __init__(self, scale: int, progress: Progress) -> None:
        super().__init__()
        self._scale = scale
        self._progress = progress

    def on_solution_callback(self) -> None:
        self._progress(self.objective_value / self._scale, self.best_objective_bound / self._scale)
