"""Today's routine is described by council, and the absences that the plan avoids are given in tenths."""

from typing import Any

import pytest

from api.i18n import Language, Wording
from api.presenting.baselines import build_baseline_table
from api.presenting.explanation_view import BaselineTable
from api.presenting.names import Names
from tests.api.pages.handmade import a_habit
from tests.builders import a_council, a_meeting, a_problem

FIRST_MONDAY = {"weekday": "MO", "ordinal": 1, "start": "13:00"}


def build(
    habits: dict[str, Any], language: Language = "sv", starts: tuple[str, ...] = ("09:00",), **lost: float
) -> BaselineTable:
    """Return the comparison for councils with these routines, or none, and one meeting each."""
    problem = a_problem(
        councils=[a_council(name, **({"habit": habit} if habit else {})) for name, habit in habits.items()],
        meetings=[a_meeting(name, name, starts=list(starts)) for name in habits],
    )
    wording = Wording(language)
    found = build_baseline_table(
        a_habit(**(lost or {"habit": 1.5, "plan": 0.2})), problem, Names.of(problem, wording), wording
    )
    assert found is not None
    return found


def test_a_routine_that_is_not_stated_is_marked_as_assumed() -> None:
    nothing = {"kultur": None}
    assert build(nothing).habits == ("Nuvarande rutin: tredje torsdagen i månaden kl. 09.00 (antaget).",)
    sentence = build(nothing, "en", starts=("13:00", "10:00")).habits
    assert sentence == ("Today's routine: third Thursday of the month at 10:00 (assumed).",)


def test_councils_with_the_same_routine_are_listed_together() -> None:
    habits = {"kultur": FIRST_MONDAY, "skola": None, "bygg": FIRST_MONDAY}
    assert build(habits).habits == (
        "Rutinen för Kultur; Bygg: första måndagen i månaden kl. 13.00.",
        "Rutinen för Skola: tredje torsdagen i månaden kl. 09.00 (antaget).",
    )


@pytest.mark.parametrize(
    ("ordinal", "swedish", "english"),
    [
        (1, "första", "first"),
        (2, "andra", "second"),
        (3, "tredje", "third"),
        (4, "fjärde", "fourth"),
        (5, "femte", "fifth"),
        (-1, "sista", "last"),
    ],
)
def test_each_day_of_the_month_has_its_name(ordinal: int, swedish: str, english: str) -> None:
    habits = {"kultur": {**FIRST_MONDAY, "ordinal": ordinal}}
    assert build(habits).habits == (f"Nuvarande rutin: {swedish} måndagen i månaden kl. 13.00.",)
    assert build(habits, "en").habits == (f"Today's routine: {english} Monday of the month at 13:00.",)


def test_routines_beyond_the_limit_are_counted() -> None:
    habits = {f"r{at:02d}": {**FIRST_MONDAY, "start": f"08:{at:02d}"} for at in range(12)}
    sentence = build(habits).habits
    assert len(sentence) == 11
    assert sentence[-1] == "Ytterligare 2 råd har egna rutiner."


@pytest.mark.parametrize(
    ("habit", "plan", "sentence", "row"),
    [
        (1.5, 0.2, "Med nuvarande rutin väntas 1,5 parter utebli, med den här planen 0,2: 1,3 färre.", "0,2"),
        (1.44, 0.26, "Med nuvarande rutin väntas 1,4 parter utebli, med den här planen 0,3: 1,1 färre.", "0,3"),
        (0.91, 0.87, "Nuvarande rutin ger ungefär lika få uteblivna parter som den här planen.", "0,9"),
        (1.54, 1.46, "Nuvarande rutin ger ungefär lika få uteblivna parter som den här planen.", "1,5"),
    ],
)
def test_a_difference_is_given_in_tenths_that_add_up(habit: float, plan: float, sentence: str, row: str) -> None:
    found = build({"kultur": None}, habit=habit, plan=plan)
    assert found.introduction == (sentence,)
    assert found.rows[0].absences == row


def test_several_meetings_are_counted_over_all() -> None:
    assert "väntas sammanlagt" in build({"kultur": None, "skola": None}).introduction[0]
