"""Test that `conflicts` equals the diagnosis of `propose`, and is empty for feasible problems."""

from hypothesis import given

from scheduler import Problem, propose
from scheduler.explaining.infeasibility import conflicts
from scheduler.planning.search_types import Allowance, Search
from tests.builders import a_meeting, a_problem
from tests.strategies import problems

A_WEEKEND = {"start": "2027-03-06", "end": "2027-03-07"}


def test_a_window_without_a_working_day_is_a_conflict_with_two_relaxations() -> None:
    result = conflicts(a_problem(meetings=[a_meeting(window=A_WEEKEND)]))
    assert result.status == "infeasible"
    assert [instance.rule for instance in result.conflict] == ["window", "weekday_and_start"]
    assert {(relaxation.rule, relaxation.to) for relaxation in result.relaxations} == {
        ("window", ("2027-03-05", "2027-03-07")),
        ("weekday_and_start", ("MO", "TU", "WE", "TH", "FR", "SA")),
    }


def test_a_feasible_problem_has_no_conflict() -> None:
    result = conflicts(a_problem())
    assert (result.status, result.conflict, result.relaxations) == ("optimal", (), ())


def test_a_search_without_allowance_returns_no_conflict() -> None:
    result = conflicts(a_problem(meetings=[a_meeting(window=A_WEEKEND)]), Search(Allowance(0.0)))
    assert (result.conflict, result.relaxations) == ((), ())


@given(problems())
def test_the_conflict_and_relaxations_equal_those_of_propose(problem: Problem) -> None:
    result, answer = conflicts(problem), propose(problem, alternatives=1)
    assert (result.status, result.conflict, result.relaxations) == (answer.status, answer.conflict, answer.relaxations)


def test_of_a_thousand_equal_blackouts_one_is_named_and_no_relaxation_drops_a_thousand() -> None:
    days = {"start": "2027-03-01", "end": "2027-03-12", "reason": "mässa"}
    result = conflicts(a_problem(blackouts=[days] * 1000))
    assert [instance.rule for instance in result.conflict] == ["blackout"]
    assert result.relaxations == ()
