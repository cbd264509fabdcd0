"""Diagnosis nothing fits is explained as it is answered; where something fits, nothing is explained."""

from hypothesis import given

from scheduler import Problem, propose
from scheduler.explaining.infeasibility import conflicts
from scheduler.planning.search import Allowance, Search
from tests.builders import a_meeting, a_problem
from tests.strategies import problems

A_WEEKEND = {"start": "2027-03-06", "end": "2027-03-07"}


def test_a_window_without_a_working_day_is_named_with_what_would_help() -> None:
    why = conflicts(a_problem(meetings=[a_meeting(window=A_WEEKEND)]))
    assert why.status == "infeasible"
    assert [one.rule for one in why.conflict] == ["window", "weekday_and_start"]
    assert {(one.rule, one.to) for one in why.relaxations} == {
        ("window", ("2027-03-05", "2027-03-07")),
        ("weekday_and_start", ("MO", "TU", "WE", "TH", "FR", "SA")),
    }


def test_what_fits_is_explained_by_nothing() -> None:
    why = conflicts(a_problem())
    assert (why.status, why.conflict, why.relaxations) == ("optimal", (), ())


def test_a_search_that_has_nothing_left_explains_nothing() -> None:
    why = conflicts(a_problem(meetings=[a_meeting(window=A_WEEKEND)]), Search(Allowance(0.0)))
    assert (why.conflict, why.relaxations) == ((), ())


@given(problems())
def test_the_explanation_is_what_the_answer_says(problem: Problem) -> None:
    why, answer = conflicts(problem), propose(problem, alternatives=1)
    assert (why.status, why.conflict, why.relaxations) == (answer.status, answer.conflict, answer.relaxations)


def test_what_a_thousand_rules_forbid_is_told_by_one_and_nobody_is_told_to_give_up_a_thousand() -> None:
    days = {"start": "2027-03-01", "end": "2027-03-12", "reason": "mässa"}
    found = conflicts(a_problem(blackouts=[days] * 1000))
    assert [one.rule for one in found.conflict] == ["blackout"]
    assert found.relaxations == ()
