"""A repaired plan is compared with the published plan: moves, gains, causes, and frozen meetings."""

from datetime import date
from typing import Any

import pytest

from api.i18n import Language, Wording
from api.pages.plan import render_plan
from api.presenting.names import Names
from api.presenting.plan_view import Repair
from api.presenting.repair import build_repair
from scheduler.problem import Problem
from scheduler.proposal import Proposals, RuleInstance
from tests.api.pages.handmade import a_move, a_planned_meeting, a_proposal, a_repaired_plan, an_answer
from tests.api.pages.test_plan import Outline
from tests.builders import a_commitment, a_document, a_meeting, a_problem

HELD = (a_planned_meeting("m1"), a_planned_meeting("m2", date(2027, 3, 9)))
PUBLISHED = {"m1": "2027-03-02T09:00:00+01:00", "m2": "2027-03-09T09:00:00+01:00"}


def a_published_problem(**changes: Any) -> Problem:
    fields = {"meetings": [a_meeting("m1"), a_meeting("m2")], "published": PUBLISHED}
    return a_problem(**{**fields, **changes})


def build(answer: Proposals, language: Language = "sv", problem: Problem | None = None) -> Repair:
    asked, wording = problem or a_published_problem(), Wording(language)
    found = build_repair(answer, asked, Names.of(asked, wording), wording)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("language", "before", "after", "gain", "why"),
    [
        (
            "sv",
            "tis 2 mars kl.\xa009.00",
            "tors 4 mars kl.\xa009.00",
            "+0,5 parter",
            "Fler väntas kunna komma på den nya tiden.",
        ),
        (
            "en",
            "Tue 2 Mar at 09:00",
            "Thu 4 Mar at 09:00",
            "+0.5 parties",
            "More people can be expected at the new time.",
        ),
    ],
)
def test_a_move_shows_both_times_the_gain_and_the_cause(
    language: Language, before: str, after: str, gain: str, why: str
) -> None:
    (one,) = build(a_repaired_plan(a_move(), held=HELD), language).moved
    assert (one.code, one.before, one.after, one.gain, one.why) == ("R1", before, after, gain, why)


def test_moves_are_sorted_by_published_date() -> None:
    moves = (a_move("m2", date(2027, 3, 11)), a_move("m1"))
    assert [one.code for one in build(a_repaired_plan(*moves, held=HELD)).moved] == ["R1", "R2"]


def test_a_forced_move_lists_every_rule_that_excludes_the_published_date() -> None:
    barred = (RuleInstance(rule="holiday"), RuleInstance(rule="window", meeting="m1"))
    (one,) = build(a_repaired_plan(a_move(gain=-0.2, barred_by=barred), held=HELD)).moved
    assert one.gain == "−0,2 parter"
    assert one.why == ("Kan inte ligga kvar: helgdag eller helgdagsafton; utanför perioden 1–12 mars 2027.")


def test_a_move_that_does_not_pay_makes_way_for_others() -> None:
    first, second = build(a_repaired_plan(a_move(gain=0.1), a_move("m2", gain=0.9), held=HELD)).moved
    assert (first.why, second.why) == (
        "Lämnar plats för andra sammanträden.",
        "Fler väntas kunna komma på den nya tiden.",
    )


def test_a_move_that_does_not_pay_in_an_unproven_plan_is_not_proven() -> None:
    answer = a_repaired_plan(a_move(gain=0.1), held=HELD).model_copy(update={"status": "feasible"})
    assert build(answer).moved[0].why == "Det är inte bevisat att sammanträdet behöver flyttas."


def test_a_gain_below_a_tenth_is_written_in_words() -> None:
    answer = a_repaired_plan(a_move(gain=-0.001), held=HELD, move_cost=0.0)
    assert build(answer).moved[0].gain == "ingen märkbar skillnad"


def test_weighted_gains_are_marked_as_weighted() -> None:
    parties = [{"id": party, "name": party, "weight": 2.0} for party in ("a", "b", "c")]
    heavy = Problem.of({**a_document(), "parties": parties, "published": {"m1": PUBLISHED["m1"]}})
    assert build(a_repaired_plan(a_move(), held=HELD[:1]), problem=heavy).moved[0].gain == "+0,5 viktade parter"


def test_staying_meetings_are_counted_and_frozen_meetings_named() -> None:
    frozen = a_planned_meeting("m2", date(2027, 3, 9), notice_by=date(2027, 3, 1))
    problem = a_published_problem(today="2027-03-02")
    found = build(a_repaired_plan(a_move(), held=(HELD[0], frozen)), problem=problem)
    assert found.stays == (
        "1 sammanträde ligger kvar på sitt publicerade datum.",
        "1 av dem är låst, eftersom kallelsen skulle ha gått ut före den 2 mars 2027:",
    )
    assert found.frozen == ("Rådet för kultur, sammanträde 2: tis 9 mars kl.\xa009.00",)


def test_notice_that_is_due_today_does_not_freeze() -> None:
    held = a_planned_meeting("m2", date(2027, 3, 9), notice_by=date(2027, 3, 2))
    found = build(a_repaired_plan(held=(HELD[0], held)), problem=a_published_problem(today="2027-03-02"))
    assert found.frozen == ()


def test_a_meeting_that_was_never_published_neither_stays_nor_moves() -> None:
    problem = a_published_problem(published={"m2": PUBLISHED["m2"]})
    assert build(a_repaired_plan(held=HELD), problem=problem).stays == (
        "1 sammanträde hade inget publicerat datum.",
        "1 sammanträde ligger kvar på sitt publicerade datum.",
    )


def test_a_published_date_of_another_year_includes_the_year() -> None:
    moved = a_move(published="2026-12-15T09:00:00+01:00")
    assert build(a_repaired_plan(moved, held=HELD)).moved[0].before == "tisdag 15 december 2026 kl.\xa009.00"


@pytest.mark.parametrize(
    ("language", "headings"),
    [
        ("sv", "Sammanträde Publicerat Nytt datum Skillnad Varför"),
        ("en", "Meeting Published New date Gain Why"),
    ],
)
def test_the_page_has_a_table_of_moves(language: Language, headings: str) -> None:
    page = Outline(render_plan(a_published_problem(), a_repaired_plan(a_move(), held=HELD), Wording(language)))
    assert headings in page.text
    assert {"id": "moves", "aria-labelledby": "moves-title"} in page.named("section")
    assert "#moves" in [link["href"] for link in page.named("a")]
    assert len(page.named("caption")) == len(page.named("table"))
    assert all(header["scope"] in ("row", "col") for header in page.named("th"))


def test_a_repair_without_moves_has_a_sentence_and_no_table() -> None:
    page = Outline(render_plan(a_published_problem(), a_repaired_plan(held=HELD), Wording("sv")))
    assert "Inget sammanträde flyttas från sitt publicerade datum." in page.text
    assert "2 sammanträden ligger kvar på sina publicerade datum." in page.text
    assert "Nytt datum" not in page.text


def test_a_plan_that_was_not_repaired_has_no_such_part() -> None:
    answer = an_answer(a_proposal(*HELD, moved=("m1",), moves=(a_move(),)))
    page = Outline(render_plan(a_published_problem(), answer, Wording("sv")))
    assert "Vad som flyttas, och varför" not in page.text


def why(answers: list[dict[str, str]] | None = None, commitments: list[dict[str, Any]] | None = None) -> str:
    """Return the cause of a move from 2 March to 4 March, both at nine o'clock."""
    problem = a_published_problem(answers=answers or [], commitments=commitments or [])
    return build(a_repaired_plan(a_move(), held=HELD), problem=problem).moved[0].why


def test_a_move_names_the_person_who_has_declined_and_the_day() -> None:
    declined = {"person": "b0", "answer": "no", "start": "2027-03-02T08:00", "end": "2027-03-02T12:00"}
    assert why([declined]) == "Ledamot b0 har svarat nej till tis 2 mars."


def test_a_person_who_declines_both_dates_is_no_cause() -> None:
    both = {"person": "b0", "answer": "no", "start": "2027-03-02T08:00", "end": "2027-03-05T12:00"}
    assert why([both]) == "Fler väntas kunna komma på den nya tiden."


def test_a_move_names_the_events_that_it_avoids_and_counts_the_rest() -> None:
    busy = [a_commitment(f"c{person}", person, "2027-03-02T09:00", "2027-03-02T12:00") for person in ("a0", "b0", "c0")]
    assert why(commitments=busy) == (
        "Ledamot a0 har annat åtagande tis 2 mars. Ledamot b0 har annat åtagande tis 2 mars. "
        "Ytterligare 1 person har förhinder."
    )


def test_a_meeting_locked_to_another_day_shows_the_day() -> None:
    pinned = a_meeting("m1", pinned="2027-03-04T09:00:00+01:00")
    problem = a_published_problem(meetings=[pinned, a_meeting("m2")])
    moved = a_move(barred_by=(RuleInstance(rule="pinned", meeting="m1"),))
    assert (
        build(a_repaired_plan(moved, held=HELD), problem=problem).moved[0].why == "Du har låst det till torsdag 4 mars."
    )
