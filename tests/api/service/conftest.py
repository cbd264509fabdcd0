"""The service as a real server process on a port of its own, with the limits that a test sets."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from api.examples import THREE_PARTIES

SERVE = [sys.executable, "-c", "import sys; from api.cli import main; sys.exit(main(sys.argv[1:]))", "serve"]
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Reply:
    """An HTTP response."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def pointers(self) -> list[str]:
        return [fault["pointer"] for fault in self.json["errors"]]


@dataclass(frozen=True)
class Server:
    """A running service."""

    process: subprocess.Popen[str]
    port: int
    log: list[str] = field(default_factory=list)  # the lines after the start

    def send(self, method: str, path: str, body: bytes | str | None = None, **headers: str) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        with contextlib.closing(connection):
            dashed = {name.replace("_", "-"): value for name, value in headers.items()}
            # The service may respond and close the connection before it has received the whole body.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.request(method, path, body, dashed)
            reply = connection.getresponse()
            return Reply(reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read())

    def post(self, problem: Any, path: str = "/v1/proposals", **headers: str) -> Reply:
        body = problem if isinstance(problem, bytes | str) else json.dumps(problem)
        return self.send("POST", path, body, **{"Content_Type": "application/json", **headers})

    def socket(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)

    @property
    def worker_pids(self) -> set[int]:
        """The process ids of the worker processes, without those that handle a request."""
        return child_pids(self.process.pid)


def child_pids(pid: int) -> set[int]:
    """Return the process ids of the children of a process."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except FileNotFoundError:
        return set()
    return {int(child) for child in children.split()}


def is_alive(pid: int) -> bool:
    """Return whether a process runs; a zombie does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):  # the file is gone, or goes while it is read
        return False
    return status.rsplit(")", 1)[1].split()[0] != "Z"


def cpu_ticks(pid: int) -> int:
    """Return the processor time that a process and its children have used, in hundredths of a second."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    ended_and_own = sum(map(int, fields[11:15]))
    running = 0
    for child in child_pids(pid):
        with contextlib.suppress(FileNotFoundError):
            running += cpu_ticks(child)
    return ended_and_own + running


def are_workers_idle(server: Server) -> bool:
    """Return whether both workers are running and idle."""
    if not Path("/proc/self/stat").exists():
        return True
    before = {pid: cpu_ticks(pid) for pid in server.worker_pids}
    time.sleep(0.5)
    return len(before) == 2 and before == {pid: cpu_ticks(pid) for pid in server.worker_pids}


def wait_until(condition: Any, seconds: float) -> bool:
    """Wait for a condition, at most so many seconds; return whether it became true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return bool(condition())


@contextlib.contextmanager
def serving(command: Sequence[str] = SERVE, **settings: str) -> Iterator[Server]:
    """Run the service with these settings until the block ends."""
    environment = {**os.environ, **{f"TRETTON_{name.upper()}": value for name, value in settings.items()}}
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    arguments = [*command, "--port", str(port)]
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True, env=environment) as process:  # noqa: S603  # our own command
        server = Server(process, port)
        try:
            assert process.stderr is not None
            for line in process.stderr:  # every line of the log is JSON
                if "startup complete" in json.loads(line)["event"]:
                    break
            log = _drain(process, server.log)
            assert server.post(THREE_PARTIES).status == 200
            assert wait_until(lambda: are_workers_idle(server), 60)
            yield server
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(timeout=60)
            log.join(timeout=10)


def _drain(process: subprocess.Popen[str], lines: list[str]) -> threading.Thread:
    def read() -> None:
        assert process.stderr is not None
        for line in process.stderr:
            json.loads(line)
            lines.append(line)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    return thread


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running
