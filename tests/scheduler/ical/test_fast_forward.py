"""Tests that a rule whose start is moved close to the window has the same occurrences as the original."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.ical.read import occurrences
from scheduler.ical.read.reader import read_calendar
from scheduler.intervals import Interval
from tests.scheduler.ical.samples import MARCH, STOCKHOLM, a_calendar, a_reading, an_event

LENGTHS = ["DURATION:PT1H", "DURATION:P3DT2H", "DURATION:P40D"]
DAYS = [None, "MO", "MO,WE,FR", "SU"]
BY_THE_MONTH = [None, "BYMONTHDAY=-1", "BYMONTHDAY=13", "BYDAY=2TU", "BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "BYMONTH=3"]
WITHOUT_A_PERIOD = [None, "BYWEEKNO=10", "BYYEARDAY=70", "BYMONTH=3;BYDAY=-1SU", "BYMONTH=2,3"]


@st.composite
def rules(draw: st.DrawFn) -> str:
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 9))}"]
    if frequency in ("DAILY", "WEEKLY"):
        parts += [f"BYDAY={days}"] if (days := draw(st.sampled_from(DAYS))) else []
    else:
        choices = BY_THE_MONTH if frequency == "MONTHLY" else WITHOUT_A_PERIOD
        parts += [chosen] if (chosen := draw(st.sampled_from(choices))) else []
    parts += [ending] if (ending := draw(st.sampled_from([None, "UNTIL=20270315T120000Z", "COUNT=400"]))) else []
    parts += [f"WKST={draw(st.sampled_from(['MO', 'SU']))}"]
    return ";".join(parts)


@given(
    rule=rules(),
    start=st.dates(date(1990, 1, 1), date(2027, 3, 20)),
    clock=st.sampled_from([";TZID=Europe/Stockholm:{}T023000", ":{}T220000Z", ";VALUE=DATE:{}"]),
    length=st.sampled_from(LENGTHS),
)
def test_a_moved_rule_has_the_same_occurrences(rule: str, start: date, clock: str, length: str) -> None:
    length = "DURATION:P2D" if "DATE" in clock else length
    raw = a_calendar(an_event(f"DTSTART{clock.format(f'{start:%Y%m%d}')}", length, f"RRULE:{rule}"))
    moved = read_calendar(raw, MARCH, STOCKHOLM)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(occurrences, "fast_forward", unchanged)
        assert read_calendar(raw, MARCH, STOCKHOLM) == moved
    # UNTIL of a series of whole days is no midnight, so that the day after it is in doubt.
    assert not moved.unknown or ("DATE" in clock and "UNTIL" in rule)


def unchanged(master: Any, *_: object) -> Any:
    return master


@pytest.mark.parametrize("year", ["1604", "1899"])
@pytest.mark.parametrize(("rule", "num_times"), [("DAILY", 31), ("WEEKLY", 5), ("MONTHLY", 1), ("YEARLY", 1)])
def test_a_rule_from_centuries_ago_is_expanded(year: str, rule: str, num_times: int) -> None:
    reading = a_reading(an_event(f"DTSTART:{year}0303T080000Z", "DURATION:PT1H", f"RRULE:FREQ={rule}"))
    assert (abs(len(reading.busy) - num_times) <= 1, reading.unknown) == (True, ())


def test_many_birthdays_since_1604_are_read_within_the_limits() -> None:
    days = [date(1604, 1, 1) + timedelta(days=number) for number in range(300)]
    events = [an_event(f"DTSTART;VALUE=DATE:{day:%Y%m%d}", "RRULE:FREQ=YEARLY", uid=str(day)) for day in days]
    year = Interval(datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))
    assert len(a_reading(*events, window=year).busy) in (299, 300)  # 29 February 1604 is one of them


def test_the_start_of_a_series_is_an_occurrence_even_if_its_rule_does_not_name_it() -> None:
    wednesday, mondays = "DTSTART:20270303T080000Z", "RRULE:FREQ=WEEKLY;BYDAY=MO"
    days = [busy.start.day for busy in a_reading(an_event(wednesday, "DURATION:PT1H", mondays)).busy]
    assert days == [3, 8, 15, 22, 29]
    long_ago = a_reading(an_event("DTSTART:20170301T080000Z", "DURATION:PT1H", mondays))
    assert [busy.start.day for busy in long_ago.busy] == [1, 8, 15, 22, 29]
