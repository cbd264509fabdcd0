"""Read a table from text as spreadsheets write it: separated by semicolons, tabs or commas, in several encodings."""

import csv
from collections.abc import Iterator
from io import StringIO

from api.members.table import InvalidMemberList, Row, Table, rows_of
from scheduler.errors import Fault

SEPARATORS = (";", "\t", ",")

NOT_TEXT = "The file is neither text nor an Excel workbook; save the list as .xlsx or as CSV."

# A byte order mark decides. Without one, Swedish text in Windows-1252 is hardly ever valid UTF-8.
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "UTF-8"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))
_ENCODINGS = ("UTF-8", "Windows-1252")
_CODECS = {"UTF-8": "utf-8-sig", "UTF-16": "utf-16", "Windows-1252": "cp1252"}


def parse_text(raw: bytes) -> list[Table]:
    """
    Return the table that a text holds by each possible separator.

    Raises
    ------
    InvalidMemberList
        When the content is not text, or exceeds a limit.
    """
    text, encoding = _decode(raw)
    return [_split(text, separator, encoding) for separator in SEPARATORS]


def _decode(raw: bytes) -> tuple[str, str]:
    marked = [encoding for mark, encoding in _BYTE_ORDER_MARKS if raw.startswith(mark)]
    for encoding in marked or _ENCODINGS:
        try:
            text = raw.decode(_CODECS[encoding])
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, encoding
    raise InvalidMemberList([Fault("", NOT_TEXT)])


def _split(text: str, separator: str, encoding: str) -> Table:
    rows: list[Row] = []
    broken_row = None
    # Strict: a quotation mark that is never closed would swallow the rows that follow it.
    records = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        rows.extend(rows_of(_number(records)))
    except csv.Error:
        broken_row = rows[-1].number + 1 if rows else 1
    return Table(tuple(rows), encoding=encoding, separator=separator, broken_row=broken_row)


def _number(records: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    for number, cells in enumerate(records, start=1):
        # Excel begins some files with a line such as sep=; that says how to split the others.
        if number == 1 and cells and cells[0].lower().startswith("sep="):
            continue
        yield number, cells
