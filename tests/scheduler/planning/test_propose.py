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
from scheduler.errors import UnsoundPlan
from scheduler.options import PlanOptions
from scheduler.planning.alternatives import Difference, further_plans
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


@given(problems(), st.integers(2, 4), st.integers(0, 3))
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


@given(problems(max_meetings=2), st.sampled_from([0, 1, 2, None]), st.sampled_from([1, 2, None]))
def test_each_alternative_is_the_best_plan_that_differs_enough_from_all_previous(
    problem: Problem, min_days: int | None, min_moved: int | None
) -> None:
    answer = propose(problem, alternatives=4, min_days=min_days, min_moved=min_moved)
    checker = Checker(problem)
    num_days = 1 if min_days is None else min_days  # an eighth of ten days, at least one
    num_meetings = 1 if min_moved is None else min_moved  # a quarter of at most two meetings, rounded up

    def differ(plan: Starts, other: Starts) -> bool:
        return moved(problem, plan, other, num_days) >= num_meetings

    allowed = allowed_plans(problem) if answer.proposals else []
    different = allowed
    for proposal in answer.proposals:
        best = max(checker.score(plan).objective for plan in different)
        assert proposal.objective == pytest.approx(best, abs=1e-6 * len(problem.meetings))
        assert proposal.starts in different
        different = [plan for plan in different if differ(plan, proposal.starts)]
    if len(answer.proposals) < 4:
        assert not different


@pytest.mark.parametrize(
    ("end", "num_days"),
    [("2027-03-01", 1), ("2027-03-07", 1), ("2027-03-16", 2), ("2027-04-24", 6), ("2027-04-25", 7), ("2027-12-31", 7)],
)
def test_by_default_proposals_differ_by_an_eighth_of_a_short_horizon_and_else_by_a_week(
    end: str, num_days: int
) -> None:
    problem = a_problem(horizon={"start": "2027-03-01", "end": end})
    assert Difference.of(problem, PlanOptions()) == Difference(min_days=num_days, min_moved=1)


def test_a_poll_of_one_week_gets_several_proposals() -> None:
    answer = propose(a_problem(horizon={"start": "2027-03-01", "end": "2027-03-05"}))
    assert len({proposal.starts["m1"].date() for proposal in answer.proposals}) == 3


def test_with_0_days_proposals_may_be_on_the_same_day_at_another_hour() -> None:
    problem = a_problem(horizon={"start": "2027-03-03", "end": "2027-03-03"})
    assert len(propose(problem).proposals) == 1
    assert [proposal.starts["m1"].hour for proposal in propose(problem, min_days=0).proposals] == [9, 13]


def test_proposals_that_differ_too_little_are_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    def the_best_again(*arguments: Any) -> Iterator[Plan]:
        yield arguments[1]

    monkeypatch.setattr("scheduler.planning.propose.further_plans", the_best_again)
    with pytest.raises(UnsoundPlan, match="proposal 2 is too similar to proposal 1"):
        propose(a_problem(), alternatives=2)


def moved(problem: Problem, plan: Starts, other: Starts, min_days: int) -> int:
    """Return how many meetings have another start, ``min_days`` or more apart, in the two plans."""

    def day(start: datetime) -> int:
        return start.astimezone(problem.zone).toordinal()

    return sum(
        plan[meeting] != other[meeting] and abs(day(plan[meeting]) - day(other[meeting])) >= min_days
        for meeting in plan
    )
