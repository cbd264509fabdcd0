"""Parse rows of ``date;start;end`` from a web page or a spreadsheet, separated by semicolons, tabs or commas."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from scheduler.days import ONE_DAY
from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.content_lines import numbered_lines
from scheduler.ical.read.row_dates import (
    AmbiguousDay,
    WrongWeekday,
    days_in_cell,
    names_repeated_day,
    next_midnight,
    parse_clock,
    parse_day,
)

MAX_ROWS = 20_000
MAX_SHOWN_TEXT = 40  # characters of an invalid row
MAX_DAYS = 366  # from the first to the last date of a row

NO_DATE = "Row {row}, “{text}”, does not begin with a date that exists, such as 2027-03-03; correct it."
AMBIGUOUS_DATE = "Row {row}, “{text}”: the date may be {first} or {second}; write the date that is meant."
WRONG_WEEKDAY = "Row {row}, “{text}”: {day} is another day of the week; correct the date or the weekday."
NO_TIMES = "Row {row}, “{text}”, does not have the form date;start;end, such as 2027-03-03;09:00;12:00; correct it."
WRONG_ORDER = "Row {row}, “{text}”, ends before it starts; correct the times."
SEVERAL_TIMES = "Row {row}, “{text}”, has more than a start and an end; write each span of time in a row of its own."
SEVERAL_DATES = "Row {row}, “{text}”, has more than one date; write a row for each day."
TOO_MANY_ROWS = "There are more than 20,000 rows; give fewer."

_SEPARATORS = (";", "\t", ",")
_MIDNIGHTS = ("0", "00", "0:00", "00:00", "0.00", "00.00")
_EMPTY_ROW = re.compile(r'[\s;,"]*')
_DASH = re.compile(r"\s*[-\u2013\u2014]\s*")  # a hyphen, an en dash or an em dash between two times
_CLOCK_TIME = r"(?:kl\.?\s*)?\d{1,2}[:.]\d{2}(?::\d{2})?|kl\.?\s*\d{1,2}"
_HOUR = rf"(?:{_CLOCK_TIME}|\d{{1,2}})"
_TIME = rf"(?:{_HOUR}\s*(?:[-\u2013\u2014]|till?|to)\s*{_HOUR}|{_CLOCK_TIME})"
_ONLY_TIMES = re.compile(rf"{_TIME}(?:[\s,+&/]+(?:(?:och|and)\s+)?{_TIME})*", re.ASCII | re.IGNORECASE)
# In free text, 13:00-16:00 is a span of time, while 3-4 may be anything.
_SPAN_IN_TEXT = re.compile(r"(?<!\d)\d{1,2}[:.]\d{2}\s*[-\u2013\u2014]\s*\d{1,2}[:.]\d{2}(?!\d)", re.ASCII)


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

    A leading line that names a day which returns, such as “every Monday”, is no heading.

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
        if is_heading_allowed and not has_digit and not names_repeated_day(_split_cells(line)):
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

    other_days = {other for cell in cells[1:] if cell for other in days_in_cell(cell, day)}
    if other_days:
        return InvalidRow(SEVERAL_DATES, row, _all_days({day, *other_days}))
    return _parse_times(day, cells[1:], row)


def _all_days(dates: set[date]) -> tuple[date, ...]:
    """Return all days from the first date to the last; none when they are too many to be meant."""
    first, last = min(dates), max(dates)
    num_days = (last - first).days + 1
    return tuple(first + index * ONE_DAY for index in range(num_days)) if num_days <= MAX_DAYS else ()


def _parse_times(day: date, cells: list[str], row: dict[str, str]) -> CsvRow | InvalidRow:
    start_text, end_text, further = _time_cells(cells)
    if any(_has_time(cell) for cell in further) or _has_further_hours(start_text, end_text, further):
        return InvalidRow(SEVERAL_TIMES, row, _this_and_next(day))
    if not start_text and not end_text:
        midnight = datetime.combine(day, time())
        return CsvRow(midnight, next_midnight(midnight))
    start = parse_clock(day, start_text)
    end = parse_clock(day, end_text)
    if start is None or end is None:
        # A time such as 26:00 is in the next day.
        has_digit = any(character.isdigit() for character in start_text + end_text)
        return InvalidRow(NO_TIMES, row, _this_and_next(day) if has_digit else (day,))
    # An end at 0:00 is the midnight after the day.
    if end_text.lstrip("kl. ") in _MIDNIGHTS:
        end = next_midnight(end)
    if start >= end:
        return InvalidRow(WRONG_ORDER, row, _this_and_next(day))
    return CsvRow(start, end)


def _this_and_next(day: date) -> tuple[date, ...]:
    """Return the days of a span that may extend over midnight."""
    return (day,) if day == date.max else (day, day + ONE_DAY)


def _time_cells(cells: list[str]) -> tuple[str, str, list[str]]:
    """Return start and end, from two cells or from a span such as 09:00-12:00 in the first, and the further cells."""
    if cells:
        span = _DASH.split(cells[0])
        if len(span) == 2:
            return span[0], span[1], cells[1:]
    start_text, end_text = [*cells[:2], "", ""][:2]
    return start_text, end_text, cells[2:]


def _has_time(cell: str) -> bool:
    return _ONLY_TIMES.fullmatch(cell) is not None or _SPAN_IN_TEXT.search(cell) is not None


def _has_further_hours(start_text: str, end_text: str, further: list[str]) -> bool:
    """Return whether a row of bare hours goes on with a start and an end: 9;12;13;16. Other numbers may be anything."""
    texts = [start_text, end_text, *further[:2]]
    if len(texts) < 4 or not all(text.isdecimal() for text in texts):
        return False
    hours = [int(text) for text in texts]
    return hours == sorted(hours) and hours[-1] <= 24
