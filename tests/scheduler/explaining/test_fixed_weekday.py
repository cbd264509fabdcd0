"""Test the baseline of a fixed weekday of the month on hand-made problems."""

from typing import Any

import pytest

from scheduler.explaining.baselines.compare import habit
from scheduler.explaining.explanation import HabitRule
from tests.builders import a_commitment, a_council, a_meeting, a_problem

SPRING = {"start": "2027-03-01", "end": "2027-05-31"}


def habit_of(**changes: Any) -> list[str]:
    """Return the starts of the habit in the spring of 2027 with empty calendars."""
    rule = habit(a_problem(horizon=SPRING, **changes)).rules[0]
    assert rule.name == "habit"
    return [start.strftime("%m-%d %H:%M") for start in rule.starts]


def test_the_habit_is_the_third_thursday_at_the_first_start() -> None:
    assert habit_of() == ["03-18 09:00"]


def test_the_first_month_with_such_a_day_in_the_window_counts() -> None:
    late = a_meeting(window={"start": "2027-03-19", "end": "2027-05-31"})
    assert habit_of(meetings=[late]) == ["04-15 09:00"]


def test_a_council_has_its_own_habit() -> None:
    council = a_council(habit={"weekday": "WE", "ordinal": -1, "start": "13:00"})
    assert habit_of(councils=[council]) == ["03-31 13:00"]


def test_a_month_without_a_fifth_such_day_is_skipped() -> None:
    council = a_council(habit={"weekday": "TH", "ordinal": 5, "start": "09:00"})
    assert habit_of(councils=[council]) == ["04-29 09:00"]


def test_a_habitual_start_that_the_meeting_lacks_becomes_its_first_start() -> None:
    council = a_council(habit={"weekday": "WE", "ordinal": 1, "start": "18:30"})
    assert habit_of(councils=[council]) == ["03-03 09:00"]


def test_a_window_without_such_a_day_begins_the_search_with_its_first() -> None:
    meeting = a_meeting(window={"start": "2027-03-20", "end": "2027-03-25"})  # a Saturday first
    assert habit_of(meetings=[meeting]) == ["03-22 09:00"]


def test_a_blocked_day_is_moved_to_the_next_allowed_day() -> None:
    closed = [{"start": "2027-03-18", "end": "2027-03-19", "reason": "stängt"}]
    assert habit_of(blackouts=closed) == ["03-22 09:00"]


def test_the_next_meeting_waits_for_the_least_spacing() -> None:
    council = a_council(spacing_days={"min": 5})
    assert habit_of(councils=[council], meetings=[a_meeting("m1"), a_meeting("m2")]) == ["03-18 09:00", "03-23 09:00"]


@pytest.mark.parametrize(("most", "second"), [(28, "04-15 09:00"), (27, "04-01 09:00")])
def test_when_no_later_day_keeps_the_spacing_the_first_day_of_the_window_is_taken(most: int, second: str) -> None:
    council = a_council(spacing_days={"max": most})
    april = a_meeting("m2", window={"start": "2027-04-01", "end": "2027-05-31"})
    assert habit_of(councils=[council], meetings=[a_meeting("m1"), april]) == ["03-18 09:00", second]


def test_another_start_is_taken_when_the_first_is_never_allowed() -> None:
    meeting = a_meeting(
        window={"start": "2027-03-15", "end": "2027-03-18"}, required=[{"person": "a0", "at_least": 0.5}]
    )
    mornings = [
        a_commitment(f"c{day}", "a0", f"2027-03-{day}T08:00", f"2027-03-{day}T12:00", yields=0.1)
        for day in range(15, 19)
    ]
    assert habit_of(meetings=[meeting], commitments=mornings) == ["03-18 13:00"]


def test_a_pinned_meeting_keeps_its_start() -> None:
    pinned = a_meeting("m2", pinned="2027-04-07T10:30")
    starts = habit_of(meetings=[a_meeting("m1"), pinned, a_meeting("m3")])
    assert starts == ["03-18 09:00", "04-07 10:30", "04-08 09:00"]


def test_a_habit_that_passes_a_pinned_meeting_has_no_plan() -> None:
    problem = a_problem(horizon=SPRING, meetings=[a_meeting("m1"), a_meeting("m2", pinned="2027-03-10T09:00")])
    answer = habit(problem)
    assert answer.status == "optimal"
    assert answer.rules[0] == HabitRule(
        name="habit", objective=None, expected_absences=None, quorum_probability_min=None, starts=()
    )
    assert answer.rules[-1].objective is not None
