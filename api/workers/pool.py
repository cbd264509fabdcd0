"""Who keeps the children: so many at once, a short queue, one killed when its caller goes, another warmed instead."""

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path

from api import errors
from api.errors import Refusal
from api.settings import Settings
from api.workers.handler import TOO_HARD
from api.workers.protocol import LENGTHS, Answer, Question, question_message

ROOT = Path(__file__).parents[2]
MAX_QUESTIONS = 200  # before a child retires: whatever it may have leaked goes with it
PATIENCE_SECONDS = 60  # beyond three times the time limit, before a child is given up
PAUSE_SECONDS = 1.0  # before another child is started where one would not
RETRY_AFTER = {"Retry-After": "5"}

_BUSY = "The service is working on as much as it can; try again in a few seconds."
_DIED = "The process that worked on it ended; try again."
_ENDLESS = "The problem could not be worked out in time; plan fewer meetings at a time or narrow windows."

# how a child ends that asked for more than its bounds: by the processor's clock, or by C++ that got no memory
_OVER_BOUNDS = (
    {-signal.SIGXCPU: _ENDLESS, -signal.SIGABRT: TOO_HARD, -signal.SIGSEGV: TOO_HARD} if sys.platform != "win32" else {}
)


log = logging.getLogger("tretton.solving")


class ChildDied(Exception):
    """A child ended in the middle of a question, by no fault of the question as far as can be told."""


class Child:
    """One process that answers questions in turn."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.num_answered = 0

    @classmethod
    async def start(cls, memory_mib: int) -> "Child":
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "api.workers.worker", str(memory_mib)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=environment,
        )
        child = cls(process)
        try:
            await child._receive()
        except BaseException:
            await child.end()
            raise
        return child

    @property
    def pid(self) -> int:
        return self._process.pid

    async def ask(self, question: Question, body: bytes) -> Answer:
        """Return the answer; raise :class:`ChildDied` or a refusal when the process ends before it."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(question_message(question, body))
            await self._process.stdin.drain()
            reply = await self._receive()
        except (asyncio.IncompleteReadError, ConnectionError):
            why = _OVER_BOUNDS.get(await self._process.wait())
            if why is not None:
                raise Refusal(errors.TOO_HARD, why) from None
            raise ChildDied from None
        self.num_answered += 1
        return reply

    async def _receive(self) -> Answer:
        assert self._process.stdout is not None
        head_length, body_length = LENGTHS.unpack(await self._process.stdout.readexactly(LENGTHS.size))
        head = json.loads(await self._process.stdout.readexactly(head_length))
        return Answer(head["status"], head["media_type"], await self._process.stdout.readexactly(body_length))

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def end(self) -> None:
        """Kill the process and wait until it is gone."""
        self.kill()
        await self._process.wait()


class Pool:
    """A few warm children, and those who wait for one."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._idle: asyncio.Queue[Child] = asyncio.Queue()
        self._children: set[Child] = set()
        self._warming: set[asyncio.Task[None]] = set()
        self._num_waiting = 0

    def start(self) -> None:
        """Begin to warm the children; whoever asks before they are waits for one."""
        for _ in range(self._settings.max_solves):
            self._in_background(self._warm())

    async def stop(self) -> None:
        """End every child; what they were asked is not answered."""
        for task in self._warming:
            task.cancel()
        await asyncio.gather(*self._warming, return_exceptions=True)
        await asyncio.gather(*(child.end() for child in self._children), return_exceptions=True)

    @property
    def pids(self) -> set[int]:
        """The children's process ids."""
        return {child.pid for child in self._children}

    async def answer(self, question: Question, body: bytes) -> Answer:
        """
        Return the answer to a question; cancelling the call kills the child that works on it.

        Raises
        ------
        Refusal
            429 when too many wait, 422 when it is over a child's bounds, 503 when two children died on it.
        """
        for _ in range(2):
            try:
                return await self._try(question, body)
            except ChildDied:
                continue  # once more with another child: the first may have been killed from outside
        raise Refusal(errors.UNAVAILABLE, _DIED, headers=RETRY_AFTER)

    async def _try(self, question: Question, body: bytes) -> Answer:
        child = await self._free_child()
        is_well = False
        try:
            async with asyncio.timeout(3 * question.time_limit_seconds + PATIENCE_SECONDS):
                reply = await child.ask(question, body)
            is_well = child.num_answered < MAX_QUESTIONS
        except TimeoutError:
            raise Refusal(errors.TOO_HARD, _ENDLESS) from None
        finally:
            if is_well:
                self._idle.put_nowait(child)
            else:
                self._replace(child)
        return reply

    async def _free_child(self) -> Child:
        if self._idle.empty() and self._num_waiting >= self._settings.max_waiting:
            raise Refusal(errors.BUSY, _BUSY, headers=RETRY_AFTER)
        self._num_waiting += 1
        try:
            return await self._idle.get()
        finally:
            self._num_waiting -= 1

    def _replace(self, child: Child) -> None:
        child.kill()
        self._children.discard(child)
        self._in_background(self._bury_and_warm(child))

    async def _bury_and_warm(self, child: Child) -> None:
        await child.end()
        await self._warm()

    async def _warm(self) -> None:
        while True:
            try:
                child = await Child.start(self._settings.solve_memory_mib)
            except (asyncio.IncompleteReadError, OSError):
                log.warning("a child ended before it was warm; another is started")
                await asyncio.sleep(PAUSE_SECONDS)
            else:
                self._children.add(child)
                self._idle.put_nowait(child)
                return

    def _in_background(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._warming.add(task)
        task.add_done_callback(self._warming.discard)
