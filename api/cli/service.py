"""The commands of the service: `demo`."""

import socket
from argparse import ArgumentParser, Namespace, _SubParsersAction
from contextlib import suppress
from pathlib import Path

import uvicorn

from api.app import create_app
from api.cli.planning import add_language, plan, read_problem, with_calendars
from api.cli.results import write_results
from api.cli.saying import Failure, print_answer
from api.wording import Wording

EXAMPLE = Path(__file__).parents[2] / "examples" / "orebro-2027"
HOST = "127.0.0.1"


def add_commands(commands: "_SubParsersAction[ArgumentParser]") -> None:
    """Add `demo`."""
    parser = commands.add_parser("demo", help="plan the example's year and show its page")
    parser.add_argument("--port", type=int, default=8000, help="of the page on this machine (default 8000)")
    parser.add_argument("--out", type=Path, default=Path("demo-plan"), metavar="DIR", help="default demo-plan")
    add_language(parser)
    parser.set_defaults(run=run)


def run(asked: Namespace, wording: Wording) -> int:
    """Plan the example, write its folder, and serve the page until Ctrl-C."""
    if not (EXAMPLE / "problem.json").is_file():
        raise Failure("The example is not there; run the demo from a clone of the project.", status=1)
    with _listen(asked.port) as listening:
        print(wording.say("Reading the calendars of the example …"))
        problem = with_calendars(read_problem(EXAMPLE / "problem.json"), EXAMPLE / "calendars", wording)
        answer = plan(problem, wording)
        print_answer(problem, answer, wording)
        write_results(problem, answer, asked.out, wording)
        address = f"http://{HOST}:{listening.getsockname()[1]}"
        print(wording.say("The plan, its page and the invitations are in {folder}.", folder=str(asked.out)))
        print(wording.say("Open {address} to see the plan. End with Ctrl-C.", address=address), flush=True)
        config = uvicorn.Config(create_app(asked.out), log_level="warning", lifespan="off")
        with suppress(KeyboardInterrupt):  # Ctrl-C is how it is meant to end
            uvicorn.Server(config).run(sockets=[listening])
    return 0


def _listen(port: int) -> socket.socket:
    """Take the port before the work, so that a port in use is said at once."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()  # so that whoever reads the address can connect at once
    except (OSError, OverflowError):
        listening.close()
        raise Failure("Port {port} is taken; choose another with --port.", status=1, port=str(port)) from None
    return listening
