"""The commands of the service: `demo` and `serve`."""

import logging
import socket
from argparse import ArgumentParser, Namespace, _SubParsersAction
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.cli.arguments import settings_of_environment
from api.cli.explain import explanations
from api.cli.inputs import add_language, read_problem, with_calendars
from api.cli.interrupt import heeding_ctrl_c
from api.cli.output import Failure, print_answer
from api.cli.plan_folder import write_results
from api.cli.propose import plan
from api.i18n import Wording
from api.middleware import JsonLogFormatter
from api.settings import Settings

EXAMPLE = Path(__file__).parents[2] / "examples" / "orebro-2027"
LOOPBACK = "127.0.0.1"
EVERYWHERE = "0.0.0.0"  # noqa: S104  # only when the operator says so
GRACE_SECONDS = 10


def add_commands(commands: "_SubParsersAction[ArgumentParser]") -> None:
    """Add `demo` and `serve`."""
    demo = commands.add_parser("demo", help="plan the example's year and show its page")
    demo.add_argument("--out", type=Path, default=Path("demo-plan"), metavar="DIR", help="default demo-plan")
    demo.set_defaults(run=run_demo)
    serve = commands.add_parser("serve", help="answer problems over HTTP, on this machine alone")
    serve.add_argument("--open", action="store_true", help="listen to other machines too: anybody may ask")
    serve.set_defaults(run=run_serve)
    for parser in (demo, serve):
        parser.add_argument("--port", type=int, default=8000, help="default 8000")
        add_language(parser)


def run_demo(asked: Namespace, wording: Wording) -> int:
    """Plan the example, write its folder, and serve the page until Ctrl-C."""
    if not (EXAMPLE / "problem.json").is_file():
        raise Failure("The example is not there; run the demo from a clone of the project.", status=1)
    settings = settings_of_environment()
    with _listen(LOOPBACK, asked.port) as listening:
        print(wording.say("Reading the calendars of the example …"))
        problem = with_calendars(read_problem(EXAMPLE / "problem.json"), EXAMPLE / "calendars", wording)
        with heeding_ctrl_c() as is_stopped:
            answer = plan(problem, wording, is_stopped)
            print_answer(problem, answer, wording)
            explained = explanations(problem, answer, wording, is_stopped)
        print(write_results(problem, answer, explained, asked.out, wording))
        print(wording.say("Open {address} to see the plan. End with Ctrl-C.", address=_address(listening)), flush=True)
        _serve(create_app(settings, asked.out), listening, level=logging.WARNING)
    return 0


def run_serve(asked: Namespace, wording: Wording) -> int:
    """Serve until Ctrl-C or SIGTERM."""
    settings = settings_of_environment()
    if asked.open:
        settings = replace(settings, hosts=() if settings.hosts == Settings().hosts else settings.hosts)
    with _listen(EVERYWHERE if asked.open else LOOPBACK, asked.port) as listening:
        print(wording.say("Serving at {address}; /docs tells how. End with Ctrl-C.", address=_address(listening)))
        _serve(create_app(settings), listening, level=logging.INFO)
    return 0


def _serve(app: FastAPI, listening: socket.socket, *, level: int) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLogFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    config = uvicorn.Config(
        app, log_config=None, access_log=False, timeout_graceful_shutdown=GRACE_SECONDS, server_header=False
    )
    with suppress(KeyboardInterrupt):  # Ctrl-C is how it is meant to end
        uvicorn.Server(config).run(sockets=[listening])


def _address(listening: socket.socket) -> str:
    return f"http://{LOOPBACK}:{listening.getsockname()[1]}"


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before the work, so that a port in use is said at once, and who is early waits."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()
    except (OSError, OverflowError):
        listening.close()
        raise Failure("Port {port} is taken; choose another with --port.", status=1, port=str(port)) from None
    return listening
