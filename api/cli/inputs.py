"""Who reads the question of a command: the problem's file, its calendars, and the options that commands share."""

import gzip
import sys
import zlib
from argparse import ArgumentParser, Namespace
from pathlib import Path

from api.cli import arguments
from api.cli.output import Failure
from api.i18n import Wording
from scheduler import InvalidProblem, Problem
from scheduler.ical.folder import attach_calendars

MAX_PROBLEM_BYTES = 64 * 2**20
LANGUAGES = ("sv", "en")


def add_problem(parser: ArgumentParser) -> None:
    """Add PROBLEM and `--calendars`."""
    parser.add_argument("problem", type=Path, metavar="PROBLEM", help="what is asked, .json or .json.gz")
    parser.add_argument("--calendars", type=Path, metavar="DIR", help="a folder of calendars: PERSON.ICS and so on")


def add_effort(parser: ArgumentParser) -> None:
    """Add `--seed` and `--time-limit`."""
    parser.add_argument("--seed", type=arguments.seed, default=0, help="of the search (default 0)")
    parser.add_argument(
        "--time-limit", type=arguments.seconds, default=60.0, metavar="SECONDS", help="for all searching (default 60)"
    )


def add_language(parser: ArgumentParser) -> None:
    """Add `--lang`."""
    parser.add_argument("--lang", choices=LANGUAGES, default="sv", help="språk / language (default sv)")


def asked_problem(asked: Namespace, wording: Wording) -> Problem:
    """Return the problem that a command names, with its calendars."""
    problem = read_problem(asked.problem)
    return problem if asked.calendars is None else with_calendars(problem, asked.calendars, wording)


def read_problem(path: Path) -> Problem:
    """Read a problem from a file, gzipped or not; a fault ends the command with every fault listed."""
    try:
        return Problem.read(_bytes(path))
    except InvalidProblem as invalid:
        raise Failure.of(invalid, path) from None


def with_calendars(problem: Problem, folder: Path, wording: Wording) -> Problem:
    """Attach a folder of calendars, and say which files could not be read whole."""
    if not folder.is_dir():
        raise Failure("There is no folder {path}; check where the calendars are.", path=str(folder))
    try:
        attached, reports = attach_calendars(problem, folder)
    except InvalidProblem as invalid:
        raise Failure.of(invalid, folder) from None
    for report in reports:
        for trouble in report.troubles:
            print(wording.say("{file}: {trouble}", file=report.file, trouble=wording.say(trouble)), file=sys.stderr)
    return attached


def _bytes(path: Path) -> bytes:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            raw = file.read(MAX_PROBLEM_BYTES + 1)
    except FileNotFoundError:
        raise Failure("There is no file {path}; check its name.", path=str(path)) from None
    except (OSError, EOFError, zlib.error):
        raise Failure("{path} cannot be read; check that it is a file, and whole.", path=str(path)) from None
    if len(raw) > MAX_PROBLEM_BYTES:
        raise Failure("{path} is larger than {limit} MiB; plan fewer councils at a time.", path=str(path), limit=64)
    return raw
