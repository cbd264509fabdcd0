"""How a search is asked, and what it found, live here: the words that every planner shares."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

Plan = tuple[int, ...]  # a slot per meeting of the problem, by position in its candidates
Progress = Callable[[float, float], None]  # best objective and bound so far, in expected parties


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
    """How to search: within what is left of the allowance, from this seed, telling somebody how it goes."""

    allowance: Allowance = field(default_factory=lambda: Allowance(60.0))
    seed: int = 0
    progress: Progress | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a search ended with; ``value`` and ``bound`` in expected parties, the bound never below the optimum."""

    status: Literal["optimal", "feasible", "infeasible", "unknown"]
    plan: Plan | None = None
    value: float | None = None
    bound: float | None = None
