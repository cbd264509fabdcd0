"""Who takes questions of why: each kind goes to the one who answers it, within its time."""

from collections.abc import Callable
from typing import get_args

from scheduler.explaining.baselines.compare import habit
from scheduler.explaining.event_values import clashes
from scheduler.explaining.explanation import Explanation, Kind
from scheduler.explaining.heatmap import heatmap
from scheduler.explaining.infeasibility import conflicts
from scheduler.explaining.information_value import asking
from scheduler.options import DEFAULT_TIME_LIMIT_SECONDS
from scheduler.planning.search import Search
from scheduler.problem import Problem

_ANSWERED_BY: dict[Kind, Callable[[Problem, Search], Explanation]] = {
    "heatmap": heatmap,
    "clashes": clashes,
    "asking": asking,
    "conflicts": conflicts,
    "habit": habit,
}


def explain(
    problem: Problem,
    kind: Kind,
    *,
    seed: int = 0,
    time_limit_seconds: float = DEFAULT_TIME_LIMIT_SECONDS,
    is_cancelled: Callable[[], bool] | None = None,
) -> Explanation:
    """
    Return why the best plan is as it is, or why there is none.

    Parameters
    ----------
    kind
        ``heatmap``: what another date would cost; ``clashes``: which event is worth moving; ``asking``: whose
        calendar is worth knowing; ``conflicts``: why nothing fits; or ``habit``: what today's ways would give.
    time_limit_seconds
        Deterministic time for all searching, close to seconds on an idle machine.
    is_cancelled
        Asked now and then; once it says so, what is known by then is returned, soon.

    Raises
    ------
    ValueError
        When an option is outside its range.
    """
    if kind not in _ANSWERED_BY:
        raise ValueError(f"kind must be one of {', '.join(get_args(Kind))}")
    return _ANSWERED_BY[kind](problem, Search.within(time_limit_seconds, seed, is_cancelled=is_cancelled))
