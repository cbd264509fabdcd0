"""Tests of the types of iCalendar values, and that each value is parsed once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from scheduler.ical.read import redact
from scheduler.ical.read.rrule import RecurrenceRule, parse_rule
from scheduler.ical.read.values import (
    DateValue,
    DurationValue,
    InvalidValue,
    PeriodValue,
    TimeValue,
    UtcTime,
    WallTime,
    parse_duration,
    parse_list,
    parse_time,
    shifted,
    to_date,
)
from tests.scheduler.ical.samples import a_reading, an_event, busy_hours

NINE = datetime.fromisoformat("2027-03-03T09:00")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("20270303", DateValue(date(2027, 3, 3))),
        ("20270303Z", DateValue(date(2027, 3, 3))),
        (" 20270303t090000 ", WallTime(NINE, "Europe/Oslo")),
        ("20270303T090000Z", UtcTime(NINE.replace(tzinfo=UTC))),
        ("20270303T250000", InvalidValue("20270303T250000", date(2027, 3, 3), "Europe/Oslo", is_well_formed=True)),
        ("20270229", InvalidValue("20270229", None, "Europe/Oslo", is_well_formed=True)),
        ("20270303T9", InvalidValue("20270303T9", date(2027, 3, 3))),
        ("then", InvalidValue("THEN")),
    ],
)
def test_a_time_is_parsed_to_its_type(text: str, value: TimeValue) -> None:
    assert parse_time(text, "Europe/Oslo") == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("P1W", DurationValue(7, timedelta())),
        ("+P1DT90M", DurationValue(1, timedelta(minutes=90))),
        ("-PT1H", DurationValue(0, timedelta(), is_negative=True)),
        ("P", DurationValue(0, timedelta())),
        ("PT1W", DurationValue(7, timedelta())),
        ("PT1DT2H", DurationValue(1, timedelta(hours=2))),
        ("P1H", InvalidValue("P1H")),
        ("P999999W", InvalidValue("P999999W", is_well_formed=True)),
        ("1 hour", InvalidValue("1 HOUR")),
    ],
)
def test_a_duration_is_parsed_to_days_and_an_exact_time(text: str, value: DurationValue | InvalidValue) -> None:
    assert parse_duration(text) == value


def test_a_list_holds_dates_times_and_periods() -> None:
    start = UtcTime(NINE.replace(tzinfo=UTC))
    assert list(parse_list("20270303,,20270303T090000Z/PT1H,20270303T090000Z/20270303T090000Z")) == [
        DateValue(date(2027, 3, 3)),
        PeriodValue(start, DurationValue(0, timedelta(hours=1))),
        PeriodValue(start, start),
    ]


@pytest.mark.parametrize("text", ["20270303", "20270303T090000", "20270303T090000Z", "20270303T250000"])
def test_a_shifted_value_keeps_its_type_and_clock(text: str) -> None:
    assert shifted(parse_time(text), timedelta(days=1)) == parse_time(text.replace("0303", "0304"))


def test_the_date_of_a_value_is_a_date() -> None:
    for text in ("20270303", "20270303T090000Z", "20270303T090000", "20270303 at nine"):
        assert to_date(parse_time(text)) == DateValue(date(2027, 3, 3))


def test_a_rule_is_parsed_to_its_numbers() -> None:
    rule = parse_rule("freq=weekly;interval=2;count=3;byday=MO;x-part=1")
    assert isinstance(rule, RecurrenceRule)
    assert (rule.frequency, rule.interval, rule.count, rule.until) == ("WEEKLY", 2, 3, None)
    assert dict(rule.parts) == {"FREQ": "WEEKLY", "INTERVAL": "2", "COUNT": "3", "BYDAY": "MO"}


def test_every_value_of_a_series_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def counted(text: str, tzid: str | None = None, *, is_date: bool = False) -> TimeValue:
        parsed.append(text)
        return parse_time(text, tzid, is_date=is_date)

    monkeypatch.setattr(redact, "parse_time", counted)
    times = ["20260101T080000Z", "20260101T090000Z", "20270304T080000Z", "20270304T100000Z", "20270304T110000Z"]
    start, end, recurrence_id, moved_start, moved_end = times
    series = an_event(f"DTSTART:{start}", f"DTEND:{end}", "RRULE:FREQ=WEEKLY;BYDAY=TH;UNTIL=20270312T000000Z")
    override = an_event(f"RECURRENCE-ID:{recurrence_id}", f"DTSTART:{moved_start}", f"DTEND:{moved_end}")
    assert busy_hours(a_reading(series, override)) == ["03-04 10:00-11:00 busy", "03-11 08:00-09:00 busy"]
    assert parsed == times
