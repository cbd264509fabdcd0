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
_DASH = re.compile(r"\s*[-\u2013\u2014]\s*")  # a hyphen, or the dashes that print sets between two times


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row: wall time from ``start`` to ``end``; both None when it is not understood, and then ``day`` may be."""

    day: date | None
    start: datetime | None = None
    end: datetime | None = None


def are_rows(raw: bytes) -> bool:
    """Tell whether the first row, or that under a heading, begins with a date and a separator."""
    firsts = [text for _, text in zip(range(3), _texts(raw), strict=False)]
    return any(separator in text and _day(_cells(text)[0]) for text in firsts for separator in _SEPARATORS)


def rows(raw: bytes) -> Iterator[CsvRow]:
    """
    Yield the rows; a heading without any figure is left out.

    Raises
    ------
    UnreadableCalendar
        When there are more than 20,000.
    """
    is_first = True
    for number, text in enumerate(_texts(raw)):
        if number >= MAX_ROWS:
            raise UnreadableCalendar(TOO_MANY_ROWS)
        if is_first and not any(character.isdigit() for character in text):
            continue
        is_first = False
        yield _row(_cells(text))


def _texts(raw: bytes) -> Iterator[str]:
    texts = (line.decode(errors="replace").strip(" ") for line in content_lines(raw))
    return (text for text in texts if text.strip())


def _cells(text: str) -> list[str]:
    separator = next((separator for separator in _SEPARATORS if separator in text), ";")
    return [cell.strip().strip('"').strip() for cell in text.split(separator)]


def _row(cells: list[str]) -> CsvRow:
    """Return what the first three cells say; two may hold a date and a span, one a whole day."""
    day = _day(cells[0])
    if day is None:
        return CsvRow(None)
    if len(cells) > 1 and len(span := _DASH.split(cells[1])) == 2:
        cells = [cells[0], *span]
    start, end = [*cells[1:3], "", ""][:2]
    if not start and not end:
        midnight = datetime.combine(day, time())
        return CsvRow(day, midnight, _next_midnight(midnight))
    first, last = _clock(day, start), _clock(day, end)
    if first is None or last is None:
        return CsvRow(day)
    if end.lstrip("kl. ") in ("0", "00", "0:00", "00:00", "0.00", "00.00"):
        last = _next_midnight(last)
    return CsvRow(day, first, last) if first < last else CsvRow(day)


def _day(written: str) -> date | None:
    if match := _YEAR_FIRST.fullmatch(written):
        year, month, day = match[1], match[3], match[4]
    elif match := _DAY_FIRST.fullmatch(written):
        day, month, year = match.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _clock(day: date, written: str) -> datetime | None:
    match = _CLOCK.fullmatch(written)
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    midnight = datetime.combine(day, time())
    if (hour, minute) == (24, 0):
        return _next_midnight(midnight)
    return midnight.replace(hour=hour, minute=minute) if hour < 24 and minute < 60 else None


def _next_midnight(midnight: datetime) -> datetime:
    return datetime.combine(date.fromordinal(midnight.toordinal() + 1), time())
