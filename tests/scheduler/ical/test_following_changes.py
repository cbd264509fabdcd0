"""Tests of overrides that change all following occurrences of a series (RANGE=THISANDFUTURE)."""

import pytest

from tests.scheduler.ical.samples import a_reading, an_event, busy_hours, stretches

FOLLOWING = "RECURRENCE-ID;RANGE=THISANDFUTURE:"


@pytest.mark.parametrize("days", [(9, 16, 23), (23, 16, 9), (2, 9, 16, 23)])
def test_periods_before_a_change_of_all_following_occurrences_are_busy(days: tuple[int, ...]) -> None:
    periods = ",".join(f"202703{day:02}T080000Z/PT2H" for day in days)
    series = an_event("DTSTART:20270302T080000Z", "DTEND:20270302T090000Z", f"RDATE;VALUE=PERIOD:{periods}")
    moved = an_event(f"{FOLLOWING}20270323T080000Z", "DTSTART:20270323T120000Z", "DURATION:PT1H")
    busy, unknown = stretches(a_reading(series, moved))
    assert busy == [
        "03-02 08:00 to 03-02 10:00" if 2 in days else "03-02 08:00 to 03-02 09:00",
        *("03-09 08:00 to 03-09 10:00", "03-16 08:00 to 03-16 10:00", "03-23 12:00 to 03-23 13:00"),
    ]
    assert unknown == []


def test_periods_after_a_change_of_all_following_occurrences_are_moved_with_it() -> None:
    periods = "RDATE;VALUE=PERIOD:20270304T080000Z/PT1H,20270311T080000Z/PT4H,20270318T080000Z/PT1H"
    series = an_event("DTSTART:20270302T080000Z", "DURATION:PT1H", periods, "EXDATE:20270318T080000Z")
    moved = an_event(f"{FOLLOWING}20270309T080000Z", "DTSTART:20270309T120000Z", "DURATION:PT3H")
    assert busy_hours(a_reading(series, moved)) == [
        *("03-02 08:00-09:00 busy", "03-04 08:00-09:00 busy", "03-09 12:00-15:00 busy", "03-11 12:00-16:00 busy")
    ]


def test_a_change_of_all_following_occurrences_leaves_another_event_of_its_uid_in_place() -> None:
    weekly = an_event("DTSTART:20270302T080000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=4")
    other = an_event("DTSTART:20270304T080000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=4")
    moved = an_event(f"{FOLLOWING}20270316T080000Z", "DTSTART:20270316T120000Z", "DURATION:PT1H")
    reading = a_reading(weekly, other, moved)
    starts = {(time.start.day, time.start.hour) for time in reading.busy}
    assert starts == {*((day, 8) for day in (2, 4, 9, 11, 16, 18, 23, 25)), (16, 12)}
    assert stretches(reading)[1] == ["03-16 12:00 to 04-01 00:00"]


@pytest.mark.parametrize(
    "exception",
    [
        "EXDATE;TZID=Asia/Tokyo:20270309T170000",
        "EXDATE:20270309T080000Z",
        "EXDATE;TZID=America/New_York:20270309T030000",
        "EXDATE;TZID=Europe/Stockholm:20270309T090000",
    ],
)
@pytest.mark.parametrize("start", ["DTSTART;TZID=Europe/Stockholm:20270302T090000", "DTSTART:20270302T080000Z"])
def test_an_exception_in_another_zone_excludes_its_instant_from_a_series_that_is_changed(
    exception: str, start: str
) -> None:
    series = an_event(start, "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=10", exception)
    moved = an_event(f"{FOLLOWING}20270311T080000Z", "DTSTART:20270311T120000Z", "DURATION:PT1H")
    expected = [(day, 8 if day < 11 else 12) for day in range(2, 12) if day != 9]
    assert [(time.start.day, time.start.hour) for time in a_reading(series, moved).busy] == expected


def test_an_exception_excludes_no_occurrence_of_the_same_clock_time_in_another_zone() -> None:
    hours = ("DTSTART;TZID=Europe/Stockholm:20270309T090000", "DURATION:PT1H", "RRULE:FREQ=HOURLY;COUNT=10")
    series = an_event(*hours, "EXDATE;TZID=Europe/Helsinki:20270309T120000")
    moved = an_event(f"{FOLLOWING}20270309T170000Z", "DTSTART:20270309T171500Z", "DURATION:PT1H")
    starts = [f"{time.start:%H:%M}" for time in a_reading(series, moved).busy]
    assert starts == ["08:00", "09:00", *(f"{hour}:00" for hour in range(11, 17)), "17:15"]


def test_the_last_change_before_an_occurrence_applies_to_it() -> None:
    start = "DTSTART;TZID=Europe/Stockholm:20270315T090000"
    series = an_event(start, "DTEND;TZID=Europe/Stockholm:20270315T100000", "RRULE:FREQ=WEEKLY;COUNT=4")
    earlier = an_event(f"{FOLLOWING}20270315T080000Z", "DTSTART:20270314T080000Z", "DURATION:PT2H")
    later = an_event(f"{FOLLOWING}20270322T080000Z", "DTSTART:20270322T100000Z", "DURATION:PT30M", "STATUS:TENTATIVE")
    assert busy_hours(a_reading(series, later, earlier)) == [
        *("03-14 08:00-10:00 busy", "03-22 10:00-10:30 busy_tentative", "03-29 09:00-09:30 busy_tentative")
    ]


def test_whole_days_are_moved_and_made_longer_by_days() -> None:
    series = an_event("DTSTART;VALUE=DATE:20270305", "RRULE:FREQ=WEEKLY;COUNT=4")
    moved = an_event(
        "RECURRENCE-ID;VALUE=DATE;RANGE=THISANDFUTURE:20270312",
        "DTSTART;VALUE=DATE:20270311",
        "DTEND;VALUE=DATE:20270313",
    )
    busy, _ = stretches(a_reading(series, moved))
    assert busy == [
        *("03-04 23:00 to 03-05 23:00", "03-10 23:00 to 03-12 23:00"),
        *("03-17 23:00 to 03-19 23:00", "03-24 23:00 to 03-26 23:00"),
    ]


def test_an_occurrence_that_is_moved_into_the_window_from_far_away_is_busy() -> None:
    series = an_event("DTSTART:20260601T080000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=3")
    moved = an_event(f"{FOLLOWING}20260608T080000Z", "DTSTART:20270308T080000Z", "DURATION:PT1H")
    assert busy_hours(a_reading(series, moved)) == ["03-08 08:00-09:00 busy", "03-15 08:00-09:00 busy"]


def test_a_cancellation_of_all_following_occurrences_leaves_the_earlier_ones() -> None:
    series = an_event("DTSTART:20270301T080000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=4")
    cancelled = an_event(f"{FOLLOWING}20270315T080000Z", "DTSTART:20270315T080000Z", "STATUS:CANCELLED")
    assert busy_hours(a_reading(series, cancelled)) == ["03-01 08:00-09:00 busy", "03-08 08:00-09:00 busy"]


def test_a_change_whose_length_cannot_be_read_leaves_all_following_occurrences_in_doubt() -> None:
    series = an_event("DTSTART:20270301T080000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=3")
    moved = an_event(f"{FOLLOWING}20270308T080000Z", "DTSTART:20270308T090000Z", "DTEND:None")
    busy, unknown = stretches(a_reading(series, moved))
    assert busy == ["03-01 08:00 to 03-01 09:00"]
    assert unknown == ["03-08 09:00 to 03-09 09:00", "03-15 09:00 to 03-16 09:00"]


def test_the_time_after_a_change_of_all_following_occurrences_without_their_series_is_unknown() -> None:
    moved = an_event(f"{FOLLOWING}20270309T080000Z", "DTSTART:20270309T120000Z", "DURATION:PT1H")
    busy, unknown = stretches(a_reading(moved))
    assert busy == ["03-09 12:00 to 03-09 13:00"]
    assert unknown == ["03-09 12:00 to 04-01 00:00"]
