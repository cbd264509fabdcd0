"""A fixed number of worker processes, a bounded queue of requests, and the replacement of workers that end."""

import asyncio
import logging
from collections import deque
from collections.abc import Coroutine

from api import errors
from api.errors import ApiError
from api.settings import Settings
from api.workers.process import TOO_LONG, RequestKilled, WorkerFailed, WorkerGone, WorkerProcess
from api.workers.protocol import SolveRequest, SolveResponse

GRACE_SECONDS = 60  # beyond three times the time limit, before a worker is killed
INTERRUPT_SECONDS = 5.0  # for a worker to end the process of a cancelled request, before the worker is killed
MIN_RESTART_SECONDS = 1.0  # after a worker that did not start; the pause doubles with each that follows
MAX_RESTART_SECONDS = 30.0
MAX_ATTEMPTS = 5  # of a request whose worker has ended; more workers than this rarely end at once
RETRY_AFTER = {"Retry-After": "5"}

_BUSY = "The service is at capacity; try again in a few seconds."
_KILLED = "The worker process ended before it returned a result; try again."
_NO_WORKER = "The service cannot start a worker process; try again later, or ask the operator to read the log."

log = logging.getLogger("tretton.workers")


class WorkerPool:
    """The workers of the service, and the queue of requests that wait for an idle worker."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._workers: set[WorkerProcess] = set()
        self._idle: deque[WorkerProcess] = deque()
        self._waiting: deque[asyncio.Future[WorkerProcess]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._has_failed_to_start = False

    def start(self) -> None:
        """Start the workers in the background; requests wait until the first is ready."""
        for _ in range(self._settings.max_solves):
            self._run_in_background(self._keep_worker())

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

    @property
    def is_ready(self) -> bool:
        """Whether a worker is running."""
        return bool(self._workers)

    async def solve(self, request: SolveRequest, body: bytes) -> SolveResponse:
        """
        Return the response to a request; cancelling the call ends the process that handles it.

        Raises
        ------
        ApiError
            429 when the queue is full, 422 when the request exceeds a limit, 503 when no worker starts or the process
            of the request was killed twice.
        WorkerFailed
            When a defect of the program ended the request.
        """
        num_kills = 0
        for _ in range(MAX_ATTEMPTS):
            worker = await self._idle_worker()
            try:
                return await self._solve_with(worker, request, body)
            except WorkerGone:
                continue
            except RequestKilled:
                num_kills += 1
                if num_kills == 2:
                    break
        raise ApiError(errors.UNAVAILABLE, _KILLED, headers=RETRY_AFTER)

    async def _solve_with(self, worker: WorkerProcess, request: SolveRequest, body: bytes) -> SolveResponse:
        """Return the response; when the request fails after the best plan was found, the response with that plan."""
        kept: list[SolveResponse] = []
        # A task of its own, because the messages of the worker have to be read to their end after a cancellation too.
        solving = asyncio.create_task(worker.solve(request, body, kept))
        try:
            async with asyncio.timeout(3 * request.task.time_limit_seconds + GRACE_SECONDS):
                return await asyncio.shield(solving)
        except (ApiError, RequestKilled, WorkerFailed, TimeoutError) as error:
            if kept:
                if isinstance(error, WorkerFailed):
                    log.error("defect", extra={"record": str(error)})
                return kept[-1]
            if isinstance(error, TimeoutError):
                raise ApiError(errors.TOO_HARD, TOO_LONG) from None
            raise
        finally:
            if solving.done():
                self._release(worker)
            else:
                worker.interrupt()
                self._run_in_background(self._release_when_ended(worker, solving))

    async def _release_when_ended(self, worker: WorkerProcess, solving: asyncio.Task[SolveResponse]) -> None:
        await asyncio.wait([solving], timeout=INTERRUPT_SECONDS)
        if not solving.done():
            solving.cancel()
        await asyncio.gather(solving, return_exceptions=True)
        self._release(worker)

    async def _idle_worker(self) -> WorkerProcess:
        if self._idle:
            return self._idle.popleft()
        if self._has_failed_to_start and not self._workers:
            raise ApiError(errors.UNAVAILABLE, _NO_WORKER, headers=RETRY_AFTER)
        if len(self._waiting) >= self._settings.max_waiting:
            raise ApiError(errors.BUSY, _BUSY, headers=RETRY_AFTER)
        turn: asyncio.Future[WorkerProcess] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            # The worker may have been assigned just before the cancellation.
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._release(turn.result())
            raise
        finally:
            if turn in self._waiting:
                self._waiting.remove(turn)

    def _release(self, worker: WorkerProcess) -> None:
        """Give an idle worker to the request that has waited longest; kill one that cannot take another request."""
        if not worker.is_idle:
            worker.kill()
        if worker not in self._workers or not worker.is_idle:
            return
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(worker)
                return
        self._idle.append(worker)

    async def _keep_worker(self) -> None:
        """Keep one worker running: start another whenever it ends."""
        while True:
            worker = await self._start_worker()
            self._workers.add(worker)
            self._release(worker)
            await worker.wait()
            self._workers.discard(worker)
            if worker in self._idle:
                self._idle.remove(worker)

    async def _start_worker(self) -> WorkerProcess:
        """Return a running worker. While none starts and none runs, the requests that wait fail."""
        pause_seconds = MIN_RESTART_SECONDS
        while True:
            try:
                worker = await WorkerProcess.start(self._settings.solve_memory_mib)
            except OSError as error:
                log.error("a worker did not start", extra={"record": f"{type(error).__name__}: {error}"})
                self._has_failed_to_start = True
                self._reject_waiting()
                await asyncio.sleep(pause_seconds)
                pause_seconds = min(2 * pause_seconds, MAX_RESTART_SECONDS)
            else:
                self._has_failed_to_start = False
                return worker

    def _reject_waiting(self) -> None:
        if self._workers:
            return
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_exception(ApiError(errors.UNAVAILABLE, _NO_WORKER, headers=RETRY_AFTER))

    def _run_in_background(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
