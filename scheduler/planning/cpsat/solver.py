"""Run CP-SAT on a model: one worker, limited by deterministic time, and cancellable."""

import math
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait

import numpy as np
from ortools.sat.python import cp_model

from scheduler.intervals import IntArray
from scheduler.planning.cpsat.variables import PlanVariables
from scheduler.planning.instance import UNASSIGNED
from scheduler.planning.search_types import Search, UnitProgress, UnitResult

# Seconds for a unit of CP-SAT's deterministic time, measured on models of 2,000 to 55,000 terms (variables and
# constraints). The unit counts operations: they take a second in small models, and several where a model with many
# conflict sets exceeds the processor's caches. In models with levels they take 0.5 to 2 s, whatever their size.
SECONDS_PER_UNIT = 0.9
SECONDS_PER_UNIT_AND_TERM = 8e-5
MAX_SECONDS_PER_UNIT = 8.0
SECONDS_PER_UNIT_WITH_LEVELS = 2.0

SECONDS_PER_TERM = 6e-5  # to build a model, and for presolve, most of which is not counted
POLL_SECONDS = 0.01


def solve(
    plan: PlanVariables,
    search: Search,
    progress: UnitProgress | None = None,
    limit: float = math.inf,
) -> UnitResult:
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
    limit
        Deterministic time of this search, if the allowance does not end before.
    """
    proto = plan.model.proto
    num_terms = len(proto.variables) + len(proto.constraints)
    search.allowance.draw(SECONDS_PER_TERM * num_terms)
    if search.is_over:
        return UnitResult("unknown")
    seconds_per_unit = min(SECONDS_PER_UNIT + SECONDS_PER_UNIT_AND_TERM * num_terms, MAX_SECONDS_PER_UNIT)
    if plan.has_levels:
        seconds_per_unit = SECONDS_PER_UNIT_WITH_LEVELS
    solver = _configured_solver(search, min(limit, search.allowance.seconds) / seconds_per_unit)
    recorder = _Recorder(progress)
    solver.best_bound_callback = recorder.on_bound
    status = _run(solver, plan.model, search, None if progress is None else recorder)
    assert status != cp_model.MODEL_INVALID, plan.model.validate()
    search.allowance.draw(seconds_per_unit * solver.response_proto.deterministic_time)

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


def _configured_solver(search: Search, deterministic_time: float) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.random_seed = search.seed
    parameters.max_deterministic_time = deterministic_time
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
    """Run the search in a thread, as CP-SAT blocks the one that calls it; stop it at the guard or when cancelled."""
    guard = search.allowance.guard
    with ThreadPoolExecutor(max_workers=1) as executor:
        clock = executor.submit(_ThreadClock).result()
        solving = executor.submit(_solve_model, solver, model, callback)
        try:
            while not wait([solving], POLL_SECONDS).done:
                is_cancelled = search.is_cancelled is not None and search.is_cancelled()
                if is_cancelled or clock.seconds > guard.seconds:
                    solver.stop_search()
        finally:
            # An exception here, such as KeyboardInterrupt, ends the search as well.
            while not wait([solving], POLL_SECONDS).done:
                solver.stop_search()
        guard.draw(clock.seconds)
    return solving.result()


class _ThreadClock:
    """The processor time of the thread that creates it, to be read by any thread while that thread lives."""

    def __init__(self) -> None:
        self._clock_id: int | None = None
        # Elsewhere than on POSIX systems the time of all threads of the process is taken.
        if hasattr(time, "pthread_getcpuclockid"):
            self._clock_id = time.pthread_getcpuclockid(threading.get_ident())
        self._begin = self._now()

    @property
    def seconds(self) -> float:
        """Processor seconds since the creation."""
        return self._now() - self._begin

    def _now(self) -> float:
        return time.process_time() if self._clock_id is None else time.clock_gettime(self._clock_id)


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
