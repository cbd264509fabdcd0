"""Every document equals itself after serialisation to JSON and parsing."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler import Problem, explain, propose
from scheduler.explaining.explanation import ExplanationKind
from scheduler.planning.propose import input_hash
from tests.builders import Json, a_commitment, a_council, a_document, a_meeting, a_person, a_problem
from tests.known_answers import load
from tests.strategies import counties, instants, problems

EXAMPLE = Path(__file__).parents[3] / "examples" / "orebro-2027" / "problem.json"
INSTANCES = ("edge.json", "inf.json", "l.json.gz", "m.json", "mix.json", "rep.json", "s.json", "u.json")
HASH = "08518b4521b96bc4f00734a0cd338df244f8b60ea18e48d675ff4884f057ff85"  # of EVERY_KEY, before `to_json` was added

A_RANGE_OF_STARTS = {"from": "08:30", "to": "16:00", "step_minutes": 15}
EVERY_KEY: Json = {
    **a_document(),
    "calendars": [{"id": "ks", "label": "KS", "importance": 4}, {"id": "job", "label": "jobb", "yields": 0.4}],
    "commitments": [
        a_commitment(
            "c1",
            "a0",
            "2027-03-01T09:00",
            "2027-03-01T10:00:00+01:00",
            calendar="ks",
            event="e1",
            kind="busy_tentative",
            importance=5,
            yields=0.25,
            meeting="m1",
            at="2026-11-01T12:00:00Z",
        ),
        a_commitment("c2", "b0", "2027-03-02T09:00", "2027-03-02T10:00", kind="free"),
    ],
    "answers": [
        {"person": "a0", "start": "2027-03-03T08:00", "end": "2027-03-03T12:00", "answer": "if_needed"},
        {
            "person": "b0",
            "start": "2027-03-03T08:00Z",
            "end": "2027-03-03T12:00Z",
            "answer": "no",
            "at": "2026-11-02T08:00",
        },
    ],
    "venues": [
        {"id": "v0", "name": "huset", "rooms": 2},
        {"id": "v/1", "name": "skolan", "travel_minutes": {"v0": 90}},
    ],
    "parties": [{"id": party, "name": party, "weight": 2, "travel_minutes": {"v0": 30}} for party in ("a", "b", "c")],
    "people": [
        a_person("a0", "a", email="a0@example.org", attendance_rate=0.5),
        a_person("a1", "a", known=[{"start": "2027-03-01T08:00", "end": "2027-03-05T17:00:00+01:00"}]),
        *(a_person(f"{party}{index}", party, known=[]) for party in ("b", "c") for index in (0, 1)),
    ],
    "councils": [
        a_council(
            quorum=2,
            organizer={"name": "Kansliet", "email": "kansli@example.org"},
            chair="a0",
            spacing_days={"min": 1, "max": 9},
            habit={"weekday": "TH", "ordinal": -1, "start": "09:00"},
        )
    ],
    "meetings": [
        a_meeting(
            window={"start": "2027-03-01", "end": "2027-03-10"},
            weekdays=["MO", "TU", "SU"],
            starts=A_RANGE_OF_STARTS,
            venue="v/1",
            mode="hybrid",
            importance=5,
            party_importance={"a": 1},
            weight=0.5,
            required=[{"person": "a0"}, {"person": "b0", "at_least": 0.25}],
            quorum_probability=0.1,
            notice_days=14,
        ),
        a_meeting("m2", pinned="2027-03-11T09:00"),
    ],
    "relations": [
        {"kind": "before", "meetings": ["m1", "m2"], "days": 1},
        {"kind": "apart_days", "meetings": ["m2", "m1"], "days": 1},
    ],
    "blackouts": [
        {"start": "2027-03-04", "end": "2027-03-04", "reason": "lov"},
        {"start": "2027-03-05", "end": "2027-03-05", "reason": "lov", "parties": ["a"], "yields": 0.1},
    ],
    "holidays": None,
    "published": {"m1": "2027-03-02T08:30:00+01:00", "m2": "2027-03-11T09:00"},
    "assumptions": {
        "unknown_free": 0.5,
        "tentative": 0.25,
        "answer_yes": 1,
        "if_needed": 0.5,
        "answer_no": 0,
        "precedence": 2.5,
        "call_in": 1,
        "shared_absence": 0.01,
        "attendance_rate": 0.75,
    },
}


def check_problem(problem: Problem) -> None:
    text = problem.to_json()
    again = Problem.read(text)
    assert again == problem
    assert again.to_json() == text
    assert input_hash(again) == input_hash(problem)


@given(problems())
def test_small_problems_round_trip(problem: Problem) -> None:
    check_problem(problem)


@given(counties())
def test_counties_round_trip(problem: Problem) -> None:
    check_problem(problem)


@given(
    st.lists(st.times().map(lambda clock: clock.strftime("%H:%M")), min_size=1, max_size=8),
    st.fixed_dictionaries(
        {"from": st.just("07:00"), "to": st.sampled_from(["07:00", "21:55"]), "step_minutes": st.integers(5, 1440)}
    ),
    st.dictionaries(st.sampled_from(["m1", "m2"]), instants),
    st.sampled_from(["2026-11-22", "2027-03-12"]),
)
def test_clocks_short_starts_and_published_dates_round_trip(
    clocks: list[str], short: Json, published: dict[str, str], today: str
) -> None:
    meetings = [a_meeting("m1", starts=clocks), a_meeting("m2", starts=short)]
    council = a_council(habit={"weekday": "MO", "ordinal": 2, "start": clocks[0]})
    check_problem(a_problem(meetings=meetings, councils=[council], published=published, today=today))


@given(st.sets(st.sampled_from(sorted(EVERY_KEY.keys() - a_document().keys()))))
def test_problems_round_trip_with_and_without_optional_keys(left_out: set[str]) -> None:
    document = {key: value for key, value in EVERY_KEY.items() if key not in left_out}
    if "venues" in left_out:
        document["meetings"] = [{**meeting, "venue": None} for meeting in document["meetings"]]
        document["parties"] = a_document()["parties"]
    if "calendars" in left_out and "commitments" in document:
        document["commitments"] = [{**one, "calendar": None} for one in document["commitments"]]
    check_problem(Problem.of(document))


def test_the_round_trip_covers_every_key_of_a_problem() -> None:
    assert EVERY_KEY.keys() == Problem.model_fields.keys()


def test_a_problem_is_written_with_the_keys_that_it_was_read_with() -> None:
    written: dict[str, Any] = json.loads(Problem.of(EVERY_KEY).to_json())
    assert written.keys() == EVERY_KEY.keys()
    assert written["meetings"][0]["starts"] == A_RANGE_OF_STARTS
    assert written["councils"][0]["habit"] == EVERY_KEY["councils"][0]["habit"]
    assert written["holidays"] is None


@pytest.mark.parametrize("name", INSTANCES)
def test_shared_instances_round_trip(name: str) -> None:
    problem, _ = load(name)
    check_problem(problem)


def test_the_example_round_trips() -> None:
    check_problem(Problem.read(EXAMPLE.read_bytes()))


def test_the_hash_of_a_problem_does_not_depend_on_the_form_that_is_read() -> None:
    assert input_hash(Problem.of(EVERY_KEY)) == HASH


def test_what_an_invitation_says_is_kept_and_without_it_the_hash_stays() -> None:
    said = {"agenda": ["Val av justerare"], "link": "https://example.org/mote?id=1", "reply_by": "2027-02-15"}
    check_problem(
        Problem.of({**EVERY_KEY, "meetings": [{**EVERY_KEY["meetings"][0], **said}, EVERY_KEY["meetings"][1]]})
    )
    left_out = [{**meeting, "agenda": None, "link": None, "reply_by": None} for meeting in EVERY_KEY["meetings"]]
    assert input_hash(Problem.of({**EVERY_KEY, "meetings": left_out})) == HASH


def test_proposals_round_trip() -> None:
    result = propose(Problem.of(EVERY_KEY), objective="repair", alternatives=2)
    assert result.proposals
    assert type(result).model_validate_json(result.model_dump_json()) == result


def test_conflicts_and_relaxations_round_trip() -> None:
    council = a_council(spacing_days={"min": 11})
    result = propose(a_problem(councils=[council], meetings=[a_meeting(), a_meeting("m2", weekdays=["MO"])]))
    assert result.relaxations
    assert type(result).model_validate_json(result.model_dump_json()) == result


@pytest.mark.parametrize("kind", ["heatmap", "clashes", "asking", "conflicts", "habit"])
def test_explanations_round_trip(kind: ExplanationKind) -> None:
    result = explain(Problem.of(EVERY_KEY), kind)
    assert type(result).model_validate_json(result.model_dump_json()) == result
