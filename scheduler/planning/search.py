"""How a search is asked, and what it found, live here: the words that every planner shares."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from scheduler.intervals import IntArray

Plan = tuple[int, ...]  # a slot per meeting of the problem, by position in its candidates
Progress = Callable[[float, float], None]  # best objective and bound so far, in expected parties
UnitProgress = Callable[[int, int], None]  # the same in whole units


def monotone_progress(progress: Progress) -> Progress:
    """Return a teller that is silent until the best or the bound improves, and then tells the best of both so far."""
    best, bound = -math.inf, math.inf

    def tell(value: float, above: float) -> None:
        nonlocal best, bound
        if value > best or above < bound:
            best, bound = max(best, value), min(bound, above)
            progress(best, bound)

    return tell


@dataclass(frozen=True, slots=True)
class Cut:
    """A plan that the next one must differ from: by ``min_days`` days in at least ``min_moved`` meetings."""

    plan: Plan
    min_days: int
    min_moved: int


class Allowance:
    """What a question may still take: deterministic time, close to seconds on an idle machine; every search draws."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    @property
    def is_spent(self) -> bool:
        return self.seconds <= 0

    def draw(self, seconds: float) -> None:
        self.seconds -= seconds


@dataclass(frozen=True, slots=True)
class Search:
    """
    How to search: within what is left of the allowance, from this seed, telling somebody how it goes.

    Once ``is_cancelled`` says so, the search ends soon with the best that it has.
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
        """Return a search with this allowance; a `ValueError` says which option is outside its range."""
        if not 0 <= seed < 2**31:
            raise ValueError("seed must be from 0 to 2147483647")
        if not 0 < time_limit_seconds < math.inf:
            raise ValueError("time_limit_seconds must be above 0 and finite")
        return cls(Allowance(time_limit_seconds), seed, progress, is_cancelled)

    def without_progress(self) -> "Search":
        """Return the same search, telling nobody."""
        return replace(self, progress=None)

    @property
    def is_over(self) -> bool:
        """Whether to end with what there is."""
        return self.allowance.is_spent or (self.is_cancelled is not None and self.is_cancelled())


Outcome = Literal["optimal", "feasible", "infeasible", "unknown"]


@dataclass(frozen=True, slots=True)
class UnitResult:
    """What is known of some meetings: a position for each meeting, its worth and what none exceeds, in whole units."""

    status: Outcome
    positions: IntArray | None = None
    value: int | None = None
    bound: int | None = None


@dataclass(frozen=True, slots=True)
class PlanResult:
    """What a search ended with; ``value`` and ``bound`` in expected parties, the bound never below the optimum."""

    status: Outcome
    plan: Plan | None = None
    value: float | None = None
    bound: float | None = None
