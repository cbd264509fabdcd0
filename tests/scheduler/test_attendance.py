"""Probabilities of attendance, computed by hand, and the ranking of parties instead of persons."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler import Problem, propose
from scheduler.attendance import person_chances, quorum_probability
from scheduler.candidates import Candidates
from scheduler.verify.chances import at_least
from tests.builders import a_commitment, a_council, a_document, a_meeting, a_person, a_problem

NINE = {"start": "2027-03-02T08:00", "end": "2027-03-02T12:00"}
RATE = 0.92


def chance_at_nine(**changes: Any) -> float:
    """The chance that a0 comes on Tuesday 2 March at nine."""
    meetings = [a_meeting(window={"start": "2027-03-02", "end": "2027-03-02"}, starts=["09:00"])]
    problem = a_problem(**{"meetings": meetings, **changes})
    candidates = Candidates(problem)
    (one,) = candidates.meetings
    return float(person_chances(candidates.availability, one.meeting, ["a0"], one.slots).probability[0, 0])


def a_clash(**changes: Any) -> list[dict[str, Any]]:
    return [a_commitment("c1", "a0", **{"start": NINE["start"], "end": NINE["end"], **changes})]


def luce(importance: int, ours: int = 3, precedence: float = 1.0) -> float:
    return float(1 / (1 + np.exp(precedence * (importance - ours))))


def an_answer(answer: str, **changes: Any) -> list[dict[str, Any]]:
    return [{"person": "a0", **NINE, "answer": answer, **changes}]


def test_without_a_clash_the_probability_is_the_attendance_rate() -> None:
    assert chance_at_nine() == pytest.approx(RATE)


def test_a_clash_of_equal_importance_is_left_with_probability_one_half() -> None:
    assert chance_at_nine(commitments=a_clash()) == pytest.approx(RATE / 2)


def test_a_more_important_clash_is_left_with_a_lower_probability() -> None:
    assert chance_at_nine(commitments=a_clash(importance=5)) == pytest.approx(RATE * luce(5))


def test_the_importance_of_a_commitment_takes_precedence_over_the_yield_of_its_calendar() -> None:
    calendars = [{"id": "ks", "label": "KS", "yields": 0.9}]
    assert chance_at_nine(calendars=calendars, commitments=a_clash(calendar="ks")) == pytest.approx(RATE * 0.9)
    clash = a_clash(calendar="ks", importance=4)
    assert chance_at_nine(calendars=calendars, commitments=clash) == pytest.approx(RATE * luce(4))


def test_the_importance_for_a_party_replaces_that_of_the_meeting() -> None:
    meeting = a_meeting(
        window={"start": "2027-03-02", "end": "2027-03-02"}, starts=["09:00"], party_importance={"a": 5}
    )
    assert chance_at_nine(meetings=[meeting], commitments=a_clash()) == pytest.approx(RATE * luce(3, ours=5))


def test_a_tentative_clash_happens_half_the_time() -> None:
    clash = a_clash(kind="busy_tentative", yields=0.2)
    assert chance_at_nine(commitments=clash) == pytest.approx(RATE * (0.5 + 0.5 * 0.2))


def test_an_unavailable_person_never_attends() -> None:
    assert chance_at_nine(commitments=a_clash(kind="busy_unavailable", yields=0.9)) == 0.0


def test_of_several_clashes_the_one_with_the_lowest_yield_counts() -> None:
    clashes = [*a_clash(yields=0.6), a_commitment("c2", "a0", "2027-03-02T10:00", "2027-03-02T11:00", yields=0.3)]
    assert chance_at_nine(commitments=clashes) == pytest.approx(RATE * 0.3)


def test_a_commitment_that_ends_at_the_start_is_not_a_clash() -> None:
    assert chance_at_nine(commitments=a_clash(end="2027-03-02T09:00")) == pytest.approx(RATE)


def test_travel_time_makes_a_commitment_before_the_meeting_a_clash() -> None:
    parties = [{"id": party, "name": party, "travel_minutes": {"v": 30}} for party in "abc"]
    meeting = a_meeting(window={"start": "2027-03-02", "end": "2027-03-02"}, starts=["09:00"], venue="v")
    changes = {
        "parties": parties,
        "venues": [{"id": "v", "name": "huset"}],
        "commitments": a_clash(end="2027-03-02T09:00"),
    }
    problem = {**a_document(), **changes, "meetings": [meeting]}
    at_home = {**problem, "meetings": [{**meeting, "mode": "hybrid"}]}
    chances = []
    for document in (problem, at_home):
        candidates = Candidates(Problem.of(document))
        one = candidates.meetings[0]
        found = person_chances(candidates.availability, one.meeting, ["a0"], one.slots)
        chances.append(found.probability[0, 0])
    assert chances == pytest.approx([RATE / 2, RATE])


def test_time_outside_the_known_time_counts_as_unknown() -> None:
    people = [a_person(f"{party}{i}", party, known=[]) for party in "abc" for i in (0, 1)]
    assert chance_at_nine(people=people) == pytest.approx(RATE * 0.6)


def test_known_and_free_time_are_united() -> None:
    people = [a_person(f"{party}{i}", party, known=[]) for party in "abc" for i in (0, 1)]
    people[0]["known"] = [{"start": "2027-03-02T09:00", "end": "2027-03-02T10:00"}]
    free = a_clash(kind="free", start="2027-03-02T10:00", end="2027-03-02T11:00")
    assert chance_at_nine(people=people) == pytest.approx(RATE * 0.6)
    assert chance_at_nine(people=people, commitments=free) == pytest.approx(RATE)


def test_an_answer_takes_precedence_over_the_calendar() -> None:
    assert chance_at_nine(commitments=a_clash(), answers=an_answer("yes")) == 0.95
    assert chance_at_nine(answers=an_answer("if_needed")) == 0.7
    assert chance_at_nine(answers=an_answer("no")) == 0.02


def test_a_yes_must_cover_the_slot_and_a_no_must_overlap_it() -> None:
    part = {"start": "2027-03-02T10:30", "end": "2027-03-02T12:00"}
    assert chance_at_nine(answers=an_answer("yes", **part)) == pytest.approx(RATE)
    assert chance_at_nine(answers=an_answer("no", **part)) == 0.02


def test_the_latest_answer_is_valid_and_of_undated_answers_the_last() -> None:
    dated = [*an_answer("no", at="2026-11-02T12:00Z"), *an_answer("yes", at="2026-11-01T12:00Z")]
    assert chance_at_nine(answers=dated) == 0.02
    assert chance_at_nine(answers=[*an_answer("no"), *an_answer("if_needed")]) == 0.7


def test_a_newer_clash_invalidates_a_yes_but_not_a_no() -> None:
    clash = a_clash(at="2026-11-03T12:00Z")
    assert chance_at_nine(commitments=clash, answers=an_answer("yes", at="2026-11-02T12:00Z")) == pytest.approx(
        RATE / 2
    )
    assert chance_at_nine(commitments=clash, answers=an_answer("yes", at="2026-11-04T12:00Z")) == 0.95
    assert chance_at_nine(commitments=clash, answers=an_answer("no", at="2026-11-02T12:00Z")) == 0.02


def test_calendar_entries_of_planned_meetings_are_ignored() -> None:
    assert chance_at_nine(commitments=a_clash(meeting="m1")) == pytest.approx(RATE)
    assert chance_at_nine(commitments=a_clash(meeting="something-else")) == pytest.approx(RATE / 2)


def test_a_blackout_of_parties_lowers_the_probability_of_their_members() -> None:
    blackouts = [{"start": "2027-03-01", "end": "2027-03-05", "reason": "lov", "parties": ["a"], "yields": 0.25}]
    assert chance_at_nine(blackouts=blackouts) == pytest.approx(RATE * 0.25)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.integers(0, 9))
def test_the_quorum_probability_is_the_sum_over_all_outcomes(chances: list[float], quorum: int) -> None:
    outcomes = np.array(np.meshgrid(*[[0, 1]] * len(chances))).reshape(len(chances), -1)
    column = np.array(chances)[:, None]
    weights = np.prod(np.where(outcomes == 1, column, 1 - column), axis=0)
    expected = weights[outcomes.sum(axis=0) >= quorum].sum()
    assert quorum_probability(column, quorum)[0] == pytest.approx(expected, abs=1e-12)
    assert at_least(quorum, chances) == pytest.approx(expected, abs=1e-12)


def thirteen_parties() -> dict[str, Any]:
    """On date A every member is free and every substitute busy; on date B seven parties have both and six nobody."""
    parties = tuple("abcdefghijklm")
    busy = []
    for number, party in enumerate(parties):
        busy.append((f"{party}1", "2027-03-02"))
        if number >= 7:
            busy.extend([(f"{party}0", "2027-03-03"), (f"{party}1", "2027-03-03")])
    commitments = [
        a_commitment(f"c{i}", person, f"{day}T08:00", f"{day}T18:00", kind="busy_unavailable")
        for i, (person, day) in enumerate(busy)
    ]
    return {
        "parties": parties,
        "councils": [a_council(parties=parties)],
        "meetings": [a_meeting(starts=["09:00"], window={"start": "2027-03-02", "end": "2027-03-03"})],
        "commitments": commitments,
    }


def test_a_date_for_more_parties_is_preferred_to_a_date_for_more_persons() -> None:
    problem = a_problem(**thirteen_parties())
    answer = propose(problem, alternatives=1)
    assert answer.proposals[0].meetings[0].starts_at.date().isoformat() == "2027-03-02"
    assert answer.objective == pytest.approx(13 * RATE)

    candidates = Candidates(problem)
    (one,) = candidates.meetings
    people = [person.id for person in problem.people]
    free = person_chances(candidates.availability, one.meeting, people, one.slots).probability > 0
    confidence = free.mean(axis=0)  # as a mean over people counts: free 1, busy 0
    assert confidence.tolist() == pytest.approx([13 / 26, 14 / 26])
    assert int(confidence.argmax()) == 1, "a mean over people would choose the other date"


def test_with_unknown_calendars_proposals_are_ranked_without_evidence() -> None:
    parties = tuple("abcdefghijklm")
    people = [a_person(f"{party}{i}", party, known=[]) for party in parties for i in (0, 1)]
    horizon = {"start": "2027-03-01", "end": "2027-04-30"}
    answer = propose(a_problem(parties=parties, people=people, horizon=horizon))
    assert answer.status == "optimal"
    assert [proposal.rank for proposal in answer.proposals] == [1, 2, 3]
    assert answer.proposals[0].meetings[0].starts_at.isoformat() == "2027-03-01T09:00:00+01:00", (
        "the earliest of equals"
    )
    outlooks = [one for proposal in answer.proposals for meeting in proposal.meetings for one in meeting.parties]
    assert {one.evidence for one in outlooks} == {"none"}
    assert {reason.kind for one in outlooks for reason in one.reasons} == {"unknown", "rate"}
