"""The commands of planning: `propose`."""

import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Callable
from pathlib import Path
from typing import Unpack, get_args

from api.cli import arguments
from api.cli.arguments import Sought
from api.cli.explain import explanations
from api.cli.inputs import add_effort, add_language, add_problem, read_problem, with_calendars
from api.cli.interrupt import heeding_ctrl_c
from api.cli.output import print_answer, stopped, working
from api.cli.plan_folder import write_results
from api.cli.published_plan import to_be_repaired, with_plan_of
from api.i18n import Wording
from scheduler import Problem, Proposals, propose
from scheduler.proposal import Objective


def add_commands(commands: "_SubParsersAction[ArgumentParser]") -> None:
    """Add `propose`."""
    parser = commands.add_parser("propose", help="propose the best dates for a problem")
    add_problem(parser)
    parser.add_argument("--out", type=Path, metavar="DIR", help="write plan, page and invitations into this folder")
    parser.add_argument("--json", action="store_true", help="print the answer as JSON instead of a table")
    _add_objective(parser)
    _add_alternatives(parser)
    add_effort(parser)
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
        type=arguments.share,
        default=0.001,
        metavar="SHARE",
        help="of the attendance, for a fair plan (default 0.001)",
    )
    parser.add_argument(
        "--move-cost",
        type=arguments.parties,
        default=0.25,
        metavar="PARTIES",
        help="what a move costs when a plan is repaired (default 0.25)",
    )
    parser.add_argument(
        "--published", type=Path, metavar="PLAN.JSON", help="the plan as it was published, out of its folder"
    )


def _add_alternatives(parser: ArgumentParser) -> None:
    parser.add_argument("--alternatives", type=int, default=3, choices=range(1, 11), metavar="1-10")
    parser.add_argument(
        "--min-days", type=arguments.days, default=7, metavar="N", help="between a plan and those before it (default 7)"
    )
    parser.add_argument(
        "--min-moved", type=arguments.meetings, metavar="N", help="in so many meetings (default a quarter of them)"
    )


def run(asked: Namespace, wording: Wording) -> int:
    """Read, plan, print, explain, write."""
    problem = _problem(asked, wording)
    with heeding_ctrl_c() as is_stopped:
        answer = plan(
            problem,
            wording,
            is_stopped,
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
            explained = explanations(problem, answer, wording, is_stopped, time_limit_seconds=asked.time_limit)
            told = write_results(problem, answer, explained, asked.out, wording)
            if not asked.json:
                print(told)
    return 0


def plan(problem: Problem, wording: Wording, is_stopped: Callable[[], bool], **sought: Unpack[Sought]) -> Proposals:
    """Propose, with a line that tells how it goes; once stopped, with the best that was found until then."""
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
