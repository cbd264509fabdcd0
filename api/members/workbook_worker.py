"""The worker process that reads an untrusted Excel workbook within limits; it exits after one workbook."""

import os
import sys
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from io import BytesIO
from typing import IO, Any
from xml.etree.ElementTree import Element, iterparse

import openpyxl
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from api.members.table import MAX_COLUMNS, InvalidMemberList, rows_of
from scheduler.isolation.framing import encode_message
from scheduler.isolation.limits import (
    address_space_in_use,
    forbid_core_dumps,
    forbid_file_writes,
    limit_address_space,
    limit_cpu_time,
)

MEMORY_MIB = 256  # beyond the memory of the loaded modules
CPU_SECONDS = 8  # every sheet is parsed twice
GRACE_SECONDS = 1

Sheet = dict[str, Any]  # name, rows and the other fields of a table


def main() -> None:
    """Read a workbook from standard input and write its visible sheets to standard output as a message."""
    # A library may print text of the workbook in a warning.
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 2)
    _set_limits()
    sys.stdout.buffer.write(_answer(sys.stdin.buffer.read()))


def _answer(raw: bytes) -> bytes:
    try:
        return encode_message({"sheets": list(_read_sheets(raw))})
    except MemoryError:
        return encode_message({"failure": "limit"})
    except InvalidMemberList as invalid:
        (fault,) = invalid.faults
        return encode_message({"failure": "fault", "sentence": fault.sentence, "values": dict(fault.values)})
    except Exception:  # the library raises many kinds for a file that is damaged or no workbook
        return encode_message({"failure": "unreadable"})


def _read_sheets(raw: bytes) -> Iterator[Sheet]:
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        archive.getinfo("[Content_Types].xml")
    # Read row by row; the values that Excel computed last take the place of formulas.
    workbook = openpyxl.load_workbook(BytesIO(raw), read_only=True, data_only=True, keep_links=False)
    for sheet in workbook.worksheets:
        if sheet.sheet_state == "visible":
            # The size that the file states may be wrong.
            sheet.reset_dimensions()
            numbered_rows = enumerate(sheet.iter_rows(values_only=True), start=1)
            rows = rows_of((number, _texts(values)) for number, values in numbered_rows)
            cells = [(row.number, row.cells) for row in rows]
            with sheet._get_source() as source:  # noqa: SLF001  # the library leaves out formulas and merged cells
                uncomputed, merged = _find_marks(source)
            yield {"name": sheet.title, "rows": cells, "uncomputed": uncomputed, "merged": merged}


def _find_marks(source: IO[bytes]) -> tuple[list[tuple[int, int]], list[tuple[int, int, int]]]:
    """Return the cells of a sheet's XML that have no value though they are not blank, and those merged downwards."""
    uncomputed: list[tuple[int, int]] = []
    merged: list[tuple[int, int, int]] = []
    row = column = 0
    for event, element in iterparse(source, events=("start", "end")):  # noqa: S314  # in this process, with limits
        name = _local_name(element)
        if (event, name) == ("start", "row"):
            row, column = int(float(element.get("r", row + 1))), 0
        elif (event, name) == ("end", "c"):
            coordinate = element.get("r")
            row, column = coordinate_to_tuple(coordinate) if coordinate else (row, column + 1)
            if column <= MAX_COLUMNS and _is_uncomputed(element):
                uncomputed.append((row, column - 1))
        elif (event, name) == ("end", "row"):
            element.clear()
        elif (event, name) == ("end", "mergeCell"):
            first_column, first_row, _, last_row = range_boundaries(element.get("ref"))
            if first_row < last_row and first_column <= MAX_COLUMNS:
                merged.append((first_row, last_row, first_column - 1))
    return uncomputed, merged


def _is_uncomputed(cell: Element) -> bool:
    """Return whether a cell holds an error, or a formula whose value no program has computed."""
    if cell.get("t") == "e":
        return True
    parts = {_local_name(part): part for part in cell}
    value = parts.get("v")
    # A formula that gave a text without characters has an empty value of the type str.
    is_blank = value is None or (not value.text and cell.get("t") != "str")
    return "f" in parts and is_blank


def _local_name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _texts(values: Sequence[object]) -> list[str]:
    return [_text(value) for value in values]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def _set_limits() -> None:
    """Set the limits that the system supports; a lower limit of the system's own remains in force."""
    with suppress(ValueError, OSError):
        limit_cpu_time(CPU_SECONDS, grace_seconds=GRACE_SECONDS, is_final=True)
    with suppress(ValueError, OSError):
        limit_address_space(address_space_in_use() + MEMORY_MIB * 2**20)
    with suppress(ValueError, OSError):
        forbid_core_dumps()
    with suppress(ValueError, OSError):
        forbid_file_writes()


if __name__ == "__main__":
    main()
