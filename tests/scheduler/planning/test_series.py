"""The path and the solver give the same plan wherever the path decides, and the path is a bound everywhere."""

import subprocess
import sys

from hypothesis import given

from scheduler import Problem
from scheduler.candidates import Candidates
from scheduler.planning.cpsat.model import best_plan
from scheduler.planning.optimum import optimum
from scheduler.planning.search import Search
from scheduler.planning.series import best_series
from tests.strategies import problems

ONE_COUNCIL = """
import sys
from scheduler import propose
from tests.builders import a_meeting, a_problem
answer = propose(a_problem(meetings=[a_meeting("m1"), a_meeting("m2")]), alternatives=1)
print(answer.status, "ortools" in sys.modules)
"""


@given(problems())
def test_path_and_solver_agree_on_plan_value_and_proof(problem: Problem) -> None:
    choices = Candidates(problem).meetings
    if not all(len(one.slots) for one in choices):
        return
    found, solved = optimum(problem, choices, Search()), best_plan(problem, choices, Search())
    assert found.status == solved.status
    assert found.plan == solved.plan
    if found.value is not None and solved.bound is not None:
        assert found.value <= solved.bound + 1e-12


@given(problems())
def test_no_plan_is_worth_more_than_the_path(problem: Problem) -> None:
    choices = Candidates(problem).meetings
    if not all(len(one.slots) for one in choices):
        return
    path = best_series(problem, choices)
    solved = best_plan(problem, choices, Search())
    if path is None:
        assert solved.plan is None
    elif solved.value is not None:
        value = sum(float(one.gains[slot]) for one, slot in zip(choices, path, strict=True))
        assert value >= solved.value - 1e-6 * len(choices)


def test_one_council_s_plan_never_loads_the_solver() -> None:
    done = subprocess.run([sys.executable, "-c", ONE_COUNCIL], capture_output=True, text=True, check=True)  # noqa: S603  # ours
    assert done.stdout.split() == ["optimal", "False"]
