"""The proof of a plan states the objective, how far it is proven and the price, and no more than is known."""

from typing import Any

import pytest

from api.i18n import Language, Wording
from api.presenting.proof import describe_proof
from scheduler.problem import Problem
from scheduler.proposal import Fairness, Proposals
from tests.api.pages.handmade import a_move, a_proposal, a_repaired_plan, an_answer
from tests.builders import a_document, a_problem


def a_fair_answer(depth: int, price: float = 0.04, **changes: Any) -> Proposals:
    fairness = Fairness(floor=0.9, leximin_depth=depth, price_absences=price)
    return an_answer(a_proposal(), objective_kind="fair", fairness=fairness, **changes)


def proof_text(answer: Proposals, language: Language = "sv", problem: Problem | None = None) -> str:
    return " ".join(describe_proof(problem or a_problem(), answer, Wording(language)))


def by_weight() -> Problem:
    parties = [{"id": party, "name": party, "weight": 2.0} for party in ("a", "b", "c")]
    return Problem.of({**a_document(), "parties": parties})


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sv", "Bevisat för alla parter: inom den uppslutning som får avstås kan ingen bli bättre företrädd"),
        (
            "en",
            "Proven for all parties: within the attendance that may be given up, no party can be better represented",
        ),
    ],
)
def test_complete_leximin_is_proven_for_all_parties(language: Language, words: str) -> None:
    assert words in proof_text(a_fair_answer(3), language)


@pytest.mark.parametrize(
    ("depth", "words"),
    [
        (0, "Det är inte bevisat att den sämst företrädda parten inte kan bli bättre företrädd."),
        (1, "Bevisat för den sämst företrädda parten: den kan inte bli bättre företrädd"),
        (2, "Bevisat för de 2 sämst företrädda parterna: inom den uppslutning som får avstås kan ingen av dem bli"),
    ],
)
def test_incomplete_leximin_states_its_depth(depth: int, words: str) -> None:
    text = proof_text(a_fair_answer(depth, status="feasible"))
    assert words in text
    assert "alla parter" not in text


def test_a_fair_plan_without_details_is_not_proven() -> None:
    assert "inte bevisat" in proof_text(an_answer(a_proposal(), objective_kind="fair"))


def test_the_price_of_fairness_is_given() -> None:
    assert "Rättvisan gör att 0,4 fler parter väntas utebli, räknat över alla" in proof_text(
        a_fair_answer(3, price=0.4)
    )
    assert "Fairness costs 0.4 expected absences, counted over all meetings." in proof_text(
        a_fair_answer(3, price=0.4), "en"
    )
    assert "Rättvisan minskar uppslutningen med mindre än en tiondels part." in proof_text(a_fair_answer(3))
    assert "Rättvisan kostar 0,4 av den väntade" in proof_text(a_fair_answer(3, price=0.4), problem=by_weight())


def test_a_repair_states_the_cost_of_a_move() -> None:
    assert "flyttas bara om det ger minst 0,40 fler parter; bättre än så här går det inte." in proof_text(
        a_repaired_plan(a_move(), move_cost=0.4)
    )
    assert "only if that gives at least 0.25 more parties; no better plan is possible." in proof_text(
        a_repaired_plan(a_move()), "en"
    )


def test_a_repair_without_moves_states_no_cost() -> None:
    assert (
        proof_text(a_repaired_plan())
        == "Bevisat: det går inte att få en bättre plan genom att flytta andra sammanträden."
    )
