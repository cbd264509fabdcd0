"""The input of a command: the problem's file, its calendars, and the options that several commands share."""

import gzip
import zlib
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from api.cli.failure import Failure
from api.cli.option_types import OptionTypes
from api.i18n import Wording
from scheduler import InvalidProblem, Problem
from scheduler.days import zone_exists
from scheduler.evidence import Evidence, build_evidence
from scheduler.ical.folder import attach_calendars
from scheduler.problem.strict_json import strict_json
from scheduler.regular_file import open_regular

MIB = 2**20
MAX_PROBLEM_MIB = 64


def add_problem(parser: ArgumentParser, wording: Wording) -> None:
    """Add the argument PROBLEM and the option ``--calendars``."""
    parser.add_argument(
        "problem",
        type=Path,
        metavar=wording.say("PROBLEM"),
        help=wording.say("the problem: councils, people and rules, as .json or .json.gz"),
    )
    parser.add_argument(
        "--calendars",
        type=Path,
        metavar=wording.say("FOLDER"),
        help=wording.say("a folder with people's calendars, named PERSON.ics or listed in calendars.json"),
    )


def add_effort(parser: ArgumentParser, wording: Wording) -> None:
    """Add the options ``--seed`` and ``--time-limit``."""
    types = OptionTypes(wording)
    parser.add_argument(
        "--seed",
        type=types.seed,
        default=0,
        metavar=wording.say("NUMBER"),
        help=wording.say("the seed of the search (default %(default)s)"),
    )
    parser.add_argument(
        "--time-limit",
        dest="time_limit_seconds",
        type=types.seconds,
        default=60.0,
        metavar=wording.say("SECONDS"),
        help=wording.say("the time limit of the whole search (default %(default)g)"),
    )


def load_problem(options: Namespace, sent: Mapping[str, datetime]) -> tuple[Problem, Evidence]:
    """Return the problem that the options name, with its calendars, and how they were read; see `read_problem`."""
    return add_calendars(read_problem(options.problem, sent), options.calendars)


def read_problem(path: Path, sent: Mapping[str, datetime] | None = None) -> Problem:
    """
    Read a problem from a file, gzipped or not; an invalid problem ends the command with its faults listed.

    Meetings that were ``sent`` for a date before the problem's today were held then, unless it says otherwise.
    """
    raw = _read_bytes(path)
    try:
        document = strict_json(raw) if sent else None
        if isinstance(document, dict) and sent:
            return Problem.of(with_held(document, sent))
        return Problem.read(raw)
    except InvalidProblem as invalid:
        raise Failure.from_invalid_problem(invalid, path) from None


def with_held(document: dict[str, Any], sent: Mapping[str, datetime]) -> dict[str, Any]:
    """Return a document that may have faults with the meetings published that were held."""
    meetings = document.get("meetings")
    published = document.get("published", {})
    try:
        today = date.fromisoformat(str(document.get("today")))
    except ValueError:
        return document
    name = document.get("timezone")
    if not isinstance(meetings, list) or not isinstance(published, dict):
        return document
    if not isinstance(name, str) or not zone_exists(name):
        return document

    zone = ZoneInfo(name)
    planned = [meeting.get("id") for meeting in meetings if isinstance(meeting, dict)]
    held = {
        meeting: start
        for meeting, start in sent.items()
        if meeting in planned and start.astimezone(zone).date() < today
    }
    return {**document, "published": {**held, **published}} if held else document


def add_calendars(
    problem: Problem, folder: Path | None, sent: Mapping[str, str] | None = None
) -> tuple[Problem, Evidence]:
    """
    Return the problem with the calendars of a folder, if one is given, and how they were read.

    ``sent`` are the meetings of invitations that were sent, by UID.
    """
    if folder is None:
        return problem, build_evidence(problem)
    if not folder.is_dir():
        raise Failure("There is no folder {path}; check where the calendars are.", path=str(folder))
    try:
        return attach_calendars(problem, folder, sent=sent)
    except OSError:
        raise Failure("The folder {path} cannot be read; check its permissions.", path=str(folder)) from None
    except InvalidProblem as invalid:
        raise Failure.from_invalid_problem(invalid, folder) from None


def _read_bytes(path: Path) -> bytes:
    max_bytes = MAX_PROBLEM_MIB * MIB
    try:
        with open_regular(path) as file, gzip.GzipFile(fileobj=file) as unpacked:
            source = unpacked if path.suffix == ".gz" else file
            # The limit holds for the unpacked bytes, so that a small archive cannot fill the memory.
            content = source.read(max_bytes + 1)
    except FileNotFoundError:
        raise Failure("There is no file {path}; check its name.", path=str(path)) from None
    except (OSError, EOFError, zlib.error):
        raise Failure("{path} cannot be read; check that it is a file and not damaged.", path=str(path)) from None
    if len(content) > max_bytes:
        sentence = "{path} is larger than {limit} MiB; plan fewer councils at a time."
        raise Failure(sentence, path=str(path), limit=MAX_PROBLEM_MIB)
    return content
