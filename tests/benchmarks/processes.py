"""Measurement of a run in a process of its own, with a time limit and the peak memory."""

import ctypes
import gc
import multiprocessing
import os
import resource
import statistics
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal, NamedTuple, NoReturn

from scheduler.planning.search_types import PlanResult
from tests.benchmarks.prepared import Prepared, warm_up

Goal = Literal["proof", "gap", "first", "history"]  # "history": the proof, with all plans and bounds on the way
GAP = 1e-4  # what the goal "gap" asks for
WARMING = 10.0  # seconds for the small problem
GRACE = 1.5  # an engine that overruns its seconds so many times is killed
OVERRUN = 2.0  # seconds after its limit when an engine with the goal "history" is stopped, its history kept


class Report(NamedTuple):
    """The value of an engine's best plan and its upper bound, in expected parties, after some seconds."""

    seconds: float
    value: float
    bound: float


@dataclass(frozen=True)
class Run:
    """How one engine fared: seconds to its goal, or to where it was stopped."""

    seconds: float
    is_done: bool
    gap: float | None  # of the last reported plan; None without a plan
    peak_mib: float  # of its process, the problem included
    own_mib: float  # of that, what came while it ran
    history: tuple[Report, ...] = ()  # only with the goal "history"

    @property
    def first_plan(self) -> float | None:
        """The seconds to the first plan; None without a plan."""
        return self.history[0].seconds if self.history else None

    def value_at(self, seconds: float) -> float | None:
        """Return the value of the best plan that was reported within ``seconds``; None without a plan."""
        return max((report.value for report in self.history if report.seconds <= seconds), default=None)


class Watch:
    """Looks at what an engine tells, and ends the process when the goal is reached."""

    def __init__(self, goal: Goal, send: Connection) -> None:
        self.goal = goal
        self._send = send
        self._gap: float | None = None
        self._history: list[Report] = []
        self._before = _peak_mib()
        self._begun = time.perf_counter()

    def start(self) -> None:
        self._history = []
        self._before, self._begun = _peak_mib(), time.perf_counter()

    @property
    def elapsed(self) -> float:
        return time.perf_counter() - self._begun

    def saw(self, value: float, bound: float) -> None:
        """Note a better plan or bound, in expected parties."""
        gap = self._note(value, bound)
        if self.goal == "first" or (self.goal == "gap" and gap <= GAP):
            self.leave(is_done=True)

    def _note(self, value: float, bound: float) -> float:
        self._gap = (bound - value) / max(abs(value), 1e-9)
        if self.goal == "history":
            self._history.append(Report(self.elapsed, value, bound))
        return self._gap

    def run(self, *, is_done: bool) -> Run:
        seconds = self.elapsed
        peak = _peak_mib()
        return Run(seconds, is_done, self._gap, peak, peak - self._before, tuple(self._history))

    def finish(self, found: PlanResult) -> Run:
        """Return the run of an engine that has ended by itself."""
        if found.value is not None and found.bound is not None:
            self._note(found.value, found.bound)
        is_near = self._gap is not None and (self.goal == "first" or (self.goal == "gap" and self._gap <= GAP))
        return self.run(is_done=is_near or found.status in ("optimal", "infeasible"))

    def leave(self, *, is_done: bool) -> NoReturn:
        """Send the result and end the process, together with its other threads."""
        self._send.send(self.run(is_done=is_done))
        os._exit(0)


Engine = Callable[[Prepared, float, Watch], PlanResult]  # within so many seconds


def measured(
    engine: Engine,
    county: Prepared,
    *,
    seconds: float,
    goal: Goal = "proof",
    repeats: int = 1,
    warming: Prepared | None = None,
) -> Run:
    """
    Return the run of ``engine`` on a problem, in a process of its own, after ``warming`` or a small county as warm-up.

    With ``repeats`` the run is repeated and its median duration returned, for runs of a fraction of a millisecond.
    """
    warming = warming or warm_up()
    sys.stdout.flush()  # otherwise the forked process prints the buffer again
    _tidy()
    gc.freeze()  # the collector should not walk through the problem while an engine is timed
    before = _memory_of(os.getpid(), "VmRSS")
    receive, send = multiprocessing.Pipe(duplex=False)
    arguments = (engine, county, warming, seconds, goal, repeats, send)
    worker = multiprocessing.get_context("fork").Process(target=_measure, args=arguments, daemon=True)
    worker.start()
    send.close()
    try:
        if receive.poll(WARMING + repeats * GRACE * seconds):
            run = receive.recv()
            assert isinstance(run, Run)
            return run
        peak = _memory_of(worker.pid, "VmHWM")
        return Run(repeats * GRACE * seconds, is_done=False, gap=None, peak_mib=peak, own_mib=max(0.0, peak - before))
    finally:
        worker.kill()
        worker.join()
        gc.unfreeze()


def _measure(
    engine: Engine,
    county: Prepared,
    warming: Prepared,
    seconds: float,
    goal: Goal,
    repeats: int,
    send: Connection,
) -> None:
    engine(warming, seconds, Watch("proof", send))
    watch = Watch(goal, send)
    # The process sends the history itself when time is up: a process that is killed would lose it.
    stop = threading.Timer(repeats * (seconds + OVERRUN), watch.leave, kwargs={"is_done": False})
    stop.daemon = True
    if goal == "history":
        stop.start()
    runs = []
    for _ in range(repeats):
        watch.start()
        runs.append(watch.finish(engine(county, seconds, watch)))
    stop.cancel()
    send.send(replace(runs[-1], seconds=statistics.median(run.seconds for run in runs)))


def _tidy() -> None:
    """Return free memory to the system, because a forked process would use it without an increase in its size."""
    gc.collect()
    libc = ctypes.CDLL(None)
    if hasattr(libc, "malloc_trim"):  # glibc alone keeps so much back
        libc.malloc_trim(0)


def _memory_of(process: int | None, what: str) -> float:
    """Return what a process has (VmRSS) or has had at most (VmHWM), in MiB; 0 on systems without /proc."""
    status = Path(f"/proc/{process}/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(what)), 0.0)


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
