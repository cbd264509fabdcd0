"""Time that ran out is said as that: nobody is taken for known then, and no date for impossible."""

import pytest

from api.i18n import Language, Wording
from api.pages.plan import Explained
from api.pages.plan.explanation_view import CostCalendar, CostMap, PhoneList
from api.pages.plan.heatmap import cost_map
from api.pages.plan.information_values import phone_list
from api.pages.plan.names import Names
from scheduler.explaining.explanation import Asking, DateCost, Heatmap, PersonValue
from tests.api.pages.handmade import DayCost, a_heatmap, a_proposal
from tests.api.pages.test_plan_why import cells, page, sections
from tests.builders import a_problem


def asked(*people: PersonValue, left_out: tuple[str, ...] = (), language: Language = "sv") -> PhoneList:
    answer = Asking(status="feasible", objective=2.9, people=people, left_out=left_out)
    found = phone_list(answer, a_problem(), Wording(language))
    assert found is not None
    return found


def in_march(costs: dict[int, DayCost], *left_out: int) -> Heatmap:
    """Return a heat map in which these dates of March were not worked out."""
    whole = a_heatmap({**costs, **dict.fromkeys(left_out, 0.0)}, status="feasible")
    rows = [
        DateCost(date=one.date, start=None, cost=None) if one.date.day in left_out else one
        for one in sorted(whole.meetings[0].dates, key=lambda one: one.date)
    ]
    return whole.model_copy(update={"meetings": (whole.meetings[0].model_copy(update={"dates": tuple(rows)}),)})


def shown(answer: Heatmap, language: Language = "sv") -> tuple[CostMap, CostCalendar]:
    problem, wording = a_problem(), Wording(language)
    found = cost_map(answer, a_proposal().starts, problem, Names.of(problem, wording), wording)
    assert found is not None
    return found, found.groups[0].calendars[0]


def test_those_left_out_are_counted_and_a_few_named() -> None:
    one = PersonValue(person="c0", gain=0.2, standard_error=0.0)
    assert asked(one, left_out=("a0",)).rest == (
        "För 1 person hann det inte räknas ut om det lönar sig att fråga: Ledamot a0 (kommunen a).",
    )
    assert asked(left_out=("a0", "a1", "b0", "b1", "c1"), language="en").rest == (
        "For 5 people it was not worked out in time whether asking is worth it: "
        "Ledamot a0 (kommunen a); Ledamot a1 (kommunen a); Ledamot b0 (kommunen b); and 2 more.",
    )


def test_when_everybody_is_left_out_that_is_all_that_is_said() -> None:
    read = page(Explained(asking=Asking(status="feasible", objective=2.9, people=(), left_out=("a0", "b0"))))
    assert sections(read) == {"asking"}
    assert "För 2 personer hann det inte räknas ut" in read.text
    assert asked(left_out=("a0",)).told == ()


def test_one_person_has_one_calendar_and_one_figure() -> None:
    one = PersonValue(person="a0", gain=0.2, standard_error=0.02)
    assert asked(one).told[:2] == (
        "Den här personens kalender är okänd. Siffran visar hur mycket planen kan väntas vinna på att den blir känd.",
        "Siffran med ± är skattad ur stickprov, och det som anges är medelfelet.",
    )


@pytest.mark.parametrize(
    ("gains", "said"),
    [
        ((0.2, 0.0), "En okänd kalender till ändrade inte valet i något stickprov; den är knappast värd"),
        ((0.2, 0.0, 0.0), "2 okända kalendrar till ändrade inte valet i något stickprov; de är knappast värda"),
        ((0.0,), "En okänd kalender ändrade inte valet i något stickprov; den är knappast värd"),
        ((0.0, 0.0), "2 okända kalendrar ändrade inte valet i något stickprov; de är knappast värda"),
    ],
)
def test_a_calendar_that_changed_no_sample_is_hardly_worth_asking_for(gains: tuple[float, ...], said: str) -> None:
    people = [
        PersonValue(person=person, gain=gain, standard_error=0.01) for person, gain in zip("abc", gains, strict=False)
    ]
    named = [one.model_copy(update={"person": f"{one.person}0"}) for one in people]
    assert asked(*named).rest == (f"{said} att fråga om.",)


def test_a_date_not_worked_out_has_a_mark_and_words_of_its_own_and_is_not_barred() -> None:
    read = page(Explained(heatmap=in_march({3: 0.3, 4: 0.0, 5: ("plan", None)}, 8, 9)))
    assert [one["class"] for one in cells(read)] == ["t2", "chosen", "shut", "left-out", "left-out"]
    assert "måndag 8 mars: hann inte räknas ut." in read.text
    assert "8 ?" in read.text
    assert "2 datum hann inte räknas ut." in read.text
    assert "1 datum går inte: De andra sammanträdena" in read.text
    assert "? hann inte räknas ut" in read.text


def test_where_all_was_worked_out_the_legend_has_no_mark_for_the_rest() -> None:
    found, calendar = shown(in_march({3: 0.3, 4: 0.0}))
    assert not found.has_left_out
    assert calendar.left_out is None
    assert calendar.gist == "Planerat tors 4 mars; näst bäst är ons 3 mars, som kostar 0,30 parter."


@pytest.mark.parametrize(
    ("costs", "swedish", "english"),
    [
        ({4: 0.0}, "Planerat tors 4 mars.", "Planned Thu 4 Mar."),
        (
            {3: 0.3, 4: 0.0},
            "Planerat tors 4 mars; bäst av de andra datum som hann räknas ut är ons 3 mars, som kostar 0,30 parter.",
            "Planned Thu 4 Mar; of the other dates worked out the best is Wed 3 Mar, which costs 0.30 parties.",
        ),
        (
            {3: 0.0, 4: 0.0},
            "Planerat tors 4 mars; ons 3 mars är lika bra.",
            "Planned Thu 4 Mar; Wed 3 Mar is just as good.",
        ),
    ],
)
def test_nothing_is_claimed_of_dates_not_worked_out(costs: dict[int, DayCost], swedish: str, english: str) -> None:
    assert shown(in_march(costs, 8))[1].gist == swedish
    assert shown(in_march(costs, 8), "en")[1].gist == english
