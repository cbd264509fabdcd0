"""Parse rows of ``date;start;end`` from a web page or a spreadsheet, separated by semicolons, tabs or commas."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.content_lines import numbered_lines
from scheduler.ical.read.row_dates import AmbiguousDay, WrongWeekday, next_midnight, parse_clock, parse_day

MAX_ROWS = 20_000
MAX_SHOWN_TEXT = 40  # characters of an invalid row

NO_DATE = "Row {row}, “{text}”, does not begin with a date that exists, such as 2027-03-03; correct it."
AMBIGUOUS_DATE = "Row {row}, “{text}”: the date may be {first} or {second}; write the date that is meant."
WRONG_WEEKDAY = "Row {row}, “{text}”: {day} is another day of the week; correct the date or the weekday."
NO_TIMES = "Row {row}, “{text}”, does not have the form date;start;end, such as 2027-03-03;09:00;12:00; correct it."
WRONG_ORDER = "Row {row}, “{text}”, ends before it starts; correct the times."
TOO_MANY_ROWS = "There are more than 20,000 rows; give fewer."

_SEPARATORS = (";", "\t", ",")
_MIDNIGHTS = ("0", "00", "0:00", "00:00", "0.00", "00.00")
_EMPTY_ROW = re.compile(r'[\s;,"]*')
_DASH = re.compile(r"\s*[-\u2013\u2014]\s*")  # a hyphen, an en dash or an em dash between two times


@dataclass(frozen=True, slots=True)
class InvalidRow:
    """
    A row that cannot be read.

    Attributes
    ----------
    sentence, values
        The reason as a template, and its values: the number of the row from 1, the beginning of its text, dates in
        ISO 8601.
    days
        The days that the row may be about; none when its date cannot be read.
    """

    sentence: str
    values: dict[str, str]
    days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class CsvRow:
    """A row with wall times from ``start`` to ``end``."""

    start: datetime
    end: datetime


def has_rows(raw: bytes) -> bool:
    """Return whether one of the first three lines begins with a date and a separator: up to two may be headings."""
    first_lines = [line for _, (_, line) in zip(range(3), numbered_lines(raw), strict=False)]
    return any(
        separator in line and parse_day(_split_cells(line)[0]) is not None
        for line in first_lines
        for separator in _SEPARATORS
    )


def parse_rows(raw: bytes) -> Iterator[CsvRow | InvalidRow]:
    """
    Yield the rows; leading lines without any digit are headings and left out, and so are rows of empty cells.

    Raises
    ------
    UnreadableCalendar
        When there are more than 20,000 rows.
    """
    is_heading_allowed = True
    for index, (number, line) in enumerate(numbered_lines(raw)):
        if index >= MAX_ROWS:
            raise UnreadableCalendar(TOO_MANY_ROWS)
        has_digit = any(character.isdigit() for character in line)
        if is_heading_allowed and not has_digit:
            continue
        is_heading_allowed = False
        if _EMPTY_ROW.fullmatch(line) is None:
            yield _parse_row(number, line)


def _split_cells(line: str) -> list[str]:
    separator = next((separator for separator in _SEPARATORS if separator in line), ";")
    return [cell.strip().strip('"').strip() for cell in line.split(separator)]


def _parse_row(number: int, line: str) -> CsvRow | InvalidRow:
    """Return the row in the first three cells; two cells may hold a date and a span, one cell a whole day."""
    cells = _split_cells(line)
    row = {"row": str(number), "text": ";".join(cells[:3])[:MAX_SHOWN_TEXT]}

    day = parse_day(cells[0])
    if day is None:
        return InvalidRow(NO_DATE, row)
    if isinstance(day, AmbiguousDay):
        readings = {"first": day.day_first.isoformat(), "second": day.month_first.isoformat()}
        return InvalidRow(AMBIGUOUS_DATE, row | readings, (day.day_first, day.month_first))
    if isinstance(day, WrongWeekday):
        return InvalidRow(WRONG_WEEKDAY, row | {"day": day.day.isoformat()})

    start_text, end_text = _time_cells(cells[1:])
    if not start_text and not end_text:
        midnight = datetime.combine(day, time())
        return CsvRow(midnight, next_midnight(midnight))
    start = parse_clock(day, start_text)
    end = parse_clock(day, end_text)
    if start is None or end is None:
        return InvalidRow(NO_TIMES, row, (day,))
    # An end at 0:00 is the midnight after the day.
    if end_text.lstrip("kl. ") in _MIDNIGHTS:
        end = next_midnight(end)
    if start >= end:
        return InvalidRow(WRONG_ORDER, row, (day,))
    return CsvRow(start, end)


def _time_cells(cells: list[str]) -> tuple[str, str]:
    """Return the texts of start and end, from two cells or from a span such as 09:00-12:00 in the first cell."""
    if cells:
        span = _DASH.split(cells[0])
        if len(span) == 2:
            return span[0], span[1]
    start_text, end_text = [*cells[:2], "", ""][:2]
    return start_text, end_text
