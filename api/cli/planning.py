"""The commands of planning: `propose`."""

import gzip
import sys
import zlib
from argparse import ArgumentParser, Namespace, _SubParsersAction
from pathlib import Path
from typing import Unpack, get_args

from api.cli import options
from api.cli.interrupting import heeding_ctrl_c
from api.cli.options import Sought
from api.cli.publishing import to_be_repaired, with_plan_of
from api.cli.results import write_results
from api.cli.saying import Failure, print_answer, stopped, working
from api.wording import Wording
from scheduler import InvalidProblem, Problem, Proposals, propose
from scheduler.ical.folder import attach_calendars
from scheduler.proposal import Objective

MAX_PROBLEM_BYTES = 64 * 2**20
LANGUAGES = ("sv", "en")


def add_commands(commands: "_SubParsersAction[ArgumentParser]") -> None:
    """Add `propose`."""
    parser = commands.add_parser("propose", help="propose the best dates for a problem")
    parser.add_argument("problem", type=Path, metavar="PROBLEM", help="what is asked, .json or .json.gz")
    parser.add_argument("--calendars", type=Path, metavar="DIR", help="a folder of calendars: PERSON.ICS and so on")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write plan, page and invitations into this folder")
    parser.add_argument("--json", action="store_true", help="print the answer as JSON instead of a table")
    _add_objective(parser)
    _add_search(parser)
    add_language(parser)
    parser.set_defaults(run=run)


def _add_objective(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--objective",
        choices=get_args(Objective),
        default="attendance",
        help="what is sought: most attendance (default), the least heard party first, or few moves",
    )
    parser.add_argument(
        "--give-up",
        type=options.share,
        default=0.001,
        metavar="SHARE",
        help="of the attendance, for a fair plan (default 0.001)",
    )
    parser.add_argument(
        "--move-cost",
        type=options.parties,
        default=0.25,
        metavar="PARTIES",
        help="what a move costs when a plan is repaired (default 0.25)",
    )
    parser.add_argument(
        "--published", type=Path, metavar="PLAN.JSON", help="the plan as it was published, out of its folder"
    )


def _add_search(parser: ArgumentParser) -> None:
    parser.add_argument("--alternatives", type=int, default=3, choices=range(1, 11), metavar="1-10")
    parser.add_argument(
        "--min-days", type=options.days, default=7, metavar="N", help="between a plan and those before it (default 7)"
    )
    parser.add_argument(
        "--min-moved", type=options.meetings, metavar="N", help="in so many meetings (default a quarter of them)"
    )
    parser.add_argument("--seed", type=options.seed, default=0, help="of the search (default 0)")
    parser.add_argument(
        "--time-limit", type=options.seconds, default=60.0, metavar="SECONDS", help="for all searching (default 60)"
    )


def add_language(parser: ArgumentParser) -> None:
    """Add `--lang`."""
    parser.add_argument("--lang", choices=LANGUAGES, default="sv", help="språk / language (default sv)")


def run(asked: Namespace, wording: Wording) -> int:
    """Read, plan, print, write."""
    problem = _problem(asked, wording)
    answer = plan(
        problem,
        wording,
        objective=asked.objective,
        give_up=asked.give_up,
        move_cost=asked.move_cost,
        alternatives=asked.alternatives,
        min_days=asked.min_days,
        min_moved=asked.min_moved,
        seed=asked.seed,
        time_limit_seconds=asked.time_limit,
    )
    if asked.json:
        print(answer.model_dump_json())
    else:
        print_answer(problem, answer, wording)
    if asked.out is not None:
        write_results(problem, answer, asked.out, wording)
        if not asked.json:
            print(wording.say("The plan, its page and the invitations are in {folder}.", folder=str(asked.out)))
    return 0


def plan(problem: Problem, wording: Wording, **sought: Unpack[Sought]) -> Proposals:
    """Propose, with a line that tells how it goes; after Ctrl-C with the best that was found until then."""
    with heeding_ctrl_c() as is_stopped:
        with working(wording) as progress:
            answer = propose(problem, **sought, progress=progress, is_cancelled=is_stopped)
        if is_stopped():
            print(stopped(answer, wording), file=sys.stderr)
    return answer


def _problem(asked: Namespace, wording: Wording) -> Problem:
    """Return what is asked: the problem, the plan as it was published, and the calendars."""
    problem = read_problem(asked.problem)
    if asked.published is not None:
        problem = with_plan_of(problem, asked.published)
    elif asked.objective == "repair":
        problem = to_be_repaired(problem, asked.out, wording)
    if asked.calendars is not None:
        problem = with_calendars(problem, asked.calendars, wording)
    return problem


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
