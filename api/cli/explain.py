"""The commands of explaining: `explain`; and who has a plan explained for its page."""

import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import get_args

from rich.console import Console

from api.cli.explanation_output import print_explanation
from api.cli.inputs import add_effort, add_language, add_problem, asked_problem
from api.cli.interrupt import ENDED_BY_CTRL_C, heeding_ctrl_c
from api.cli.output import Failure
from api.i18n import Wording
from api.pages.plan import Explained
from scheduler import Explanation, Problem, Proposals, explain
from scheduler.explaining.explanation import ExplanationKind

ON_THE_PAGE: tuple[ExplanationKind, ...] = ("heatmap", "clashes", "asking", "habit")
SECONDS_EACH = 10.0  # for what the page shows


def add_commands(commands: "_SubParsersAction[ArgumentParser]") -> None:
    """Add `explain`."""
    parser = commands.add_parser("explain", help="say why: which clash to move, what other dates cost, whom to ask")
    add_problem(parser)
    parser.add_argument(
        "--what",
        choices=get_args(ExplanationKind),
        required=True,
        help="what other dates cost, which clash to move, whom to ask, why nothing fits, or what habit would give",
    )
    parser.add_argument("--json", action="store_true", help="print the answer as JSON instead of sentences")
    add_effort(parser)
    add_language(parser)
    parser.set_defaults(run=run)


def run(asked: Namespace, wording: Wording) -> int:
    """Read, work out, print."""
    problem = asked_problem(asked, wording)
    with heeding_ctrl_c() as is_stopped:
        with _at_work(asked.what, wording):
            answer = explain(
                problem,
                asked.what,
                seed=asked.seed,
                time_limit_seconds=asked.time_limit,
                is_cancelled=is_stopped,
            )
        if is_stopped():
            print(_stopped(answer, wording), file=sys.stderr)
    if asked.json:
        print(answer.model_dump_json())
    else:
        print_explanation(problem, answer, wording)
    return 0


def explanations(
    problem: Problem,
    answer: Proposals,
    wording: Wording,
    is_stopped: Callable[[], bool],
    *,
    time_limit_seconds: float = SECONDS_EACH,
) -> Explained:
    """
    Return what the page says of why the plan is as it is; nothing of a plan that is fair or repaired, or of none.

    Each answer has ten seconds at most. Once stopped, the page does without what is not whole.
    """
    explained = Explained()
    if answer.objective_kind != "attendance" or not answer.proposals:
        return explained
    for kind in ON_THE_PAGE:
        if is_stopped():
            break
        with _at_work(kind, wording):
            told = explain(
                problem,
                kind,
                seed=answer.seed,
                time_limit_seconds=min(time_limit_seconds, SECONDS_EACH),
                is_cancelled=is_stopped,
            )
        if not is_stopped():
            explained = explained.and_also(told)
    return explained


@contextmanager
def _at_work(kind: ExplanationKind, wording: Wording) -> Iterator[None]:
    """Show a line that says what is being worked out; it stays."""
    screen = Console(stderr=True, highlight=False)
    line = _line(kind, wording)
    with screen.status(line):
        yield
    screen.print(line)


def _line(kind: ExplanationKind, wording: Wording) -> str:
    match kind:
        case "heatmap":
            return wording.say("Working out what other dates would cost …")
        case "clashes":
            return wording.say("Working out which clashes are worth moving …")
        case "asking":
            return wording.say("Working out whom it is worth asking …")
        case "conflicts":
            return wording.say("Working out which rules stand against each other …")
        case "habit":
            return wording.say("Working out what today's habit would give …")


def _stopped(answer: Explanation, wording: Wording) -> str:
    if answer.status == "unknown":
        raise Failure("Stopped before any plan was found; give it longer the next time.", status=ENDED_BY_CTRL_C)
    return wording.say("Stopped. What follows was worked out before.")
