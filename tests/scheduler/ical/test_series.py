"""Tests of the expansion of series: rules, dates, exceptions and versions."""

from pathlib import Path

import pytest

from scheduler.ical.read.reader import read_calendar
from tests.scheduler.ical.samples import MARCH, STOCKHOLM, a_reading, an_event, busy_hours

DATA = Path(__file__).parents[2] / "data"
NINE = ("DTSTART:20270303T080000Z", "DTEND:20270303T090000Z")  # nine o'clock in Stockholm


def test_a_series_keeps_its_wall_time_when_summer_time_begins() -> None:
    event = an_event("DTSTART;TZID=Europe/Stockholm:20270324T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=2")
    assert busy_hours(a_reading(event)) == ["03-24 08:00-09:00 busy", "03-31 07:00-08:00 busy"]


def test_an_outlook_series_is_read_with_its_exception_its_move_and_its_days_away() -> None:
    raw = (DATA / "windows_zone_and_moved_occurrence.ics").read_bytes()
    reading = read_calendar(raw, MARCH, STOCKHOLM)
    assert busy_hours(reading) == [
        "03-04 23:00-23:00 busy_unavailable",
        "03-10 12:00-15:00 busy",
        "03-25 08:00-11:00 busy_tentative",
        "03-31 11:00-14:00 busy",
    ]
    assert reading.num_events == 3
    assert "Canary" not in repr(reading)


def test_a_local_until_includes_the_last_meeting() -> None:
    raw = (DATA / "local_until.ics").read_bytes()
    assert len(read_calendar(raw, MARCH, STOCKHOLM).busy) == 3


def test_the_newest_of_two_versions_counts() -> None:
    new = an_event("DTSTART:20270304T080000Z", "DURATION:PT1H", "SEQUENCE:1")
    old = an_event(*NINE, "SEQUENCE:0")
    assert busy_hours(a_reading(new, old)) == busy_hours(a_reading(old, new)) == ["03-04 08:00-09:00 busy"]


def test_two_events_that_share_a_uid_by_mistake_both_count() -> None:
    reading = a_reading(an_event(*NINE), an_event("DTSTART:20270304T080000Z", "DURATION:PT1H"))
    assert busy_hours(reading) == ["03-03 08:00-09:00 busy", "03-04 08:00-09:00 busy"]


def test_an_occurrence_that_is_cancelled_alone_is_free_alone() -> None:
    series = an_event(*NINE, "RRULE:FREQ=DAILY;COUNT=3")
    override = an_event(
        "RECURRENCE-ID:20270304T080000Z", "DTSTART:20270304T080000Z", "DURATION:PT1H", "STATUS:CANCELLED"
    )
    assert busy_hours(a_reading(series, override)) == ["03-03 08:00-09:00 busy", "03-05 08:00-09:00 busy"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("DTSTART:20270304T100000Z", "DURATION:PT2H"), ["03-04 10:00-12:00 busy", "03-05 10:00-12:00 busy"]),
        (("DTSTART:20270304T080000Z", "DURATION:PT1H", "STATUS:CANCELLED"), []),
        (
            ("DTSTART:20270304T080000Z", "DURATION:PT1H", "STATUS:TENTATIVE"),
            ["03-04 08:00-09:00 busy_tentative", "03-05 08:00-09:00 busy_tentative"],
        ),
    ],
    ids=["moved", "cancelled", "tentative"],
)
def test_an_override_of_all_following_occurrences_changes_them_all(lines: tuple[str, ...], expected: list[str]) -> None:
    series = an_event(*NINE, "RRULE:FREQ=DAILY;COUNT=3")
    override = an_event("RECURRENCE-ID;RANGE=THISANDFUTURE:20270304T080000Z", *lines)
    assert busy_hours(a_reading(series, override)) == ["03-03 08:00-09:00 busy", *expected]


def test_an_occurrence_is_moved_in_whatever_zone_its_id_is_written() -> None:
    series = an_event("DTSTART;TZID=Europe/Stockholm:20270303T090000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2")
    for name in (":20270304T080000Z", ":20270304T090000", ";TZID=America/New_York:20270304T030000"):
        override = an_event(f"RECURRENCE-ID{name}", "DTSTART:20270304T120000Z", "DURATION:PT1H")
        assert busy_hours(a_reading(series, override)) == ["03-03 08:00-09:00 busy", "03-04 12:00-13:00 busy"]


def test_an_override_of_an_event_without_recurrence_replaces_it() -> None:
    override = an_event("RECURRENCE-ID:20270303T080000Z", "DTSTART:20270304T080000Z", "DURATION:PT1H")
    assert busy_hours(a_reading(an_event(*NINE), override)) == ["03-04 08:00-09:00 busy"]


def test_many_moved_occurrences_are_read_within_the_time_limit() -> None:
    days = [f"202701{day:02d}T08{minute:02d}00Z" for day in range(1, 29) for minute in range(60)]
    overrides = [an_event(f"RECURRENCE-ID:{day}", "DTSTART:20260101T080000Z", "DURATION:PT1H") for day in days]
    series = an_event("DTSTART:20260101T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY")
    assert len(a_reading(series, *overrides).busy) == 31


def test_a_rule_by_the_minute_is_expanded_when_it_ends_soon() -> None:
    event = an_event(*NINE, "RRULE:FREQ=MINUTELY;INTERVAL=90;COUNT=2")
    assert busy_hours(a_reading(event)) == ["03-03 08:00-09:00 busy", "03-03 09:30-10:30 busy"]


def test_a_rule_that_ends_by_number_and_by_day_ends_at_the_first() -> None:
    event = an_event(*NINE, "RRULE:FREQ=DAILY;COUNT=5;UNTIL=20270304T080000Z")
    assert busy_hours(a_reading(event)) == ["03-03 08:00-09:00 busy", "03-04 08:00-09:00 busy"]


def test_added_and_excluded_dates_are_applied() -> None:
    event = an_event(
        *NINE,
        "RRULE:FREQ=DAILY;COUNT=2",
        "RDATE;VALUE=PERIOD:20270310T080000Z/PT3H",
        "EXDATE:20270304T080000Z",
    )
    assert busy_hours(a_reading(event)) == ["03-03 08:00-09:00 busy", "03-10 08:00-11:00 busy"]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=YEARLY;BYMONTH=2,4;BYMONTHDAY=31,-31", 1),
        ("FREQ=YEARLY;BYMONTH=2,3;BYMONTHDAY=31", 2),  # the last of March is one
    ],
)
def test_a_rule_for_a_day_that_no_year_has_adds_no_occurrence(rule: str, expected: int) -> None:
    reading = a_reading(an_event(*NINE, f"RRULE:{rule}"))
    assert len(reading.busy) == expected
    assert busy_hours(reading)[0] == "03-03 08:00-09:00 busy"
