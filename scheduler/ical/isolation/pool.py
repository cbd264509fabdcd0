"""Who has calendars read in short-lived children: one each, bounded; a child that dies is an answer, unknown."""

import atexit
import os
import queue
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Protocol

from scheduler.errors import UnreadableCalendar
from scheduler.ical.isolation.protocol import READY, Limits, Question, answered, question_message
from scheduler.ical.read.content_lines import MAX_BYTES, TOO_LARGE
from scheduler.ical.read.reader import Reading

BROKEN_OFF = "The reading of the calendar was broken off; give it again, or export a shorter period."

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 1.0  # beyond a child's own limit, until it is given up
_BIRTH_SECONDS = 30.0  # for an interpreter to load what it needs, from a slow disk
MAX_ANSWER = 64 * 2**20  # bytes
HAS_FORK = hasattr(os, "fork") and hasattr(socket, "send_fds")

# What an interpreter needs of the environment; no key or password of ours is among it.
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONTZPATH", "SYSTEMROOT", "TEMP", "TMPDIR")

Outcome = Reading | UnreadableCalendar


class _House(Protocol):
    """Where children come from."""

    def exchange(self, message: bytes, seconds: float) -> bytes:
        """Send a question to a new child and return what it says, be it broken off; raise OSError without one."""

    def close(self) -> None: ...


class Sandbox:
    """
    Children that read calendars, one child a calendar, ``max_children`` at a time; any thread may ask.

    Where the system can fork, a child is born from a warm process within milliseconds; elsewhere fresh interpreters
    are started ahead, and only the wall clock bounds them.
    """

    def __init__(self, limits: Limits | None = None, max_children: int | None = None, *, fork: bool = HAS_FORK) -> None:
        self._limits = limits or Limits()
        self._num_children = max_children or os.cpu_count() or 1
        self._turns = threading.Semaphore(self._num_children)
        self._house: _House = _Mother() if fork else _Waiting(self._num_children)

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the warm processes; asking again starts new ones."""
        self._house.close()

    def read(self, question: Question) -> Reading:
        """
        Return what the calendar says; all is unknown when its child died or took too much.

        Raises
        ------
        UnreadableCalendar
            When it is no calendar, or too large a one.
        """
        if len(question.raw) > MAX_BYTES:
            raise UnreadableCalendar(TOO_LARGE)
        message = question_message(question, self._limits)
        with self._turns:
            outcome = self._ask(message)
        if isinstance(outcome, UnreadableCalendar):
            raise outcome
        return outcome or Reading.nothing(question.window, BROKEN_OFF)

    def read_all(self, questions: Iterable[Question]) -> list[Outcome]:
        """Return what each calendar says, in order, or why it is refused; they are read side by side."""
        with ThreadPoolExecutor(self._num_children) as readers:
            return list(readers.map(self._outcome, questions))

    def _outcome(self, question: Question) -> Outcome:
        try:
            return self.read(question)
        except UnreadableCalendar as refused:
            return refused

    def _ask(self, message: bytes) -> Outcome | None:
        for _ in range(2):  # a warm process that is gone may have been killed from outside
            try:
                return answered(self._house.exchange(message, self._limits.wall_seconds + PATIENCE_SECONDS))
            except OSError:
                self._house.close()
        return None


@cache
def the_sandbox() -> Sandbox:
    """Return the sandbox that this process shares; it ends with the process."""
    sandbox = Sandbox()
    atexit.register(sandbox.close)
    return sandbox


class _Mother:
    """A warm process that forks a child for every socket it is handed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._door: socket.socket | None = None

    def exchange(self, message: bytes, seconds: float) -> bytes:
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                process = self._hand_over(theirs)
            said = _talk(ours, message, seconds)
        if not said and process.poll() is not None:
            raise ConnectionError("the mother died, perhaps before the child was born")
        return said

    def _hand_over(self, theirs: socket.socket) -> "subprocess.Popen[bytes]":
        with self._lock:
            if self._process is None or self._door is None or self._process.poll() is not None:
                self._process, self._door = self._started()
            socket.send_fds(self._door, [b"."], [theirs.fileno()])
            return self._process

    def _started(self) -> "tuple[subprocess.Popen[bytes], socket.socket]":
        self._end()
        door, inside = socket.socketpair()
        with inside:
            process = _interpreter(stdin=inside.fileno(), stdout=subprocess.DEVNULL)
        door.settimeout(_BIRTH_SECONDS)
        try:
            is_ready = door.recv(len(READY)) == READY
        except OSError:
            is_ready = False
        if not is_ready:
            door.close()
            process.kill()
            process.wait()
            raise ConnectionError("no warm process could be started")
        return process, door

    def close(self) -> None:
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._door is not None:
            self._door.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._door = None


class _Waiting:
    """Fresh interpreters, started ahead, each of which reads one calendar."""

    def __init__(self, num_ahead: int) -> None:
        self._num_ahead = num_ahead
        self._ready: queue.SimpleQueue[subprocess.Popen[bytes]] = queue.SimpleQueue()

    def exchange(self, message: bytes, seconds: float) -> bytes:
        while self._ready.qsize() < self._num_ahead:
            self._ready.put(self._started())
        process = self._ready.get()
        self._ready.put(self._started())
        try:
            return process.communicate(message, timeout=seconds + _BIRTH_SECONDS)[0]
        except subprocess.TimeoutExpired:
            return b""
        finally:
            _bury(process)

    def _started(self) -> "subprocess.Popen[bytes]":
        return _interpreter("--once", stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def close(self) -> None:
        with suppress(queue.Empty):
            while True:
                _bury(self._ready.get_nowait())


def _bury(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()


def _talk(line: socket.socket, message: bytes, seconds: float) -> bytes:
    """Say the message and return all that comes back within the time; nothing when it is not whole by then."""
    said = bytearray()
    line.settimeout(seconds)
    try:
        line.sendall(message)
        line.shutdown(socket.SHUT_WR)
        while (part := line.recv(1 << 16)) and len(said) <= MAX_ANSWER:
            said += part
    except OSError:  # the child is gone, or late
        return b""
    return bytes(said)


def _interpreter(*arguments: str, stdin: int, stdout: int) -> "subprocess.Popen[bytes]":
    command = [
        sys.executable,
        "-P",
        "-m",
        "scheduler.ical.isolation.worker",
        *arguments,
    ]  # -P: never from the folder we are in
    return subprocess.Popen(command, stdin=stdin, stdout=stdout, env=_environment())  # noqa: S603  # our own module


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return {**kept, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"}
