"""Read an Excel workbook in a worker process: a small file can unpack to gigabytes."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from api.members.table import InvalidMemberList, Row, Table
from scheduler.errors import Fault
from scheduler.isolation.framing import decode_message

NOT_A_WORKBOOK = "The file is not an Excel workbook, or it is damaged; save the list as .xlsx or as CSV."
OLD_OR_LOCKED = "The file is a workbook with a password or in Excel's old format; save it as .xlsx without a password."
TOO_LARGE = "The workbook takes too much memory or time to read; copy the list into a new workbook, or save it as CSV."

ARCHIVE = b"PK\x03\x04"  # the first octets of an .xlsx file
COMPOUND_FILE = b"\xd0\xcf\x11\xe0"  # of an .xls file, and of an .xlsx file with a password

ROOT = Path(__file__).parents[2]
WALL_SECONDS = 60.0  # the worker limits its own processor time; a loaded computer may take longer

# -I keeps the current folder, the user's own packages and PYTHONPATH off the import path.
_WORKER = "import sys; sys.path.insert(0, sys.argv[1]); from api.members.workbook_worker import main; main()"
_PASSED_VARIABLES = ("LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMPDIR")


def parse_workbook(raw: bytes) -> list[Table]:
    """
    Return the visible sheets of a workbook.

    Raises
    ------
    InvalidMemberList
        When the content is no workbook, has a password, or exceeds a limit.
    """
    if raw.startswith(COMPOUND_FILE):
        raise InvalidMemberList([Fault("", OLD_OR_LOCKED)])
    answer = _ask_worker(raw)
    match answer.get("failure"):
        case None:
            return [_table(sheet) for sheet in answer["sheets"]]
        case "fault":
            raise InvalidMemberList([Fault("", answer["sentence"], answer["values"])])
        case "unreadable":
            raise InvalidMemberList([Fault("", NOT_A_WORKBOOK)])
        case _:
            raise InvalidMemberList([Fault("", TOO_LARGE)])


def _table(sheet: dict[str, Any]) -> Table:
    return Table(
        tuple(Row(number, tuple(cells)) for number, cells in sheet["rows"]),
        sheet=sheet["name"],
        uncomputed=tuple((row, column) for row, column in sheet["uncomputed"]),
        merged=tuple((first, last, column) for first, last, column in sheet["merged"]),
    )


def _ask_worker(raw: bytes) -> dict[str, Any]:
    """Return the head of the worker's message; a worker that was ended by a limit counts as that failure."""
    command = [sys.executable, "-I", "-c", _WORKER, str(ROOT)]
    passed = {name: os.environ[name] for name in _PASSED_VARIABLES if name in os.environ}
    environment = {**passed, "OPENBLAS_NUM_THREADS": "1"}
    try:
        finished = subprocess.run(  # noqa: S603  # our own module
            command, input=raw, capture_output=True, env=environment, timeout=WALL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return {"failure": "limit"}
    message = decode_message(finished.stdout)
    if message is None:
        return {"failure": "limit"}
    head: dict[str, Any] = json.loads(message.head)
    return head
