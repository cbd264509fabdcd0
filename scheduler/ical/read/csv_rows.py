"""Parse rows of ``date;start;end`` from a web page or a spreadsheet, separated by semicolons, tabs or commas."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.content_lines import content_lines

MAX_ROWS = 20_000

BAD_ROW = "A row does not have the form date;start;end, such as 2027-03-03;09:00;12:00; correct it."
TOO_MANY_ROWS = "There are more than 20,000 rows; give fewer."

_SEPARATORS = (";", "\t", ",")
_YEAR_FIRST = re.compile(r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", re.ASCII)
_CLOCK = re.compile(r"(?:kl\.?\s*)?(\d{1,2})(?:[:.](\d{2})(?::00)?)?", re.ASCII | re.IGNORECASE)
_MIDNIGHTS = ("0", "00", "0:00", "00:00", "0.00", "00.00")
_DASH = re.compile(r"\s*[-\u2013\u2014]\s*")  # a hyphen, an en dash or an em dash between two times


@dataclass(frozen=True, slots=True)
class CsvRow:
    """
    A row, with wall times from ``start`` to ``end``.

    ``start`` and ``end`` are None when the row is invalid; ``day`` is None when its date is invalid too.
    """

    day: date | None
    start: datetime | None = None
    end: datetime | None = None


def has_rows(raw: bytes) -> bool:
    """Return whether one of the first three lines begins with a date and a separator: up to two may be headings."""
    first_lines = [line for _, line in zip(range(3), _lines(raw), strict=False)]
    return any(
        separator in line and _parse_day(_split_cells(line)[0]) is not None
        for line in first_lines
        for separator in _SEPARATORS
    )


def parse_rows(raw: bytes) -> Iterator[CsvRow]:
    """
    Yield the rows; leading lines without any digit are headings and left out.

    Raises
    ------
    UnreadableCalendar
        When there are more than 20,000 rows.
    """
    is_heading_allowed = True
    for number, line in enumerate(_lines(raw)):
        if number >= MAX_ROWS:
            raise UnreadableCalendar(TOO_MANY_ROWS)
        has_digit = any(character.isdigit() for character in line)
        if is_heading_allowed and not has_digit:
            continue
        is_heading_allowed = False
        yield _parse_row(_split_cells(line))


def _lines(raw: bytes) -> Iterator[str]:
    lines = (line.decode(errors="replace").strip(" ") for line in content_lines(raw))
    return (line for line in lines if line.strip())


def _split_cells(line: str) -> list[str]:
    separator = next((separator for separator in _SEPARATORS if separator in line), ";")
    return [cell.strip().strip('"').strip() for cell in line.split(separator)]


def _parse_row(cells: list[str]) -> CsvRow:
    """Return the row in the first three cells; two cells may hold a date and a span, one cell a whole day."""
    day = _parse_day(cells[0])
    if day is None:
        return CsvRow(None)
    start_text, end_text = _time_cells(cells[1:])
    if not start_text and not end_text:
        midnight = datetime.combine(day, time())
        return CsvRow(day, midnight, _next_midnight(midnight))
    start = _parse_clock(day, start_text)
    end = _parse_clock(day, end_text)
    if start is None or end is None:
        return CsvRow(day)
    # An end at 0:00 is the midnight after the day.
    if end_text.lstrip("kl. ") in _MIDNIGHTS:
        end = _next_midnight(end)
    return CsvRow(day, start, end) if start < end else CsvRow(day)


def _time_cells(cells: list[str]) -> tuple[str, str]:
    """Return the texts of start and end, from two cells or from a span such as 09:00-12:00 in the first cell."""
    if cells:
        span = _DASH.split(cells[0])
        if len(span) == 2:
            return span[0], span[1]
    start_text, end_text = [*cells[:2], "", ""][:2]
    return start_text, end_text


def _parse_day(text: str) -> date | None:
    """Return a date with its year first, or with its day first and dots; month first with slashes is ambiguous."""
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day = match[1], match[3], match[4]
    elif match := _DAY_FIRST.fullmatch(text):
        day, month, year = match.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _parse_clock(day: date, text: str) -> datetime | None:
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    hour = int(match[1])
    minute = int(match[2] or 0)
    midnight = datetime.combine(day, time())
    if (hour, minute) == (24, 0):
        return _next_midnight(midnight)
    if hour >= 24 or minute >= 60:
        return None
    return midnight.replace(hour=hour, minute=minute)


def _next_midnight(midnight: datetime) -> datetime:
    next_day = date.fromordinal(midnight.toordinal() + 1)
    return datetime.combine(next_day, time())
