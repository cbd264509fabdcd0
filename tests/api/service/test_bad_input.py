"""Malformed, oversized and hostile requests get an error response and leave the service available."""

import gzip
import json
import threading
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from api.examples import THREE_PARTIES
from tests.api.service.conftest import Reply, Server, serving
from tests.builders import a_council, a_document, a_meeting, a_person
from tests.scheduler.problem.test_bad_input import CASES

LIMIT = 10 * 2**20


def gzip_bomb(mib: int) -> bytes:
    """Return so many MiB of spaces, compressed by gzip to about a thousandth."""
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return b"".join(packer.compress(b" " * 2**20) for _ in range(mib)) + packer.flush()


def problem_beyond_memory() -> dict[str, Any]:
    """Return a problem within all limits whose model needs gigabytes: every pair of meetings is related."""
    meetings = [
        a_meeting(f"m{i}", f"c{i}", starts={"from": "08:00", "to": "17:00", "step_minutes": 30}, weekdays=["MO", "WE"])
        for i in range(100)
    ]
    people = [a_person(f"p{i}", "a") for i in range(100)]
    seats = [[{"party": "a", "member": f"p{i}"}] for i in range(100)]
    councils = [{"id": f"c{i}", "name": f"råd {i}", "seats": seats[i]} for i in range(100)]
    relations = [
        {"kind": "apart_days", "meetings": [meeting["id"] for meeting in meetings], "days": 1} for _ in range(400)
    ]
    horizon = {"start": "2027-01-01", "end": "2028-06-30"}
    return a_document(("a",), people=people, councils=councils, meetings=meetings, relations=relations, horizon=horizon)


BODIES: dict[str, tuple[bytes, int]] = {
    "NaN": (b'{"title": NaN}', 422),
    "infinity": (b'{"title": -Infinity}', 422),
    "a number that overflows": (b'{"title": 1e400}', 422),
    "two megabytes of zeros": (b'{"meetings": [' + b"0," * 1_000_000 + b"0]}", 422),
    "two megabytes of zeros further in": (b'{"councils": [{"seats": [' + b"0," * 1_000_000 + b"0]}]}", 422),
    "two megabytes of commitments": (b'{"commitments": [' + b"{}," * 700_000 + b"{}]}", 422),
    "two megabytes of keys": (b"{" + b",".join(b'"k%d": 0' % i for i in range(200_000)) + b"}", 422),
    "an integer of 5,000 digits": (b'{"title": ' + b"9" * 5000 + b"}", 422),
    "UTF-16": (json.dumps(THREE_PARTIES).encode("utf-16"), 422),
    "a byte order mark": (b"\xef\xbb\xbf" + json.dumps(THREE_PARTIES).encode(), 422),
    "half a surrogate pair": (b'{"title": "\\ud800"}', 422),
    "a key twice": (b'{"title": "a", "title": "b"}', 422),
    "depth": (b"[" * 100_000, 422),
    "nothing": (b"", 422),
    "a list": (b"[]", 422),
    "no JSON": (b"<html>", 422),
    "eleven megabytes": (b" " * (LIMIT + 1), 413),
}


def is_problem_document(reply: Reply) -> bool:
    """Return whether a response is a complete and short problem+json document."""
    document = reply.json
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["content-language"] == "en"
    assert "Accept-Language" in reply.headers["vary"]
    assert document["status"] == reply.status
    assert document["type"].startswith("/problems/")
    assert document["detail"]
    assert len(document["errors"]) <= 100
    return len(reply.body) < 40_000


@pytest.mark.parametrize("name", sorted(BODIES))
def test_a_body_that_is_no_problem_is_rejected(server: Server, name: str) -> None:
    body, status = BODIES[name]
    reply = server.post(body)
    assert reply.status == status
    assert is_problem_document(reply)


@pytest.mark.parametrize("case", [CASES[i] for i in range(0, len(CASES), 4)], ids=lambda case: str(case[1]))
def test_a_fault_has_the_pointer_that_the_library_reports(server: Server, case: tuple[dict[str, Any], str]) -> None:
    changes, pointer = case
    reply = server.post(json.dumps({**a_document(), **changes}))
    assert reply.status == 422
    assert pointer in [found for found in reply.pointers if found != "/relations/0/days"] or "NaN" in str(changes)
    assert is_problem_document(reply)


def test_the_response_repeats_no_text_for_people(server: Server) -> None:
    reply = server.post({**THREE_PARTIES, "today": "soon", "title": "CANARY" * 100})
    assert b"soon" in reply.body
    assert b"CANARY" not in reply.body


def test_a_gzip_bomb_is_rejected(server: Server) -> None:
    reply = server.post(gzip_bomb(200), Content_Encoding="gzip")
    assert reply.status == 413
    assert is_problem_document(reply)


@pytest.mark.parametrize(
    "body",
    [b"not gzip", gzip.compress(b"{}", mtime=0)[:-4], gzip.compress(b"{}", mtime=0) + b"more"],
    ids=["no gzip", "cut off", "too long"],
)
def test_invalid_gzip_is_rejected(server: Server, body: bytes) -> None:
    assert server.post(body, Content_Encoding="gzip").status == 422


@pytest.mark.parametrize(
    "headers",
    [
        {"Content_Type": "text/plain"},
        {"Content_Type": "application/json; charset=latin-1"},
        {"Content_Type": "application/x-www-form-urlencoded"},
        {"Content_Encoding": "br"},
    ],
)
def test_an_unsupported_media_type_is_rejected(server: Server, headers: dict[str, str]) -> None:
    reply = server.post(THREE_PARTIES, **headers)
    assert reply.status == 415
    assert is_problem_document(reply)


def test_an_unsupported_accept_header_is_rejected(server: Server) -> None:
    assert server.post(THREE_PARTIES, Accept="image/png").status == 406


def test_an_unknown_host_header_is_rejected(server: Server) -> None:
    reply = server.send("GET", "/healthz", Host="evil.example")
    assert reply.status == 421
    assert is_problem_document(reply)


def test_a_chunked_body_over_the_limit_is_rejected(server: Server) -> None:
    with server.socket() as connection:
        connection.sendall(
            b"POST /v1/proposals HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n"
        )
        piece = b"100000\r\n" + b" " * 2**20 + b"\r\n"
        try:
            for _ in range(12):
                connection.sendall(piece)
            connection.sendall(b"0\r\n\r\n")
        except ConnectionError:
            pass  # the service may close the connection before the body ends
        assert b"413" in connection.recv(4096).split(b"\r\n", 1)[0]


@pytest.fixture(scope="module")
def small_server() -> Iterator[Server]:
    """A service with small limits of time and memory."""
    with serving(body_seconds="1", solve_memory_mib="700", max_waiting="4", max_bodies="8") as running:
        yield running


def test_an_endless_body_times_out(small_server: Server) -> None:
    with small_server.socket() as connection:
        connection.sendall(
            b"POST /v1/proposals HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"Content-Length: 1000\r\n\r\n{"
        )
        answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"application/problem+json" in answer


def test_incomplete_bodies_do_not_block_other_requests(small_server: Server) -> None:
    head = (
        b"POST /v1/proposals HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        b"Content-Length: 1000\r\n\r\n{"
    )
    connections = [small_server.socket() for _ in range(30)]
    try:
        for connection in connections:
            connection.sendall(head)
        assert small_server.send("GET", "/healthz").status == 200
        time.sleep(1.5)
        assert small_server.post(THREE_PARTIES).status == 200
    finally:
        for connection in connections:
            connection.close()


@pytest.mark.slow
def test_a_problem_beyond_the_memory_limit_is_rejected(small_server: Server) -> None:
    reply = small_server.post(problem_beyond_memory())
    assert (reply.status, reply.json["type"]) == (422, "/problems/too-hard")
    assert small_server.post(THREE_PARTIES).status == 200


def test_200_simultaneous_requests_get_a_response_or_status_429(small_server: Server) -> None:
    health_checks: list[float] = []
    is_done = threading.Event()

    def check_health() -> None:
        while not is_done.is_set():
            started_at = time.perf_counter()
            assert small_server.send("GET", "/healthz").status == 200
            health_checks.append(time.perf_counter() - started_at)

    checker = threading.Thread(target=check_health)
    checker.start()
    with ThreadPoolExecutor(50) as clients:
        replies = list(clients.map(lambda _: small_server.post(THREE_PARTIES), range(200)))
    is_done.set()
    checker.join()
    statuses = {reply.status for reply in replies}
    assert statuses <= {200, 429}
    assert 200 in statuses
    assert all(reply.headers["retry-after"] for reply in replies if reply.status == 429)
    assert small_server.post(THREE_PARTIES).status == 200
    assert health_checks


def test_the_example_is_solved_within_the_limits(server: Server) -> None:
    path = Path(__file__).parents[3] / "examples" / "orebro-2027" / "problem.json"
    assert server.post(path.read_bytes()).status == 200


def test_a_council_with_many_seats_is_solved(server: Server) -> None:
    parties = tuple(f"p{i}" for i in range(60))
    assert server.post(a_document(parties, councils=[a_council(parties=parties)])).status == 200
