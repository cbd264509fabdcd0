"""Tests of rows pasted from a web page or a spreadsheet."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis.strategies import dates, sampled_from

from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.csv_rows import NO_DATE, SEVERAL_TIMES
from scheduler.ical.read.reader import read_calendar
from scheduler.ical.read.row_dates import AmbiguousDay, parse_day
from scheduler.intervals import Interval, union
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
        "3/3 2027;09:00;12:00",
        "3 mars 2027;09:00;12:00",
        "3 March 2027;09:00;12:00",
        "03.03.2027;09:00;12:00",
        "3/3/2027;09:00;12:00",
        "onsdag 3 mars 2027;09:00;12:00",
        "Ons 3/3 2027;09:00;12:00",
        "den 3 mars 2027;09:00;12:00",
        "2027-03-03 00:00:00;09:00;12:00",
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


@pytest.mark.parametrize(
    ("row", "days"),
    [
        ("2027-03-04;nio;tolv", [4]),
        ("2027-03-04;12:00;09:00", [4, 5]),
        ("2027-03-04;22:00;02:00", [4, 5]),
        ("2027-03-04;22-02", [4, 5]),
        ("2027-03-04;22:00;26:00", [4, 5]),
        ("2027-03-04;09:00;12:00;2027-03-07", [4, 5, 6, 7]),
        ("2027-03-04;;;2027-03-07", [4, 5, 6, 7]),
        ("2027-03-04;2027-03-07", [4, 5, 6, 7]),
        ("2027-03-04\t7 mars 2027", [4, 5, 6, 7]),
        ("2027-03-04,09:00,2027-03-07,16:00", [4, 5, 6, 7]),
        ("2027-03-04 00:00;2027-03-07 00:00", [4, 5, 6, 7]),
        ("2027-03-04;2027-03-07T16:00:00", [4, 5, 6, 7]),
        ("2027-03-04;s\u00f6ndag 7/3 kl. 16.00", [4, 5, 6, 7]),
        ("2027-03-04;7/3", [4, 5, 6, 7]),
        ("2027-03-04;till 7/3", [4, 5, 6, 7]),
        ("2027-03-04;;;T.o.m. 2027-03-07", [4, 5, 6, 7]),
        ("2027-03-04;4\u20137 mars", [4, 5, 6, 7]),
        ("2027-03-04;4-7/3", [4, 5, 6, 7]),
        ("2027-03-07;2027-03-04", [4, 5, 6, 7]),
        ("2027-03-04;Kurs;2027-03-05 - 2027-03-07", [4, 5, 6, 7]),
        ("2027-03-04;;;fredag 7 mars 2027", [4, 5, 6, 7]),
        ("2027-03-04;3/5/2027", list(range(4, 32))),
        ("2027-03-04;09:00;12:00;2027-03-04 16:00", [4]),
        ("2027-03-04;09:00;12:00;4 mars", [4]),
    ],
)
def test_a_row_that_cannot_be_read_makes_all_its_days_unknown(row: str, days: list[int]) -> None:
    reading = read_calendar(f"2027-03-03;09:00;12:00\n{row}".encode(), MARCH, STOCKHOLM)
    march = [skipped.day.day for skipped in reading.skipped if skipped.day is not None and skipped.day.month == 3]
    assert march == days
    last = datetime(2027, 3, days[-1], 23, tzinfo=UTC) if days[-1] < 31 else MARCH.end
    assert union([interval for interval, _ in reading.unknown]) == [
        Interval(datetime(2027, 3, days[0] - 1, 23, tzinfo=UTC), last)
    ]


def test_a_row_whose_dates_are_years_apart_makes_the_window_unknown() -> None:
    reading = read_calendar(b"2027-03-03;09:00;12:00\n2026-01-01;2027-12-31", MARCH, STOCKHOLM)
    assert [interval for interval, _ in reading.unknown] == [MARCH]


@pytest.mark.parametrize(
    "cells",
    [
        *("9-12;13-16", "09:00;12:00;13:00;16:00", "9;12;13;16", "9-12;;13-16", "9-12;13:00", "9-12;kl 13-16"),
        *("09.00;12.00;Kumla;13.00-16.00", "9-12;10-11, 13-16", "9-12;kl. 13 till 16", "9-12;13:00-16:00 Kumla"),
        *("9-12;\u00e4ven 13:00\u201316:00", ";;13:00;16:00", "9-12;13-14 och 15-16", "9-12;kl 13"),
    ],
)
@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_row_with_several_times_is_refused(cells: str, separator: str) -> None:
    line = f"2027-03-03;{cells}".replace(";", separator)
    reading = read_calendar(line.encode(), MARCH, STOCKHOLM)
    assert [row.sentence for row in reading.invalid_rows] == [SEVERAL_TIMES]
    assert union([interval for interval, _ in reading.unknown]) == [
        Interval(datetime(2027, 3, 2, 23, tzinfo=UTC), datetime(2027, 3, 4, 23, tzinfo=UTC))
    ]


@pytest.mark.parametrize(
    "cells",
    [
        *("9-12;Kumla", "09:00;12:00;14", "9;12;14", "9;12;3;14", "9;12;25;30", "9-12;Rum 3-4", "9-12;2 av 4"),
        *("9-12;samling 08:45", "9-12;12345", "9-12;Protokoll 2027-04-01", "9;12;;"),
    ],
)
def test_text_and_numbers_after_the_times_are_left_out(cells: str) -> None:
    assert busy_hours(read_calendar(f"2027-03-03;{cells}".encode(), MARCH, STOCKHOLM)) == ["03-03 08:00-11:00 busy"]


@pytest.mark.parametrize("row", ["2027-02-30;09:00;12:00", "and so on", "2 martius 2027;09:00;12:00"])
def test_a_row_without_a_date_makes_the_window_unknown(row: str) -> None:
    reading = read_calendar(f"2027-03-03;09:00;12:00\n{row}".encode(), MARCH, STOCKHOLM)
    assert len(reading.busy) == 1
    assert [interval for interval, _ in reading.unknown] == [MARCH]


@pytest.mark.parametrize(
    "line",
    [
        *(
            "Varje m\u00e5ndag;heldag",
            "M\u00e5ndagar;heldag",
            "heldag;M\u00e5ndagen",
            "Mondays,all day",
            "M\u00e5n;heldag",
        ),
        *("Ti-to;upptagen", "Fri.;busy", "every week", "Dagligen\tupptagen", "Daily", "Varannan vecka", "Vardagar;;"),
    ],
)
@pytest.mark.parametrize("heading", ["", "Datum;Tid\n", "Datum\tTid\n\n"])
def test_a_leading_row_of_returning_days_is_no_heading(line: str, heading: str) -> None:
    reading = read_calendar(f"{heading}{line}\n2027-03-03;09:00;12:00".encode(), MARCH, STOCKHOLM)
    assert [(row.sentence, row.days) for row in reading.invalid_rows] == [(NO_DATE, ())]
    assert [interval for interval, _ in reading.unknown] == [MARCH]


@pytest.mark.parametrize(
    "heading", ["Veckodag;Tid", "Heldag", "From;To", "Datum;Fri text", "Weekday,Start,End", "Fr.o.m.;T.o.m."]
)
def test_a_heading_that_contains_part_of_a_weekday_is_left_out(heading: str) -> None:
    reading = read_calendar(f"{heading}\n2027-03-03;09:00;12:00".encode(), MARCH, STOCKHOLM)
    assert busy_hours(reading) == ["03-03 08:00-11:00 busy"]


def test_rows_of_empty_cells_are_left_out() -> None:
    reading = read_calendar(b'2027-03-03;09:00;12:00\r\n;;\r\n\t\r\n"";"";\r\n', MARCH, STOCKHOLM)
    assert (len(reading.busy), reading.num_events, reading.invalid_rows) == (1, 1, ())


def test_an_invalid_row_is_named_by_its_line_and_its_text() -> None:
    raw = b"Datum;Start;Slut\r\n\r\n2027-03-03;09:00;12:00\r\n31/2 2027;nio;tolv;Hemligt\r\n"
    (row,) = read_calendar(raw, MARCH, STOCKHOLM).invalid_rows
    assert row.values == {"row": "4", "text": "31/2 2027;nio;tolv"}


def test_a_date_with_two_readings_is_refused_with_both() -> None:
    reading = read_calendar(b"3/2/2027;09:00;12:00", MARCH, STOCKHOLM)
    (row,) = reading.invalid_rows
    assert not reading.busy
    assert (row.values["first"], row.values["second"]) == ("2027-02-03", "2027-03-02")
    assert [interval.start for interval, _ in reading.unknown] == [datetime(2027, 3, 1, 23, tzinfo=UTC)]


def test_the_weekday_decides_between_two_readings() -> None:
    reading = read_calendar(b"tisdag 3/2/2027;09:00;12:00", MARCH, STOCKHOLM)
    assert busy_hours(reading) == ["03-02 08:00-11:00 busy"]


def test_a_date_on_another_weekday_than_written_is_refused() -> None:
    (row,) = read_calendar(b"fredag 3 mars 2027;09:00;12:00", MARCH, STOCKHOLM).invalid_rows
    assert row.values["day"] == "2027-03-03"


@given(
    day=dates(date(2000, 1, 1), date(2100, 12, 31)),
    notation=sampled_from(["%Y-%m-%d", "%d.%m.%Y", "{day}/{month} %Y", "%Y%m%d", "{day} {swedish} %Y", "%d %b %Y"]),
)
def test_every_day_is_read_in_every_notation(day: date, notation: str) -> None:
    swedish = ["jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sept", "okt", "nov", "dec"]
    english = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    named = notation.replace("%b", english[day.month - 1])
    text = day.strftime(named).format(day=day.day, month=day.month, swedish=swedish[day.month - 1])
    assert parse_day(text) == day


@given(day=dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_a_date_with_slashes_is_never_read_as_another(day: date) -> None:
    written = parse_day(f"{day.day}/{day.month}/{day.year}")
    if isinstance(written, AmbiguousDay):
        assert day in (written.day_first, written.month_first)
    else:
        assert written == day


@pytest.mark.parametrize("text", ["2027-03-03", "a;b;c", "Protokoll 2027-03-03; bilaga 1", "1;2;3"])
def test_text_that_does_not_begin_with_rows_is_rejected(text: str) -> None:
    with pytest.raises(UnreadableCalendar):
        read_calendar(text.encode(), MARCH, STOCKHOLM)
