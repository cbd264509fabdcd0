"""The checker detects wrong values in a proposal."""

from datetime import UTC, date, datetime

import pytest

from scheduler import propose, score, violations
from scheduler.verify import Checker
from tests.builders import a_commitment, a_council, a_meeting, a_problem


def test_a_correct_proposal_has_no_violations() -> None:
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


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_at": datetime(2027, 3, 1, 23, tzinfo=UTC)},
        {"week": 52},
        {"notice_by": date(2027, 1, 1)},
        {"parties": ()},
        {"quorum_probability": 0.5},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_misstated_meeting_is_found(wrong: dict[str, object]) -> None:
    problem = a_problem()
    proposal = propose(problem).proposals[0]
    meeting = proposal.meetings[0].model_copy(update=wrong)
    (broken,) = violations(problem, proposal.model_copy(update={"meetings": (meeting,)}))
    assert (broken.rule, broken.meeting) == ("misstated", "m1")


@pytest.mark.parametrize(
    "wrong", [{"worst_party": None}, {"moved": ("m1",)}, {"meetings": ()}], ids=lambda wrong: next(iter(wrong))
)
def test_a_misstated_whole_is_found(wrong: dict[str, object]) -> None:
    problem = a_problem()
    proposal = propose(problem).proposals[0].model_copy(update=wrong)
    assert [broken.rule for broken in violations(problem, proposal)] == ["misstated"]


def test_a_party_without_persons_is_not_the_worst_party() -> None:
    council = a_council()
    council["seats"][0] = {"party": "a", "member": None, "substitutes": []}
    worst = propose(a_problem(councils=[council])).proposals[0].worst_party
    assert worst is not None
    assert worst.party != "a"


def test_a_pinned_start_in_a_repeated_hour_is_kept() -> None:
    horizon = {"start": "2027-10-25", "end": "2027-11-05"}
    for offset in ("+01:00", "+02:00", ""):
        pinned = a_meeting(pinned=f"2027-10-31T02:30:00{offset}")
        answer = propose(a_problem(horizon=horizon, meetings=[pinned]))
        assert answer.proposals[0].meetings[0].starts_at.isoformat().startswith("2027-10-31T02:30:00")


def test_the_two_occurrences_of_a_repeated_hour_have_chances_of_their_own() -> None:
    """In a zone of their own the two starts are equal; only in the first is everybody busy."""
    people = ("a0", "a1", "b0", "b1", "c0", "c1")
    problem = a_problem(
        horizon={"start": "2027-10-25", "end": "2027-11-05"},
        meetings=[a_meeting(duration_minutes=30)],
        commitments=[
            a_commitment(f"c{index}", person, "2027-10-31T02:00:00+02:00", "2027-10-31T03:00:00+02:00", yields=0)
            for index, person in enumerate(people)
        ],
    )
    first = datetime(2027, 10, 31, 2, 15, tzinfo=problem.zone)
    checker = Checker(problem)
    assert checker.score({"m1": first}).objective == 0
    assert checker.score({"m1": first.replace(fold=1)}).objective > 0


def test_the_score_of_a_plan_equals_the_values_of_the_proposal() -> None:
    problem = a_problem()
    proposal = propose(problem).proposals[0]
    assert score(problem, proposal.starts).objective == pytest.approx(proposal.objective)
