"""Councils are called by short names, and each by a letter of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.i18n import Wording
from api.presenting.names import Names, letters, short_names
from tests.builders import a_council, a_meeting, a_problem


@pytest.mark.parametrize(
    ("names", "short"),
    [
        (["Rådet för kultur", "Rådet för skola"], ["Kultur", "Skola"]),
        (["Rådet för kultur"], ["Rådet för kultur"]),
        (["Rådet", "Rådet för skola"], ["Rådet", "Rådet för skola"]),
        (["Kulturnämnden", "Skolnämnden"], ["Kulturnämnden", "Skolnämnden"]),
        (["Rådet", "Rådet"], ["Rådet", "Rådet"]),
    ],
)
def test_what_all_names_share_is_left_out_but_never_all_of_a_name(names: list[str], short: list[str]) -> None:
    assert short_names(names) == short


@given(st.lists(st.text(min_size=1), max_size=60))
def test_letters_are_never_shared(names: list[str]) -> None:
    assert len(set(letters(names))) == len(names)


def test_meetings_are_numbered_within_their_council() -> None:
    problem = a_problem(
        councils=[a_council("kultur"), a_council("skola")],
        meetings=[a_meeting("m1"), a_meeting("m2", "skola"), a_meeting("m3")],
    )
    names = Names.of(problem, Wording("en"))
    assert names.codes == {"m1": "K1", "m3": "K2", "m2": "S1"}
    assert names.meetings["m3"] == "Kultur, meeting 2"
