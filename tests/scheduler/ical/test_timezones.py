"""Tests that the written zones agree with the zone database in all compared years."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Timezone

from scheduler.ical.timezones import (
    COMPARED_YEARS,
    eu_onset,
    has_eu_summer_time,
    to_written_times,
    vtimezone,
    vtimezone_text,
)

STOCKHOLM = """\
BEGIN:VTIMEZONE
TZID:Europe/Stockholm
X-LIC-LOCATION:Europe/Stockholm
BEGIN:DAYLIGHT
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""
EUROPEAN = ["Europe/Stockholm", "Europe/Helsinki", "Europe/Berlin", "Europe/London", "Europe/Dublin", "Atlantic/Azores"]


def test_the_zone_of_stockholm_is_written_with_the_frozen_text() -> None:
    assert vtimezone_text("Europe/Stockholm") == STOCKHOLM


@pytest.mark.parametrize("name", EUROPEAN)
@pytest.mark.parametrize("year", COMPARED_YEARS)
def test_a_written_zone_agrees_with_the_database_a_second_before_and_after_each_onset(name: str, year: int) -> None:
    component = vtimezone(name)
    assert component is not None
    written = component.to_tz(lookup_tzid=False)
    for month in (3, 10):
        for seconds in (-1, 0, 1):
            moment = eu_onset(year, month) + timedelta(seconds=seconds)
            assert moment.astimezone(written).utcoffset() == moment.astimezone(ZoneInfo(name)).utcoffset(), moment


@pytest.mark.parametrize("name", EUROPEAN)
def test_the_first_onset_of_a_written_zone_is_a_last_sunday_in_the_offset_before_it(name: str) -> None:
    text = vtimezone_text(name) or ""
    onsets = re.findall(r"TZOFFSETFROM:(.*)\n.*\nDTSTART:(.*)\n", text)
    moments = [datetime.strptime(start + offset, "%Y%m%dT%H%M%S%z") for offset, start in onsets]
    assert moments == [eu_onset(1970, 3), eu_onset(1970, 10)]


def test_no_written_zone_lists_dates() -> None:
    component = vtimezone("Europe/Stockholm")
    assert isinstance(component, Timezone)
    assert b"RDATE" not in component.to_ical()


@pytest.mark.parametrize("name", ["Europe/Istanbul", "Europe/Moscow", "America/New_York", "America/Nuuk", "UTC"])
def test_times_in_a_zone_without_eu_summer_time_are_written_in_utc(name: str) -> None:
    start = datetime(2027, 3, 3, 8, tzinfo=UTC)
    assert not has_eu_summer_time(name)
    assert vtimezone(name) is None
    assert to_written_times(name, start) == (start,)
    assert to_written_times(name, start)[0].tzinfo is UTC


def test_the_second_of_two_equal_wall_times_is_written_in_utc() -> None:
    first, second = (datetime(2027, 10, 31, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert to_written_times("Europe/Stockholm", first)[0].tzinfo == ZoneInfo("Europe/Stockholm")
    assert to_written_times("Europe/Stockholm", second)[0].tzinfo is UTC
