"""The page says what was sought, how far it is proven and what it costs, and never more than is known."""

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


def said(answer: Proposals, language: Language = "sv", problem: Problem | None = None) -> str:
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
def test_fairness_that_went_all_the_way_is_proven_for_all(language: Language, words: str) -> None:
    assert words in said(a_fair_answer(3), language)


@pytest.mark.parametrize(
    ("depth", "words"),
    [
        (0, "Det är inte bevisat att den sämst företrädda parten inte kan bli bättre företrädd."),
        (1, "Bevisat för den sämst företrädda parten: den kan inte bli bättre företrädd"),
        (2, "Bevisat för de 2 sämst företrädda parterna: inom den uppslutning som får avstås kan ingen av dem bli"),
    ],
)
def test_fairness_that_was_cut_short_says_how_far_it_went(depth: int, words: str) -> None:
    told = said(a_fair_answer(depth, status="feasible"))
    assert words in told
    assert "alla parter" not in told


def test_fairness_that_says_nothing_of_itself_is_no_proof() -> None:
    assert "inte bevisat" in said(an_answer(a_proposal(), objective_kind="fair"))


def test_the_price_of_fairness_is_told() -> None:
    assert "Rättvisan gör att 0,4 fler parter väntas utebli, räknat över alla" in said(a_fair_answer(3, price=0.4))
    assert "Fairness costs 0.4 expected absences, counted over all meetings." in said(a_fair_answer(3, price=0.4), "en")
    assert "Rättvisan minskar uppslutningen med mindre än en tiondels part." in said(a_fair_answer(3))
    assert "Rättvisan kostar 0,4 av den väntade" in said(a_fair_answer(3, price=0.4), problem=by_weight())


def test_a_repair_says_what_each_move_was_charged() -> None:
    assert "flyttas bara om det ger minst 0,40 fler parter; bättre än så här går det inte." in said(
        a_repaired_plan(a_move(), move_cost=0.4)
    )
    assert "only if that gives at least 0.25 more parties; no better plan is possible." in said(
        a_repaired_plan(a_move()), "en"
    )


def test_a_repair_in_which_nothing_moves_tells_no_charge() -> None:
    assert said(a_repaired_plan()) == "Bevisat: det går inte att få en bättre plan genom att flytta andra sammanträden."
