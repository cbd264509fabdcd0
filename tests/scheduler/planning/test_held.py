"""Nothing before today is planned, and a meeting that was held stays as it was, under every objective."""


import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from scheduler import Problem, propose
from scheduler.proposal import TOLERANCE, Objective
from scheduler.verify import Checker
from tests.enumeration import allowed_plans, held_start
from tests.past import problems_with_a_past

objectives = st.sampled_from(["attendance", "fair", "repair"])


def check_past(problem: Problem, objective: Objective) -> None:
    if objective == "repair" and not problem.published:
        return
    answer = propose(problem, objective=objective, alternatives=3, min_days=2)
    for proposal in answer.proposals:
        for planned in proposal.meetings:
            held = held_start(problem, problem.meetings_by_id[planned.meeting])
            assert planned.held == (held is not None)
            if held is not None:
                assert planned.starts_at == held
                assert planned.meeting not in proposal.moved
            else:
                assert planned.starts_at.astimezone(problem.zone).date() >= problem.today
        assert proposal.violations == ()
    named = {rule.meeting for rule in (*answer.conflict, *answer.relaxations)}
    assert not named & problem.held.keys()


def check_optimum(problem: Problem) -> None:
    allowed = allowed_plans(problem)
    note(f"{len(allowed)} plans allowed, {len(problem.held)} meetings held")
    answer = propose(problem, alternatives=1)
    if not allowed:
        assert answer.status == "infeasible"
        return
    checker = Checker(problem)
    assert answer.status == "optimal"
    best = max(checker.score(plan).objective for plan in allowed)
    assert answer.objective == pytest.approx(best, abs=TOLERANCE * len(problem.meetings))


@given(problems_with_a_past(), objectives)
def test_no_slot_lies_before_today_and_no_held_meeting_changes(problem: Problem, objective: Objective) -> None:
    check_past(problem, objective)


@given(problems_with_a_past())
def test_the_answer_is_the_best_of_all_plans_around_the_held_meetings(problem: Problem) -> None:
    check_optimum(problem)


@pytest.mark.prove
@settings(max_examples=1500)
@given(problems_with_a_past(max_meetings=4), objectives)
def test_held_meetings_many_times(problem: Problem, objective: Objective) -> None:
    check_past(problem, objective)
    check_optimum(problem)
