"""A fixed number of warm worker processes, a bounded queue of requests, and the replacement of workers that end."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path

from api import errors
from api.errors import ApiError
from api.settings import Settings
from api.workers.handler import TOO_HARD
from api.workers.protocol import SolveRequest, SolveResponse, decode_response, encode_request
from scheduler.isolation.framing import receive_message

ROOT = Path(__file__).parents[2]
MAX_REQUESTS = 200  # per worker, which is then replaced: memory that it has leaked is freed
GRACE_SECONDS = 60  # beyond three times the time limit, before a worker is killed
RESTART_DELAY_SECONDS = 1.0  # after a worker that failed to start
RETRY_AFTER = {"Retry-After": "5"}

_BUSY = "The service is at capacity; try again in a few seconds."
_WORKER_DIED = "The worker process ended before it returned a result; try again."
_TOO_LONG = "The problem was not solved within the time limit; plan fewer meetings at a time or narrow windows."

# The exit statuses of a worker that exceeded a limit: SIGXCPU is the limit of processor time; C++ code that gets no
# memory aborts or crashes.
_LIMIT_ERRORS = (
    {
        -signal.SIGXCPU: _TOO_LONG,
        -signal.SIGABRT: TOO_HARD,
        -signal.SIGSEGV: TOO_HARD,
    }
    if sys.platform != "win32"
    else {}
)


log = logging.getLogger("tretton.workers")


class WorkerDied(Exception):
    """A worker ended during a request for no reason that lies in the request, as far as its exit status shows."""


class WorkerProcess:
    """A process that handles requests one at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.num_handled = 0

    @classmethod
    async def start(cls, memory_mib: int) -> "WorkerProcess":
        """Start a process and wait until it is warm."""
        command = (sys.executable, "-m", "api.workers.worker", str(memory_mib))
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        worker = cls(process)
        try:
            await worker._receive()
        except BaseException:
            await worker.end()
            raise
        return worker

    @property
    def pid(self) -> int:
        return self._process.pid

    async def solve(self, request: SolveRequest, body: bytes) -> SolveResponse:
        """Return the response; raise :class:`WorkerDied` or an error when the process ends before it."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(encode_request(request, body))
            await self._process.stdin.drain()
            response = await self._receive()
        except (asyncio.IncompleteReadError, ConnectionError):
            exit_status = await self._process.wait()
            if exit_status in _LIMIT_ERRORS:
                raise ApiError(errors.TOO_HARD, _LIMIT_ERRORS[exit_status]) from None
            raise WorkerDied from None
        self.num_handled += 1
        return response

    async def _receive(self) -> SolveResponse:
        assert self._process.stdout is not None
        message = await receive_message(self._process.stdout)
        return decode_response(message)

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def end(self) -> None:
        """Kill the process and wait for its exit."""
        self.kill()
        await self._process.wait()


class WorkerPool:
    """The workers of the service, and the queue of requests that wait for an idle worker."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._idle: asyncio.Queue[WorkerProcess] = asyncio.Queue()
        self._workers: set[WorkerProcess] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._num_waiting = 0

    def start(self) -> None:
        """Start the workers in the background; requests wait until the first is warm."""
        for _ in range(self._settings.max_solves):
            self._run_in_background(self._add_worker())

    async def stop(self) -> None:
        """End all workers; requests in progress get no response."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(worker.end() for worker in self._workers), return_exceptions=True)

    @property
    def pids(self) -> set[int]:
        """The process ids of the workers."""
        return {worker.pid for worker in self._workers}

    async def solve(self, request: SolveRequest, body: bytes) -> SolveResponse:
        """
        Return the response to a request; cancelling the call kills the worker that handles it.

        Raises
        ------
        ApiError
            429 when the queue is full, 422 when the request exceeds a limit, 503 when two workers died during it.
        """
        for _ in range(2):
            try:
                return await self._solve_once(request, body)
            except WorkerDied:
                continue  # a second worker gets the request: the first may have been killed from outside
        raise ApiError(errors.UNAVAILABLE, _WORKER_DIED, headers=RETRY_AFTER)

    async def _solve_once(self, request: SolveRequest, body: bytes) -> SolveResponse:
        worker = await self._idle_worker()
        is_reusable = False
        try:
            async with asyncio.timeout(3 * request.task.time_limit_seconds + GRACE_SECONDS):
                response = await worker.solve(request, body)
            is_reusable = worker.num_handled < MAX_REQUESTS
        except TimeoutError:
            raise ApiError(errors.TOO_HARD, _TOO_LONG) from None
        finally:
            # A cancelled or failed request leaves its worker in an unknown state, so the worker is replaced.
            if is_reusable:
                self._idle.put_nowait(worker)
            else:
                self._replace(worker)
        return response

    async def _idle_worker(self) -> WorkerProcess:
        if self._idle.empty() and self._num_waiting >= self._settings.max_waiting:
            raise ApiError(errors.BUSY, _BUSY, headers=RETRY_AFTER)
        self._num_waiting += 1
        try:
            return await self._idle.get()
        finally:
            self._num_waiting -= 1

    def _replace(self, worker: WorkerProcess) -> None:
        worker.kill()
        self._workers.discard(worker)
        self._run_in_background(self._end_and_add_worker(worker))

    async def _end_and_add_worker(self, worker: WorkerProcess) -> None:
        # The old process has to release its memory before a new process takes its own.
        await worker.end()
        await self._add_worker()

    async def _add_worker(self) -> None:
        while True:
            try:
                worker = await WorkerProcess.start(self._settings.solve_memory_mib)
            except (asyncio.IncompleteReadError, OSError):
                log.warning("a worker ended before it was warm; starting another")
                await asyncio.sleep(RESTART_DELAY_SECONDS)
            else:
                self._workers.add(worker)
                self._idle.put_nowait(worker)
                return

    def _run_in_background(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
