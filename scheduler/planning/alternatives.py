"""Who finds other good plans: each the best that differs enough from all before it."""

from collections.abc import Callable, Iterator, Sequence

from scheduler.planning.instance import Instance
from scheduler.planning.optimum import optimum
from scheduler.planning.search import Cut, Plan, PlanResult, Search

Find = Callable[[Instance, Search, Sequence[Cut]], PlanResult]


def alternatives(
    instance: Instance,
    best: Plan,
    search: Search,
    *,
    min_days: int,
    min_moved: int,
    find: Find = optimum,
) -> Iterator[Plan]:
    """
    Yield plans beside ``best``, as long as there are any: each moves ``min_moved`` meetings by ``min_days``.

    ``find`` says which plan that obeys all cuts comes next.
    """
    cuts = [Cut(best, min_days, min_moved)]
    while True:
        found = find(instance, search, cuts)
        if found.plan is None:
            return
        yield found.plan
        cuts.append(Cut(found.plan, min_days, min_moved))
