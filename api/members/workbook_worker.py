"""The worker process that reads an untrusted Excel workbook within limits; it exits after one workbook."""

import os
import sys
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from io import BytesIO

import openpyxl

from api.members.table import InvalidMemberList, rows_of
from scheduler.isolation.framing import encode_message
from scheduler.isolation.limits import (
    address_space_in_use,
    forbid_core_dumps,
    forbid_file_writes,
    limit_address_space,
    limit_cpu_time,
)

MEMORY_MIB = 256  # beyond the memory of the loaded modules
CPU_SECONDS = 5
GRACE_SECONDS = 1

Sheet = tuple[str, list[tuple[int, tuple[str, ...]]]]  # (name, numbered rows)


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
            yield sheet.title, [(row.number, row.cells) for row in rows]


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
