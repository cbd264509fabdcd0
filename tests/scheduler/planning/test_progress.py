"""Whoever waits hears how it goes, and may stop it and keep what was found."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from scheduler import Problem, propose
from scheduler.candidates import Candidates
from scheduler.planning.instance import Instance
from scheduler.planning.optimum import optimum
from scheduler.planning.search import Cut, Search
from tests.builders import a_council, a_meeting, a_problem
from tests.known_answers import load


@pytest.mark.parametrize("name", ["m.json", "l.json.gz", "mix.json"])
def test_the_best_only_rises_and_the_bound_only_falls_until_they_meet(shared: Path, name: str) -> None:
    problem, _ = load(shared, name)
    told: list[tuple[float, float]] = []
    answer = propose(problem, alternatives=1, progress=lambda best, bound: told.append((best, bound)))
    assert told[-1][0] == pytest.approx(answer.maximised)
    assert all(best <= later and bound >= lower for (best, bound), (later, lower) in pairwise(told))
    assert all(best <= bound for best, bound in told)
    assert len(set(told)) == len(told)


@pytest.mark.parametrize("after", [0, 1])
def test_who_stops_it_keeps_the_best_that_was_found(shared: Path, after: int) -> None:
    problem, expected = load(shared, "mix.json")
    told: list[float] = []
    answer = propose(problem, progress=lambda best, _: told.append(best), is_cancelled=lambda: len(told) > after)
    assert answer.status in ("feasible", "optimal")
    assert answer.objective is not None
    assert answer.bound is not None
    assert answer.objective <= expected["objective"] + 1e-6 <= answer.bound + 2e-6
    assert answer.objective >= told[after] - 1e-6
    assert len(answer.proposals) == 1  # no time is taken for others


def test_stopped_before_anything_was_found_it_says_so() -> None:
    problem = a_problem(  # two councils of the same people want the only hour
        horizon={"start": "2027-03-03", "end": "2027-03-03"},
        councils=[a_council("kultur"), a_council("skola")],
        meetings=[a_meeting("m1", "kultur", starts=["09:00"]), a_meeting("m2", "skola", starts=["09:00"])],
    )
    answer = propose(problem, is_cancelled=lambda: True)
    assert answer.status == "unknown"
    assert answer.proposals == ()


def test_a_search_that_is_watched_for_a_stop_but_not_stopped_answers_the_same(shared: Path) -> None:
    problem, _ = load(shared, "mix.json")
    instance = Instance(problem, Candidates(problem).meetings)
    watched = optimum(instance, Search(is_cancelled=lambda: False))
    assert watched == optimum(instance, Search())


def test_a_cut_that_no_plan_meets_leaves_none() -> None:
    problem: Problem = a_problem()
    instance = Instance(problem, Candidates(problem).meetings)
    best = optimum(instance, Search())
    assert best.plan is not None
    assert optimum(instance, Search(), [Cut(best.plan, min_days=300, min_moved=1)]).status == "infeasible"


PRESSED = """
import os, signal, sys, threading
import numpy as np
from pathlib import Path
from scheduler import Problem
from scheduler.candidates import Candidates
from scheduler.planning.cpsat.model import PlanModel
from scheduler.planning.instance import Instance
from scheduler.planning.search import Allowance, Search

pressed = threading.Event()
signal.signal(signal.SIGINT, lambda *_: pressed.set())
problem = Problem.read(Path(sys.argv[1]).read_bytes())
instance = Instance(problem, Candidates(problem).meetings)
search = Search(Allowance(600), is_cancelled=pressed.is_set)


def press(*_):
    os.kill(os.getpid(), signal.SIGINT)


settled = PlanModel(instance, search).best(np.ones(len(instance.gains), dtype=bool), tell=press)
print(settled.status, pressed.is_set())
"""


def test_ctrl_c_while_the_solver_searches_is_heard_by_who_asked(shared: Path) -> None:
    path = shared / "data" / "instances" / "mix.json"
    done = subprocess.run([sys.executable, "-c", PRESSED, str(path)], capture_output=True, text=True, check=False)  # noqa: S603  # ours
    assert done.stderr == ""
    assert done.stdout.split() in (["feasible", "True"], ["optimal", "True"])
