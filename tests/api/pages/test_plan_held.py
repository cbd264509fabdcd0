"""A meeting that was held is marked in words on the page, and nothing is asked of anybody about it."""

import pytest

from api.i18n import Language, Wording
from api.pages.plan import ExplanationSet, render_plan
from scheduler import explain, propose
from tests.api.pages.test_plan import Outline
from tests.builders import a_council, a_meeting, a_problem


@pytest.mark.parametrize(
    ("language", "held", "gist"),
    [("sv", "redan hållet", "Redan hållet tis 2 mars."), ("en", "already held", "Already held Tue 2 Mar.")],
)
def test_a_held_meeting_is_marked_in_words(language: Language, held: str, gist: str) -> None:
    problem = a_problem(
        today="2027-03-05",
        published={"m1": "2027-03-02T09:00"},
        councils=[a_council(quorum=3)],
        meetings=[a_meeting("m1", notice_days=7), a_meeting("m2")],
    )
    answer = propose(problem)
    explained = ExplanationSet(heatmap=explain(problem, "heatmap"))
    text = Outline(render_plan(problem, answer, Wording(language), explained=explained)).text
    assert held in text
    assert gist in text
