"""Progress callbacks are monotone, and a cancelled search returns its best plan."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from scheduler import Problem, propose
from scheduler.candidates import Candidates
from scheduler.planning.instance import Instance
from scheduler.planning.optimum import optimum
from scheduler.planning.search_types import Cut, Search
from tests.builders import a_council, a_meeting, a_problem
from tests.known_answers import instance_bytes, load


@pytest.mark.parametrize("name", ["m.json", "l.json.gz", "mix.json"])
def test_values_rise_and_bounds_fall_until_they_meet(name: str) -> None:
    problem, _ = load(name)
    reports: list[tuple[float, float]] = []
    answer = propose(problem, alternatives=1, progress=lambda best, bound: reports.append((best, bound)))
    assert reports[-1][0] == pytest.approx(answer.maximised)
    assert all(best <= later and bound >= lower for (best, bound), (later, lower) in pairwise(reports))
    assert all(best <= bound for best, bound in reports)
    assert len(set(reports)) == len(reports)


@pytest.mark.parametrize("after", [0, 1])
def test_a_cancelled_search_returns_the_best_plan_found(after: int) -> None:
    problem, expected = load("mix.json")
    reports: list[float] = []
    answer = propose(problem, progress=lambda best, _: reports.append(best), is_cancelled=lambda: len(reports) > after)
    assert answer.status in ("feasible", "optimal")
    assert answer.objective is not None
    assert answer.bound is not None
    assert answer.objective <= expected["objective"] + 1e-6 <= answer.bound + 2e-6
    assert answer.objective >= reports[after] - 1e-6
    assert len(answer.proposals) == 1  # alternatives are not searched


def test_a_search_cancelled_before_a_plan_was_found_is_unknown() -> None:
    parties = ("a", "b", "c", "d", "e")
    neighbours = [*pairwise(parties), ("e", "a")]
    problem = a_problem(  # five councils in a ring share a member with the next one, and there are two slots
        parties,
        horizon={"start": "2027-03-03", "end": "2027-03-03"},
        councils=[a_council(f"c{number}", shared) for number, shared in enumerate(neighbours)],
        meetings=[a_meeting(f"m{number}", f"c{number}") for number in range(len(neighbours))],
    )
    assert propose(problem).status == "infeasible"
    answer = propose(problem, is_cancelled=lambda: True)
    assert answer.status == "unknown"
    assert answer.proposals == ()


def test_a_cancellation_callback_that_never_cancels_does_not_change_the_result() -> None:
    problem, _ = load("mix.json")
    instance = Instance(problem, Candidates(problem).meetings)
    with_callback = optimum(instance, Search(is_cancelled=lambda: False))
    assert with_callback == optimum(instance, Search())


def test_a_cut_that_no_plan_satisfies_is_infeasible() -> None:
    problem: Problem = a_problem()
    instance = Instance(problem, Candidates(problem).meetings)
    best = optimum(instance, Search())
    assert best.plan is not None
    assert optimum(instance, Search(), [Cut(best.plan, min_days=300, min_moved=1)]).status == "infeasible"


SCRIPT = """
import os, signal, sys, threading
import numpy as np
from pathlib import Path
from scheduler import Problem
from scheduler.candidates import Candidates
from scheduler.planning.cpsat.model import PlanModel
from scheduler.planning.instance import Instance
from scheduler.planning.search_types import Allowance, Search

pressed = threading.Event()
signal.signal(signal.SIGINT, lambda *_: pressed.set())
problem = Problem.read(Path(sys.argv[1]).read_bytes())
instance = Instance(problem, Candidates(problem).meetings)
search = Search(Allowance(600), is_cancelled=pressed.is_set)


def press(*_):
    os.kill(os.getpid(), signal.SIGINT)


result = PlanModel(instance, search).best(np.ones(len(instance.gains), dtype=bool), progress=press)
print(result.status, pressed.is_set())
"""


def test_ctrl_c_during_a_cp_sat_search_reaches_the_signal_handler_of_the_caller(tmp_path: Path) -> None:
    path = tmp_path / "mix.json"
    path.write_bytes(instance_bytes("mix.json"))
    process = subprocess.run([sys.executable, "-c", SCRIPT, str(path)], capture_output=True, text=True, check=False)  # noqa: S603  # ours
    assert process.stderr == ""
    assert process.stdout.split() in (["feasible", "True"], ["optimal", "True"])
