"""The command ``explain``, and the explanations that the page of a plan shows."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

from rich.console import Console

from api.cli.explanation_output import print_explanation
from api.cli.failure import Failure
from api.cli.inputs import add_effort, add_problem, load_problem
from api.cli.interrupt import EXIT_INTERRUPTED, catch_interrupt
from api.cli.parser_language import add_language
from api.cli.proposal_output import print_evidence
from api.cli.published_plan import read_named_plan
from api.i18n import Wording
from api.pages.plan import ExplanationSet
from scheduler import Explanation, Problem, Proposals, explain
from scheduler.explaining.explanation import ExplanationKind

PAGE_KINDS: tuple[ExplanationKind, ...] = ("heatmap", "clashes", "asking", "habit")
PAGE_SECONDS = 10.0  # the time limit of each kind on the page


def add_options(parser: ArgumentParser, wording: Wording) -> None:
    """Add the arguments and options of the command ``explain``."""
    add_problem(parser, wording)
    parser.add_argument(
        "--what",
        choices=get_args(ExplanationKind),
        required=True,
        help=wording.say(
            "heatmap: what other dates cost; clashes: which clash to move; asking: whom to ask;"
            " conflicts: why nothing fits; habit: what today's habit would give"
        ),
    )
    parser.add_argument(
        "--published",
        type=Path,
        metavar="PLAN.JSON",
        help=wording.say("the published plan, for the meetings that have been held"),
    )
    parser.add_argument("--json", action="store_true", help=wording.say("print JSON instead of sentences"))
    add_effort(parser, wording)
    add_language(parser, wording)
    parser.set_defaults(run=run)


def run(options: Namespace, wording: Wording) -> int:
    """Compute an explanation of the problem and print it."""
    held = {} if options.published is None else read_named_plan(options.published)
    problem, evidence = load_problem(options, held)
    print_evidence(problem, evidence, wording, is_json=options.json)
    with catch_interrupt() as is_interrupted:
        with _status_line(options.what, wording):
            explanation = explain(
                problem,
                options.what,
                seed=options.seed,
                time_limit_seconds=options.time_limit_seconds,
                is_cancelled=is_interrupted,
            )
        if is_interrupted():
            print(_interruption_message(explanation, wording), file=sys.stderr)
    if options.json:
        print(explanation.model_dump_json())
    else:
        print_explanation(problem, explanation, wording)
    return 0


def explain_for_page(
    problem: Problem,
    answer: Proposals,
    wording: Wording,
    is_interrupted: Callable[[], bool],
    *,
    time_limit_seconds: float = PAGE_SECONDS,
) -> ExplanationSet:
    """
    Return the explanations for the page of a plan.

    Only a plan with the greatest attendance is explained: for a fair or a repaired plan, and without a plan, the
    result is empty. Each kind takes at most :data:`PAGE_SECONDS`. A kind that Ctrl-C cuts short is left out.
    """
    explained = ExplanationSet()
    if answer.objective_kind != "attendance" or not answer.proposals:
        return explained
    seconds = min(time_limit_seconds, PAGE_SECONDS)
    for kind in PAGE_KINDS:
        if is_interrupted():
            break
        with _status_line(kind, wording):
            explanation = explain(
                problem,
                kind,
                seed=answer.seed,
                time_limit_seconds=seconds,
                is_cancelled=is_interrupted,
            )
        if not is_interrupted():
            explained = explained.including(explanation)
    return explained


@contextmanager
def _status_line(kind: ExplanationKind, wording: Wording) -> Iterator[None]:
    """Show on standard error which explanation is computed; the line remains afterwards."""
    console = Console(stderr=True, highlight=False)
    line = _describe_work(kind, wording)
    with console.status(line):
        yield
    console.print(line)


def _describe_work(kind: ExplanationKind, wording: Wording) -> str:
    match kind:
        case "heatmap":
            return wording.say("Working out what other dates would cost …")
        case "clashes":
            return wording.say("Working out which clashes are worth moving …")
        case "asking":
            return wording.say("Working out whom it is worth asking …")
        case "conflicts":
            return wording.say("Working out which rules conflict …")
        case "habit":
            return wording.say("Working out what today's habit would give …")


def _interruption_message(explanation: Explanation, wording: Wording) -> str:
    if explanation.status == "unknown":
        sentence = "Stopped before any plan was found; give it more time next time."
        raise Failure(sentence, status=EXIT_INTERRUPTED)
    return wording.say("Stopped. This is what had been worked out by then.")
