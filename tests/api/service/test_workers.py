"""What happens to the processes that solve when they, their callers or the service die."""

import json
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from api.examples import THREE_PARTIES
from tests.api.service.conftest import Server, is_alive, serving, ticks, until
from tests.builders import a_document, a_meeting, a_person

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="it looks at processes through /proc")


def a_long_question() -> dict[str, Any]:
    """A problem whose proof takes long: forty councils of one party that share their people and one room."""
    meetings = [
        a_meeting(f"m{i}", f"c{i}", venue="v", starts={"from": "08:00", "to": "16:00", "step_minutes": 15})
        for i in range(40)
    ]
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


def busy_child(server: Server) -> int:
    """Wait until a child works, by the processor time it takes; return its process id."""
    before = {pid: ticks(pid) for pid in server.children}
    working: list[int] = []

    def found() -> bool:
        working[:] = [pid for pid, taken in before.items() if ticks(pid) > taken + 20]
        return bool(working)

    assert until(found, 30)
    return working[0]


def test_a_killed_child_is_made_good_and_the_next_request_is_fine() -> None:
    with serving() as server, ThreadPoolExecutor() as crowd:
        asked = crowd.submit(server.ask, a_long_question(), "/v1/proposals?time_limit_seconds=3&alternatives=1")
        os.kill(busy_child(server), signal.SIGKILL)
        assert asked.result().status in (200, 503)

        def is_made_good() -> bool:  # a child that had answered just before is missed when it is next asked
            assert server.ask(THREE_PARTIES).status == 200
            return len(server.children) == 2

        assert until(is_made_good, 20)


def test_children_killed_while_idle_are_made_good() -> None:
    with serving() as server:
        for pid in server.children:
            os.kill(pid, signal.SIGKILL)
        replies = [server.ask(THREE_PARTIES).status for _ in range(4)]
        assert set(replies) <= {200, 503}
        assert replies[-1] == 200


def test_when_the_caller_hangs_up_the_child_is_gone_within_two_seconds() -> None:
    body = json.dumps(a_long_question()).encode()
    with serving() as server:
        line = server.socket()
        line.sendall(
            b"POST /v1/proposals?time_limit_seconds=60 HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Content-Type: application/json\r\nContent-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body
        )
        child = busy_child(server)
        line.close()
        assert until(lambda: not is_alive(child), 2)
        assert until(lambda: len(server.children) == 2, 20)
        assert server.ask(THREE_PARTIES).status == 200


def test_when_the_service_is_killed_no_child_is_left() -> None:
    with serving() as server:
        thread = threading.Thread(target=_ask_in_vain, args=(server,), daemon=True)
        thread.start()
        busy_child(server)
        children = server.children
        server.process.kill()
        server.process.wait()
        assert until(lambda: not any(map(is_alive, children)), 5)


def _ask_in_vain(server: Server) -> None:
    try:
        server.ask(a_long_question(), "/v1/proposals?time_limit_seconds=60")
    except (OSError, EOFError):
        pass
    except Exception as error:  # http.client has its own word for a line that is cut
        assert "disconnected" in str(error).lower() or "closed" in str(error).lower()  # noqa: PT017


def test_ctrl_c_ends_the_service_and_its_children() -> None:
    with serving() as server:
        children = server.children
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(timeout=30) == 0
        assert until(lambda: not any(map(is_alive, children)), 5)
