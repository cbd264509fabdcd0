"""Nothing that a caller sends holds up the others: the service's heart beats on."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
import uvicorn

from api.app import create_app
from api.examples import THREE_PARTIES
from api.settings import Settings
from tests.api.service.conftest import Server
from tests.api.service.test_bad_input import BODIES, a_bomb, a_glutton

BEAT_SECONDS = 0.01
LONGEST_SECONDS = 0.25


class Heart:
    """Beats in the event loop of the service, and remembers its longest pause."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def beat(self) -> None:
        loop = asyncio.get_running_loop()
        last = loop.time()
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            now = loop.time()
            self.longest = max(self.longest, now - last - BEAT_SECONDS)
            last = now


@contextmanager
def a_service_with_a_heart() -> Iterator[tuple[Server, Heart]]:
    """Run the service in a thread of this process, its heart beside it."""
    heart = Heart()
    server = uvicorn.Server(uvicorn.Config(create_app(Settings()), host="127.0.0.1", port=0, log_config=None))

    async def run() -> None:
        beating = asyncio.create_task(heart.beat())
        await server.serve()
        beating.cancel()

    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    while not server.started:
        pass
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Server(None, port), heart  # type: ignore[arg-type]  # it is no process of its own
    finally:
        server.should_exit = True
        thread.join()


def two_hundred_at_once_and_thirty_by_half(server: Server) -> set[bytes]:
    """Send 200 whole questions at once beside 30 that never end; return how the whole ones were answered."""
    body = json.dumps(THREE_PARTIES).encode()
    head = (
        b"POST /v1/proposals HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        b"Connection: close\r\nContent-Length: " + str(len(body)).encode() + b"\r\n\r\n"
    )
    with ExitStack() as lines:
        whole = [lines.enter_context(server.socket()) for _ in range(200)]
        for line in whole:
            line.sendall(head + body)
        halves = [lines.enter_context(server.socket()) for _ in range(30)]
        for line in halves:
            line.sendall(head + body[:9])
        return {line.recv(4096).split(b" ", 2)[1] for line in whole}


@pytest.mark.prove
def test_no_input_holds_the_loop_up_for_a_quarter_of_a_second() -> None:
    with a_service_with_a_heart() as (server, heart):
        heart.longest = 0.0  # what starting took is not the callers' doing
        for body, _ in BODIES.values():
            server.ask(body)
        server.ask(a_bomb(200), Content_Encoding="gzip")
        server.ask(THREE_PARTIES, Content_Type="text/plain")
        server.ask(json.dumps(a_glutton()), "/v1/proposals?time_limit_seconds=5")
        statuses = two_hundred_at_once_and_thirty_by_half(server)
        assert statuses <= {b"200", b"429"}
        assert b"200" in statuses
        assert heart.longest < LONGEST_SECONDS
