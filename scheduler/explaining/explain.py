"""`explain`, the public function of this package: dispatch each kind of explanation to its function."""

from collections.abc import Callable
from typing import Literal, TypedDict, Unpack, get_args, overload

from scheduler.explaining.baselines.compare import habit
from scheduler.explaining.event_values import clashes
from scheduler.explaining.explanation import (
    Asking,
    Clashes,
    Conflicts,
    Explanation,
    ExplanationKind,
    Habits,
    Heatmap,
)
from scheduler.explaining.heatmap import heatmap
from scheduler.explaining.infeasibility import conflicts
from scheduler.explaining.information_value import asking
from scheduler.options import DEFAULT_TIME_LIMIT_SECONDS
from scheduler.planning.search_types import Search
from scheduler.problem import Problem

_EXPLAINERS: dict[str, Callable[[Problem, Search], Explanation]] = {
    "heatmap": heatmap,
    "clashes": clashes,
    "asking": asking,
    "conflicts": conflicts,
    "habit": habit,
}


class Effort(TypedDict, total=False):
    """The keyword arguments of every kind of explanation; see `explain`."""

    seed: int
    time_limit_seconds: float
    is_cancelled: Callable[[], bool] | None


@overload
def explain(problem: Problem, kind: Literal["heatmap"], **effort: Unpack[Effort]) -> Heatmap: ...


@overload
def explain(problem: Problem, kind: Literal["clashes"], **effort: Unpack[Effort]) -> Clashes: ...


@overload
def explain(problem: Problem, kind: Literal["asking"], **effort: Unpack[Effort]) -> Asking: ...


@overload
def explain(problem: Problem, kind: Literal["conflicts"], **effort: Unpack[Effort]) -> Conflicts: ...


@overload
def explain(problem: Problem, kind: Literal["habit"], **effort: Unpack[Effort]) -> Habits: ...


@overload
def explain(problem: Problem, kind: ExplanationKind | str, **effort: Unpack[Effort]) -> Explanation: ...


def explain(
    problem: Problem,
    kind: ExplanationKind | str,
    *,
    seed: int = 0,
    time_limit_seconds: float = DEFAULT_TIME_LIMIT_SECONDS,
    is_cancelled: Callable[[], bool] | None = None,
) -> Explanation:
    """
    Explain the best plan, or why no plan exists.

    Parameters
    ----------
    kind
        ``heatmap``: the cost of each other date; ``clashes``: the value of moving each event; ``asking``: the value
        of knowing each unknown calendar; ``conflicts``: the rules that cannot hold together; ``habit``: the plans
        that today's ways of choosing dates lead to.
    seed
        Seed of all random numbers, from 0 to 2147483647.
    time_limit_seconds
        Deterministic time of all searches together, close to seconds on an idle machine.
    is_cancelled
        Polled during the search. When it returns true, the result so far is returned soon.

    Raises
    ------
    ValueError
        When an option is outside its range.
    """
    if kind not in _EXPLAINERS:
        raise ValueError(f"kind must be one of {', '.join(get_args(ExplanationKind))}")
    search = Search.within(time_limit_seconds, seed, is_cancelled=is_cancelled)
    explainer = _EXPLAINERS[kind]
    return explainer(problem, search)
