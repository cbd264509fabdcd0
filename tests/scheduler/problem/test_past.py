"""What a problem says about the time before today is not contradictory, and faults are told in Swedish too."""

import pytest

from api.i18n import Wording
from scheduler import InvalidProblem, Problem
from tests.builders import Json, a_document, a_meeting

FIRST_FIVE = {"start": "2027-03-01", "end": "2027-03-05"}
THREE = [a_meeting("m1"), a_meeting("m2"), a_meeting("m3")]
CONTRADICTIONS: list[tuple[Json, str]] = [
    ({"today": "2027-03-13"}, "/today"),
    ({"meetings": [a_meeting(window={"start": "2027-03-01", "end": "2027-03-04"})]}, "/meetings/0/window"),
    ({"meetings": THREE, "published": {"m2": "2027-03-02T09:00"}}, "/meetings/0"),
    ({"meetings": THREE, "published": {"m1": "2027-03-09T09:00", "m2": "2027-03-02T09:00"}}, "/meetings/0"),
    ({"meetings": THREE, "published": {"m1": "2027-03-02T09:00", "m2": "2027-03-01T09:00"}}, "/meetings/0"),
    ({"meetings": THREE, "published": {"m1": "2027-03-02T09:00", "m2": "2027-03-02T13:00"}}, "/meetings/0"),
    (
        {"meetings": [a_meeting(pinned="2027-03-01T09:00")], "published": {"m1": "2027-03-02T09:00"}},
        "/meetings/0/pinned",
    ),
    (
        {"meetings": [a_meeting(pinned="2027-03-09T09:00")], "published": {"m1": "2027-03-02T09:00"}},
        "/meetings/0/pinned",
    ),
    (
        {"meetings": [a_meeting(pinned="2027-03-01T09:00")], "published": {"m1": "2027-03-09T09:00"}},
        "/meetings/0/pinned",
    ),
]


@pytest.mark.parametrize(("changes", "pointer"), CONTRADICTIONS)
def test_a_past_that_contradicts_itself_is_rejected(changes: Json, pointer: str) -> None:
    with pytest.raises(InvalidProblem) as raised:
        Problem.of(a_document(**{"today": "2027-03-05", **changes}))
    assert [fault.pointer for fault in raised.value.faults] == [pointer]
    assert Wording("sv").say(raised.value.faults[0].sentence, **raised.value.faults[0].values)


@pytest.mark.parametrize(
    "changes",
    [
        {"today": "2027-03-12"},
        {"meetings": [a_meeting(window=FIRST_FIVE)]},
        {"meetings": [a_meeting(window=FIRST_FIVE)], "today": "2027-03-06", "published": {"m1": "2027-03-09T09:00"}},
        {"meetings": [a_meeting(window=FIRST_FIVE, pinned="2027-03-02T09:00")], "today": "2027-03-06"},
        {"meetings": [a_meeting(pinned="2027-03-02T08:00Z")], "published": {"m1": "2027-03-02T09:00"}},
    ],
)
def test_a_past_that_is_settled_is_accepted(changes: Json) -> None:
    assert Problem.of(a_document(**{"today": "2027-03-05", **changes}))
