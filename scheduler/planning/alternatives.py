"""Further plans: each is the best that differs enough from all plans before it."""

from collections.abc import Callable, Iterator, Sequence

from scheduler.planning.instance import Instance
from scheduler.planning.optimum import optimum
from scheduler.planning.search_types import Cut, Plan, PlanResult, Search

FindPlan = Callable[[Instance, Search, Sequence[Cut]], PlanResult]  # the best plan that keeps all cuts


def further_plans(
    instance: Instance,
    best: Plan,
    search: Search,
    *,
    min_days: int,
    min_moved: int,
    find_plan: FindPlan = optimum,
) -> Iterator[Plan]:
    """
    Yield plans that differ from ``best`` and from each other, as long as there are any and nobody cancels the search.

    Parameters
    ----------
    min_days, min_moved
        A plan moves at least ``min_moved`` meetings by at least ``min_days`` days against every plan before it.
    find_plan
        Finds the best plan that keeps all cuts.
    """
    cuts = [Cut(best, min_days, min_moved)]
    while search.is_cancelled is None or not search.is_cancelled():
        result = find_plan(instance, search, cuts)
        if result.plan is None:
            return
        yield result.plan
        cuts.append(Cut(result.plan, min_days, min_moved))
