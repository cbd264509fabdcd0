"""A worker process as the service sees it: its start, one request after another, its end, and what its end means."""

import asyncio
import contextlib
import os
import re
import signal
import sys

from api import errors
from api.errors import ApiError
from api.workers.handler import TOO_HARD
from api.workers.protocol import (
    RequestEnded,
    RequestReceived,
    SolveRequest,
    SolveResponse,
    WorkerDefect,
    WorkerMessage,
    WorkerReady,
    decode_worker_message,
    encode_request,
)
from scheduler.isolation.framing import receive_message
from scheduler.isolation.interpreter import worker_command, worker_environment

MODULE = "api.workers.worker"
MAX_RECORD_OCTETS = 8192  # of the standard error of a process that did not start, its end
START_SECONDS = 60.0  # for an interpreter to load its modules from a slow disk

TOO_LONG = "The problem was not solved within the time limit; plan fewer meetings at a time or narrow windows."

# C++ code that gets no memory, or no thread for want of address space, aborts and says so on standard error.
_OUT_OF_MEMORY = re.compile(r"bad_alloc|out of memory|Cannot allocate memory|Resource temporarily unavailable", re.I)
_SIGKILL = -9
_SIGXCPU = -int(signal.SIGXCPU) if sys.platform != "win32" else None


class WorkerGone(Exception):
    """A worker ended without having failed at a request: it was killed while idle, or together with its request."""


class RequestKilled(Exception):
    """The process of a request was killed from outside, perhaps because the system ran out of memory."""


class WorkerFailed(Exception):
    """A defect of the program ended a request: an unexpected exception or a crash. The message is the record of it."""


class WorkerProcess:
    """A process that handles requests one at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.is_idle = True  # False from the beginning of a request to the end of its process, or for ever

    @classmethod
    async def start(cls, memory_mib: int) -> "WorkerProcess":
        """Start a process and wait until it has loaded its modules; raise OSError when it does not."""
        process = await asyncio.create_subprocess_exec(
            *worker_command(MODULE, str(memory_mib)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=worker_environment(),
            # A group of its own: a signal to the group ends the process of a request too.
            start_new_session=True,
        )
        worker = cls(process)
        try:
            async with asyncio.timeout(START_SECONDS):
                message = await worker._receive()
        except BaseException as error:
            await worker.end()
            if isinstance(error, asyncio.IncompleteReadError):
                raise ChildProcessError(await worker._read_errors()) from None
            raise
        assert isinstance(message, WorkerReady)
        return worker

    @property
    def pid(self) -> int:
        return self._process.pid

    async def solve(self, request: SolveRequest, body: bytes, kept: list[SolveResponse]) -> SolveResponse:
        """
        Return the response to a request.

        Parameters
        ----------
        kept
            Receives each response that the worker has sent, also when the request then fails.

        Raises
        ------
        ApiError
            422 when the request exceeded a limit.
        WorkerFailed, RequestKilled, WorkerGone
            When it failed otherwise.
        """
        assert self._process.stdin is not None
        defect = None
        is_received = False
        self.is_idle = False
        try:
            self._process.stdin.write(encode_request(request, body))
            await self._process.stdin.drain()
            message = await self._receive()
            while not isinstance(message, RequestEnded):
                is_received |= isinstance(message, RequestReceived)
                if isinstance(message, SolveResponse):
                    kept.append(message)
                elif isinstance(message, WorkerDefect):
                    defect = message
                message = await self._receive()
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):  # the last: a message that is cut off
            raise WorkerGone from None
        # A process that has read a part of the request leaves the rest to the next one.
        self.is_idle = is_received
        if defect is not None:
            raise WorkerFailed(defect.record)
        if message.exit_status == 0 and kept:
            return kept[-1]
        raise _error_of(message)

    async def _receive(self) -> WorkerMessage:
        assert self._process.stdout is not None
        message = await receive_message(self._process.stdout)
        return decode_worker_message(message)

    async def _read_errors(self) -> str:
        """Return the end of what the process wrote to standard error."""
        assert self._process.stderr is not None
        octets = await self._process.stderr.read()
        return octets[-MAX_RECORD_OCTETS:].decode("utf-8", "replace")

    async def wait(self) -> None:
        """Wait for the exit of the process, and end the process of its request with it."""
        await self._process.wait()
        self.kill()

    def interrupt(self) -> None:
        """End the process of the request; the worker then reports its end."""
        if sys.platform == "win32":
            self.kill()
        else:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGUSR1)

    def kill(self) -> None:
        """Kill the process and that of its request."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if sys.platform == "win32":
                self._process.kill()
            else:
                os.killpg(self._process.pid, signal.SIGKILL)

    async def end(self) -> None:
        """Kill the process and wait for its exit."""
        self.kill()
        await self._process.wait()


def _error_of(ended: RequestEnded) -> Exception:
    """Return what the end of a request's process without a response means: a limit, a kill or a defect."""
    if ended.exit_status == _SIGXCPU:
        return ApiError(errors.TOO_HARD, TOO_LONG)
    if ended.exit_status == _SIGKILL:
        return RequestKilled()
    if _OUT_OF_MEMORY.search(ended.record):
        return ApiError(errors.TOO_HARD, TOO_HARD)
    return WorkerFailed(f"exit status {ended.exit_status}\n{ended.record}")
