"""
Read untrusted calendars in short-lived worker processes with memory and time limits, one process a calendar.

When a worker crashes or is killed, the whole window is unknown.
"""

import atexit
import os
import queue
import socket
import subprocess
import threading
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from typing import Protocol

from scheduler.errors import UnreadableCalendar
from scheduler.ical.isolation.protocol import (
    READY,
    ReadOutcome,
    ReadRequest,
    WorkerLimits,
    decode_outcome,
    encode_request,
)
from scheduler.ical.read.content_lines import MAX_BYTES, TOO_LARGE
from scheduler.ical.read.reading import Reading
from scheduler.isolation.interpreter import worker_command, worker_environment

INTERRUPTED = "Reading the calendar was interrupted; try again, or export a shorter period."

TOO_MANY_TOGETHER = (
    "All calendars together have more busy times than can be read; export a shorter period, or list the shared "
    "calendar for fewer people."
)

MAX_TOTAL = 500_000  # busy times of all calendars, times the people whom each binds: several hundred MiB in a problem
MAX_WORKERS = 8  # whose contents and results are in memory at the same time
GRACE_SECONDS = 1.0  # beyond a worker's own wall-clock limit, before the pool stops waiting for it
STARTUP_SECONDS = 30.0  # for an interpreter to load its modules from a slow disk
MAX_OUTCOME_OCTETS = 64 * 2**20
HAS_FORK = hasattr(os, "fork") and hasattr(socket, "send_fds")


class WorkerSource(Protocol):
    """A source of worker processes."""

    def exchange(self, message: bytes, seconds: float) -> bytes:
        """Send a request to a new worker and return its reply, perhaps cut off; raise OSError without a worker."""

    def close(self) -> None: ...


class CalendarWorkerPool:
    """
    Workers that read calendars, one calendar each, at most ``max_workers`` at a time. Any thread may use the pool.

    Where the system can fork, a worker is forked from a warm process within milliseconds. Elsewhere fresh interpreters
    are started ahead of need, and only the wall clock limits them.
    """

    def __init__(
        self, limits: WorkerLimits | None = None, max_workers: int | None = None, *, fork: bool = HAS_FORK
    ) -> None:
        self._limits = limits or WorkerLimits()
        self._max_workers = max_workers or min(os.cpu_count() or 1, MAX_WORKERS)
        self._slots = threading.Semaphore(self._max_workers)
        self._workers: WorkerSource = ForkServer() if fork else SpareInterpreters(self._max_workers)

    def __enter__(self) -> "CalendarWorkerPool":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the warm processes; a later request starts new ones."""
        self._workers.close()

    def read(self, request: ReadRequest) -> Reading:
        """
        Return the busy time of a calendar; the window is unknown when the worker died or exceeded a limit.

        Raises
        ------
        UnreadableCalendar
            When the content is not a calendar, or is too large.
        """
        outcome = self._outcome(request)
        if isinstance(outcome, UnreadableCalendar):
            raise outcome
        return outcome

    def read_all(self, requests: Iterable[ReadRequest]) -> list[ReadOutcome]:
        """
        Read calendars in parallel; return the outcomes, errors included, in the order of the requests.

        A request is taken from the iterable when a worker is about to be free, so that few contents are in memory. A
        calendar whose busy times exceed what remains of `MAX_TOTAL` is unknown.
        """
        outcomes: list[ReadOutcome] = []
        remaining = MAX_TOTAL

        def finish(request: ReadRequest, future: "Future[ReadOutcome]") -> None:
            nonlocal remaining
            outcome = future.result()
            # The sum is taken in the order of the requests, so that the same calendars give the same outcomes.
            size = request.num_people * _num_parts(outcome)
            if size > remaining:
                outcome = Reading.nothing(request.window, TOO_MANY_TOGETHER)
                size = request.num_people
            remaining -= size
            outcomes.append(outcome)

        with ThreadPoolExecutor(self._max_workers) as threads:
            running: deque[tuple[ReadRequest, Future[ReadOutcome]]] = deque()
            for request in requests:
                running.append((request, threads.submit(self._outcome, request)))
                if len(running) > self._max_workers:
                    finish(*running.popleft())
            for request, future in running:
                finish(request, future)
        return outcomes

    def _outcome(self, request: ReadRequest) -> ReadOutcome:
        """Return the outcome. An error is not raised here: its traceback would keep the content in memory."""
        if len(request.raw) > MAX_BYTES:
            return UnreadableCalendar(TOO_LARGE)
        message = encode_request(request, self._limits)
        with self._slots:
            outcome = self._exchange(message)
        return outcome or Reading.nothing(request.window, INTERRUPTED)

    def _exchange(self, message: bytes) -> ReadOutcome | None:
        # Two attempts: the fork server may have been killed from outside since its last request.
        for _ in range(2):
            try:
                reply = self._workers.exchange(message, self._limits.wall_seconds + GRACE_SECONDS)
            except OSError:
                self._workers.close()
            else:
                return decode_outcome(reply)
        return None


def _num_parts(outcome: ReadOutcome) -> int:
    """Return the number of parts of an outcome that take memory, each once or twice in what is made of them."""
    if isinstance(outcome, UnreadableCalendar):
        return 0
    parts = (outcome.busy, outcome.unknown, outcome.skipped, outcome.invalid_rows, outcome.replies)
    return sum(map(len, parts))


@cache
def shared_pool() -> CalendarWorkerPool:
    """Return the pool that this process shares; it is closed when the process exits."""
    pool = CalendarWorkerPool()
    atexit.register(pool.close)
    return pool


class ForkServer:
    """A warm process that forks a worker for every socket that it receives."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def exchange(self, message: bytes, seconds: float) -> bytes:
        connection, worker_end = socket.socketpair()
        with connection:
            with worker_end:
                process = self._send_to_server(worker_end)
            reply = _send_and_receive(connection, message, seconds)
        if not reply and process.poll() is not None:
            raise ConnectionError("the fork server ended, perhaps before it forked the worker")
        return reply

    def _send_to_server(self, worker_end: socket.socket) -> "subprocess.Popen[bytes]":
        with self._lock:
            if self._process is None or self._control is None or self._process.poll() is not None:
                self._process, self._control = self._start()
            socket.send_fds(self._control, [b"."], [worker_end.fileno()])
            return self._process

    def _start(self) -> "tuple[subprocess.Popen[bytes], socket.socket]":
        self._stop()
        control, server_end = socket.socketpair()
        with server_end:
            process = _start_interpreter(stdin=server_end.fileno(), stdout=subprocess.DEVNULL)
        control.settimeout(STARTUP_SECONDS)
        try:
            is_ready = control.recv(len(READY)) == READY
        except OSError:
            is_ready = False
        if not is_ready:
            control.close()
            process.kill()
            process.wait()
            raise ConnectionError("the fork server did not start")
        return process, control

    def close(self) -> None:
        with self._lock:
            self._stop()

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._control = None


class SpareInterpreters:
    """Fresh interpreters that are started ahead of need; each reads one calendar."""

    def __init__(self, num_spare: int) -> None:
        self._num_spare = num_spare
        self._spare: queue.SimpleQueue[subprocess.Popen[bytes]] = queue.SimpleQueue()

    def exchange(self, message: bytes, seconds: float) -> bytes:
        while self._spare.qsize() < self._num_spare:
            self._spare.put(self._start())
        process = self._spare.get()
        self._spare.put(self._start())
        try:
            reply, _ = process.communicate(message, timeout=seconds + STARTUP_SECONDS)
        except subprocess.TimeoutExpired:
            return b""
        finally:
            _kill(process)
        return reply

    def _start(self) -> "subprocess.Popen[bytes]":
        return _start_interpreter("--once", stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def close(self) -> None:
        with suppress(queue.Empty):
            while True:
                _kill(self._spare.get_nowait())


def _kill(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()


def _send_and_receive(connection: socket.socket, message: bytes, seconds: float) -> bytes:
    """Send a message and return the reply up to the end of the stream; empty when the stream fails or times out."""
    reply = bytearray()
    connection.settimeout(seconds)
    try:
        connection.sendall(message)
        connection.shutdown(socket.SHUT_WR)
        while len(reply) <= MAX_OUTCOME_OCTETS:
            chunk = connection.recv(1 << 16)
            if not chunk:
                break
            reply += chunk
    except OSError:
        return b""
    return bytes(reply)


def _start_interpreter(*arguments: str, stdin: int, stdout: int) -> "subprocess.Popen[bytes]":
    command = worker_command("scheduler.ical.isolation.worker", *arguments)
    return subprocess.Popen(command, stdin=stdin, stdout=stdout, env=worker_environment())  # noqa: S603  # our own module
