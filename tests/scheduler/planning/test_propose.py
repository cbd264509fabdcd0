"""Test `propose` against the checker and enumeration: no violations, the verified score, and the optimum."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from scheduler import Problem, propose
from scheduler.candidates import Candidates
from scheduler.planning.alternatives import further_plans
from scheduler.planning.instance import Instance
from scheduler.planning.search_types import Plan
from scheduler.proposal import TOLERANCE, Proposals
from scheduler.verify import Checker
from tests.builders import a_problem
from tests.enumeration import Starts, allowed_plans, plan_of
from tests.strategies import problems


def check_against_enumeration(problem: Problem) -> None:
    checker = Checker(problem)
    allowed = allowed_plans(problem)
    answer = propose(problem, alternatives=1)
    note(f"{len(allowed)} plans allowed")
    if not allowed:
        assert answer.status == "infeasible"
        assert answer.proposals == ()
        return
    values = [checker.score(plan).objective for plan in allowed]
    best = max(values)
    assert answer.status == "optimal"
    assert answer.objective == pytest.approx(best, abs=TOLERANCE * len(problem.meetings))
    assert answer.bound is not None
    assert answer.bound >= best - 1e-12
    assert checker.violations(answer.proposals[0].starts) == []
    choices = Candidates(problem).meetings
    instance = Instance(problem, choices)
    units = [instance.units(plan_of(choices, plan, problem)) for plan in allowed]
    assert instance.units(plan_of(choices, answer.proposals[0].starts, problem)) == max(units)


@given(problems())
def test_the_answer_is_the_best_of_all_plans(problem: Problem) -> None:
    check_against_enumeration(problem)


@pytest.mark.prove
@settings(max_examples=1000)
@given(problems())
def test_the_answer_is_the_best_of_all_plans_many_times(problem: Problem) -> None:
    check_against_enumeration(problem)


def test_the_best_plan_is_reported_before_the_alternatives() -> None:
    reported: list[Proposals] = []
    answer = propose(a_problem(), alternatives=2, min_days=1, on_best=reported.append)
    (best,) = reported
    assert (best.missing, answer.missing) == (("alternatives",), ())
    assert (best.status, best.proposals) == (answer.status, answer.proposals[:1])
    assert len(answer.proposals) == 2


def test_the_best_plan_is_returned_when_memory_does_not_suffice_for_alternatives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def one_plan_and_no_memory(*arguments: Any, **options: Any) -> Iterator[Plan]:
        yield next(further_plans(*arguments, **options))
        raise MemoryError

    complete = propose(a_problem(), alternatives=3, min_days=1)
    monkeypatch.setattr("scheduler.planning.propose.further_plans", one_plan_and_no_memory)
    answer = propose(a_problem(), alternatives=3, min_days=1)
    assert answer.missing == ("alternatives",)
    assert answer.proposals == complete.proposals[:2]
    assert answer.status == "optimal"


@given(problems(), st.integers(2, 4), st.integers(1, 3))
def test_every_proposal_is_valid_and_no_better_than_the_previous_proposal(
    problem: Problem, alternatives: int, min_days: int
) -> None:
    answer = propose(problem, alternatives=alternatives, min_days=min_days)
    checker = Checker(problem)
    assert len(answer.proposals) <= alternatives
    for proposal in answer.proposals:
        assert checker.judge(proposal) == []
        assert proposal.objective == pytest.approx(checker.score(proposal.starts).objective)
    values = [proposal.objective for proposal in answer.proposals]
    assert all(value >= next_value - 1e-6 for value, next_value in pairwise(values))


@given(problems(max_meetings=2))
def test_each_alternative_is_the_best_plan_that_differs_enough_from_all_previous(problem: Problem) -> None:
    answer = propose(problem, alternatives=3, min_days=2, min_moved=1)
    checker = Checker(problem)
    before: list[Starts] = []
    allowed = allowed_plans(problem) if answer.proposals else []
    for proposal in answer.proposals:
        different = [plan for plan in allowed if all(moved(problem, plan, previous, 2) >= 1 for previous in before)]
        best = max(checker.score(plan).objective for plan in different)
        assert proposal.objective == pytest.approx(best, abs=1e-6 * len(problem.meetings))
        before.append(proposal.starts)
    if answer.proposals and len(answer.proposals) < 3:
        assert not [plan for plan in allowed if all(moved(problem, plan, previous, 2) >= 1 for previous in before)]


def moved(problem: Problem, plan: Starts, other: Starts, min_days: int) -> int:
    """Return how many meetings lie ``min_days`` or more apart in the two plans."""

    def day(start: datetime) -> int:
        return start.astimezone(problem.zone).toordinal()

    return sum(abs(day(plan[meeting]) - day(other[meeting])) >= min_days for meeting in plan)
