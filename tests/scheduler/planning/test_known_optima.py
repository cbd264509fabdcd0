"""Test planning against the answers of an independent reference implementation."""

import json
from datetime import datetime

import pytest

from scheduler import propose
from scheduler.attendance import people_of
from scheduler.candidates import Candidates
from scheduler.planning.fairness import Leximin
from scheduler.planning.instance import Instance
from scheduler.planning.optimum import optimum
from scheduler.planning.search_types import Search
from scheduler.proposal import TOLERANCE
from tests.known_answers import load

SOLVABLE = ["s.json", "m.json", "l.json.gz", "u.json", "mix.json", "edge.json"]


@pytest.mark.parametrize("name", SOLVABLE)
def test_the_optimum_equals_the_reference(name: str) -> None:
    problem, expected = load(name)
    answer = propose(problem, alternatives=1)
    tolerance = TOLERANCE * len(problem.meetings)
    assert answer.status == "optimal"
    assert answer.objective == pytest.approx(expected["objective"], abs=tolerance)
    assert answer.bound == pytest.approx(expected["objective"], abs=tolerance)
    assert answer.proposals[0].expected_absences == pytest.approx(expected["expected_absences"], abs=tolerance)


@pytest.mark.parametrize("name", SOLVABLE)
def test_every_chance_equals_the_reference(name: str) -> None:
    problem, expected = load(name)
    candidates = {choice.meeting.id: choice for choice in Candidates(problem).meetings}
    assert {meeting: len(choice.slots) for meeting, choice in candidates.items()} == expected["allowed_slots"]
    for slot in expected["one_slot"]:
        choice = candidates[slot["meeting"]]
        council = problem.councils_by_id[choice.meeting.council]
        start = datetime.fromisoformat(slot["starts_at"])
        index = choice.slots.starts.tolist().index(int(start.timestamp()))
        for row, seat in enumerate(council.seats):
            assert choice.chances.probability[row, index] == pytest.approx(slot["parties"][seat.party], abs=1e-12)
        for row, person in enumerate(people_of(council, choice.meeting)):
            if person in expected["people_in_that_slot"]:
                chance = expected["people_in_that_slot"][person]
                assert choice.chances.people.probability[row, index] == pytest.approx(chance, abs=1e-12)


def test_alternatives_equal_the_reference() -> None:
    problem, expected = load("m.json")
    options = expected["alternatives"]
    answer = propose(
        problem, alternatives=len(options["objectives"]), min_days=options["min_days"], min_moved=options["min_moved"]
    )
    assert [proposal.objective for proposal in answer.proposals] == pytest.approx(
        options["objectives"], abs=TOLERANCE * 6
    )


def test_an_infeasible_problem_names_the_conflict_of_the_reference() -> None:
    problem, expected = load("inf.json")
    answer = propose(problem)
    assert answer.status == "infeasible"
    assert answer.proposals == ()
    assert json.loads(answer.model_dump_json())["conflict"] == expected["conflict"]


def test_published_dates_change_only_the_meetings_reported_as_moved() -> None:
    problem, _ = load("rep.json")
    answer = propose(problem, alternatives=1)
    without = propose(problem.model_copy(update={"published": {}}), alternatives=1)
    assert answer.objective == without.objective
    (proposal,) = answer.proposals
    published = {meeting: problem.instant(start) for meeting, start in problem.published.items()}
    moved = [meeting for meeting, start in proposal.starts.items() if start != published[meeting]]
    assert list(proposal.moved) == moved
    assert moved


def test_the_repaired_plan_equals_the_reference() -> None:
    problem, known = load("rep.json")
    expected = known["repair"]
    answer = propose(problem, objective="repair", move_cost=expected["move_cost"], alternatives=1)
    assert answer.status == "optimal"
    assert answer.maximised == pytest.approx(expected["objective"], abs=TOLERANCE * 6)
    assert answer.objective == pytest.approx(expected["attendance"], abs=TOLERANCE * 6)
    assert list(answer.proposals[0].moved) == expected["moved"]
    plan = {planned["meeting"]: datetime.fromisoformat(planned["starts_at"]) for planned in expected["plan"]}
    assert answer.proposals[0].starts == plan
    for frozen in expected["frozen"]:
        assert plan[frozen] == problem.instant(problem.published[frozen])


@pytest.mark.parametrize(
    "name", ["m.json", "mix.json", "edge.json", pytest.param("l.json.gz", marks=pytest.mark.prove)]
)
def test_the_worst_party_of_the_fair_plan_equals_the_reference(name: str) -> None:
    problem, known = load(name)
    expected = known["fair"]
    answer = propose(problem, objective="fair", give_up=expected["give_up"], alternatives=1)
    assert answer.status == "optimal"
    assert answer.fairness is not None
    assert answer.fairness.leximin_depth == len(problem.parties)
    worst = answer.proposals[0].worst_party
    assert worst is not None
    assert worst.party == expected["worst_party"]["party"]
    assert worst.probability == pytest.approx(expected["worst_party"]["probability"], abs=expected["tolerance"])
    assert answer.objective is not None
    assert answer.objective >= (1 - expected["give_up"]) * known["objective"] - TOLERANCE * len(problem.meetings)


@pytest.mark.parametrize("name", ["m.json", "mix.json", "edge.json"])
def test_the_total_under_the_lowest_level_alone_equals_the_reference(name: str) -> None:
    problem, known = load(name)
    instance = Instance(problem, Candidates(problem).meetings)
    leximin = Leximin(instance, optimum(instance, Search()), known["fair"]["give_up"])
    result = leximin.next_fairest(instance, Search(), [])
    assert result.value == pytest.approx(known["fair"]["objective"], abs=TOLERANCE * len(problem.meetings))
