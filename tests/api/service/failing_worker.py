"""A worker process whose handler fails in the way that the title of the problem names."""

import ctypes
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

from api.workers import worker
from api.workers.protocol import SolveRequest, SolveResponse

MODULE = "tests.api.service.failing_worker"
KEPT = SolveResponse(200, "application/json", b'{"kept": true}')

earlier_titles: list[str] = []


def throw_bad_alloc() -> None:
    """Throw a C++ exception that nothing catches, as a solver does for which no memory is left."""
    ctypes.CDLL("libstdc++.so.6")._ZSt17__throw_bad_allocv()


def fail_with_input() -> None:
    raise RuntimeError("CAN" + "ARY")  # the record quotes the source, but not the message


def kill_once() -> None:
    """Kill this process, and the next time that a request has the same mark, do not."""
    mark = Path(os.environ["TMPDIR"]) / "killed"
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)


FAULTS: dict[str, Callable[[], object]] = {
    "assertion": fail_with_input,
    "abort": os.abort,
    "crash": lambda: ctypes.string_at(0),
    "exit": lambda: os._exit(3),
    "memory": throw_bad_alloc,
    "processor time": lambda: os.kill(os.getpid(), signal.SIGXCPU),
    "killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "killed once": kill_once,
    "none": lambda: None,
}


def handle(_: SolveRequest, body: bytes, keep: Callable[[SolveResponse], None]) -> SolveResponse:
    """Fail as the title says; after the best plan was found if the title begins with "late"."""
    title = json.loads(body)["title"]
    fault = title.removeprefix("late ")
    if fault != title:
        keep(KEPT)
    FAULTS[fault]()
    earlier_titles.append(title)
    return SolveResponse(200, "application/json", json.dumps(earlier_titles).encode())


if __name__ == "__main__":
    vars(worker)["handle"] = handle
    worker.main()
