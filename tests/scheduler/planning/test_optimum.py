"""Path, prices and what is left to the solver give the answer that the solver alone gives, plan, value and proof."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler import Problem
from scheduler.candidates import Candidates
from scheduler.planning.instance import Instance
from scheduler.planning.lagrangian import solve_dual
from scheduler.planning.optimum import optimum
from scheduler.planning.search import Cut, Search
from scheduler.proposal import TOLERANCE
from scheduler.verify import Checker
from tests.builders import a_meeting, a_person, a_problem
from tests.enumeration import starts_of
from tests.plain_solver import best_plan
from tests.strategies import counties, problems

ONE_COUNCIL = """
import sys
from scheduler import propose
from tests.builders import a_meeting, a_problem
answer = propose(a_problem(meetings=[a_meeting("m1"), a_meeting("m2")]), alternatives=1)
print(answer.status, "ortools" in sys.modules)
"""


def instance_of(problem: Problem) -> Instance:
    return Instance(problem, Candidates(problem).meetings)


def check_against_the_solver(instance: Instance, cuts: tuple[Cut, ...] = ()) -> None:
    found = optimum(instance, Search(), cuts)
    if instance.is_empty_somewhere:
        assert found.status == "infeasible"
        return
    alone = best_plan(instance, Search(), cuts)
    assert found.status == alone.status
    assert found.status in ("optimal", "infeasible")
    if alone.positions is not None:
        assert found.plan == instance.plan(alone.positions)
        assert found.value is not None
        assert found.bound is not None
        assert found.value <= found.bound <= found.value + TOLERANCE * len(instance.choices)


@given(st.one_of(problems(), counties()))
def test_the_answer_is_what_the_solver_alone_gives(problem: Problem) -> None:
    check_against_the_solver(instance_of(problem))


@given(st.one_of(problems(), counties()), st.data())
def test_so_it_is_when_plans_are_worth_nothing_or_less(problem: Problem, data: st.DataObject) -> None:
    instance = instance_of(problem)
    if instance.is_empty_somewhere:
        return
    shift = data.draw(st.sampled_from([float(instance.exact_gains.mean()), float(instance.exact_gains.max()), 1e3]))
    check_against_the_solver(Instance(problem, instance.choices, instance.exact_gains - shift))


@given(st.one_of(problems(), counties()), st.integers(0, 2**32), st.sampled_from([0.02, 0.1, 0.5]))
def test_so_it_is_when_nearly_all_slots_are_alike(problem: Problem, seed: int, share: float) -> None:
    instance = instance_of(problem)
    if not instance.is_empty_somewhere:
        is_better = np.random.default_rng(seed).random(len(instance.gains)) < share
        check_against_the_solver(Instance(problem, instance.choices, np.where(is_better, 1.5, 1.0)))


@given(st.one_of(problems(), counties()), st.data())
def test_so_is_the_best_plan_that_differs_from_others(problem: Problem, data: st.DataObject) -> None:
    instance = instance_of(problem)
    if instance.is_empty_somewhere:
        return
    sizes = instance.num_slots.tolist()
    for _ in range(data.draw(st.integers(1, 2))):
        plan = tuple(data.draw(st.integers(0, size - 1)) for size in sizes)
        moved = data.draw(st.integers(1, len(sizes)))
        cut = Cut(plan, data.draw(st.integers(1, 5)), moved)
        check_against_the_solver(instance, (cut,))


@given(st.one_of(problems(), counties()))
def test_no_price_puts_the_bound_below_the_optimum_nor_a_best_slot_out_of_reach(problem: Problem) -> None:
    instance = instance_of(problem)
    if instance.is_empty_somewhere:
        return
    dual, alone = solve_dual(instance, Search()), best_plan(instance, Search())
    if dual is None:
        assert alone.status == "infeasible"
    elif alone.positions is not None and alone.value is not None:
        assert int(dual.bounds.sum()) >= alone.value
        for part, bound in enumerate(dual.bounds):
            mine = alone.positions[dual.component == part]
            worth = int(instance.gains[mine].sum())
            assert (bound - dual.reduced_cost[mine] >= worth).all()


@given(st.one_of(problems(), counties()))
def test_what_prices_call_a_plan_keeps_every_rule_between_meetings(problem: Problem) -> None:
    instance = instance_of(problem)
    if instance.is_empty_somewhere:
        return
    dual = solve_dual(instance, Search())
    if dual is not None and (dual.positions >= 0).all():
        plan = instance.plan(dual.positions)
        assert Checker(problem).between_meetings(starts_of(instance.choices, plan, problem)) == []
        assert int(dual.values.sum()) == instance.units(plan)


@pytest.mark.parametrize("days", [1, 3, 5])
def test_of_plans_that_tie_the_earliest_is_as_good(days: int) -> None:
    """One slot is worth more than all others, which are alike: at prices that a relation has, none loses anything."""
    said = {"person": "a0", "start": "2027-03-04T00:00", "end": "2027-03-05T12:00", "answer": "yes"}
    problem = a_problem(
        ("a",),
        people=[a_person("a0", "a", known=[])],
        councils=[{"id": "kultur", "name": "kultur", "seats": [{"party": "a", "member": "a0"}]}],
        horizon={"start": "2027-02-15", "end": "2027-03-05"},
        meetings=[a_meeting("m0", starts=["13:00"]), a_meeting("m1", starts=["09:00"], duration_minutes=180)],
        relations=[{"kind": "apart_days", "meetings": ["m1", "m0"], "days": days}],
        answers=[said],
        assumptions={"unknown_free": 1.0},
    )
    check_against_the_solver(instance_of(problem))


def test_one_council_s_plan_never_loads_the_solver() -> None:
    done = subprocess.run([sys.executable, "-c", ONE_COUNCIL], capture_output=True, text=True, check=True)  # noqa: S603  # ours
    assert done.stdout.split() == ["optimal", "False"]
