"""Progress callbacks are monotone, and a cancelled search returns its best plan."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler import Problem, propose
from scheduler.candidates import Candidates
from scheduler.options import PlanOptions
from scheduler.planning import residual, restricted_model
from scheduler.planning.cpsat.model import PlanModel
from scheduler.planning.instance import Instance
from scheduler.planning.lagrangian import subgradient
from scheduler.planning.optimum import optimum
from scheduler.planning.search_types import Cut, PlanResult, Search
from scheduler.proposal import Objective, Proposals
from tests.builders import a_council, a_meeting, a_problem
from tests.known_answers import instance_bytes, load
from tests.strategies import counties, problems


@pytest.mark.parametrize("name", ["m.json", "l.json.gz", "mix.json"])
def test_values_rise_and_bounds_fall_until_they_meet(name: str) -> None:
    problem, _ = load(name)
    reports: list[tuple[float, float]] = []
    answer = propose(problem, alternatives=1, progress=lambda best, bound: reports.append((best, bound)))
    assert reports[-1][0] == pytest.approx(answer.maximised)
    assert all(best <= later and bound >= lower for (best, bound), (later, lower) in pairwise(reports))
    assert all(best <= bound for best, bound in reports)
    assert len(set(reports)) == len(reports)


Reports = list[tuple[float, float]]

ROUNDING = 1e-9  # of sums of floating-point numbers


def check_reports(reports: Reports, answer: Proposals) -> None:
    """Check that every report holds for the whole problem: values rise, bounds fall, and the answer lies between."""
    if answer.status not in ("optimal", "feasible"):
        assert not reports or answer.status == "unknown"
        return
    assert answer.maximised is not None
    assert answer.bound is not None
    assert reports
    for (value, bound), (later_value, later_bound) in pairwise(reports):
        assert value <= later_value
        assert bound >= later_bound
    for value, bound in reports:
        assert value <= answer.maximised + ROUNDING
        assert bound >= answer.bound - ROUNDING
    assert reports[-1][0] <= reports[-1][1] + ROUNDING


def check_every_report(reports: Reports, result: PlanResult) -> None:
    """Check reports that may be no better than earlier reports against the result of the search."""
    for value, bound in reports:
        assert result.value is not None
        assert result.bound is not None
        assert value <= result.value + ROUNDING
        assert bound >= result.bound - ROUNDING


@given(counties(), st.integers(0, 2**32), st.sampled_from([1, 2, 12]), st.sampled_from([0.0, 1.0]))
def test_every_report_holds_for_the_whole_problem_when_councils_compete_for_slots(
    problem: Problem, seed: int, num_positions: int, wide_share: float
) -> None:
    instance = Instance(problem, Candidates(problem).meetings)
    if instance.is_empty_somewhere:
        return
    # All councils prefer the same starts, so that their shared members and venues bind.
    random = np.random.default_rng(seed)
    gain_by_start = random.random(len(np.unique(instance.starts)))
    gains = gain_by_start[np.unique(instance.starts, return_inverse=True)[1]] + random.random(len(instance.starts)) / 10
    reports: Reports = []
    search = Search(progress=lambda value, bound: reports.append((value, bound)))
    with pytest.MonkeyPatch.context() as patch:
        # Restricted models are the rule, and neither enumeration nor the subgradient method decides before.
        patch.setattr(residual, "MODEL_SIZES", (num_positions, 2 * num_positions))
        patch.setattr(restricted_model, "WORTHWHILE", 1)
        patch.setattr(restricted_model, "SMALL_MODEL", 0)
        patch.setattr(restricted_model, "WIDE_SHARE", wide_share)  # with 0, two threads search
        patch.setattr(residual, "best_within_gap", lambda *_, **__: None)
        patch.setattr(subgradient, "MAX_ITERATIONS", 2)
        result = optimum(Instance(problem, instance.choices, gains), search)
    assert result.status in ("optimal", "infeasible")
    check_every_report(reports, result)


def check_reports_of_proposing(problem: Problem, options: PlanOptions) -> None:
    reports: Reports = []
    answer = propose(problem, options, progress=lambda value, bound: reports.append((value, bound)))
    check_reports(reports, answer)


@given(st.one_of(problems(), counties()), st.sampled_from(["attendance", "fair"]))
def test_values_rise_and_bounds_fall_to_those_of_the_answer(problem: Problem, objective: Objective) -> None:
    check_reports_of_proposing(problem, PlanOptions(objective=objective, alternatives=1))


@given(counties(), st.floats(0.001, 0.1))
def test_every_report_holds_for_a_search_that_reaches_its_limit(problem: Problem, seconds: float) -> None:
    check_reports_of_proposing(problem, PlanOptions(time_limit_seconds=seconds, alternatives=1))


def test_cp_sat_reports_better_bounds_between_plans() -> None:
    problem, _ = load("mix.json")
    instance = Instance(problem, Candidates(problem).meetings)
    reports: list[tuple[int | None, int]] = []
    is_candidate = np.ones(len(instance.gains), dtype=np.bool_)
    PlanModel(instance, Search()).best(is_candidate, progress=lambda value, bound: reports.append((value, bound)))
    assert any(
        value == next_value and bound > next_bound for (value, bound), (next_value, next_bound) in pairwise(reports)
    )


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


def press(value, _):
    if value is not None:
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
