"""The page states once what concerns many meetings, however many there are."""

from collections import Counter
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest

from api.i18n import Language, Wording
from api.pages.plan import render_plan
from api.pages.plan.absences import build_absences
from api.pages.plan.dates_table import build_dates_table
from api.pages.plan.view import DatesTable
from api.presenting.meetings import build_meeting_cards
from api.presenting.names import Names
from scheduler.evidence import SkippedPart, Source, build_evidence
from scheduler.problem import Problem
from scheduler.proposal import Proposal, ProposedMeeting, Reason
from tests.api.pages.handmade import a_planned_meeting, a_proposal, an_answer, an_outlook, everything_explained
from tests.api.pages.test_plan import LANGUAGES, VOID, page
from tests.builders import a_council, a_meeting, a_problem

SV = Wording("sv")
NUM_MEETINGS = 16
WORDS_OF_A_SENTENCE = 4
UNKNOWN = Reason(person="a0", commitment=None, label=None, kind="unknown", loss=0.3)
CLASH = Reason(person="b0", commitment="c1", label="Kommunfullmäktige", kind="busy", loss=0.2)


def a_long_year(num_meetings: int = NUM_MEETINGS, **council: Any) -> tuple[Problem, Proposal]:
    """A weekly meeting at which a party's calendar is unknown and another party has a clash."""
    problem = a_problem(
        horizon={"start": "2027-01-04", "end": "2027-12-17"},
        councils=[a_council(**council)],
        meetings=[a_meeting(f"m{number}", notice_days=7) for number in range(num_meetings)],
        blackouts=[{"start": "2027-02-22", "end": "2027-02-26", "reason": "sportlov", "parties": ["a"]}],
    )
    parties = (an_outlook("a", 0.5, reasons=(UNKNOWN,)), an_outlook("b", 0.6, reasons=(CLASH,)), an_outlook("c"))
    meetings = [
        a_planned_meeting(
            f"m{number}",
            date(2027, 1, 5) + timedelta(days=7 * number),
            parties=parties,
            expected_attendance=2.07,
            notice_by=date(2026, 12, 29) + timedelta(days=7 * number),
        )
        for number in range(num_meetings)
    ]
    return problem, a_proposal(*meetings)


class VisibleText(HTMLParser):
    """Collects the texts that are seen: not those for screen readers or for other widths of the screen."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[bool] = []  # whether each open element is hidden
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = set((dict(attrs).get("class") or "").split())
        if tag not in VOID:
            self._open.append(tag in {"style", "title", "desc"} or bool(classes & {"hidden", "more-meetings"}))

    def handle_endtag(self, tag: str) -> None:
        assert tag not in VOID
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._open):
            self.texts.append(" ".join(data.split()))


def table(problem: Problem, plan: Proposal, language: Language = "sv") -> DatesTable:
    wording = Wording(language)
    return build_dates_table(build_meeting_cards(plan, problem, Names.of(problem, wording), wording), wording)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_cause_of_absence_is_repeated_for_each_meeting(language: Language) -> None:
    problem, plan = a_long_year()
    text = page(an_answer(plan), problem, language).text
    causes = {
        "sv": ["Ledamot a0: kalendern är okänd.", "Ledamot b0: krockar med Kommunfullmäktige.", "Kallelse senast"],
        "en": ["Ledamot a0: the calendar is not known.", "Ledamot b0: clashes with Kommunfullmäktige.", "Notice by"],
    }
    assert [text.count(cause) for cause in causes[language]] == [1, 1, 1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_visible_sentence_is_repeated_more_often_when_there_are_more_meetings(language: Language) -> None:
    counts = []
    for num_meetings in (NUM_MEETINGS // 2, NUM_MEETINGS):
        problem, plan = a_long_year(num_meetings)
        explained = everything_explained(problem, plan.starts)
        html = render_plan(problem, an_answer(plan), Wording(language), explained=explained)
        counts.append(Counter(text for text in VisibleText(html).texts if len(text.split()) >= WORDS_OF_A_SENTENCE))
    fewer, more = counts
    assert {sentence: count for sentence, count in more.items() if count > max(fewer[sentence], 1)} == {}


def test_a_cause_lists_its_meetings_by_risk() -> None:
    problem, plan = a_long_year(3)
    worse = (an_outlook("a", 0.4, reasons=(UNKNOWN,)), *plan.meetings[2].parties[1:])
    meetings: list[ProposedMeeting] = [*plan.meetings[:2], plan.meetings[2].model_copy(update={"parties": worse})]
    first, second = build_absences(a_proposal(*meetings), problem, Names.of(problem, SV), SV)
    assert (first.party, second.party) == ("kommunen a", "kommunen b")
    (cause,) = first.causes
    assert cause.sentence == "Ledamot a0: kalendern är okänd."
    assert [(equal.risk, equal.without) for equal in cause.risks] == [("50\xa0%", "20\xa0%"), ("60\xa0%", "30\xa0%")]
    assert [meeting.code for meeting in cause.risks[0].meetings] == ["R1", "R2"]
    assert cause.risks[1].meetings[0].day == "tis 19 jan"


def test_a_party_at_risk_without_a_clash_has_no_cause_to_remove() -> None:
    problem, plan = a_long_year(1)
    unlikely = plan.meetings[0].model_copy(update={"parties": (an_outlook("a", 0.9),)})
    (absence,) = build_absences(a_proposal(unlikely), problem, Names.of(problem, SV), SV)
    assert [cause.sentence for cause in absence.causes] == ["Ingen enskild orsak avgör."]
    assert absence.causes[0].risks[0].without is None


def test_what_all_meetings_share_is_stated_above_the_dates() -> None:
    dates = table(*a_long_year(quorum=2))
    assert dates.shared == (
        "Chans till beslutsförhet vid varje sammanträde: över 99\xa0%.",
        "Saknas mest sannolikt vid varje sammanträde: kommunen a 50\xa0% och kommunen b 40\xa0%.",
    )
    assert (dates.has_quorum, dates.has_notice, dates.has_missing) == (False, True, False)


def test_what_differs_between_meetings_is_a_column() -> None:
    problem, plan = a_long_year(2, quorum=2)
    certain = (an_outlook("a"), an_outlook("b"), an_outlook("c"))
    other = plan.meetings[1].model_copy(update={"parties": certain, "quorum_probability": 0.8, "notice_by": None})
    dates = table(problem, a_proposal(plan.meetings[0], other))
    assert dates.shared == ("Ett streck betyder att ingen part har mer än 5\xa0% risk att utebli.",)
    assert (dates.has_quorum, dates.has_notice, dates.has_missing) == (True, True, True)
    assert [row.missing for row in dates.rows] == ["kommunen a 50\xa0% och kommunen b 40\xa0%", "–"]


def test_a_held_meeting_is_called_so_and_has_no_one_missing() -> None:
    problem, plan = a_long_year(3)
    held = plan.meetings[0].model_copy(update={"held": True})
    best = a_proposal(held, *plan.meetings[1:])
    dates = table(problem, best)
    assert [row.details for row in dates.rows] == [("v.\xa01", "redan hållet"), ("v.\xa02",), ("v.\xa03",)]
    assert "Saknas mest sannolikt vid varje sammanträde: kommunen a 50\xa0% och kommunen b 40\xa0%." in dates.shared
    first, _ = build_absences(best, problem, Names.of(problem, SV), SV)
    assert [meeting.code for meeting in first.causes[0].risks[0].meetings] == ["R2", "R3"]


def test_three_missing_parties_are_named_and_the_others_counted() -> None:
    parties = tuple("abcde")
    problem = a_problem(parties, councils=[a_council(parties=parties)])
    absent = a_planned_meeting(parties=tuple(an_outlook(party, 0.5) for party in parties))
    (sentence,) = [sentence for sentence in table(problem, a_proposal(absent), "en").shared if "likely" in sentence]
    assert sentence.endswith("kommunen a 50%, kommunen b 50%, kommunen c 50% and 2 more.")


def with_calendars(*files: dict[str, Any]) -> str:
    """Return the text of a page whose plan rests on a calendar for each of these."""
    problem, plan = a_long_year(1)
    days = {"first_known": problem.horizon.start, "last_known": problem.horizon.end}
    sources = [
        Source(**{"kind": "own", "name": f"{person.id}.ics", "people": (person.id,), **days, **changes})
        for person, changes in zip(problem.people, files, strict=False)
    ]
    evidence = build_evidence(problem, sources)
    return page(an_answer(plan, evidence=evidence), problem, "en").text


def test_the_period_of_all_calendars_is_said_once() -> None:
    text = with_calendars({}, {}, {})
    assert text.count("4 January – 17 December 2027") == 2  # in the heading, and for the calendars
    assert "Period of every calendar: 4 January – 17 December 2027. Nothing in them was skipped." in text


def test_what_differs_between_calendars_is_a_column() -> None:
    skipped = SkippedPart(sentence="The event ends before it starts.")
    text = with_calendars({}, {"last_known": date(2027, 6, 30)}, {"skipped": (skipped,)})
    assert "Period of every calendar" not in text
    assert "Nothing in them was skipped." not in text
    assert "4 January – 30 June 2027" in text
