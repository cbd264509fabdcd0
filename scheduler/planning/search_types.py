"""Parameters and results that all search methods share: allowance, search options, cuts, plans and their bounds."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from scheduler.intervals import IntArray
from scheduler.options import check_effort

Plan = tuple[int, ...]  # the slot of each meeting of the problem, as an index into the meeting's candidates
Progress = Callable[[float, float], None]  # best objective and bound so far, in expected parties
SPARE_SHARE = 0.25  # of the limit, before the guard ends a search
MIN_SPARE_SECONDS = 10.0

UnitProgress = Callable[[int | None, int], None]  # best objective, if any, and bound of one model, in units


def monotone_progress(progress: Progress) -> Progress:
    """Wrap ``progress`` so that it is called only on improvement, with the best value and the best bound so far."""
    best = -math.inf
    lowest_bound = math.inf

    def report(value: float, bound: float) -> None:
        nonlocal best, lowest_bound
        if value <= best and bound >= lowest_bound:
            return
        best = max(best, value)
        lowest_bound = min(lowest_bound, bound)
        progress(best, lowest_bound)

    return report


@dataclass(frozen=True, slots=True)
class Cut:
    """
    A plan from which further plans must differ by ``min_days`` days in at least ``min_moved`` meetings.

    With 0 days, another start of the same day differs, too.
    """

    plan: Plan
    min_days: int
    min_moved: int


class ProcessorGuard:
    """
    The processor time that CP-SAT may still take in one call, a guard behind the deterministic limit.

    Processor time of other processes does not count, so that load does not change an answer. The guard ends a search
    only where CP-SAT's deterministic time states much less work than was done.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    @classmethod
    def behind(cls, limit_seconds: float) -> "ProcessorGuard":
        """Return the guard of a deterministic limit: a quarter above it, and 10 s above a short one."""
        spare_seconds = max(SPARE_SHARE * limit_seconds, MIN_SPARE_SECONDS)
        return cls(limit_seconds + spare_seconds)

    @property
    def is_spent(self) -> bool:
        return self.seconds <= 0

    def draw(self, seconds: float) -> None:
        """Subtract the processor time that a search has used."""
        self.seconds -= seconds


class Allowance:
    """
    The deterministic time that is left, shared by all searches of one call.

    Deterministic time counts work, in units close to seconds on an idle machine. A run gives the same result on a
    loaded machine, unlike one that is limited by the wall clock.
    """

    def __init__(self, seconds: float, guard: ProcessorGuard | None = None) -> None:
        self.seconds = seconds
        self.guard = guard or ProcessorGuard.behind(seconds)

    @property
    def is_spent(self) -> bool:
        return self.seconds <= 0 or self.guard.is_spent

    def draw(self, seconds: float) -> None:
        """Subtract the time that a search has used."""
        self.seconds -= seconds

    def copy(self) -> "Allowance":
        """Return an allowance of the same time, behind a guard of its own, for a search in another thread."""
        return Allowance(self.seconds, ProcessorGuard(self.guard.seconds))

    def part(self, share: float) -> "Allowance":
        """Return a share of the time that is left as an allowance of its own, behind the same guard."""
        return Allowance(share * self.seconds, self.guard)


@dataclass(frozen=True, slots=True)
class Search:
    """
    Options of a search.

    Parameters
    ----------
    allowance
        The deterministic time that is left. It is shared: every search draws from it.
    seed
        Seed of all random numbers, from 0 to 2147483647.
    progress
        Called with the best objective and bound, in expected parties, of all meetings together.
    is_cancelled
        Polled during the search. When it returns true, the search returns its best result soon.
    """

    allowance: Allowance = field(default_factory=lambda: Allowance(60.0))
    seed: int = 0
    progress: Progress | None = None
    is_cancelled: Callable[[], bool] | None = None

    @classmethod
    def within(
        cls,
        time_limit_seconds: float,
        seed: int,
        progress: Progress | None = None,
        is_cancelled: Callable[[], bool] | None = None,
    ) -> "Search":
        """
        Validate the options and return a search with a new allowance.

        Raises
        ------
        ValueError
            When ``seed`` or ``time_limit_seconds`` is outside its range.
        """
        check_effort(seed, time_limit_seconds)
        return cls(Allowance(time_limit_seconds), seed, progress, is_cancelled)

    def without_progress(self) -> "Search":
        """Return the same search, with the same allowance, that reports no progress."""
        return replace(self, progress=None)

    @property
    def is_over(self) -> bool:
        """Whether the allowance is spent or the search is cancelled."""
        if self.allowance.is_spent:
            return True
        return self.is_cancelled is not None and self.is_cancelled()


SearchStatus = Literal["optimal", "feasible", "infeasible", "unknown"]


@dataclass(frozen=True, slots=True)
class UnitResult:
    """
    The result of a search over all or some meetings, in integer units.

    ``positions`` has shape ``(meetings,)``, and `UNASSIGNED` for meetings that were not searched. No plan has a value
    above ``bound``.
    """

    status: SearchStatus
    positions: IntArray | None = None
    value: int | None = None
    bound: int | None = None

    @property
    def is_conclusive(self) -> bool:
        """Whether the plan is proven optimal, or that there is none."""
        return self.status in ("optimal", "infeasible")


@dataclass(frozen=True, slots=True)
class PlanResult:
    """The result of a search over all meetings. ``value`` and ``bound`` are in expected parties, rounding included."""

    status: SearchStatus
    plan: Plan | None = None
    value: float | None = None
    bound: float | None = None
