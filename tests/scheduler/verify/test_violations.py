"""The checker catches what a planner might get wrong: it is given wrong answers on purpose."""

import pytest

from scheduler import propose, score, violations
from tests.builders import a_problem


def test_a_sound_proposal_has_no_violations() -> None:
    problem = a_problem()
    assert violations(problem, propose(problem).proposals[0]) == []


@pytest.mark.parametrize("field", ["objective", "expected_absences"])
def test_a_misstated_total_is_found(field: str) -> None:
    problem = a_problem()
    proposal = propose(problem).proposals[0]
    wrong = proposal.model_copy(update={field: getattr(proposal, field) + 0.001})
    assert [broken.rule for broken in violations(problem, wrong)] == ["misstated"]


def test_a_misstated_chance_is_found_with_its_meeting() -> None:
    problem = a_problem()
    proposal = propose(problem).proposals[0]
    meeting = proposal.meetings[0]
    outlook = meeting.parties[0].model_copy(update={"probability": 0.5})
    wrong = meeting.model_copy(update={"parties": (outlook, *meeting.parties[1:])})
    (broken,) = violations(problem, proposal.model_copy(update={"meetings": (wrong,)}))
    assert (broken.rule, broken.meeting) == ("misstated", "m1")


def test_the_score_of_a_plan_is_what_the_proposal_says() -> None:
    problem = a_problem()
    proposal = propose(problem).proposals[0]
    assert score(problem, proposal.starts).objective == pytest.approx(proposal.objective)
