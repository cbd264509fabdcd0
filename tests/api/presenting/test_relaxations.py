"""Every rule that can be relaxed has a sentence that a person can act on."""

from typing import Any

import pytest

from api.i18n import Language, Wording
from api.presenting.names import Names
from api.presenting.relaxations import describe_relaxation
from scheduler.problem import Problem
from scheduler.proposal import Loosened, Relaxation
from tests.api.presenting.test_rule_sentences import BOTH, a_strict_problem
from tests.builders import a_document, a_meeting, a_problem

K1 = "Kultur, sammanträde 1"
EN_BOTH = "Kultur, meeting 1 and Skola, meeting 1"
GIVES = {
    "sv": "Den bästa planen väntas då samla 5,8 parter, räknat över båda sammanträdena.",
    "en": "The best plan then expects 5.8 parties, over both meetings.",
}


def describe(change: Relaxation, language: Language = "sv", problem: Problem | None = None) -> str:
    problem_used, wording = problem or a_strict_problem(), Wording(language)
    return describe_relaxation(change, problem_used, Names.of(problem_used, wording), wording)


def dropped(**rule: Any) -> Relaxation:
    return Relaxation(change="drop", objective=5.81, **rule)


def loosened(to: Any, **rule: Any) -> Relaxation:
    return Relaxation(change="loosen", to=to, objective=5.81, **rule)


ONE = {"meeting": "m1"}
CASES: list[tuple[Relaxation, str, str]] = [
    (
        loosened(("2027-03-01", "2027-04-14"), rule="window", **ONE),
        f"Låt perioden för {K1} vara 1 mars – 14 april 2027.",
        "Let the window of Kultur, meeting 1 be 1 March – 14 April 2027.",
    ),
    (
        loosened(("2027-03-01", "2027-03-12"), rule="window", **ONE),
        f"Låt perioden för {K1} vara 1–12 mars 2027.",
        "Let the window of Kultur, meeting 1 be 1–12 March 2027.",
    ),
    (
        dropped(rule="window", **ONE),
        f"Låt {K1} hållas när som helst under planeringsperioden.",
        "Let Kultur, meeting 1 be held at any time of the planning period.",
    ),
    (
        loosened(("MO", "TH"), rule="weekday_and_start", **ONE),
        f"Låt {K1} hållas på de här veckodagarna: måndag och torsdag.",
        "Let Kultur, meeting 1 be held on these weekdays: Monday and Thursday.",
    ),
    (
        dropped(rule="weekday_and_start", **ONE),
        f"Låt {K1} hållas vilken veckodag som helst.",
        "Let Kultur, meeting 1 be held on any day of the week.",
    ),
    (
        dropped(rule="holiday"),
        "Tillåt sammanträden på helgdagar och helgdagsaftnar.",
        "Allow meetings on public holidays and their eves.",
    ),
    (
        dropped(rule="blackout", index=0),
        "Tillåt sammanträden 8–9 mars 2027 (lov).",
        "Allow meetings 8–9 March 2027 (lov).",
    ),
    (
        loosened(1, rule="notice", **ONE),
        f"Låt det räcka att kallelsen till {K1} skickas 1 dag i förväg.",
        "Let 1 day be enough notice of Kultur, meeting 1.",
    ),
    (
        loosened(5, rule="notice", **ONE),
        f"Låt det räcka att kallelsen till {K1} skickas 5 dagar i förväg.",
        "Let 5 days be enough notice of Kultur, meeting 1.",
    ),
    (
        dropped(rule="notice", **ONE),
        f"Släpp kravet på när kallelsen till {K1} ska skickas.",
        "Require no notice of Kultur, meeting 1.",
    ),
    (
        dropped(rule="required_person", person="a0", **ONE),
        f"Håll {K1} även utan ledamot a0.",
        "Hold Kultur, meeting 1 even without ledamot a0.",
    ),
    (
        loosened(0.3, rule="required_person", person="a0", **ONE),
        f"Låt det räcka med 30\xa0% chans att ledamot a0 kommer till {K1}, i stället för 50\xa0%.",
        "Let a chance of 30% that ledamot a0 comes to Kultur, meeting 1 be enough, instead of 50%.",
    ),
    (
        loosened(0.8, rule="quorum_likely", **ONE),
        f"Låt det räcka med 80\xa0% sannolikhet att {K1} blir beslutsfört, i stället för 90\xa0%.",
        "Let a chance of 80% that Kultur, meeting 1 has its quorum be enough, instead of 90%.",
    ),
    (
        dropped(rule="quorum_likely", **ONE),
        f"Släpp kravet på hur säkert {K1} ska bli beslutsfört.",
        "Hold Kultur, meeting 1 however likely its quorum is.",
    ),
    (
        dropped(rule="pinned", **ONE),
        f"Låt {K1} flyttas från torsdag 4 mars 2027 kl.\xa009.00, som det är låst till.",
        "Let Kultur, meeting 1 be moved from Thursday 4 March 2027 at 09:00, to which it is locked.",
    ),
    (
        loosened(1, rule="spacing_min", council="kultur"),
        "Kultur: låt 1 dag mellan sammanträdena räcka.",
        "Kultur: let 1 day between meetings be enough.",
    ),
    (
        dropped(rule="spacing_min", council="kultur"),
        "Kultur: släpp kravet på minsta avstånd mellan sammanträdena.",
        "Kultur: let the meetings lie as close as they may.",
    ),
    (
        loosened(60, rule="spacing_max", council="kultur"),
        "Kultur: låt det gå upp till 60 dagar mellan sammanträdena.",
        "Kultur: let up to 60 days pass between meetings.",
    ),
    (
        dropped(rule="spacing_max", council="kultur"),
        "Kultur: släpp kravet på största avstånd mellan sammanträdena.",
        "Kultur: let the meetings lie as far apart as they may.",
    ),
    (
        dropped(rule="nobody_in_two_places", person="a0"),
        "Tillåt att sammanträden överlappar, trots att ledamot a0 ska vara med på båda.",
        "Let meetings overlap, though ledamot a0 is needed at both.",
    ),
    (
        loosened(3, rule="rooms", venue="hus"),
        "Ordna rum för 3 sammanträden åt gången i Regionens hus.",
        "Find space for 3 meetings at a time in Regionens hus.",
    ),
    (
        dropped(rule="rooms", venue="hus"),
        "Bortse från hur många rum som finns i Regionens hus.",
        "Do not count the rooms of Regionens hus.",
    ),
    (
        dropped(rule="relation", index=0),
        f"Låt dessa hållas på olika dagar: {BOTH}.",
        f"Let these be held on different days: {EN_BOTH}.",
    ),
    (
        dropped(rule="relation", index=1),
        f"Låt dessa hållas på olika tider: {BOTH}.",
        f"Let these be held at different times: {EN_BOTH}.",
    ),
    (
        loosened(2, rule="relation", index=2),
        f"Låt 2 dagar mellan dessa räcka: {BOTH}.",
        f"Let 2 days between these be enough: {EN_BOTH}.",
    ),
    (
        dropped(rule="relation", index=2),
        f"Släpp kravet på hur långt isär dessa ska ligga: {BOTH}.",
        f"Let these lie as close as they may: {EN_BOTH}.",
    ),
    (
        dropped(rule="relation", index=3),
        f"Låt dessa hållas i valfri ordning: {BOTH}.",
        f"Let these be held in any order: {EN_BOTH}.",
    ),
    (
        dropped(rule="order", council="kultur"),
        "Släpp den här regeln: ”Kultur: sammanträdena hålls i ordning, högst ett om dagen.”",
        "Give up this rule: “Kultur: the meetings keep their order, at most one a day.”",
    ),
]


@pytest.mark.parametrize(("change", "swedish", "english"), CASES)
def test_each_rule_that_can_be_relaxed_has_its_sentence(change: Relaxation, swedish: str, english: str) -> None:
    assert describe(change) == f"{swedish} {GIVES['sv']}"
    assert describe(change, "en") == f"{english} {GIVES['en']}"


def test_several_changes_are_described_as_needed_together() -> None:
    also = Loosened(rule="holiday", change="drop")
    two = dropped(rule="pinned", **ONE).model_copy(update={"also": (also,)})
    three = two.model_copy(update={"also": (also, Loosened(rule="blackout", index=0, change="drop"))})
    assert "helgdagsaftnar. Båda ändringarna behövs. " + GIVES["sv"] in describe(two)
    assert "Tillåt sammanträden 8–9 mars 2027 (lov). Alla de här ändringarna behövs." in describe(three)


def test_the_attendance_of_a_single_meeting_is_not_a_total() -> None:
    assert describe(dropped(rule="holiday"), problem=a_problem()).endswith(
        "Den bästa planen väntas då samla 5,8 parter."
    )


def test_more_than_two_meetings_are_counted() -> None:
    three = a_problem(meetings=[a_meeting(f"m{at}") for at in range(3)])
    assert describe(dropped(rule="holiday"), problem=three).endswith("5,8 parter, räknat över alla 3 sammanträden.")
    assert describe(dropped(rule="holiday"), "en", three).endswith("5.8 parties, over all its 3 meetings.")


def test_weighted_attendance_is_described_by_weight() -> None:
    heavy = [{"id": party, "name": party, "weight": 2.0} for party in ("a", "b", "c")]
    problem = Problem.of({**a_document(), "parties": heavy})
    assert describe(dropped(rule="holiday"), problem=problem).endswith(
        "en väntad uppslutning på 5,8, räknat efter vikt."
    )
