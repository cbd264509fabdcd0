"""Tests of what becomes of worker processes when they, their clients or the service end."""

import json
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest

from api.examples import THREE_PARTIES
from tests.api.service.conftest import Server, child_pids, cpu_ticks, is_alive, serving, wait_until
from tests.builders import a_document, a_meeting, a_person

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="it reads the state of processes from /proc"
)


def a_long_problem() -> dict[str, Any]:
    """
    Forty councils of one party that share their people and one room, which four meetings fill each day.

    The ten working days hold forty meetings exactly, so that the proof takes seconds of processor time.
    """
    starts = {"from": "08:00", "to": "16:00", "step_minutes": 15}
    meetings = [a_meeting(f"m{i}", f"c{i}", duration_minutes=150, venue="v", starts=starts) for i in range(40)]
    people = [a_person(f"p{i}", "a", attendance_rate=0.5 + i / 100) for i in range(40)]
    commitments = [
        {
            "id": f"k{i}-{day}",
            "person": f"p{i}",
            "start": f"2027-03-{day:02d}T{8 + (i * 7 + day * 3) % 8:02d}:00",
            "end": f"2027-03-{day:02d}T{10 + (i * 7 + day * 3) % 8:02d}:00",
            "yields": ((i * 13 + day * 5) % 17) / 17,
        }
        for i in range(40)
        for day in range(1, 13)
    ]
    councils = [
        {
            "id": f"c{i}",
            "name": f"råd {i}",
            "seats": [{"party": "a", "member": f"p{i}", "substitutes": [f"p{(i + 1) % 40}"]}],
        }
        for i in range(40)
    ]
    return a_document(
        ("a",),
        people=people,
        councils=councils,
        meetings=meetings,
        commitments=commitments,
        venues=[{"id": "v", "name": "rummet"}],
    )


def processor_times(server: Server) -> dict[int, int]:
    """Return the processor time of each worker, in hundredths of a second."""
    return {pid: cpu_ticks(pid) for pid in server.worker_pids}


def busy_worker(before: dict[int, int]) -> int:
    """
    Wait until a worker has used 0.2 seconds of processor time more than ``before``; return its process id.

    ``before`` is measured before the request is sent: measured later, it may already include most of the work.
    """
    working: list[int] = []

    def is_found() -> bool:
        working[:] = [pid for pid, used in before.items() if cpu_ticks(pid) > used + 20]
        return bool(working)

    assert wait_until(is_found, 60)
    return working[0]


@pytest.mark.slow
def test_a_killed_worker_is_replaced_and_the_next_request_succeeds() -> None:
    with serving() as server, ThreadPoolExecutor() as clients:
        before = processor_times(server)
        path = "/v1/proposals?time_limit_seconds=1&alternatives=1"
        response = clients.submit(server.post, a_long_problem(), path)
        os.kill(busy_worker(before), signal.SIGKILL)
        assert response.result().status == 200

        def is_replaced() -> bool:  # a worker killed just after its response is noticed at its next request
            assert server.post(THREE_PARTIES).status == 200
            return len(server.worker_pids) == 2

        assert wait_until(is_replaced, 20)


@pytest.mark.slow
def test_workers_killed_while_idle_are_replaced() -> None:
    with serving() as server:
        for pid in server.worker_pids:
            os.kill(pid, signal.SIGKILL)
        statuses = {server.post(THREE_PARTIES).status for _ in range(4)}
        assert statuses == {200}


def test_a_client_that_disconnects_ends_its_worker_within_two_seconds() -> None:
    body = json.dumps(a_long_problem()).encode()
    with serving() as server:
        before = processor_times(server)
        connection = server.socket()
        connection.sendall(
            b"POST /v1/proposals?time_limit_seconds=60 HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Content-Type: application/json\r\nContent-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body
        )
        processes = child_pids(busy_worker(before))
        assert len(processes) == 1
        connection.close()
        assert wait_until(lambda: not any(map(is_alive, processes)), 2)
        assert server.worker_pids == before.keys()  # the workers are ready for other requests at once
        assert [server.post(THREE_PARTIES).status for _ in range(4)] == [200] * 4
        assert server.worker_pids == before.keys()


def test_no_worker_outlives_a_killed_service() -> None:
    with serving() as server:
        before = processor_times(server)
        thread = threading.Thread(target=_request_from_a_killed_service, args=(server,), daemon=True)
        thread.start()
        busy_worker(before)
        workers = server.worker_pids
        workers |= set().union(*map(child_pids, workers))
        assert len(workers) == 3  # two workers, and the process that handles the request
        server.process.kill()
        server.process.wait()
        assert wait_until(lambda: not any(map(is_alive, workers)), 5)


def _request_from_a_killed_service(server: Server) -> None:
    # A response that is cut off ends in one of these.
    with suppress(OSError, EOFError, HTTPException):
        server.post(a_long_problem(), "/v1/proposals?time_limit_seconds=60")


def test_ctrl_c_ends_the_service_and_its_workers() -> None:
    with serving() as server:
        workers = server.worker_pids
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(timeout=30) == 0
        assert wait_until(lambda: not any(map(is_alive, workers)), 5)
