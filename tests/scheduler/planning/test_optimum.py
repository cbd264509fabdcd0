"""The exact methods return the same plan, value and proof of optimality as CP-SAT alone."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler import Problem
from scheduler.candidates import Candidates
from scheduler.planning import residual, restricted_model
from scheduler.planning.instance import Instance
from scheduler.planning.lagrangian import solve_dual, subgradient
from scheduler.planning.optimum import optimum
from scheduler.planning.search_types import Cut, Search
from scheduler.proposal import TOLERANCE
from scheduler.verify import Checker
from tests.builders import a_meeting, a_person, a_problem
from tests.enumeration import starts_of
from tests.plain_solver import best_plan
from tests.strategies import counties, problems

SINGLE_COUNCIL_SCRIPT = """
import sys
from scheduler import propose
from tests.builders import a_meeting, a_problem
answer = propose(a_problem(meetings=[a_meeting("m1"), a_meeting("m2")]), alternatives=1)
print(answer.status, "ortools" in sys.modules)
"""


def instance_of(problem: Problem) -> Instance:
    return Instance(problem, Candidates(problem).meetings)


def check_against_cp_sat(instance: Instance, cuts: tuple[Cut, ...] = ()) -> None:
    result = optimum(instance, Search(), cuts)
    if instance.is_empty_somewhere:
        assert result.status == "infeasible"
        return
    expected = best_plan(instance, Search(), cuts)
    assert result.status == expected.status
    assert result.status in ("optimal", "infeasible")
    if result.plan is not None:
        assert instance.units(result.plan) == expected.value
        assert result.value == pytest.approx(instance.value(result.plan))
        assert result.value is not None
        assert result.bound is not None
        assert result.value <= result.bound <= result.value + TOLERANCE * len(instance.choices)


@given(st.one_of(problems(), counties()))
def test_the_optimum_equals_that_of_cp_sat_alone(problem: Problem) -> None:
    check_against_cp_sat(instance_of(problem))


@given(counties(), st.sampled_from([1, 2, 5]), st.sampled_from([0.0, 1.0]), st.integers(0, 2**32))
def test_models_of_few_positions_lead_to_the_optimum_of_all(
    problem: Problem, num_positions: int, wide_share: float, seed: int
) -> None:
    choices = Candidates(problem).meetings
    # With one iteration the bound is far away, so that all models are needed.
    instance = Instance(problem, choices, np.random.default_rng(seed).random(sum(len(each.slots) for each in choices)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(residual, "MODEL_SIZES", (num_positions, 2 * num_positions))
        patch.setattr(restricted_model, "WORTHWHILE", 1)
        patch.setattr(restricted_model, "SMALL_MODEL", 0)
        patch.setattr(restricted_model, "WIDE_SHARE", wide_share)  # with 0, two threads search
        patch.setattr(residual, "best_within_gap", lambda *_: None)
        patch.setattr(subgradient, "MAX_ITERATIONS", 1)
        check_against_cp_sat(instance)


@given(st.one_of(problems(), counties()), st.data())
def test_the_optimum_equals_that_of_cp_sat_when_gains_are_negative(problem: Problem, data: st.DataObject) -> None:
    instance = instance_of(problem)
    if instance.is_empty_somewhere:
        return
    gains = instance.exact_gains
    shift = data.draw(st.sampled_from([float(gains.mean()), float(gains.max()), 1e3]))
    check_against_cp_sat(Instance(problem, instance.choices, gains - shift))


@given(st.one_of(problems(), counties()), st.integers(0, 2**32), st.sampled_from([0.02, 0.1, 0.5]))
def test_the_optimum_equals_that_of_cp_sat_when_most_gains_are_equal(problem: Problem, seed: int, share: float) -> None:
    instance = instance_of(problem)
    if not instance.is_empty_somewhere:
        is_better = np.random.default_rng(seed).random(len(instance.gains)) < share
        gains = np.where(is_better, 1.5, 1.0)
        check_against_cp_sat(Instance(problem, instance.choices, gains))


@given(st.one_of(problems(), counties()), st.data())
def test_the_best_plan_under_cuts_equals_that_of_cp_sat(problem: Problem, data: st.DataObject) -> None:
    instance = instance_of(problem)
    if instance.is_empty_somewhere:
        return
    sizes = instance.num_slots.tolist()
    cuts: list[Cut] = []
    for _ in range(data.draw(st.integers(1, 2))):
        plan = tuple(data.draw(st.integers(0, size - 1)) for size in sizes)
        moved = data.draw(st.integers(1, len(sizes)))
        days = data.draw(st.integers(0, 5))
        cuts.append(Cut(plan, days, moved))
        check_against_cp_sat(instance, tuple(cuts))


@given(st.one_of(problems(), counties()))
def test_the_dual_bound_and_the_reduced_costs_are_valid_for_the_optimal_plan(problem: Problem) -> None:
    instance = instance_of(problem)
    if instance.is_empty_somewhere:
        return
    dual = solve_dual(instance, Search())
    expected = best_plan(instance, Search())
    if dual is None:
        assert expected.status == "infeasible"
    elif expected.positions is not None and expected.value is not None:
        assert int(dual.bounds.sum()) >= expected.value
        for component, bound in enumerate(dual.bounds):
            positions = expected.positions[dual.component == component]
            value = int(instance.gains[positions].sum())
            assert (bound - dual.reduced_cost[positions] >= value).all()


@given(st.one_of(problems(), counties()))
def test_the_incumbent_of_the_dual_satisfies_every_rule_between_meetings(problem: Problem) -> None:
    instance = instance_of(problem)
    if instance.is_empty_somewhere:
        return
    dual = solve_dual(instance, Search())
    if dual is not None and (dual.positions >= 0).all():
        plan = instance.plan(dual.positions)
        assert Checker(problem).between_meetings(starts_of(instance.choices, plan, problem)) == []
        assert int(dual.values.sum()) == instance.units(plan)


@pytest.mark.parametrize("days", [1, 3, 5])
def test_the_optimum_equals_that_of_cp_sat_when_every_reduced_cost_is_zero(days: int) -> None:
    """A single slot has a higher gain: at the optimal multipliers of the relation every reduced cost is 0."""
    answer = {"person": "a0", "start": "2027-03-04T00:00", "end": "2027-03-05T12:00", "answer": "yes"}
    problem = a_problem(
        ("a",),
        people=[a_person("a0", "a", known=[])],
        councils=[{"id": "kultur", "name": "kultur", "seats": [{"party": "a", "member": "a0"}]}],
        horizon={"start": "2027-02-15", "end": "2027-03-05"},
        meetings=[a_meeting("m0", starts=["13:00"]), a_meeting("m1", starts=["09:00"], duration_minutes=180)],
        relations=[{"kind": "apart_days", "meetings": ["m1", "m0"], "days": days}],
        answers=[answer],
        assumptions={"unknown_free": 1.0},
    )
    check_against_cp_sat(instance_of(problem))


def test_planning_a_single_council_does_not_import_ortools() -> None:
    process = subprocess.run([sys.executable, "-c", SINGLE_COUNCIL_SCRIPT], capture_output=True, text=True, check=True)  # noqa: S603  # constant script
    assert process.stdout.split() == ["optimal", "False"]
