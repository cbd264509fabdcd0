"""The command ``serve``, and the HTTP server that ``demo`` starts as well."""

import logging
import socket
from argparse import ArgumentParser, Namespace
from contextlib import suppress
from dataclasses import replace

import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.cli.failure import Failure
from api.cli.http_protocol import LimitedHttpProtocol, max_connections
from api.cli.option_types import OptionTypes, settings_of_environment
from api.cli.parser_language import add_language
from api.i18n import Wording
from api.middleware import JsonLogFormatter, RepetitionFilter
from api.settings import Settings

MAX_PENDING_CONNECTIONS = 2048  # a client beyond the system's queue waits a second before it tries again
LOOPBACK = "127.0.0.1"
ALL_INTERFACES = "0.0.0.0"  # noqa: S104  # only with the option --open
BACKLOG = 100  # connections that are accepted before any is refused; fewer than the files in reserve for them
SHUTDOWN_SECONDS = 10  # for requests in progress to end


def add_options(parser: ArgumentParser, wording: Wording) -> None:
    """Add the options of the command ``serve``."""
    parser.add_argument(
        "--open",
        action="store_true",
        help=wording.say("accept requests from other computers too, without login"),
    )
    add_port(parser, wording)
    add_language(parser, wording)
    parser.set_defaults(run=run)


def add_port(parser: ArgumentParser, wording: Wording) -> None:
    """Add the option ``--port``."""
    parser.add_argument(
        "--port",
        type=OptionTypes(wording).port,
        default=8000,
        metavar=wording.say("NUMBER"),
        help=wording.say("the port (default %(default)s)"),
    )


def run(options: Namespace, wording: Wording) -> int:
    """Serve the HTTP API until Ctrl-C or SIGTERM."""
    settings = settings_of_environment()
    host = LOOPBACK
    if options.open:
        host = ALL_INTERFACES
        # The default names cover this computer only: other computers call the service by names not known here.
        if settings.hosts == Settings().hosts:
            settings = replace(settings, hosts=())
    with listen(host, options.port) as server_socket:
        address = address_of(server_socket)
        print(wording.say("Serving at {address}; /docs describes how to use it. End with Ctrl-C.", address=address))
        serve(create_app(settings), server_socket, log_level=logging.INFO)
    return 0


def serve(app: FastAPI, server_socket: socket.socket, *, log_level: int) -> None:
    """Serve requests until Ctrl-C or SIGTERM."""
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


def address_of(server_socket: socket.socket) -> str:
    """Return the address at which this computer reaches the server."""
    port = server_socket.getsockname()[1]
    return f"http://{LOOPBACK}:{port}"


def listen(host: str, port: int) -> socket.socket:
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
