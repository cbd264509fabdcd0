"""Options of the planner: objective, alternatives, costs and effort."""

import math
from dataclasses import dataclass
from typing import TypedDict

from scheduler.proposal import Objective

DEFAULT_TIME_LIMIT_SECONDS = 60.0
MAX_MOVE_COST = 1e6  # expected parties: far more than a meeting has
MAX_SEED = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOptions:
    """
    Options of `propose`.

    Parameters
    ----------
    objective
        ``attendance``; ``fair``: among plans that give up little attendance, the worst-represented party first; or
        ``repair``: attendance less the cost of moves from the ``published`` plan, in which meetings whose notice was
        due are pinned.
    give_up
        The share of the greatest attendance that a fair plan may lose, from 0 to 1.
    move_cost
        The cost of moving a published meeting, in expected parties, from 0 to 1,000,000.
    alternatives
        The number of proposals, the best one included, 1 or more.
    min_days, min_moved
        A further proposal differs from all before it by ``min_days`` days, 0 or more, in at least ``min_moved``
        meetings, 1 or more. With 0 days, another hour of the same day differs as well. None: by 7 days, or an eighth
        of a horizon below eight weeks, rounded down but at least 1; in a quarter of the meetings that are neither
        pinned nor held, rounded up.
    seed
        The seed of the search, from 0 to 2,147,483,647.
    time_limit_seconds
        Deterministic time for all searching, above 0: at most about as many seconds on an idle machine.

    Raises
    ------
    ValueError
        If an option is outside its range.
    """

    objective: Objective = "attendance"
    give_up: float = 0.001
    move_cost: float = 0.25
    alternatives: int = 3
    min_days: int | None = None
    min_moved: int | None = None
    seed: int = 0
    time_limit_seconds: float = DEFAULT_TIME_LIMIT_SECONDS

    def __post_init__(self) -> None:
        if self.objective not in ("attendance", "fair", "repair"):
            raise ValueError("objective must be attendance, fair or repair")
        if not 0 <= self.give_up <= 1:
            raise ValueError("give_up must be from 0 to 1")
        if not 0 <= self.move_cost <= MAX_MOVE_COST:
            raise ValueError(f"move_cost must be from 0 to {MAX_MOVE_COST:.0f}")
        if min(self.alternatives, 1 if self.min_moved is None else self.min_moved) < 1:
            raise ValueError("alternatives and min_moved must be 1 or more")
        if self.min_days is not None and self.min_days < 0:
            raise ValueError("min_days must be 0 or more")
        check_effort(self.seed, self.time_limit_seconds)


class PlanChoices(TypedDict, total=False):
    """The fields of `PlanOptions` as keyword arguments."""

    objective: Objective
    give_up: float
    move_cost: float
    alternatives: int
    min_days: int | None
    min_moved: int | None
    seed: int
    time_limit_seconds: float


def check_effort(seed: int, time_limit_seconds: float) -> None:
    """Raise a `ValueError` when the seed or the time limit is outside its range."""
    if not 0 <= seed <= MAX_SEED:
        raise ValueError(f"seed must be from 0 to {MAX_SEED}")
    if not 0 < time_limit_seconds < math.inf:
        raise ValueError("time_limit_seconds must be above 0 and finite")
