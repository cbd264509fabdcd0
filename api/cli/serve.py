"""The commands ``demo`` and ``serve``, which start an HTTP server."""

import logging
import socket
from argparse import ArgumentParser, Namespace, _SubParsersAction
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.cli.explain import explain_for_page
from api.cli.failure import Failure
from api.cli.http_protocol import LimitedHttpProtocol, max_connections
from api.cli.inputs import add_calendars, add_language, read_problem
from api.cli.interrupt import catch_interrupt
from api.cli.option_types import OptionTypes, settings_of_environment
from api.cli.plan_file import read_plan_file
from api.cli.plan_folder import write_plan_folder
from api.cli.proposal_output import print_answer, print_evidence
from api.cli.propose import plan
from api.i18n import Wording
from api.middleware import JsonLogFormatter, RepetitionFilter
from api.settings import Settings

EXAMPLE = Path(__file__).parents[2] / "examples" / "orebro-2027"
MAX_PENDING_CONNECTIONS = 2048  # a client beyond the system's queue waits a second before it tries again
LOOPBACK = "127.0.0.1"
ALL_INTERFACES = "0.0.0.0"  # noqa: S104  # only with the option --open
BACKLOG = 100  # connections that are accepted before any is refused; fewer than the files in reserve for them
SHUTDOWN_SECONDS = 10  # for requests in progress to end


def add_commands(commands: "_SubParsersAction[ArgumentParser]", wording: Wording) -> None:
    """Add the commands ``demo`` and ``serve``."""
    summary = wording.say("plan the year of the example and show its web page")
    demo = commands.add_parser("demo", help=summary, description=summary)
    demo.add_argument(
        "--out",
        type=Path,
        default=Path("demo-plan"),
        metavar=wording.say("FOLDER"),
        help=wording.say("the folder of the plan (default %(default)s)"),
    )
    demo.set_defaults(run=run_demo)

    summary = wording.say("serve the HTTP API on this computer")
    serve = commands.add_parser("serve", help=summary, description=summary)
    serve.add_argument(
        "--open",
        action="store_true",
        help=wording.say("accept requests from other computers too, without login"),
    )
    serve.set_defaults(run=run_serve)

    for parser in (demo, serve):
        parser.add_argument(
            "--port",
            type=OptionTypes(wording).port,
            default=8000,
            metavar=wording.say("NUMBER"),
            help=wording.say("the port (default %(default)s)"),
        )
        add_language(parser, wording)


def run_demo(options: Namespace, wording: Wording) -> int:
    """Plan the example, write its folder, and serve its page until Ctrl-C."""
    if not (EXAMPLE / "problem.json").is_file():
        raise Failure("The example is missing; run the demo from a clone of the project.", status=1)
    settings = settings_of_environment()
    with _listen(LOOPBACK, options.port) as server_socket:
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
        address = _address(server_socket)
        print(wording.say("Open {address} to see the plan. End with Ctrl-C.", address=address), flush=True)
        _serve(create_app(settings, options.out), server_socket, log_level=logging.WARNING)
    return 0


def run_serve(options: Namespace, wording: Wording) -> int:
    """Serve the HTTP API until Ctrl-C or SIGTERM."""
    settings = settings_of_environment()
    host = LOOPBACK
    if options.open:
        host = ALL_INTERFACES
        # The default names cover this computer only: other computers call the service by names not known here.
        if settings.hosts == Settings().hosts:
            settings = replace(settings, hosts=())
    with _listen(host, options.port) as server_socket:
        address = _address(server_socket)
        print(wording.say("Serving at {address}; /docs describes how to use it. End with Ctrl-C.", address=address))
        _serve(create_app(settings), server_socket, log_level=logging.INFO)
    return 0


def _serve(app: FastAPI, server_socket: socket.socket, *, log_level: int) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLogFormatter())
    handler.addFilter(RepetitionFilter())
    logging.basicConfig(level=log_level, handlers=[handler], force=True)
    # Ctrl-C is the intended end: uvicorn shuts down, then raises the interrupt again.
    with suppress(KeyboardInterrupt):
        _QueueingServer(server_config(app)).run(sockets=[server_socket])


class _QueueingServer(uvicorn.Server):
    """A server whose system queue is longer than the number of connections that are accepted at once."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for server_socket in sockets or ():
            # asyncio has set the queue to the backlog, which also bounds the connections accepted at once.
            server_socket.listen(MAX_PENDING_CONNECTIONS)


def server_config(app: FastAPI) -> uvicorn.Config:
    """Return the configuration of the HTTP server."""
    LimitedHttpProtocol.limit_connections = max_connections()
    return uvicorn.Config(
        app,
        http=LimitedHttpProtocol,
        ws="none",
        backlog=BACKLOG,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        server_header=False,
    )


def _address(server_socket: socket.socket) -> str:
    port = server_socket.getsockname()[1]
    return f"http://{LOOPBACK}:{port}"


def _listen(host: str, port: int) -> socket.socket:
    """
    Return a listening socket.

    It is opened before the work begins: a port in use is reported at once, and early connections wait in the queue.
    """
    server_socket = socket.socket()
    server_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        server_socket.bind((host, port))
        server_socket.listen(MAX_PENDING_CONNECTIONS)
    except OSError:
        server_socket.close()
        raise Failure("Port {port} is taken; choose another with --port.", status=1, port=str(port)) from None
    return server_socket
