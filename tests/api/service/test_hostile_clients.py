"""Clients that send too much, too slowly or nothing, and clients that disconnect."""

import json
import logging
import shlex
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

import pytest

from api import dependencies
from api.cli import http_protocol
from api.cli.http_protocol import LimitedHttpProtocol
from api.examples import THREE_PARTIES
from tests.api.service.conftest import SERVE, Server, serving, wait_until
from tests.api.service.test_health import monitored_service
from tests.api.service.test_workers import a_long_problem

LIMIT = 10 * 2**20
MAX_SECONDS = 5.0  # for the service to close a connection whose request it has rejected
JSON_HEADERS = b"Content-Type: application/json\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
CHUNK = b"10000\r\n" + b" " * 2**16 + b"\r\n"


def head(line: bytes, headers: bytes, host: bytes = b"127.0.0.1") -> bytes:
    return line + b" HTTP/1.1\r\nHost: " + host + b"\r\n" + headers


POST = b"POST /v1/proposals"
REJECTED = {
    "a wrong type": (head(POST, b"Content-Type: text/plain\r\n" + CHUNKED), b"415"),
    "a wrong coding": (head(POST, JSON_HEADERS + b"Content-Encoding: br\r\n" + CHUNKED), b"415"),
    "a wrong Accept header": (head(POST, JSON_HEADERS + b"Accept: image/png\r\n" + CHUNKED), b"406"),
    "no limit": (head(POST, JSON_HEADERS + CHUNKED), b"413"),
    "a large length": (head(POST, JSON_HEADERS + b"Content-Length: 99999999999\r\n\r\n"), b"413"),
    "a wrong path": (head(b"POST /nowhere", CHUNKED), b"404"),
    "a wrong method": (head(b"POST /healthz", CHUNKED), b"405"),
    "a wrong host": (head(POST, JSON_HEADERS + CHUNKED, host=b"evil.example"), b"421"),
    "no use for it": (head(b"GET /healthz", CHUNKED), b"200"),
}


@pytest.fixture(scope="module")
def watched() -> Iterator[Server]:
    """A service that listens without limits of this process's own."""
    with monitored_service() as (server, _):
        server.post(THREE_PARTIES)
        yield server


def send_until_closed(connection: socket.socket, piece: bytes, pause: float = 0.0) -> int:
    """Send a piece again and again until the connection is closed; return the number of octets that were sent."""
    num_octets = 0
    end = time.monotonic() + MAX_SECONDS
    with suppress(ConnectionError):
        while time.monotonic() < end:
            connection.sendall(piece)
            num_octets += len(piece)
            time.sleep(pause)
        pytest.fail("the connection is still open")
    return num_octets


@pytest.mark.parametrize("name", sorted(REJECTED))
def test_the_body_of_a_rejected_request_is_not_read_without_end(watched: Server, name: str) -> None:
    request, status = REJECTED[name]
    with watched.socket() as connection:
        connection.sendall(request)
        num_octets = send_until_closed(connection, CHUNK)
        with suppress(ConnectionError):
            assert connection.recv(4096).split(b" ", 2)[1] == status
    limit = LIMIT if name == "no limit" else 0
    assert num_octets < limit + 2**23  # what is discarded, and what the system buffers on its way


@pytest.mark.parametrize("name", sorted(REJECTED.keys() - {"no limit"}))
def test_a_rejected_request_is_answered_at_once_and_its_slow_body_is_not_awaited(watched: Server, name: str) -> None:
    request, status = REJECTED[name]
    with watched.socket() as connection:
        started_at = time.monotonic()
        connection.sendall(request + b"1\r\n")
        response = connection.recv(4096)
        assert time.monotonic() - started_at < 1
        assert response.split(b" ", 2)[1] == status
        assert b"connection: close" in response.lower()
        send_until_closed(connection, b" ", pause=0.05)


def test_a_body_below_the_least_rate_times_out(watched: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dependencies, "FIRST_SECONDS", 0.3)
    with watched.socket() as connection:
        connection.sendall(head(POST, JSON_HEADERS + b"Content-Length: 1000\r\n\r\n"))
        started_at = time.monotonic()
        thread = threading.Thread(target=send_until_closed, args=(connection, b" ", 0.05))
        thread.start()
        assert connection.recv(4096).startswith(b"HTTP/1.1 408")
        assert time.monotonic() - started_at < 3
        thread.join()


def test_a_body_above_the_least_rate_is_received(watched: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dependencies, "FIRST_SECONDS", 0.3)
    body = json.dumps(THREE_PARTIES).encode().ljust(20_000)
    with watched.socket() as connection:
        connection.sendall(head(POST, JSON_HEADERS + b"Content-Length: 20000\r\n\r\n"))
        for start in range(0, len(body), 2000):
            connection.sendall(body[start : start + 2000])
            time.sleep(0.1)
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")


def test_a_client_that_disconnects_is_no_defect(watched: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    long_body = json.dumps(a_long_problem()).encode()
    whole = head(POST + b"?time_limit_seconds=60", JSON_HEADERS + b"Content-Length: %d\r\n\r\n" % len(long_body))
    for request in (whole + long_body[:100], whole + long_body):
        connection = watched.socket()
        connection.sendall(request)
        time.sleep(0.5)
        connection.close()

    def statuses() -> list[int]:
        return [record.status for record in caplog.records if hasattr(record, "status")]

    assert wait_until(lambda: statuses() == [499, 499], 10)
    assert watched.post(THREE_PARTIES).status == 200
    assert [record for record in caplog.records if record.levelno >= logging.WARNING or record.exc_info] == []


def test_a_request_in_progress_at_the_end_of_the_shutdown_gets_status_503() -> None:
    with ThreadPoolExecutor() as clients:
        with monitored_service(shutdown_seconds=1) as (server, _):
            server.post(THREE_PARTIES)
            response = clients.submit(server.post, a_long_problem(), "/v1/proposals?time_limit_seconds=60")
            time.sleep(1)
        reply = response.result()
    assert (reply.status, reply.json["type"]) == (503, "/problems/unavailable")
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["retry-after"]


@pytest.mark.parametrize(
    "request_head",
    [b"GET /" + b"a" * 2**20, b"GET / HTTP/1.1\r\nA: " + b"b" * 2**20, b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 2**18],
    ids=["a long path", "a long header", "many headers"],
)
def test_a_request_head_over_the_limit_is_rejected(watched: Server, request_head: bytes) -> None:
    with watched.socket() as connection:
        with suppress(ConnectionError):
            connection.sendall(request_head)
        with suppress(ConnectionError):
            assert connection.recv(4096).startswith(b"HTTP/1.1 431")


def test_an_endless_trailer_closes_the_connection(watched: Server) -> None:
    with watched.socket() as connection:
        connection.sendall(head(POST, JSON_HEADERS + CHUNKED) + b"1\r\n \r\n0\r\nA: ")
        assert send_until_closed(connection, b"b" * 2**16) < 2**23


def test_connections_that_send_no_request_are_closed(watched: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_protocol, "HEAD_SECONDS", 0.3)
    with watched.socket() as silent, watched.socket() as answered:
        answered.sendall(head(b"GET /healthz", b"\r\n"))
        assert answered.recv(4096).startswith(b"HTTP/1.1 200")
        for connection in (silent, answered):
            send_until_closed(connection, b"G", pause=0.05)


def test_connections_over_the_limit_are_refused_and_logged_once(
    watched: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(LimitedHttpProtocol, "limit_connections", 10)
    with ExitStack() as connections:
        for _ in range(100):
            connections.enter_context(watched.socket())
        assert wait_until(lambda: bool(caplog.records), 5)
        time.sleep(0.5)
    assert wait_until(lambda: _is_healthy(watched), 5)
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def _is_healthy(server: Server) -> bool:
    try:
        return server.send("GET", "/healthz").status == 200
    except OSError:
        return False


@pytest.mark.slow
def test_exhausted_file_descriptors_do_not_flood_the_log() -> None:
    limited = ["sh", "-c", f'ulimit -n 200; exec {shlex.join(SERVE)} "$@"', "serve"]
    with serving(limited) as server:
        with ExitStack() as connections:
            for _ in range(400):
                connections.enter_context(server.socket())
            time.sleep(2)
        assert wait_until(lambda: _is_healthy(server), 10)
        assert server.post(THREE_PARTIES).status == 200
        assert len([line for line in server.log if json.loads(line)["event"] != "request"]) < 5
