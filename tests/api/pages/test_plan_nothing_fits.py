"""When nothing fits, the way on is as long as it is: one change, several at once, or none that was found."""

import pytest

from api.i18n import Language
from scheduler.proposal import Loosened, Relaxation, RuleInstance
from tests.api.pages.handmade import no_plan
from tests.api.pages.test_plan import Outline, page
from tests.builders import a_meeting, a_problem

NOTICE = RuleInstance(rule="notice", meeting="m1")
HOLIDAY = RuleInstance(rule="holiday")
ONE = Relaxation(rule="notice", meeting="m1", change="drop", objective=2.8)
TWO = ONE.model_copy(update={"also": (Loosened(rule="holiday", change="drop"),)})


def infeasible_page(
    *relaxations: Relaxation, conflict: tuple[RuleInstance, ...] = (NOTICE, HOLIDAY), language: Language = "sv"
) -> Outline:
    problem = a_problem(meetings=[a_meeting(notice_days=200)])
    return page(no_plan(status="infeasible", conflict=conflict, relaxations=relaxations), problem, language)


@pytest.mark.parametrize(
    ("conflict", "swedish", "english"),
    [
        ((NOTICE,), "Den här regeln går inte att följa", "This rule cannot be kept"),
        ((NOTICE, HOLIDAY), "De här reglerna kan inte gälla samtidigt", "These rules cannot all hold"),
    ],
)
def test_a_conflict_of_a_single_rule_has_its_own_heading(
    conflict: tuple[RuleInstance, ...], swedish: str, english: str
) -> None:
    assert swedish in infeasible_page(ONE, conflict=conflict).text
    assert english in infeasible_page(ONE, conflict=conflict, language="en").text


@pytest.mark.parametrize(
    ("relaxations", "advice"),
    [
        ((ONE,), "Gör den här ändringen och planera igen."),
        ((ONE, ONE), "Gör någon av de här ändringarna och planera igen."),
        ((ONE, TWO), "Gör någon av de här ändringarna och planera igen."),
        ((TWO, TWO), "Det finns mer än ett hinder, så flera ändringar behövs samtidigt."),
        ((), "Ingen ändring av högst 5 regler gör en plan möjlig, så långt beräkningen hann."),
    ],
)
def test_the_advice_depends_on_the_number_of_changes(relaxations: tuple[Relaxation, ...], advice: str) -> None:
    text = infeasible_page(*relaxations).text
    assert advice in text
    assert text.index("Kallelsen till") < text.index(advice)
    assert text.count("planera igen") == (advice.count("planera igen"))


def test_an_unknown_conflict_is_not_reported_as_missing_changes() -> None:
    text = infeasible_page(conflict=()).text
    assert "Det fanns inte tid att ta reda på vilka regler som krockar" in text
    assert "Ingen ändring" not in text


@pytest.mark.parametrize(
    ("language", "doubt", "advice"),
    [
        (
            "sv",
            "Reglerna nedan kan inte gälla samtidigt, men tiden räckte inte för att visa att alla behövs",
            "Låt beräkningen ta längre tid, så att den hittar färre regler och ändringar som hjälper.",
        ),
        (
            "en",
            "there was no time to show that each of them is part of the conflict",
            "Give the search more time to find fewer rules, and changes that help.",
        ),
    ],
)
def test_a_conflict_that_is_not_proven_minimal_says_so(language: Language, doubt: str, advice: str) -> None:
    answer = no_plan(status="infeasible", conflict=(NOTICE, HOLIDAY), conflict_is_minimal=False)
    text = page(answer, a_problem(meetings=[a_meeting(notice_days=200)]), language).text
    assert text.index(doubt) < text.index(advice)
    assert doubt not in infeasible_page(ONE, language=language).text


def test_only_the_first_rules_of_a_long_unproven_conflict_are_listed() -> None:
    blackouts = [{"start": "2027-03-01", "end": "2027-03-12", "reason": f"mässa {number}"} for number in range(40)]
    rules = tuple(RuleInstance(rule="blackout", index=number) for number in range(40))
    answer = no_plan(status="infeasible", conflict=rules, conflict_is_minimal=False)
    text = page(answer, a_problem(blackouts=blackouts), "sv").text
    assert "mässa 29" in text
    assert "mässa 30" not in text
    assert "och 10 till" in text
