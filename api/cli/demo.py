"""The command ``demo``: plan the year of the example and serve its page."""

import logging
from argparse import ArgumentParser, Namespace
from pathlib import Path

from api.app import create_app
from api.cli.explain import explain_for_page
from api.cli.failure import Failure
from api.cli.inputs import add_calendars, read_problem
from api.cli.interrupt import catch_interrupt
from api.cli.option_types import settings_of_environment
from api.cli.parser_language import add_language
from api.cli.plan_file import read_plan_file
from api.cli.plan_folder import write_plan_folder
from api.cli.proposal_output import print_answer, print_evidence
from api.cli.propose import plan
from api.cli.serve import LOOPBACK, add_port, address_of, listen, serve
from api.i18n import Wording

EXAMPLE = Path(__file__).parents[2] / "examples" / "orebro-2027"


def add_options(parser: ArgumentParser, wording: Wording) -> None:
    """Add the options of the command ``demo``."""
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("demo-plan"),
        metavar=wording.say("FOLDER"),
        help=wording.say("the folder of the plan (default %(default)s)"),
    )
    add_port(parser, wording)
    add_language(parser, wording)
    parser.set_defaults(run=run)


def run(options: Namespace, wording: Wording) -> int:
    """Plan the example, write its folder, and serve its page until Ctrl-C."""
    if not (EXAMPLE / "problem.json").is_file():
        raise Failure("The example is missing; run the demo from a clone of the project.", status=1)
    settings = settings_of_environment()
    with listen(LOOPBACK, options.port) as server_socket:
        previous = read_plan_file(options.out)
        print(wording.say("Reading the calendars of the example …"))
        problem = read_problem(EXAMPLE / "problem.json")
        problem, evidence = add_calendars(problem, EXAMPLE / "calendars")
        print_evidence(problem, evidence, wording)
        with catch_interrupt() as is_interrupted:
            answer = plan(problem, evidence, wording, is_interrupted)
            print_answer(problem, answer, wording)
            explained = explain_for_page(problem, answer, wording, is_interrupted)
        print(write_plan_folder(problem, answer, explained, options.out, wording, previous).summary)
        address = address_of(server_socket)
        print(wording.say("Open {address} to see the plan. End with Ctrl-C.", address=address), flush=True)
        serve(create_app(settings, options.out), server_socket, log_level=logging.WARNING)
    return 0
