"""The command ``propose``."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import get_args

from api.cli.explain import explain_for_page
from api.cli.inputs import add_calendars, add_effort, add_problem, read_problem
from api.cli.interrupt import catch_interrupt
from api.cli.option_types import OptionTypes
from api.cli.parser_language import add_language
from api.cli.plan_changes import (
    confirm_changes,
    keeps_published_plan,
    require_evidence,
    require_held_dates,
)
from api.cli.plan_file import PlanFile
from api.cli.plan_folder import read_folder, write_plan_folder
from api.cli.proposal_output import interruption_message, print_answer, print_evidence, show_progress
from api.cli.published_plan import add_published_plan, find_published_plan, read_named_plan
from api.i18n import Wording
from scheduler import Problem, Proposals, propose
from scheduler.evidence import Evidence
from scheduler.options import PlanOptions
from scheduler.proposal import Objective

MAX_DAYS_SINCE_TODAY = 14

_DEFAULTS = PlanOptions()


def add_options(parser: ArgumentParser, wording: Wording) -> None:
    """Add the arguments and options of the command ``propose``."""
    add_problem(parser, wording)
    parser.add_argument(
        "--out",
        type=Path,
        metavar=wording.say("FOLDER"),
        help=wording.say("write the plan, its web page and the invitations into this folder"),
    )
    parser.add_argument(
        "--replace",
        action="store_true",
        help=wording.say("replace the published plan in the folder, also where its meetings move or are cancelled"),
    )
    parser.add_argument("--json", action="store_true", help=wording.say("print JSON instead of a table"))
    _add_objective(parser, wording)
    _add_alternatives(parser, wording)
    add_effort(parser, wording)
    add_language(parser, wording)
    parser.set_defaults(run=run)


def _add_objective(parser: ArgumentParser, wording: Wording) -> None:
    types = OptionTypes(wording)
    parser.add_argument(
        "--objective",
        choices=get_args(Objective),
        default=_DEFAULTS.objective,
        help=wording.say(
            "attendance: the highest attendance (default); fair: the worst represented party first;"
            " repair: few moves from a published plan"
        ),
    )
    parser.add_argument(
        "--give-up",
        type=types.share,
        default=_DEFAULTS.give_up,
        metavar=wording.say("SHARE"),
        help=wording.say("the share of the attendance that a fair plan may give up (default %(default)s)"),
    )
    parser.add_argument(
        "--move-cost",
        type=types.parties,
        default=_DEFAULTS.move_cost,
        metavar=wording.say("PARTIES"),
        help=wording.say("the gain in parties that justifies moving a published meeting (default %(default)s)"),
    )
    parser.add_argument(
        "--published",
        type=Path,
        metavar="PLAN.JSON",
        help=wording.say("the published plan: the file plan.json of its folder"),
    )


def _add_alternatives(parser: ArgumentParser, wording: Wording) -> None:
    types = OptionTypes(wording)
    parser.add_argument(
        "--alternatives",
        type=types.alternatives,
        default=_DEFAULTS.alternatives,
        metavar="1-10",
        help=wording.say("how many plans to propose, the best included (default %(default)s)"),
    )
    parser.add_argument(
        "--min-days",
        type=types.days,
        metavar=wording.say("NUMBER"),
        help=wording.say(
            "by how many days another plan differs from the plans before it; 0: another hour of the day is enough"
            " (default: 7, or an eighth of a period below eight weeks)"
        ),
    )
    parser.add_argument(
        "--min-moved",
        type=types.meetings,
        metavar=wording.say("NUMBER"),
        help=wording.say(
            "in how many meetings another plan differs by that (default: a quarter of those that can move)"
        ),
    )


def run(options: Namespace, wording: Wording) -> int:
    """Plan the problem, print the result, and write the plan's folder when ``--out`` names one."""
    previous = None if options.out is None else read_folder(options.out, wording)
    problem, evidence = _load_problem(options, previous, wording)
    print_evidence(problem, evidence, wording, is_json=options.json)
    if previous is not None:
        _warn_of_past_today(problem, wording)
        require_evidence(previous, evidence, options.out)
    with catch_interrupt() as is_interrupted:
        answer = plan(problem, evidence, wording, is_interrupted, _plan_options(options))
        if options.json:
            print(answer.model_dump_json())
        else:
            print_answer(problem, answer, wording)
        was_interrupted = is_interrupted()
    if options.out is not None:
        # Nothing catches Ctrl-C while a question waits for its answer.
        if previous is not None:
            require_held_dates(previous, problem, answer, options.out, wording)
        if previous is not None and not options.replace:
            if keeps_published_plan(previous, answer, str(options.out), wording):
                return 0
            confirm_changes(previous, problem, answer, options.out, wording, may_move=options.objective == "repair")
        with catch_interrupt() as is_interrupted:
            _write(options, previous, problem, answer, wording, lambda: was_interrupted or is_interrupted())
    return 0


def _write(
    options: Namespace,
    previous: PlanFile | None,
    problem: Problem,
    answer: Proposals,
    wording: Wording,
    is_interrupted: Callable[[], bool],
) -> None:
    """Write the plan's folder, and print what is there and which invitations have to be sent again."""
    seconds = options.time_limit_seconds
    explained = explain_for_page(problem, answer, wording, is_interrupted, time_limit_seconds=seconds)
    report = write_plan_folder(problem, answer, explained, options.out, wording, previous)
    if report.to_send:
        print("\n".join(report.to_send), file=sys.stderr if options.json else sys.stdout)
    if not options.json:
        print(report.summary)


def _warn_of_past_today(problem: Problem, wording: Wording) -> None:
    """Warn when a published plan is planned anew as of a day long ago: what was held since could still be moved."""
    num_days = (datetime.now(problem.zone).date() - problem.today).days
    if num_days > MAX_DAYS_SINCE_TODAY:
        message = wording.say(
            "The problem's today, {day}, is {count} days ago; set it to the current date, so that meetings held since"
            " keep their dates.",
            day=wording.plain_day(problem.today),
            count=num_days,
        )
        print(message, file=sys.stderr)


def _plan_options(options: Namespace) -> PlanOptions:
    """Return the options of the planner that the command's options set."""
    names = [field.name for field in fields(PlanOptions)]
    return PlanOptions(**{name: getattr(options, name) for name in names})


def plan(
    problem: Problem,
    evidence: Evidence,
    wording: Wording,
    is_interrupted: Callable[[], bool],
    options: PlanOptions | None = None,
) -> Proposals:
    """Return the proposals for ``problem`` while showing progress; after Ctrl-C, the best plan found by then."""
    with show_progress(wording, is_informative=not evidence.is_empty) as progress:
        answer = propose(problem, options, evidence=evidence, progress=progress, is_cancelled=is_interrupted)
    if is_interrupted():
        print(interruption_message(answer, wording), file=sys.stderr)
    return answer


def _load_problem(
    options: Namespace,
    previous: PlanFile | None,
    wording: Wording,
) -> tuple[Problem, Evidence]:
    """Return the problem that the options name, with its published plan and its calendars, and how these were read."""
    named = {} if options.published is None else read_named_plan(options.published)
    in_folder = {} if previous is None else previous.starts
    problem = read_problem(options.problem, {**in_folder, **named})
    if named:
        problem = add_published_plan(problem, named, options.published)
    elif options.objective == "repair":
        problem = find_published_plan(problem, in_folder, options.out, wording)
    sent = {} if previous is None else previous.meetings_by_uid
    return add_calendars(problem, options.calendars, sent)
