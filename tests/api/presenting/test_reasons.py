"""Causes of absence are sentences, the largest cause first, with people named by their role."""

from typing import Any

import pytest

from api.i18n import Wording
from api.presenting.plan_view import Absentee
from api.presenting.reasons import build_absentees
from scheduler.problem import Problem
from scheduler.proposal import Reason, ReasonKind
from tests.api.pages.handmade import a_planned_meeting, an_outlook
from tests.builders import a_council, a_document, a_problem

SV = Wording("sv")


def a_reason(kind: ReasonKind = "busy", loss: float = 0.2, **changes: Any) -> Reason:
    return Reason(**{"person": "a0", "kind": kind, "loss": loss, **changes})


def build(*reasons: Reason, problem: Problem | None = None, probability: float = 0.6) -> Absentee:
    held = a_planned_meeting(parties=(an_outlook("a", probability, reasons=reasons),))
    (absentee,) = build_absentees(held, problem or a_problem(), SV)
    return absentee


@pytest.mark.parametrize(
    ("kind", "label", "sentence"),
    [
        ("busy", "Kommunfullmäktige, Laxå", "Ledamot a0: krockar med Kommunfullmäktige, Laxå."),
        ("busy", None, "Ledamot a0: krockar med annat åtagande."),
        ("busy_tentative", "Budgetdag", "Ledamot a0: har preliminärt Budgetdag."),
        ("busy_unavailable", None, "Ledamot a0: har förhinder (annat åtagande)."),
        ("blackout", "sportlov", "Ledamot a0: kan vara ledig (sportlov)."),
        ("unknown", None, "Ledamot a0: kalendern är okänd."),
        ("answer", None, "Ledamot a0: eget svar om tiden."),
    ],
)
def test_each_kind_of_cause_has_its_sentence(kind: ReasonKind, label: str | None, sentence: str) -> None:
    assert build(a_reason(kind, label=label)).causes[0].sentence == sentence


MEETING = {"start": "2027-03-04T08:00:00+01:00", "end": "2027-03-04T12:00:00+01:00"}
PART_OF_IT = {"start": "2027-03-04T10:00:00+01:00", "end": "2027-03-04T12:00:00+01:00"}


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ([("no", MEETING, None)], "Ledamot a0: har svarat nej."),
        ([("no", PART_OF_IT, None)], "Ledamot a0: har svarat nej."),
        ([("if_needed", MEETING, None)], "Ledamot a0: kan komma vid behov."),
        ([("yes", MEETING, None)], "Ledamot a0: har svarat ja men kan ändå få förhinder."),
        ([("yes", PART_OF_IT, None)], "Ledamot a0: eget svar om tiden."),
        ([("no", MEETING, None), ("if_needed", MEETING, None)], "Ledamot a0: kan komma vid behov."),
        (
            [("no", MEETING, "2026-11-02T09:00:00Z"), ("yes", MEETING, "2026-11-01T09:00:00Z")],
            "Ledamot a0: har svarat nej.",
        ),
        ([("no", MEETING, "2026-11-02T09:00:00Z"), ("yes", MEETING, None)], "Ledamot a0: har svarat nej."),
    ],
)
def test_the_deciding_answer_is_described(answers: list[tuple[str, dict[str, str], str | None]], sentence: str) -> None:
    listed = [{"person": "a0", "answer": answer, "at": at, **time} for answer, time, at in answers]
    assert build(a_reason("answer"), problem=a_problem(answers=listed)).causes[0].sentence == sentence


def test_a_party_shows_its_risk() -> None:
    assert build(a_reason(), probability=0.84).risk == "16\xa0% risk"


def test_a_cause_shows_the_risk_without_it() -> None:
    assert build(a_reason(loss=0.31)).causes[0].risk_without == "9\xa0%"
    assert build(a_reason("unknown", loss=0.31)).causes[0].risk_without == "9\xa0%"


def test_a_loss_is_shown_as_a_risk_whatever_the_weight_of_the_party() -> None:
    parties = [{"id": party, "name": party, "weight": 2.0} for party in ("a", "b", "c")]
    heavy = Problem.of({**a_document(), "parties": parties})
    assert build(a_reason(loss=0.62), problem=heavy).causes[0].risk_without == "9\xa0%"


def test_absence_without_a_clash_is_no_cause_of_its_own() -> None:
    assert build(a_reason("rate")).causes == ()


def test_the_largest_cause_comes_first_and_the_smallest_are_left_out() -> None:
    absentee = build(a_reason("unknown", 0.005), a_reason("rate", 0.1), a_reason("busy", 0.3))
    assert [cause.sentence for cause in absentee.causes] == ["Ledamot a0: krockar med annat åtagande."]


def test_the_only_cause_is_listed_however_small() -> None:
    assert len(build(a_reason("unknown", 0.005)).causes) == 1


def test_a_vacant_seat_is_called_vacant() -> None:
    problem = a_problem(councils=[a_council(seats=[{"party": "a", "member": None}])])
    assert build(problem=problem, probability=0.0).causes[0].sentence == "Platsen är vakant."


def test_a_seat_without_a_member_is_described() -> None:
    problem = a_problem(councils=[a_council(seats=[{"party": "a", "member": None, "substitutes": ["a1"]}])])
    assert build(problem=problem).causes[0].sentence == "Ingen ledamot är utsedd, bara ersättare."


def test_the_least_likely_party_comes_first_and_the_nearly_certain_are_left_out() -> None:
    held = a_planned_meeting(parties=(an_outlook("a", 0.9), an_outlook("b", 0.5), an_outlook("c", 0.95)))
    assert [one.party for one in build_absentees(held, a_problem(), SV)] == ["kommunen b", "kommunen a"]
