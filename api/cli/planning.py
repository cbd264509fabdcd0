"""The commands of planning: `propose`."""

import gzip
import math
import sys
import zlib
from argparse import ArgumentParser, Namespace, _SubParsersAction
from pathlib import Path

from api.cli.results import write_results
from api.cli.saying import Failure, print_answer, working
from api.wording import Wording
from scheduler import InvalidProblem, Problem, Proposals, propose
from scheduler.ical.folder import attach_calendars

MAX_PROBLEM_BYTES = 64 * 2**20
LANGUAGES = ("sv", "en")


def add_commands(commands: "_SubParsersAction[ArgumentParser]") -> None:
    """Add `propose`."""
    parser = commands.add_parser("propose", help="propose the best dates for a problem")
    parser.add_argument("problem", type=Path, metavar="PROBLEM", help="what is asked, .json or .json.gz")
    parser.add_argument("--calendars", type=Path, metavar="DIR", help="a folder of calendars: PERSON.ICS and so on")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write plan, page and invitations into this folder")
    parser.add_argument("--json", action="store_true", help="print the answer as JSON instead of a table")
    parser.add_argument("--alternatives", type=int, default=3, choices=range(1, 11), metavar="1-10")
    parser.add_argument("--seed", type=_seed, default=0, help="of the search (default 0)")
    parser.add_argument(
        "--time-limit", type=_seconds, default=60.0, metavar="SECONDS", help="for all searching (default 60)"
    )
    add_language(parser)
    parser.set_defaults(run=run)


def _seed(text: str) -> int:
    if not 0 <= (seed := int(text)) < 2**31:
        raise ValueError
    return seed


def _seconds(text: str) -> float:
    if not 0 < (seconds := float(text)) < math.inf:
        raise ValueError
    return seconds


def add_language(parser: ArgumentParser) -> None:
    """Add `--lang`."""
    parser.add_argument("--lang", choices=LANGUAGES, default="sv", help="språk / language (default sv)")


def run(asked: Namespace, wording: Wording) -> int:
    """Read, plan, print, write."""
    problem = read_problem(asked.problem)
    if asked.calendars is not None:
        problem = with_calendars(problem, asked.calendars, wording)
    answer = plan(problem, wording, asked.alternatives, asked.seed, asked.time_limit)
    if asked.json:
        print(answer.model_dump_json())
    else:
        print_answer(problem, answer, wording)
    if asked.out is not None:
        write_results(problem, answer, asked.out, wording)
        if not asked.json:
            print(wording.say("The plan, its page and the invitations are in {folder}.", folder=str(asked.out)))
    return 0


def plan(
    problem: Problem, wording: Wording, alternatives: int = 3, seed: int = 0, time_limit_seconds: float = 60.0
) -> Proposals:
    """Propose, with a line that tells how it goes."""
    with working(wording) as progress:
        return propose(
            problem, alternatives=alternatives, seed=seed, time_limit_seconds=time_limit_seconds, progress=progress
        )


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
