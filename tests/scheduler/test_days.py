"""Dates and wall times around changes of daylight saving time, holidays and working days."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from scheduler.days import instant, is_holiday, is_working_day, start_on, whole_days, working_day_on_or_before

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2027-03-28T02:30", "2027-03-28T01:30:00+00:00"),  # skipped: read with the offset before the gap
        ("2027-10-31T02:30", "2027-10-31T00:30:00+00:00"),  # twice: the first
        ("2027-06-01T09:00", "2027-06-01T07:00:00+00:00"),
        ("2027-06-01T09:00+00:00", "2027-06-01T09:00:00+00:00"),
    ],
)
def test_a_wall_time_is_interpreted_by_rfc_5545(written: str, utc: str) -> None:
    assert instant(datetime.fromisoformat(written), STOCKHOLM).isoformat() == utc


@pytest.mark.parametrize(
    ("day", "clock", "exists"),
    [
        ("2027-03-28", "02:30", False),
        ("2027-10-31", "02:30", False),
        ("2027-10-31", "03:00", True),
        ("2027-03-28", "03:00", True),
    ],
)
def test_a_wall_time_that_occurs_never_or_twice_is_none(day: str, clock: str, exists: bool) -> None:
    found = start_on(date.fromisoformat(day), time.fromisoformat(clock), STOCKHOLM)
    assert (found is not None) == exists


def test_days_have_23_or_25_hours_when_daylight_saving_time_changes() -> None:
    spring = whole_days(date(2027, 3, 28), date(2027, 3, 28), STOCKHOLM)
    autumn = whole_days(date(2027, 10, 31), date(2027, 10, 31), STOCKHOLM)
    assert (spring.end - spring.start).total_seconds() / 3600 == 23
    assert (autumn.end - autumn.start).total_seconds() / 3600 == 25


@pytest.mark.parametrize("day", ["2027-06-25", "2027-12-24", "2027-12-31", "2027-03-29", "2027-01-06", "2027-05-06"])
def test_holidays_and_their_eves_are_not_working_days(day: str) -> None:
    assert is_holiday(date.fromisoformat(day), "SE")
    assert not is_working_day(date.fromisoformat(day), "SE")
    assert not is_holiday(date.fromisoformat(day), None)


def test_an_ordinary_sunday_is_neither_a_holiday_nor_a_working_day() -> None:
    assert not is_holiday(date(2027, 3, 14), "SE")
    assert not is_working_day(date(2027, 3, 14), "SE")


def test_the_last_working_day_before_easter_monday_is_maundy_thursday() -> None:
    assert working_day_on_or_before(date(2027, 3, 29), "SE") == date(2027, 3, 25)
