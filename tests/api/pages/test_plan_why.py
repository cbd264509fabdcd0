"""The page explains a plan: costs of other dates, clashes, people to call, and baselines."""

from datetime import date, datetime, time
from typing import Any

import pytest

from api.i18n import Language, Wording
from api.pages.plan import ExplanationSet, render_plan
from scheduler.explaining.explanation import Asking, Clash, Clashes, MeetingStart, PersonValue
from scheduler.problem import Problem
from scheduler.proposal import Proposals
from tests.api.pages.handmade import (
    STOCKHOLM,
    a_habit,
    a_heatmap,
    a_planned_meeting,
    a_proposal,
    an_answer,
    everything_explained,
    no_plan,
)
from tests.api.pages.test_plan import Outline
from tests.builders import a_commitment, a_council, a_document, a_meeting, a_problem

SECTIONS = {"heatmap", "clashes", "asking", "habit"}
LOOKS = {"chosen", "shut", "left-out", "t0", "t1", "t2", "t3", "t4"}


def page(
    explained: ExplanationSet,
    problem: Problem | None = None,
    answer: Proposals | None = None,
    language: Language = "sv",
) -> Outline:
    html = render_plan(
        problem or a_problem(), answer or an_answer(a_proposal()), Wording(language), explained=explained
    )
    return Outline(html)


def sections(read: Outline) -> set[str]:
    return {attributes["id"] or "" for attributes in read.named("section") if attributes.get("id")} & SECTIONS


def a_busy_problem(**changes: Any) -> Problem:
    calendars = [{"id": "kf", "label": "Kommunfullmäktige"}]
    commitments = [
        a_commitment("c1", "a0", "2027-03-04T09:00", "2027-03-04T12:00", calendar="kf", event="e1"),
        a_commitment("c2", "a1", "2027-03-04T08:00", "2027-03-04T11:00", calendar="kf", event="e1"),
        a_commitment("c3", "b0", "2027-03-05T00:00", "2027-03-07T00:00"),
    ]
    return a_problem(calendars=calendars, commitments=commitments, **changes)


def a_start(day: int) -> MeetingStart:
    return MeetingStart(meeting="m1", starts_at=datetime.combine(date(2027, 3, day), time(9), STOCKHOLM))


def moving(*clashes: Clash) -> ExplanationSet:
    return ExplanationSet(clashes=Clashes(status="optimal", objective=2.9, clashes=clashes))


def asking(*gains: float, error: float = 0.0) -> ExplanationSet:
    people = tuple(
        PersonValue(person=person, gain=gain, standard_error=error if gain else 0.0)
        for person, gain in zip(("a0", "a1", "b0", "b1"), gains, strict=False)
    )
    return ExplanationSet(asking=Asking(status="optimal", objective=2.9, people=people))


def cells(read: Outline) -> list[dict[str, str | None]]:
    """Return the heat map's cells that hold a date."""
    begins = next((at for at, (_, one) in enumerate(read.elements) if one.get("id") == "heatmap"), len(read.elements))
    told = [one for name, one in read.elements[begins:] if name == "td"]
    return [one for one in told if one.get("class") in LOOKS]


def test_what_is_not_explained_has_no_section() -> None:
    assert sections(page(ExplanationSet())) == set()


def test_a_page_without_a_plan_explains_none() -> None:
    assert sections(page(ExplanationSet(habit=a_habit(plan=0.1)), answer=no_plan(status="infeasible"))) == set()


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_page_with_all_explanations_is_well_formed(language: Language) -> None:
    problem = a_busy_problem(
        councils=[a_council("kultur"), a_council("skola")],
        meetings=[a_meeting(f"m{at}", "kultur" if at < 4 else "skola") for at in range(6)],
    )
    held = [a_planned_meeting(f"m{at}", date(2027, 3, 1 + at)) for at in range(6)]
    answer = an_answer(a_proposal(*held))
    read = page(everything_explained(problem, answer.proposals[0].starts), problem, answer, language)
    assert sections(read) == SECTIONS
    assert all(header["scope"] in ("row", "col") for header in read.named("th"))
    assert len(read.named("caption")) == len(read.named("table"))
    ids = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {(link["href"] or "").removeprefix("#") for link in read.named("a")} <= set(ids)
    folded = [part for part in read.named("details") if part["class"] == "part"]
    assert len(folded) == len(SECTIONS) + 3
    assert [part for part in folded if "open" in part] == []


def test_each_date_shows_its_cost_in_figure_colour_and_words() -> None:
    read = page(ExplanationSet(heatmap=a_heatmap({2: 0.3, 3: 0.004, 4: 0.0, 5: 1.25, 8: 0.0})))
    assert [cell["class"] for cell in cells(read)] == ["t2", "t0", "chosen", "t4", "t0"]
    for words in (
        "tisdag 2 mars: 0,3 färre parter.",
        "onsdag 3 mars: nästan lika bra.",
        "torsdag 4 mars: planerat.",
        "fredag 5 mars: 1,2 färre parter.",
        "måndag 8 mars: lika bra.",
    ):
        assert words in read.text
    assert "2 mars 0,3" in read.text
    assert "3 <0,1" in read.text
    assert "4 ✓" in read.text
    assert "Planerat tors 4 mars; mån 8 mars är lika bra." in read.text


def test_an_excluded_date_has_its_reason() -> None:
    problem = a_problem(
        meetings=[a_meeting(notice_days=7, required=[{"person": "a0"}], quorum_probability=0.9)],
        blackouts=[{"start": "2027-03-05", "end": "2027-03-05", "reason": "lov"}],
    )
    read = page(
        ExplanationSet(
            heatmap=a_heatmap(
                {
                    1: ("notice", None),
                    2: ("required_person", "a0"),
                    3: ("quorum_likely", None),
                    4: 0.0,
                    5: ("blackout", 0),
                    8: ("plan", None),
                    9: ("plan", None),
                    10: ("holiday", None),
                }
            )
        ),
        problem,
    )
    whys = [cell["title"] for cell in cells(read) if "title" in cell]
    assert whys == [
        "kallelsen hinner inte skickas 7 dagar i förväg",
        "ledamot a0 måste delta, men chansen är under 50\xa0%",
        "för stor risk att rådet inte blir beslutsfört",
        "sammanträdesfritt (lov)",
        "de andra sammanträdena lämnar ingen plats",
        "de andra sammanträdena lämnar ingen plats",
        "helgdag eller helgdagsafton",
    ]
    assert "tisdag 2 mars: går inte, ledamot a0 måste delta, men" in read.text
    assert read.text.count("a de andra sammanträdena lämnar ingen plats") == 1
    assert "9 a" in read.text
    assert "Planerat tors 4 mars; inget annat datum går." in read.text


def test_dates_outside_the_window_and_weekdays_are_left_out() -> None:
    read = page(
        ExplanationSet(heatmap=a_heatmap({1: ("window", None), 4: 0.0, 5: 0.2, 6: ("weekday_and_start", None)}))
    )
    assert len(cells(read)) == 2
    assert "faller bort" not in read.text


def test_a_pinned_meeting_has_no_calendar_of_one_date() -> None:
    problem = a_problem(meetings=[a_meeting(pinned="2027-03-04T09:00")])
    read = page(ExplanationSet(heatmap=a_heatmap({3: ("pinned", None), 4: 0.0, 5: ("pinned", None)})), problem)
    assert cells(read) == []
    assert "2 datum faller bort: låst till" in read.text


def test_costs_by_weight_are_no_parties() -> None:
    problem = Problem.of(
        {**a_document(), "parties": [{"id": party, "name": party, "weight": 4.0} for party in ("a", "b", "c")]}
    )
    read = page(ExplanationSet(heatmap=a_heatmap({4: 0.0, 5: 1.25})), problem)
    assert [cell["class"] for cell in cells(read)] == ["chosen", "t2"]
    assert "fredag 5 mars: 1,2 färre viktade parter." in read.text
    assert "Viktade parter: var och en räknas med sin egen och sammanträdets vikt." in read.text


def test_an_incomplete_heat_map_is_marked_as_such() -> None:
    read = page(ExplanationSet(heatmap=a_heatmap({4: 0.0, 5: 0.2}, status="feasible")))
    assert "Beräkningen hann inte bli klar" in read.text


def test_a_clash_shows_person_event_time_and_gain() -> None:
    clash = Clash(event="e1", commitments=("c1",), people=("a0",), label="Kommunfullmäktige", gain=0.31)
    stays = clash.model_copy(update={"meetings": (a_start(4),)})
    changes = {"commitments": ("c3",), "people": ("b0",), "label": None, "meetings": (a_start(5),)}
    moves = clash.model_copy(update=changes)
    read = page(moving(stays, moves), a_busy_problem())
    assert "Ledamot a0 (kommunen a): Kommunfullmäktige, tors 4 mars kl. 09.00–12.00 Flyttas den" in read.text
    assert "väntas 0,3 fler parter. Rådet för kultur, sammanträde 1 ligger kvar tors 4 mars kl. 09.00." in read.text
    assert "Ledamot b0 (kommunen b): annat åtagande, 5–6 mars 2027" in read.text
    assert "hålls då fre 5 mars kl. 09.00 i stället för tors 4 mars kl. 09.00." in read.text


def test_an_event_of_several_is_named_once_with_their_parties() -> None:
    together = Clash(event="e1", commitments=("c1", "c2"), people=("a0", "a1", "b0"), label="Fullmäktige", gain=0.1)
    read = page(moving(together), a_busy_problem())
    assert "Kommunen a och kommunen b: Fullmäktige, tors 4 mars kl. 08.00–12.00 Flyttas den" in read.text


def test_pairs_have_a_heading_of_their_own() -> None:
    pair = Clash(commitments=("c1", "c3"), people=("a0", "b0"), gain=0.2, pair=True)
    read = page(moving(pair), a_busy_problem())
    assert "Ingen enskild krock lönar sig att flytta" in read.text
    assert "Lönar sig bara om båda flyttas" in read.text
    assert "Kommunfullmäktige, tors 4 mars kl. 09.00–12.00 och annat åtagande, 5–6 mars 2027" in read.text
    assert "Flyttas båda väntas 0,2 fler parter." in read.text


def test_a_plan_without_clashes_worth_moving_has_a_sentence() -> None:
    read = page(moving())
    assert "Ingen enskild krock lönar sig att flytta" in read.text
    assert "Lönar sig bara" not in read.text


def test_ten_clashes_are_named_and_the_rest_counted() -> None:
    clashes = [Clash(commitments=("c1",), people=("a0",), label="KF", gain=1.51 - at / 10) for at in range(12)]
    assert "Ingen av de övriga 2 krockarna ger mer än så" in page(moving(*clashes), a_busy_problem()).text


def test_people_to_call_have_role_party_gain_and_error() -> None:
    read = page(asking(0.4, 0.2, 0.0, 0.0, error=0.06))
    assert "Ledamot a0 kommunen a 0,4 ± 0,1 fler parter" in read.text
    assert "± anger osäkerheten." in read.text
    assert "Ytterligare 2 kalendrar är okända, men ingen av dem kan ändra datumen." in read.text


def test_an_exact_gain_has_no_error() -> None:
    read = page(asking(0.4))
    assert "±" not in read.text
    assert "ändra datumen" not in read.text


def test_calendars_that_cannot_change_the_dates_are_counted() -> None:
    read = page(asking(0.0, 0.0))
    assert "2 kalendrar är okända, men ingen av dem kan ändra datumen." in read.text
    assert "En kalender är okänd, men den kan inte ändra datumen." in page(asking(0.0)).text


def test_known_calendars_give_no_call_list() -> None:
    assert sections(page(asking())) == set()


def test_baselines_are_compared_with_the_plan() -> None:
    read = page(ExplanationSet(habit=a_habit(habit=1.5, counting_yes=0.6, microsoft_confidence=None, plan=0.2)))
    assert "väntas 1,5 parter utebli, med den här planen 0,2: 1,3 färre." in read.text
    assert "Den här planen 0,2 2,8 90 %" in read.text
    assert "Outlooks förslag ingen plan" in read.text


@pytest.mark.parametrize(
    ("habit", "sentence"),
    [
        (0.2, "Nuvarande rutin ger ungefär lika få uteblivna parter"),
        (None, "Nuvarande rutin ger ingen plan som följer reglerna."),
    ],
)
def test_a_routine_as_good_as_the_plan_or_impossible_has_its_own_sentence(habit: float | None, sentence: str) -> None:
    assert sentence in page(ExplanationSet(habit=a_habit(habit=habit, plan=0.2))).text


def test_hostile_labels_stay_text() -> None:
    calendars = [{"id": "kf", "label": "<script>alert(1)</script>"}]
    commitments = [a_commitment("c1", "a0", "2027-03-04T09:00", "2027-03-04T12:00", calendar="kf")]
    clash = Clash(commitments=("c1",), people=("a0",), label="<script>alert(1)</script>", gain=0.1)
    read = page(moving(clash), a_problem(calendars=calendars, commitments=commitments))
    assert read.named("script") == []
