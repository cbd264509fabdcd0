"""Unfinished calculations are reported: a person is not shown as known, nor a date as impossible."""

import pytest

from api.i18n import Language, Wording
from api.pages.plan import ExplanationSet
from api.presenting.explanation_view import CallList, CostCalendar, CostMap
from api.presenting.heatmap import build_cost_map
from api.presenting.information_values import build_call_list
from api.presenting.names import Names
from scheduler.explaining.explanation import Asking, DateCost, Heatmap, PersonValue
from tests.api.pages.handmade import DayCost, a_heatmap, a_proposal
from tests.api.pages.test_plan_why import cells, page, sections
from tests.builders import a_problem


def call_list(*people: PersonValue, left_out: tuple[str, ...] = (), language: Language = "sv") -> CallList:
    answer = Asking(status="feasible", objective=2.9, people=people, left_out=left_out)
    found = build_call_list(answer, a_problem(), Wording(language))
    assert found is not None
    return found


def in_march(costs: dict[int, DayCost], *left_out: int) -> Heatmap:
    """Return a heat map in which these dates of March were not calculated in time."""
    whole = a_heatmap({**costs, **dict.fromkeys(left_out, 0.0)}, status="feasible")
    rows = [
        DateCost(date=one.date, start=None, cost=None) if one.date.day in left_out else one
        for one in sorted(whole.meetings[0].dates, key=lambda one: one.date)
    ]
    return whole.model_copy(update={"meetings": (whole.meetings[0].model_copy(update={"dates": tuple(rows)}),)})


def cost_map(answer: Heatmap, language: Language = "sv") -> tuple[CostMap, CostCalendar]:
    problem, wording = a_problem(), Wording(language)
    found = build_cost_map(answer, a_proposal().starts, problem, Names.of(problem, wording), wording)
    assert found is not None
    return found, found.groups[0].calendars[0]


def test_people_not_calculated_in_time_are_counted_and_some_named() -> None:
    one = PersonValue(person="c0", gain=0.2, standard_error=0.0)
    assert call_list(one, left_out=("a0",)).rest == (
        "Beräkningen hann inte visa om det lönar sig att fråga 1 person: Ledamot a0 (kommunen a).",
    )
    assert call_list(left_out=("a0", "a1", "b0", "b1", "c1"), language="en").rest == (
        "There was no time to calculate the value of asking 5 people: "
        "Ledamot a0 (kommunen a); Ledamot a1 (kommunen a); Ledamot b0 (kommunen b); and 2 more.",
    )


def test_a_call_list_without_any_calculated_person_has_only_their_number() -> None:
    read = page(ExplanationSet(asking=Asking(status="feasible", objective=2.9, people=(), left_out=("a0", "b0"))))
    assert sections(read) == {"asking"}
    assert "Beräkningen hann inte visa om det lönar sig att fråga 2 personer" in read.text
    assert call_list(left_out=("a0",)).introduction == ()


def test_a_call_list_of_a_single_person_uses_the_singular() -> None:
    one = PersonValue(person="a0", gain=0.2, standard_error=0.06)
    assert call_list(one).introduction[:2] == (
        "Personens kalender är okänd. Så mycket bättre blir planen om vi får veta när personen kan.",
        "± anger osäkerheten.",
    )


@pytest.mark.parametrize(
    ("gains", "sentence"),
    [
        ((0.2, 0.0), "Ytterligare en kalender är okänd, men svaret skulle"),
        ((0.2, 0.0, 0.0), "Ytterligare 2 kalendrar är okända, men svaren skulle"),
        ((0.0,), "En kalender är okänd, men svaret skulle"),
        ((0.0, 0.0), "2 kalendrar är okända, men svaren skulle"),
    ],
)
def test_a_calendar_that_changed_no_sample_would_hardly_change_the_dates(
    gains: tuple[float, ...], sentence: str
) -> None:
    people = [
        PersonValue(person=person, gain=gain, standard_error=0.01) for person, gain in zip("abc", gains, strict=False)
    ]
    named = [one.model_copy(update={"person": f"{one.person}0"}) for one in people]
    assert call_list(*named).rest == (f"{sentence} knappast ändra datumen.",)


def test_a_date_not_calculated_in_time_has_its_own_mark_and_is_not_barred() -> None:
    read = page(ExplanationSet(heatmap=in_march({3: 0.3, 4: 0.0, 5: ("plan", None)}, 8, 9)))
    assert [one["class"] for one in cells(read)] == ["t2", "chosen", "shut", "left-out", "left-out"]
    assert "måndag 8 mars: hann inte räknas ut." in read.text
    assert "8 ?" in read.text
    assert "a de andra sammanträdena lämnar ingen plats" in read.text
    assert read.text.count("? hann inte räknas ut") == 1


def test_a_complete_heat_map_has_no_mark_for_missing_dates() -> None:
    found, calendar = cost_map(in_march({3: 0.3, 4: 0.0}))
    assert not found.has_left_out
    assert calendar.left_out is None
    assert calendar.gist == "Planerat tors 4 mars; näst bäst är ons 3 mars: 0,3 färre parter."


@pytest.mark.parametrize(
    ("costs", "swedish", "english"),
    [
        ({4: 0.0}, "Planerat tors 4 mars.", "Planned Thu 4 Mar."),
        (
            {3: 0.3, 4: 0.0},
            "Planerat tors 4 mars; bäst av de andra datum som hann räknas ut är ons 3 mars: 0,3 färre parter.",
            "Planned Thu 4 Mar; the best of the other dates calculated is Wed 3 Mar: 0.3 fewer parties.",
        ),
        (
            {3: 0.0, 4: 0.0},
            "Planerat tors 4 mars; ons 3 mars är lika bra.",
            "Planned Thu 4 Mar; Wed 3 Mar is just as good.",
        ),
    ],
)
def test_an_incomplete_heat_map_claims_nothing_about_missing_dates(
    costs: dict[int, DayCost], swedish: str, english: str
) -> None:
    assert cost_map(in_march(costs, 8))[1].gist == swedish
    assert cost_map(in_march(costs, 8), "en")[1].gist == english
