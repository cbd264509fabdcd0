"""The command ``new``: a folder with a first problem, from an invented council or from a list of members."""

import errno
import json
import os
import shlex
import shutil
import sys
import unicodedata
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from datetime import date
from pathlib import Path

from api.cli.atomic_files import replace_files
from api.cli.failure import Failure
from api.cli.inputs import MAX_PROBLEM_MIB, MIB, read_problem, with_held
from api.cli.new_output import print_columns, summary_lines, update_lines
from api.cli.option_types import MAX_NAME, OptionTypes
from api.cli.parser_language import add_language
from api.cli.plan_file import PLAN_NAME as PLAN_FILE_NAME
from api.cli.plan_file import read_plan_file
from api.cli.tables import create_console
from api.i18n import Wording
from api.members.guide import Commands, write_guide
from api.members.new_problem import Json, Terms, build_document, months_to_plan
from api.members.reader import MemberList, read_member_list
from api.members.sample import ORGANIZER_ADDRESS, sample_calendar, sample_entries
from api.members.table import MAX_OCTETS, InvalidMemberList
from api.members.update import UnknownCouncil, update_members
from scheduler import InvalidProblem, Problem
from scheduler.problem.strict_json import strict_json
from scheduler.regular_file import read_limited
from scheduler.text import is_clean, printable

DEFAULT_MEETINGS = 4
PROBLEM_NAME = "problem.json"
CALENDARS_NAME = "calendars"
README_NAME = "README.md"
PLAN_NAME = "plan"
MAX_PROBLEM_OCTETS = MAX_PROBLEM_MIB * MIB

CANNOT_WRITE = "The folder {path} cannot be written; name another one."
NOT_A_FILE = "{path} is not a file; name a list of members."


def add_options(parser: ArgumentParser, wording: Wording) -> None:
    """Add the arguments and options of the command ``new``."""
    parser.add_argument(
        "folder",
        type=Path,
        metavar=wording.say("FOLDER"),
        help=wording.say("the new folder; its name becomes the name of the plan unless --name gives another"),
    )
    parser.add_argument(
        "--from",
        dest="member_list",
        type=Path,
        metavar=wording.say("FILE"),
        help=wording.say("a list of members as .xlsx or .csv, with headings such as Kommun, Namn, Roll, E-post"),
    )
    parser.add_argument(
        "--update",
        action="store_true",
        help=wording.say("take a changed list of members into the plan of an existing folder"),
    )
    _add_terms(parser, wording)
    add_language(parser, wording)
    parser.set_defaults(run=run)


def _add_terms(parser: ArgumentParser, wording: Wording) -> None:
    """Add the options for what a list of members does not say."""
    types = OptionTypes(wording)
    parser.add_argument(
        "--name",
        type=types.name,
        metavar=wording.say("NAME"),
        help=wording.say("the name of the plan, and of the council when the list names none"),
    )
    parser.add_argument(
        "--year",
        type=types.year,
        metavar=wording.say("YEAR"),
        help=wording.say("the year to plan (default next year)"),
    )
    parser.add_argument(
        "--meetings",
        dest="num_meetings",
        type=types.monthly_meetings,
        default=DEFAULT_MEETINGS,
        metavar=wording.say("NUMBER"),
        help=wording.say("how many meetings each council has in the year (default %(default)s)"),
    )
    parser.add_argument(
        "--organizer",
        type=types.mailbox,
        metavar=wording.say("ADDRESS"),
        help=wording.say("the sender of the invitations, as “Kansliet <kansli@example.org>” or the address alone"),
    )


def run(options: Namespace, wording: Wording) -> int:
    """Read the list of members, if there is one, show how it was read, and write the folder."""
    folder: Path = options.folder
    if options.update:
        return _update(options, wording)
    _check_is_new(folder)
    today = date.today()  # noqa: DTZ011  # the date where the command runs
    terms = _terms(options, today, wording)
    if options.member_list is None:
        entries = sample_entries(wording.language)
        terms = replace(terms, organizer=terms.organizer or (terms.name, ORGANIZER_ADDRESS))
    else:
        members = _read_list(options.member_list)
        print_columns(create_console(), options.member_list, members, wording)
        entries = list(members.entries)
    document = build_document(entries, terms)
    Problem.of(document)  # what is written can be planned
    commands = _commands(folder, wording)
    files = {
        PROBLEM_NAME: _encoded(document),
        README_NAME: write_guide(document, commands, wording),
    }
    if options.member_list is None:
        files[f"{CALENDARS_NAME}/{document['people'][0]['id']}.ics"] = sample_calendar(terms.year, today)
    _write(folder, files)
    # Printed as they are: a command that is folded could not be copied.
    for line in summary_lines(document, folder / PROBLEM_NAME, folder / README_NAME, commands.propose, wording):
        print(printable(line))
    return 0


def _update(options: Namespace, wording: Wording) -> int:
    """Take a changed list of members into the problem of a folder; everything else stays as it is."""
    folder: Path = options.folder
    path = folder / PROBLEM_NAME
    if options.member_list is None:
        raise Failure("Add --from and the changed list of members to --update.")
    plan = read_plan_file(folder / PLAN_NAME)
    held = {} if plan is None else plan.starts
    problem = read_problem(path, held)
    document = strict_json(read_limited(path, MAX_PROBLEM_OCTETS))
    members = _read_list(options.member_list)
    print_columns(create_console(), options.member_list, members, wording)
    if options.year is not None or options.num_meetings != DEFAULT_MEETINGS:
        raise Failure("Leave out --year and --meetings: they are for a new plan, and --update takes in the list alone.")
    if len(problem.councils) > 1 and not all(entry.council for entry in members.entries):
        raise Failure("The list names no council, and {path} has several; add a column Council.", path=str(path))
    year = problem.horizon.start.year
    # Of these terms only the name matters: it is the council's where the list names none.
    terms = Terms(problem.councils[0].name, problem.today, year, range(1, 13), 1, "")
    try:
        updated, changes = update_members(document, list(members.entries), terms)
        if options.name is not None:
            updated = _renamed(updated, options.name, year)
        if options.organizer is not None:
            updated = _with_organizer(updated, options.organizer)
        Problem.of(with_held(updated, held))
    except UnknownCouncil as unknown:
        raise Failure(
            "The list names the council {council}, which {path} does not have; add it there, or start a new folder.",
            council=printable(str(unknown)),
            path=str(path),
        ) from None
    except InvalidProblem as invalid:
        raise Failure.from_invalid_problem(invalid, path) from None
    commands = _commands(folder, wording)
    files = {PROBLEM_NAME: _encoded(updated), README_NAME: write_guide(updated, commands, wording)}
    _write(folder, files)
    is_planned = plan is not None and bool(plan.starts)
    command = f"{commands.propose_with_calendars}{' --objective repair' if is_planned else ''}"
    for line in update_lines(path, changes, command, wording):
        print(printable(line))
    return 0


def _renamed(document: Json, name: str, year: int) -> Json:
    """Return the document with another name of the plan, and of its council when there is one only."""
    councils = document["councils"]
    if len(councils) == 1:
        councils = [{**councils[0], "name": name}]
    return {**document, "title": f"{name} {year}", "councils": councils}


def _with_organizer(document: Json, organizer: tuple[str, str]) -> Json:
    name, email = organizer
    councils = [{**council, "organizer": {"name": name, "email": email}} for council in document["councils"]]
    return {**document, "councils": councils}


def _encoded(document: Json) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _check_is_new(folder: Path) -> None:
    try:
        is_taken = any(folder.iterdir()) if folder.is_dir() else os.path.lexists(folder)
    except OSError:
        raise Failure(CANNOT_WRITE, path=str(folder)) from None
    if is_taken:
        raise Failure(
            "{path} is a file, or a folder that is not empty; name a new folder, or add --update to take a changed list"
            " of members into the plan there.",
            path=str(folder),
        )


def _terms(options: Namespace, today: date, wording: Wording) -> Terms:
    year = options.year or today.year + 1
    months = months_to_plan(year, today)
    if options.num_meetings > len(months):
        raise Failure(
            "{year} has {months} months left for meetings; choose fewer --meetings, or a later --year.",
            year=str(year),
            months=len(months),
        )
    name = options.name or unicodedata.normalize("NFC", options.folder.resolve().name)[:MAX_NAME]
    return Terms(
        name=name if name.strip() and is_clean(name) else wording.say("Council"),
        today=today,
        year=year,
        months=months,
        num_meetings=options.num_meetings,
        summer_break=wording.say("Summer break"),
        organizer=options.organizer,
    )


def _read_list(path: Path) -> MemberList:
    try:
        content = read_limited(path, MAX_OCTETS)
    except FileNotFoundError:
        raise Failure("There is no file {path}; check its name.", path=str(path)) from None
    except OSError as error:
        if error.errno in (errno.EISDIR, errno.EINVAL):
            raise Failure(NOT_A_FILE, path=str(path)) from None
        raise Failure("{path} cannot be read; check that it is a file and not damaged.", path=str(path)) from None
    try:
        return read_member_list(content)
    except InvalidMemberList as invalid:
        raise Failure.from_invalid_list(invalid.faults, path) from None


def _commands(folder: Path, wording: Wording) -> Commands:
    """Return the next command lines: the command under the name by which it was called, with quoted paths."""
    program = sys.argv[0]
    if Path(program).stem != "tretton" or shutil.which("tretton") == program:
        program = "tretton"
    problem = f"{shlex.quote(program)} propose {shlex.quote(str(folder / PROBLEM_NAME))}"
    calendars = f"--calendars {shlex.quote(str(folder / CALENDARS_NAME))}"
    plan = shlex.quote(str(folder / PLAN_NAME / PLAN_FILE_NAME))
    new = f"{shlex.quote(program)} new {shlex.quote(str(folder))}"
    language = "" if wording.language == "sv" else f" --lang {wording.language}"
    return Commands(
        propose=f"{problem}{language}",
        propose_with_calendars=f"{problem} {calendars} --out {shlex.quote(str(folder / PLAN_NAME))}{language}",
        update=f"{new} --from {wording.say('LIST.xlsx')} --update{language}",
        ask=f"{problem.replace(' propose ', ' explain ', 1)} {calendars} --published {plan} --what asking{language}",
    )


def _write(folder: Path, files: dict[str, bytes]) -> None:
    try:
        (folder / CALENDARS_NAME).mkdir(parents=True, exist_ok=True)
        replace_files(folder, files)
    except OSError:
        raise Failure(CANNOT_WRITE, status=1, path=str(folder)) from None
