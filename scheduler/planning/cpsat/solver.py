"""Who runs the solver: one search, bounded by deterministic time, that ends when it is told to."""

from threading import Thread

import numpy as np
from ortools.sat.python import cp_model

from scheduler.planning.cpsat.variables import PlanVariables
from scheduler.planning.instance import UNASSIGNED
from scheduler.planning.search import Search, UnitProgress, UnitResult

GUARD_SECONDS, GUARD = 30, 3  # the wall clock stops a search only this many times later than its deterministic limit
HEED_SECONDS = 0.05  # how soon a search notices that it is cancelled


def solve(plan: PlanVariables, search: Search, tell: UnitProgress | None = None) -> UnitResult:
    """Search the model within the allowance; ``tell`` hears of every better plan, in the units of the objective."""
    if search.is_over:
        return UnitResult("unknown")
    solver = _solver(search)
    status = _run(solver, plan.model, search, None if tell is None else _Watch(tell))
    assert status != cp_model.MODEL_INVALID, plan.model.validate()
    search.allowance.draw(solver.response_proto.deterministic_time)
    if status == cp_model.INFEASIBLE:
        return UnitResult("infeasible")
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return UnitResult("unknown")
    positions = np.full(len(plan.instance.choices), UNASSIGNED, dtype=np.int64)
    for meeting, several in plan.open.items():
        positions[meeting] = next(at for at in several.tolist() if solver.boolean_value(plan.taken[at]))
    value, bound = round(solver.objective_value), round(solver.best_objective_bound)
    return UnitResult("optimal" if status == cp_model.OPTIMAL else "feasible", positions, value, bound)


def _solver(search: Search) -> cp_model.CpSolver:
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
    parameters.catch_sigint_signal = False  # Ctrl-C is the caller's: in a thread CP-SAT's own handler ends the process
    return solver


def _run(
    solver: cp_model.CpSolver, model: cp_model.CpModel, search: Search, watch: "_Watch | None"
) -> cp_model.CpSolverStatus:
    if search.is_cancelled is None:
        return _searched(solver, model, watch)
    ended: list[cp_model.CpSolverStatus] = []
    thread = Thread(target=lambda: ended.append(_searched(solver, model, watch)), daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(HEED_SECONDS)
        if search.is_cancelled():
            solver.stop_search()
    return ended[0] if ended else cp_model.UNKNOWN


def _searched(solver: cp_model.CpSolver, model: cp_model.CpModel, watch: "_Watch | None") -> cp_model.CpSolverStatus:
    """Search the model; without its hints where OR-Tools 9.15 trips over them (its issue 5288)."""
    try:
        return solver.solve(model, watch)
    except IndexError:
        model.clear_hints()  # type: ignore[no-untyped-call]  # OR-Tools gives it no types
        return solver.solve(model, watch)


class _Watch(cp_model.CpSolverSolutionCallback):
    """Tells every better plan to whoever watches."""

    def __init__(self, tell: UnitProgress) -> None:
        super().__init__()
        self._tell = tell

    def on_solution_callback(self) -> None:
        self._tell(round(self.objective_value), round(self.best_objective_bound))
