"""The engines compared: this project, plain CP-SAT in several configurations, and HiGHS."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from ortools.sat.python import cp_model

from scheduler.planning.instance import Instance
from scheduler.planning.optimum import optimum
from scheduler.planning.search_types import Allowance, PlanResult, Search
from tests.benchmarks.highs import best_plan_by_highs
from tests.benchmarks.prepared import Prepared
from tests.benchmarks.processes import Engine, Watch
from tests.plain_solver import best_plan

ENDLESS = 1e9

Parameters = Mapping[str, int | bool]

# What best_plan sets for itself, but for how many strategies search and where: on threads they use every core, which
# this project does not; interleaved they take turns on one.
FORMS: dict[str, Parameters] = {
    "one worker": {"num_workers": 1, "interleave_search": False},
    "eight workers": {"num_workers": 8, "interleave_search": False},
    "eight in turn": {"num_workers": 8, "interleave_search": True},
}


def this_project(county: Prepared, seconds: float, watch: Watch) -> PlanResult:
    """Plan as `propose` does."""
    progress = None if watch.goal == "proof" else watch.saw
    return optimum(Instance(county.problem, county.choices), Search(Allowance(seconds), progress=progress))


def highs(county: Prepared, seconds: float, _: Watch) -> PlanResult:
    """Let HiGHS plan, by way of MathOpt, building its program included."""
    return best_plan_by_highs(county.problem, county.choices, seconds)


def plain_cp_sat(form: Parameters) -> Engine:
    """Return CP-SAT on the whole model, building it included."""
    return partial(_plain_cp_sat, form)


def _plain_cp_sat(form: Parameters, county: Prepared, seconds: float, watch: Watch) -> PlanResult:
    instance = Instance(county.problem, county.choices)
    try:
        with _solving_as(partial(_OneSolve, form, seconds, instance.scale, watch)):
            best_plan(instance, Search(Allowance(ENDLESS)))
    except _Solved as solved:
        return solved.found
    raise AssertionError("the solver was not asked")


@contextmanager
def _solving_as(solver: Callable[[], cp_model.CpSolver]) -> Iterator[None]:
    plain = cp_model.CpSolver
    cp_model.CpSolver = solver  # type: ignore[misc, assignment]  # every solver created in this block is of this class
    try:
        yield
    finally:
        cp_model.CpSolver = plain  # type: ignore[misc]  # as it was


class _Solved(Exception):
    def __init__(self, found: PlanResult) -> None:
        self.found = found


class _OneSolve(cp_model.CpSolver):
    """A solver with other parameters and a limit in seconds, whose first answer ends the matter."""

    def __init__(self, form: Parameters, seconds: float, scale: int, watch: Watch) -> None:
        super().__init__()
        self._form, self._seconds, self._scale, self._watch = form, seconds, scale, watch

    def solve(
        self, model: cp_model.CpModel, _: cp_model.CpSolverSolutionCallback | None = None
    ) -> cp_model.CpSolverStatus:
        for name, value in self._form.items():
            setattr(self.parameters, name, value)
        self.parameters.max_deterministic_time = ENDLESS
        self.parameters.max_time_in_seconds = max(0.1, self._seconds - self._watch.elapsed)
        callback = _WatchCallback(self._watch, self._scale) if self._watch.goal != "proof" else None
        status = super().solve(model, callback)
        raise _Solved(self._found(status))

    def _found(self, status: cp_model.CpSolverStatus) -> PlanResult:
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return PlanResult("infeasible" if status == cp_model.INFEASIBLE else "unknown")
        value, bound = (each / self._scale for each in (self.objective_value, self.best_objective_bound))
        return PlanResult("optimal" if status == cp_model.OPTIMAL else "feasible", None, value, bound)


class _WatchCallback(cp_model.CpSolverSolutionCallback):
    def __init__(self, watch: Watch, scale: int) -> None:
        super().__init__()
        self._watch, self._scale = watch, scale

    def on_solution_callback(self) -> None:
        self._watch.saw(self.objective_value / self._scale, self.best_objective_bound / self._scale)
