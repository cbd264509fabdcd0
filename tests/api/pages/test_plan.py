"""The page of a plan is well-formed, self-contained HTML with the result and its proof."""

import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from api.i18n import Language, Wording
from api.pages.plan import render_plan
from scheduler.problem import Problem
from scheduler.proposal import PlanWarning, Proposals, Reason, Relaxation, RuleInstance, WorstParty
from tests.api.pages.handmade import a_planned_meeting, a_proposal, an_answer, an_outlook, no_plan
from tests.builders import a_council, a_document, a_meeting, a_problem

VOID = {"br", "meta", "hr", "img", "input", "link"}
LANGUAGES: tuple[Language, ...] = ("sv", "en")


class Outline(HTMLParser):
    """Reads a page strictly: every element closed in its turn; keeps the elements and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "title"} & set(self._open):
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def a_year(**changes: Any) -> Problem:
    """Two councils, three meetings, a summer without meetings and a week of leave."""
    return a_problem(
        horizon={"start": "2027-01-11", "end": "2027-12-17"},
        councils=[a_council("kultur", quorum=2), a_council("skola")],
        meetings=[a_meeting("m1"), a_meeting("m2"), a_meeting("m3", "skola")],
        blackouts=[
            {"start": "2027-07-01", "end": "2027-07-31", "reason": "sommaruppehåll"},
            {"start": "2027-02-22", "end": "2027-02-26", "reason": "sportlov", "parties": ["a"]},
        ],
        **changes,
    )


def a_full_answer(**changes: Any) -> Proposals:
    busy = Reason(person="a0", commitment="secret-17", label="Kommunfullmäktige", kind="busy", loss=0.3)
    doubtful = an_outlook("a", 0.6, "substitute", reasons=(busy,))
    first = a_planned_meeting("m1", parties=(doubtful, an_outlook("b"), an_outlook("c")))
    rest = (
        a_planned_meeting("m2", date(2027, 9, 2)),
        a_planned_meeting("m3", date(2027, 9, 3), notice_by=date(2027, 8, 27)),
    )
    warning = PlanWarning(kind="counted_twice", person="a1", meetings=("m1", "m3"))
    other = a_planned_meeting("m1", date(2027, 3, 18))
    worst = WorstParty(party="a", probability=0.847)
    best = a_proposal(first, *rest, warnings=(warning,), worst_party=worst, **changes)
    return an_answer(best, a_proposal(other, *rest, rank=2, objective=best.objective - 0.4))


def page(answer: Proposals, problem: Problem | None = None, language: Language = "sv", **extra: Any) -> Outline:
    return Outline(render_plan(problem or a_problem(), answer, Wording(language), **extra))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_well_formed_in_its_language(language: Language) -> None:
    read = page(a_full_answer(), a_year(), language)
    assert read.named("html") == [{"lang": language}]
    assert {"table", "svg", "figure", "nav", "footer", "main"} <= {name for name, _ in read.elements}


@pytest.mark.parametrize("answer", [a_full_answer(), no_plan(status="infeasible", conflict=())])
def test_no_level_of_headings_is_skipped(answer: Proposals) -> None:
    levels = [int(name[1]) for name, _ in page(answer, a_year()).elements if re.fullmatch("h[1-6]", name)]
    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))


def test_every_table_header_has_a_scope() -> None:
    headers = page(a_full_answer(), a_year()).named("th")
    assert headers
    assert all(header["scope"] in ("row", "col") for header in headers)


def test_every_table_has_a_caption() -> None:
    read = page(a_full_answer(), a_year())
    assert len(read.named("caption")) == len(read.named("table")) == 3


def test_ids_are_unique_and_every_reference_leads_somewhere() -> None:
    read = page(a_full_answer(), a_year())
    ids = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = [link["href"] or "" for link in read.named("a")]
    labels = [attributes.get("aria-labelledby") or "" for _, attributes in read.elements]
    assert {link.removeprefix("#") for link in links} | set(" ".join(labels).split()) <= set(ids)


def test_the_page_fetches_nothing_and_runs_nothing() -> None:
    html = render_plan(a_year(), a_full_answer(), Wording("sv"))
    assert "://" not in html
    assert "@import" not in html
    assert re.findall(r"url\((?!#)", html) == []
    assert re.findall(r"<(script|link|img|iframe)\b|\s(style|src|on\w+)=", html) == []


def test_a_hostile_title_stays_text() -> None:
    title = "<script>alert(1)</script>"
    html = render_plan(a_problem(title=title), an_answer(a_proposal()), Wording("sv"))
    assert "<script" not in html
    assert title in Outline(html).text


def test_commitments_are_named_by_their_calendar_alone() -> None:
    html = render_plan(a_year(), a_full_answer(), Wording("sv"))
    assert "secret-17" not in html
    assert "Ledamot a0: krockar med Kommunfullmäktige." in html


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "Bevisat: ingen annan plan inom reglerna ger fler."),
        ({"status": "feasible", "bound": 3.111}, "högst 0,3 fler parter"),
        ({"status": "feasible", "bound": None}, "Det är inte bevisat hur mycket bättre"),
        ({"objective_kind": "repair"}, "det går inte att få en bättre plan genom att flytta andra sammanträden"),
        ({"objective_kind": "repair", "status": "feasible", "bound": 3.0}, "högst 0,1 finns kvar att vinna"),
    ],
)
def test_the_page_states_the_proof(changes: dict[str, Any], sentence: str) -> None:
    assert sentence in page(an_answer(a_proposal(), **changes)).text


def test_the_page_states_the_expected_attendance() -> None:
    assert "1 sammanträde: 2,9 av 3 parter väntas bli företrädda." in page(an_answer(a_proposal())).text
    assert "3 sammanträden: i snitt väntas 2,9 av 3 parter bli företrädda." in page(a_full_answer(), a_year()).text


def test_almost_full_attendance_is_not_rounded_to_full() -> None:
    held = a_planned_meeting(expected_attendance=2.97)
    assert "nästan 3 av 3 parter" in page(an_answer(a_proposal(held))).text


def test_parties_that_weigh_differently_are_counted_by_weight() -> None:
    parties = [{"id": party, "name": party, "weight": 2.0} for party in ("a", "b", "c")]
    heavy = Problem.of({**a_document(), "parties": parties})
    read = page(an_answer(a_proposal(a_planned_meeting(expected_attendance=4.5))), heavy)
    assert "75 % av parterna, räknat efter vikt, väntas bli företrädda" in read.text


def test_councils_of_different_size_are_summed_as_a_share() -> None:
    problem = a_problem(
        councils=[a_council(), a_council("skola", ("a", "b"))], meetings=[a_meeting("m1"), a_meeting("m2", "skola")]
    )
    small = a_planned_meeting("m2", expected_attendance=1.09, parties=(an_outlook("a"), an_outlook("b")))
    assert (
        "i snitt väntas 80 % av parterna bli företrädda"
        in page(an_answer(a_proposal(a_planned_meeting(), small)), problem).text
    )


def test_an_impossible_plan_names_the_rules_that_collide() -> None:
    problem = a_problem(meetings=[a_meeting(notice_days=200)])
    relaxation = Relaxation(rule="notice", meeting="m1", change="drop", objective=2.8)
    notice = RuleInstance(rule="notice", meeting="m1")
    read = page(no_plan(status="infeasible", conflict=(notice,), relaxations=(relaxation,)), problem)
    assert "Bevisat: ingen plan följer alla regler." in read.text
    assert "Kallelsen till Rådet för kultur, sammanträde 1 ska skickas 200 dagar i förväg." in read.text
    assert "Släpp kravet på när kallelsen till Rådet för kultur, sammanträde 1 ska skickas." in read.text
    assert "Den bästa planen väntas då samla 2,8 parter." in read.text
    assert read.named("table") == []


def test_an_infeasible_problem_without_known_conflict_is_explained() -> None:
    assert "vilka regler som krockar" in page(no_plan(status="infeasible")).text


def test_time_that_ran_out_is_no_proof() -> None:
    assert "det är inte bevisat att ingen finns" in page(no_plan(status="unknown")).text


def test_a_person_counted_twice_is_named() -> None:
    read = page(a_full_answer(), a_year())
    assert "Ledamot a1 räknas med i flera sammanträden som överlappar: K1 och S1." in read.text


def test_the_worst_represented_and_the_lowest_quorum_are_named() -> None:
    read = page(a_full_answer(), a_year())
    assert "Sämst företrädd blir kommunen a, i snitt 85 % chans." in read.text
    assert (
        "Alla sammanträden med krav på beslutsförhet blir med över 99 % sannolikhet beslutsföra; svagast är K1."
        in read.text
    )


def test_a_council_without_a_quorum_has_no_chance_of_it() -> None:
    read = page(an_answer(a_proposal()))
    assert "Inget krav på beslutsförhet finns." in read.text
    assert "svagast" not in read.text


def test_a_moved_meeting_shows_its_published_time() -> None:
    problem = a_problem(published={"m1": "2027-03-02T13:00:00+01:00"})
    read = page(an_answer(a_proposal(moved=("m1",))), problem)
    assert "1 av 1 sammanträden flyttas" in read.text
    assert "flyttat från tis 2 mars kl. 13.00" in read.text


def test_other_plans_show_their_changes_and_difference() -> None:
    read = page(a_full_answer(), a_year())
    assert "K1: tors 4 mars kl. 09.00 → tors 18 mars kl. 09.00" in read.text
    assert "0,4 färre parter sammanlagt" in read.text
    assert "Plan 3" not in read.text


@pytest.mark.parametrize(
    ("language", "change"),
    [
        ("sv", "R1: tors 4 mars kl. 09.00 → kl. 13.00 samma dag"),
        ("en", "R1: Thu 4 Mar at 09:00 → 13:00 on the same day"),
    ],
)
def test_a_plan_at_another_hour_of_the_same_day_names_the_day_once(language: Language, change: str) -> None:
    first = a_planned_meeting("m1")
    other = a_planned_meeting("m1", starts_at=first.starts_at.replace(hour=13), ends_at=first.ends_at.replace(hour=15))
    read = page(an_answer(a_proposal(first), a_proposal(other, rank=2)), a_problem(), language)
    assert change in read.text


def test_a_single_plan_has_no_section_of_other_plans() -> None:
    assert "Andra planer" not in page(an_answer(a_proposal())).text


@pytest.mark.parametrize(
    ("language", "link"),
    [
        ("sv", {"href": "other.html", "lang": "en", "hreflang": "en"}),
        ("en", {"href": "other.html", "lang": "sv", "hreflang": "sv"}),
    ],
)
def test_the_page_links_to_the_page_in_the_other_language(language: Language, link: dict[str, str]) -> None:
    assert link in page(a_full_answer(), a_year(), language, translation="other.html").named("a")
    assert "other.html" not in [each["href"] for each in page(a_full_answer(), a_year(), language).named("a")]


def test_times_are_shown_in_the_time_zone_of_the_problem() -> None:
    held = a_planned_meeting(starts_at=datetime(2027, 3, 4, 8, tzinfo=UTC))
    assert "09.00–11.00" in page(an_answer(a_proposal(held))).text


def test_calendars_are_linked_where_there_are_some() -> None:
    read = page(a_full_answer(), a_year(), calendars={"kultur": "kultur.ics"})
    assert "kultur.ics" in [link["href"] for link in read.named("a")]


def test_the_footer_has_the_basis_and_how_to_reproduce_the_plan() -> None:
    read = page(a_full_answer(), a_year(assumptions={"shared_absence": 0.05}))
    assert "Räknat på det som var känt den 22 november 2026." in read.text
    assert "Beräknat med cp-sat 9.15, slumpfrö 7, underlag 0123456789ab;" in read.text
    assert "Antagen risk att en hel part uteblir av egna skäl: 5 %." in read.text


def test_parties_that_are_equally_badly_represented_are_named_together() -> None:
    parties = (an_outlook("a", 0.771), an_outlook("b", 0.774), an_outlook("c", 0.9))
    plan = a_proposal(a_planned_meeting(parties=parties), worst_party=WorstParty(party="a", probability=0.771))
    assert "Sämst företrädda blir kommunen a och kommunen b, i snitt 77 % chans." in page(an_answer(plan)).text


@pytest.mark.parametrize(
    ("chances", "sentence"),
    [
        ((0.77, 0.77, 0.77, 0.77, 0.9), "4 parter ligger lägst, 77 % i snitt."),
        ((0.77, 0.77, 0.77, 0.77, 0.77), "Alla parter är lika väl företrädda, i snitt 77 % chans."),
    ],
)
def test_many_equally_represented_parties_are_counted(chances: tuple[float, ...], sentence: str) -> None:
    outlooks = tuple(an_outlook(party, chance) for party, chance in zip("abcde", chances, strict=True))
    worst = WorstParty(party="a", probability=0.77)
    plan = a_proposal(a_planned_meeting(parties=outlooks), worst_party=worst)
    assert sentence in page(an_answer(plan), a_problem(tuple("abcde"))).text
