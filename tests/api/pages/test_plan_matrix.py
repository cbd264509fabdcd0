"""The matrix shows the likeliest representative of each party, and its chance."""

from datetime import date, timedelta

import pytest

from api.i18n import Wording
from api.pages.plan.matrix import WIDEST, build_cell, build_matrices
from api.presenting.names import Names
from scheduler.problem import Problem
from scheduler.proposal import EvidenceKind, Proposal, Via, WorstParty
from tests.api.pages.handmade import a_planned_meeting, a_proposal, an_outlook
from tests.builders import a_council, a_meeting, a_problem

SV, EN = Wording("sv"), Wording("en")


@pytest.mark.parametrize(
    ("via", "evidence", "swedish", "english"),
    [
        ("member", "calendar", "L", "M"),
        ("member", "answer", "L", "M"),
        ("substitute", "calendar", "E", "S"),
        ("substitute", "none", "?", "?"),
        ("member", "none", "?", "?"),
        ("nobody", "calendar", "–", "–"),
        ("nobody", "none", "?", "?"),
    ],
)
def test_a_letter_stands_for_the_likeliest_representative(
    via: Via, evidence: EvidenceKind, swedish: str, english: str
) -> None:
    outlook = an_outlook("a", 0.5, via, evidence)
    assert build_cell(outlook, "m1", a_problem(), SV).letter == swedish
    assert build_cell(outlook, "m1", a_problem(), EN).letter == english


def test_a_vacant_seat_is_shown_as_vacant_and_not_as_unknown() -> None:
    seats = [{"party": "a", "member": None}]
    problem = a_problem(councils=[a_council(seats=seats)])
    vacant = build_cell(an_outlook("a", 0.0, "nobody", "none"), "m1", problem, SV)
    assert (vacant.letter, vacant.number, vacant.words) == ("–", "0", "vakant, 0\xa0%")


def test_a_cell_has_its_letter_and_number_in_words_too() -> None:
    shown = build_cell(an_outlook("a", 0.974, "substitute"), "m1", a_problem(), SV)
    assert (shown.letter, shown.number, shown.words) == ("E", "97", "troligen ersättaren, 97\xa0%")


@pytest.mark.parametrize(("probability", "tint"), [(1.0, 0), (0.946, 0), (0.92, 1), (0.85, 2), (0.7, 3), (0.2, 4)])
def test_the_less_likely_the_stronger_the_tint(probability: float, tint: int) -> None:
    assert build_cell(an_outlook("a", probability), "m1", a_problem(), SV).tint == tint


def a_plan_of(count: int) -> tuple[Problem, Proposal]:
    meetings = [a_meeting(f"m{number}") for number in range(count)]
    problem = a_problem(horizon={"start": "2027-03-01", "end": "2027-12-17"}, meetings=meetings)
    held = [a_planned_meeting(f"m{number}", date(2027, 3, 1) + timedelta(days=number)) for number in range(count)]
    return problem, a_proposal(*held)


def test_a_plan_wider_than_paper_is_parted_evenly() -> None:
    problem, proposal = a_plan_of(WIDEST + 2)
    parts = build_matrices(proposal, problem, Names.of(problem, SV), SV)
    assert [len(part.columns) for part in parts] == [9, 9]
    assert parts[0].title == "1–9 mars 2027"
    assert parts[1].columns[0].code == "R10"


def test_a_party_without_a_seat_has_an_empty_cell() -> None:
    problem = a_problem(
        councils=[a_council(), a_council("skola", ("b",))], meetings=[a_meeting("m1"), a_meeting("m2", "skola")]
    )
    held = (a_planned_meeting("m1"), a_planned_meeting("m2", date(2027, 3, 5), parties=(an_outlook("b", 0.5),)))
    (matrix,) = build_matrices(a_proposal(*held), problem, Names.of(problem, SV), SV)
    assert [row.cells[1] is None for row in matrix.rows] == [True, False, True]


def test_each_party_has_its_mean_and_the_worst_represented_is_marked() -> None:
    problem, _ = a_plan_of(2)
    unheard = a_planned_meeting(
        "m0", date(2027, 3, 1), parties=(an_outlook("a", 0.51), an_outlook("b"), an_outlook("c"))
    )
    best = a_proposal(unheard, a_planned_meeting(), worst_party=WorstParty(party="a", probability=0.74))
    (matrix,) = build_matrices(best, problem, Names.of(problem, SV), SV)
    assert [(row.mean, row.is_lowest) for row in matrix.rows] == [
        ("74\xa0%", True),
        ("97\xa0%", False),
        ("97\xa0%", False),
    ]


def test_no_party_is_marked_when_all_are_equally_represented() -> None:
    problem, best = a_plan_of(1)
    (matrix,) = build_matrices(best, problem, Names.of(problem, SV), SV)
    assert [row.is_lowest for row in matrix.rows] == [False, False, False]


@pytest.mark.parametrize(("chance", "words"), [(0.51, "osäkert, 51\xa0%"), (0.2, "troligen ingen, 20\xa0%")])
def test_a_party_more_likely_there_than_not_is_uncertain(chance: float, words: str) -> None:
    assert build_cell(an_outlook("a", chance, "nobody"), "m1", a_problem(), SV).words == words
