"""No request blocks the event loop of the service."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
import uvicorn

from api.app import create_app
from api.cli.serve import server_config
from api.examples import THREE_PARTIES
from api.settings import Settings
from tests.api.service.conftest import Server
from tests.api.service.test_bad_input import BODIES, gzip_bomb, problem_beyond_memory

INTERVAL_SECONDS = 0.01
MAX_DELAY_SECONDS = 0.25


class LoopMonitor:
    """Measures the longest delay of the event loop in which it runs."""

    def __init__(self) -> None:
        self.max_delay = 0.0

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        last = loop.time()
        while True:
            await asyncio.sleep(INTERVAL_SECONDS)
            now = loop.time()
            self.max_delay = max(self.max_delay, now - last - INTERVAL_SECONDS)
            last = now


@contextmanager
def monitored_service(*, shutdown_seconds: int = 10, **settings: Any) -> Iterator[tuple[Server, LoopMonitor]]:
    """Run the service in a thread of this process, with a monitor in its event loop."""
    monitor = LoopMonitor()
    config = server_config(create_app(Settings(**settings)))
    config.port = 0
    config.timeout_graceful_shutdown = shutdown_seconds
    server = uvicorn.Server(config)

    async def serve() -> None:
        monitoring = asyncio.create_task(monitor.run())
        await server.serve()
        monitoring.cancel()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    while not server.started:
        pass
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Server(None, port), monitor  # type: ignore[arg-type]  # the service is no process of its own
    finally:
        server.should_exit = True
        thread.join()


def send_200_complete_and_30_incomplete(server: Server) -> set[bytes]:
    """Send 200 complete requests and 30 incomplete ones at once; return the statuses of the complete requests."""
    body = json.dumps(THREE_PARTIES).encode()
    head = (
        b"POST /v1/proposals HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        b"Connection: close\r\nContent-Length: " + str(len(body)).encode() + b"\r\n\r\n"
    )
    with ExitStack() as connections:
        complete = [connections.enter_context(server.socket()) for _ in range(200)]
        for connection in complete:
            connection.sendall(head + body)
        incomplete = [connections.enter_context(server.socket()) for _ in range(30)]
        for connection in incomplete:
            connection.sendall(head + body[:9])
        return {connection.recv(4096).split(b" ", 2)[1] for connection in complete}


def one_octet_chunks(num_octets: int) -> bytes:
    """Return a request whose body arrives in chunks of one octet."""
    return (
        b"POST /v1/proposals HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\n \r\n" * num_octets + b"0\r\n\r\n"
    )


def test_a_body_in_chunks_of_one_octet_does_not_block_the_event_loop() -> None:
    with monitored_service() as (server, monitor):
        server.post(THREE_PARTIES)
        monitor.max_delay = 0.0
        with server.socket() as connection:
            connection.sendall(one_octet_chunks(500_000))
            assert connection.recv(4096).startswith(b"HTTP/1.1 422")
        assert monitor.max_delay < MAX_DELAY_SECONDS


@pytest.mark.prove
def test_no_request_blocks_the_event_loop_for_a_quarter_of_a_second() -> None:
    with monitored_service() as (server, monitor):
        monitor.max_delay = 0.0  # the start of the service is not measured
        for body, _ in BODIES.values():
            server.post(body)
        server.post(gzip_bomb(200), Content_Encoding="gzip")
        server.post(THREE_PARTIES, Content_Type="text/plain")
        server.post(json.dumps(problem_beyond_memory()), "/v1/proposals?time_limit_seconds=5")
        statuses = send_200_complete_and_30_incomplete(server)
        assert statuses <= {b"200", b"429"}
        assert b"200" in statuses
        assert monitor.max_delay < MAX_DELAY_SECONDS
