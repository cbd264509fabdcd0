"""The year is drawn three months to a strip, each meeting at its date."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.i18n import Language, Wording
from api.pages.plan.labels import LABEL_SIZE, NAME_SIZE, NARROWEST, text_width
from api.pages.plan.view import Strip, YearChart
from api.pages.plan.year import build_year_chart
from api.presenting.names import Names
from tests.api.pages.handmade import a_planned_meeting, a_proposal
from tests.builders import a_council, a_meeting, a_problem

SV = Wording("sv")


def drawn(
    *days: date, start: str = "2027-01-11", end: str = "2027-12-17", wording: Wording = SV, **changes: Any
) -> YearChart:
    meetings = [a_meeting(f"m{number}") for number, _ in enumerate(days)]
    problem = a_problem(**{"horizon": {"start": start, "end": end}, "meetings": meetings, **changes})
    held = [a_planned_meeting(f"m{number}", day) for number, day in enumerate(days)]
    return build_year_chart(a_proposal(*held), problem, Names.of(problem, wording), wording)


@dataclass(frozen=True)
class Box:
    """A rectangle of a strip in pixels."""

    left: float
    right: float
    top: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


def unplated_boxes(strip: Strip, width: float) -> Iterator[Box]:
    """Yield the labels above the grid: names of months and numbers of weeks."""
    for month in strip.months:
        left = width * month.x / 100 + 6
        yield Box(left, left + text_width(month.text, NAME_SIZE, is_bold=True), 2, 20)
    for week in strip.weeks:
        middle = width * (week.x + week.width / 2) / 100
        half = text_width(week.text, LABEL_SIZE) / 2
        if week.text:
            yield Box(middle - half, middle + half, 22, 38)


def plated_boxes(strip: Strip, width: float) -> Iterator[Box]:
    """Yield the labels on the grid, which hide lines and patterns behind them: codes and dates."""
    for mark in strip.marks:
        x = width * mark.x / 100
        yield Box(x + mark.code_place.left, x + mark.code_place.right, mark.y, mark.y + 20)
        yield Box(x + mark.day_place.left, x + mark.day_place.right, mark.y + 20, mark.y + 37)


def shapes_under_no_label(strip: Strip, width: float) -> Iterator[Box]:
    """Yield the lines and holidays that no label may cover or be covered by; week lines end below week numbers."""
    for month in strip.months:
        yield Box(width * month.x / 100 - 0.5, width * month.x / 100 + 0.5, 2, 20)
    for span in strip.grounds:
        if span.ground == "holiday":
            yield Box(width * span.x / 100, width * (span.x + span.width) / 100, 40, 49)
    yield Box(0, width, 39.5, 40.5)


def test_a_year_has_four_strips_of_three_months() -> None:
    strips = drawn(date(2027, 3, 4)).strips
    assert [strip.title for strip in strips] == [
        "Januari–mars 2027",
        "April–juni 2027",
        "Juli–september 2027",
        "Oktober–december 2027",
    ]
    assert [month.text for month in strips[0].months] == ["januari", "februari", "mars"]


@pytest.mark.parametrize(
    ("start", "end", "titles"),
    [
        ("2027-03-01", "2027-03-12", ["Mars 2027"]),
        ("2027-03-01", "2027-04-30", ["Mars–april 2027"]),
        ("2027-11-15", "2028-02-01", ["November 2027 – januari 2028", "Februari–april 2028"]),
    ],
)
def test_strips_follow_the_horizon(start: str, end: str, titles: list[str]) -> None:
    assert [strip.title for strip in drawn(date.fromisoformat(start), start=start, end=end).strips] == titles


def test_a_meeting_is_marked_at_its_date_and_described() -> None:
    strip = drawn(date(2027, 3, 4)).strips[0]
    (mark,) = strip.marks
    assert (mark.code, mark.day) == ("R1", "tors 4 mars")
    assert mark.x == pytest.approx(100 * 62.5 / 90, abs=0.001)
    assert strip.described == "Rådet för kultur, sammanträde 1: torsdag 4 mars 2027."


def test_a_strip_without_meetings_is_described_as_empty() -> None:
    assert drawn(date(2027, 3, 4)).strips[1].described == "Inga sammanträden."


def test_a_label_at_either_end_stays_on_the_strip() -> None:
    marks = drawn(date(2027, 4, 1), date(2027, 5, 14), date(2027, 6, 30)).strips[1].marks
    assert [mark.day_place.anchor for mark in marks] == ["start", "middle", "end"]


def test_meetings_of_one_council_that_are_close_have_a_lane_each() -> None:
    near = drawn(date(2027, 5, 10), date(2027, 5, 17), date(2027, 6, 14)).strips[1]
    assert [mark.y for mark in near.marks] == [near.lanes[0], near.lanes[0], near.lanes[1]]
    assert [mark.code for mark in near.marks] == ["R1", "R3", "R2"]


@given(
    offsets=st.lists(st.integers(0, 340), min_size=1, max_size=30),
    num_councils=st.integers(1, 9),
    start=st.dates(date(2027, 1, 1), date(2028, 12, 31)),
    num_days=st.integers(10, 340),
    language=st.sampled_from(["sv", "en"]),
    width=st.sampled_from([NARROWEST, 358, 600, 1160]),
)
def test_no_label_touches_another_label_a_line_or_a_holiday(
    offsets: list[int], num_councils: int, start: date, num_days: int, language: Language, width: int
) -> None:
    days = [start + timedelta(days=offset % num_days) for offset in offsets]
    names = [f"råd{number}" for number in range(num_councils)]
    chart = drawn(
        *days,
        start=start.isoformat(),
        end=(start + timedelta(days=num_days - 1)).isoformat(),
        wording=Wording(language),
        councils=[a_council(name) for name in names],
        meetings=[a_meeting(f"m{number}", names[number % num_councils]) for number, _ in enumerate(days)],
        blackouts=[{"start": start.isoformat(), "end": start.isoformat(), "reason": "lov"}],
    )
    assert sum(len(strip.marks) for strip in chart.strips) == len(days)
    for strip in chart.strips:
        labels = [*unplated_boxes(strip, width), *plated_boxes(strip, width)]
        touching = [(a, b) for a, b in combinations(labels, 2) if a.overlaps(b)]
        assert touching == []
        shapes = list(shapes_under_no_label(strip, width))
        assert [(label, shape) for label in labels for shape in shapes if label.overlaps(shape)] == []
        assert all(label.bottom <= 40 for label in unplated_boxes(strip, width))


def test_many_councils_share_rows() -> None:
    names = [f"råd{number}" for number in range(9)]
    councils = [a_council(name) for name in names]
    meetings = [a_meeting("m0", "råd8"), a_meeting("m1", "råd0")]
    few = drawn(date(2027, 5, 10), date(2027, 6, 10), councils=councils, meetings=meetings)
    assert [len(strip.lanes) for strip in few.strips] == [1, 1, 1, 1]


def test_weeks_have_their_iso_numbers_where_there_is_room() -> None:
    weeks = [week.text for week in drawn(date(2027, 3, 4)).strips[0].weeks]
    assert weeks[:3] == ["", "1", "2"]
    assert weeks[-1] == ""


def test_days_off_are_shaded_by_kind() -> None:
    blackouts = [
        {"start": "2027-07-01", "end": "2027-07-31", "reason": "juli"},
        {"start": "2027-02-22", "end": "2027-02-26", "reason": "sportlov", "parties": ["a"]},
    ]
    first, spring, summer, autumn = drawn(date(2027, 3, 4), blackouts=blackouts).strips
    assert {span.ground for span in first.grounds} == {"outside", "leave", "holiday"}
    assert {span.ground for span in spring.grounds} == {"holiday"}
    (july,) = summer.grounds
    assert (july.ground, july.x) == ("blackout", 0.0)
    assert july.width == pytest.approx(3100 / 92, abs=0.001)
    assert [span.ground for span in autumn.grounds].count("outside") == 1


@pytest.mark.parametrize(
    ("parties", "sentence"),
    [
        (["a"], "22–26 februari 2027 (sportlov): kommunen a."),
        (["b", "a"], "22–26 februari 2027 (sportlov), alla parter utom kommunen c."),
        (["a", "b", "c"], "22–26 februari 2027 (sportlov), alla parter."),
    ],
)
def test_leave_names_the_smaller_group_of_parties(parties: list[str], sentence: str) -> None:
    leave = {"start": "2027-02-22", "end": "2027-02-26", "reason": "sportlov", "parties": parties}
    assert drawn(date(2027, 3, 4), blackouts=[leave]).leave == (sentence,)
