"""Run CP-SAT on a model: one worker, limited by deterministic time, and cancellable."""

from threading import Thread

import numpy as np
from ortools.sat.python import cp_model

from scheduler.intervals import IntArray
from scheduler.planning.cpsat.variables import PlanVariables
from scheduler.planning.instance import UNASSIGNED
from scheduler.planning.search_types import Search, UnitProgress, UnitResult

# The wall clock ends a search only far beyond its deterministic limit, so that load does not change the answer.
MIN_WALL_SECONDS = 30
WALL_SECONDS_PER_DETERMINISTIC_SECOND = 3
CANCELLATION_POLL_SECONDS = 0.05


def solve(plan: PlanVariables, search: Search, progress: UnitProgress | None = None) -> UnitResult:
    """
    Solve the model within the allowance.

    Parameters
    ----------
    plan
        The variables, with the model that holds the constraints and the objective.
    search
        The seed, the allowance, from which the deterministic time is drawn, and the cancellation.
    progress
        Called with ``(value, bound)``, in units of the objective, for every better plan and every better bound. The
        value is None before the first plan.
    """
    if search.is_over:
        return UnitResult("unknown")
    solver = _configured_solver(search)
    recorder = _Recorder(progress)
    solver.best_bound_callback = recorder.on_bound
    status = _run(solver, plan.model, search, None if progress is None else recorder)
    assert status != cp_model.MODEL_INVALID, plan.model.validate()
    search.allowance.draw(solver.response_proto.deterministic_time)

    if status == cp_model.INFEASIBLE:
        return UnitResult("infeasible")
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        # The response states a bound of 0 when the search ended before the model was presolved.
        return UnitResult("unknown", bound=recorder.bound)
    return UnitResult(
        "optimal" if status == cp_model.OPTIMAL else "feasible",
        _selected_positions(solver, plan),
        value=round(solver.objective_value),
        bound=round(solver.best_objective_bound),
    )


def _selected_positions(solver: cp_model.CpSolver, plan: PlanVariables) -> IntArray:
    """Return the position of every meeting of the instance; `UNASSIGNED` for meetings outside the model."""
    selected = np.full(len(plan.instance.choices), UNASSIGNED, dtype=np.int64)
    for meeting, candidates in plan.candidates.items():
        selected[meeting] = next(
            position for position in candidates.tolist() if solver.boolean_value(plan.selected[position])
        )
    return selected


def _configured_solver(search: Search) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.random_seed = search.seed
    parameters.max_deterministic_time = search.allowance.seconds
    wall_seconds = WALL_SECONDS_PER_DETERMINISTIC_SECOND * search.allowance.seconds
    parameters.max_time_in_seconds = MIN_WALL_SECONDS + wall_seconds
    # Several workers would race: which one finds a plan first depends on the load.
    parameters.num_workers = 1
    # With day channels the linear relaxation is nearly tight and proves most; probing and symmetry find little.
    parameters.linearization_level = 2
    parameters.cp_model_probing_level = 0
    parameters.symmetry_level = 0
    # The caller handles Ctrl-C: CP-SAT's own handler, in a thread, ends the process.
    parameters.catch_sigint_signal = False
    return solver


def _run(
    solver: cp_model.CpSolver,
    model: cp_model.CpModel,
    search: Search,
    callback: "_Recorder | None",
) -> cp_model.CpSolverStatus:
    """Run the search; in a thread when it can be cancelled, as CP-SAT blocks the one that calls it."""
    if search.is_cancelled is None:
        return _solve_model(solver, model, callback)
    statuses: list[cp_model.CpSolverStatus] = []
    thread = Thread(target=lambda: statuses.append(_solve_model(solver, model, callback)), daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(CANCELLATION_POLL_SECONDS)
        if search.is_cancelled():
            solver.stop_search()
    return statuses[0] if statuses else cp_model.UNKNOWN


def _solve_model(
    solver: cp_model.CpSolver,
    model: cp_model.CpModel,
    callback: "_Recorder | None",
) -> cp_model.CpSolverStatus:
    """Solve the model; without hints where these raise an `IndexError` (OR-Tools 9.15, google/or-tools#5288)."""
    try:
        return solver.solve(model, callback)
    except IndexError:
        model.clear_hints()  # type: ignore[no-untyped-call]  # OR-Tools does not annotate it
        return solver.solve(model, callback)


class _Recorder(cp_model.CpSolverSolutionCallback):
    """The value of the best plan and the best bound, reported to a progress callback whenever one of them improves."""

    def __init__(self, progress: UnitProgress | None) -> None:
        super().__init__()
        self._progress = progress
        self._value: int | None = None
        self.bound: int | None = None

    def on_solution_callback(self) -> None:
        self._value = round(self.objective_value)
        self.on_bound(self.best_objective_bound)

    def on_bound(self, bound: float) -> None:
        self.bound = round(bound)
        if self._progress is not None:
            self._progress(self._value, self.bound)
