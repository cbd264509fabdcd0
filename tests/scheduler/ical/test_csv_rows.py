"""Tests of rows pasted from a web page or a spreadsheet."""

from datetime import UTC, date, datetime

import pytest

from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.reader import read_calendar
from scheduler.intervals import Interval
from tests.scheduler.ical.samples import MARCH, STOCKHOLM, busy_hours


@pytest.mark.parametrize(
    "row",
    [
        "2027-03-03;09:00;12:00",
        "2027-03-03\t09:00:00\t12:00:00\tKommunstyrelsen",
        "2027-03-03,9.00,12.00",
        "20270303; 9 ; 12 ",
        "3.3.2027;kl. 09.00;kl 12.00",
        '"2027-03-03";"09:00";"12:00"',
        "2027-03-03;09:00\u201312:00",
        "2027-03-03;09:00 - 12:00;Kumla",
    ],
)
def test_every_notation_of_a_morning_is_read_as_that_morning(row: str) -> None:
    for encoding in ("utf-8-sig", "utf-16"):
        reading = read_calendar(row.encode(encoding), MARCH, STOCKHOLM)
        assert busy_hours(reading) == ["03-03 08:00-11:00 busy"]
        assert "Kumla" not in repr(reading)


@pytest.mark.parametrize("row", ["2027-03-03;;", "2027-03-03;00:00;24:00", "2027-03-03;00:00;00:00", "2027-03-03;0;24"])
def test_a_day_without_times_is_whole(row: str) -> None:
    (busy,) = read_calendar(row.encode(), MARCH, STOCKHOLM).busy
    assert (busy.start, busy.end) == (datetime(2027, 3, 2, 23, tzinfo=UTC), datetime(2027, 3, 3, 23, tzinfo=UTC))


def test_a_heading_is_left_out_and_rows_are_counted() -> None:
    reading = read_calendar(b"Datum;Start;Slut\n\n2027-03-03;09:00;12:00\n2027-03-04;09:00;12:00\n", MARCH, STOCKHOLM)
    assert (len(reading.busy), reading.num_events, reading.skipped) == (2, 2, ())


@pytest.mark.parametrize("row", ["2027-03-04;12:00;09:00", "2027-03-04;nio;tolv", "2027-03-04;25:00;26:00"])
def test_a_row_with_invalid_times_makes_its_day_unknown(row: str) -> None:
    reading = read_calendar(f"2027-03-03;09:00;12:00\n{row}".encode(), MARCH, STOCKHOLM)
    assert [skipped.day for skipped in reading.skipped] == [date(2027, 3, 4)]
    assert [interval for interval, _ in reading.unknown] == [
        Interval(datetime(2027, 3, 3, 23, tzinfo=UTC), datetime(2027, 3, 4, 23, tzinfo=UTC))
    ]


@pytest.mark.parametrize("row", ["03/04/2027;09:00;12:00", "2027-02-30;09:00;12:00", "and so on"])
def test_a_row_without_an_unambiguous_date_makes_the_window_unknown(row: str) -> None:
    reading = read_calendar(f"2027-03-03;09:00;12:00\n{row}".encode(), MARCH, STOCKHOLM)
    assert len(reading.busy) == 1
    assert [interval for interval, _ in reading.unknown] == [MARCH]


@pytest.mark.parametrize("text", ["2027-03-03", "a;b;c", "Protokoll 2027-03-03; bilaga 1", "1;2;3"])
def test_text_that_does_not_begin_with_rows_is_rejected(text: str) -> None:
    with pytest.raises(UnreadableCalendar):
        read_calendar(text.encode(), MARCH, STOCKHOLM)
