"""How a search is asked, and what it found, live here: the words that every planner shares."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Plan = tuple[int, ...]  # a slot per meeting of the problem, by position in its candidates
Progress = Callable[[float, float], None]  # best objective and bound so far, in expected parties


@dataclass(frozen=True, slots=True)
class Cut:
    """A plan that the next one must differ from: by ``min_days`` days in at least ``min_moved`` meetings."""

    plan: Plan
    min_days: int
    min_moved: int


@dataclass(frozen=True, slots=True)
class Search:
    """How to search: ``time_limit_seconds`` is deterministic time, close to seconds on an idle machine."""

    time_limit_seconds: float = 60.0
    seed: int = 0
    progress: Progress | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a search ended with; ``value`` and ``bound`` in expected parties, the bound never below the optimum."""

    status: Literal["optimal", "feasible", "infeasible", "unknown"]
    plan: Plan | None = None
    value: float | None = None
    bound: float | None = None
