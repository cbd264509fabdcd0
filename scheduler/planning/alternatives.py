"""Further plans: each is the best that differs enough from all plans before it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from scheduler.options import PlanOptions
from scheduler.planning.instance import Instance
from scheduler.planning.optimum import optimum
from scheduler.planning.search_types import Cut, Plan, PlanResult, Search
from scheduler.problem import Problem

FindPlan = Callable[[Instance, Search, Sequence[Cut]], PlanResult]  # the best plan that keeps all cuts

A_WEEK = 7
DAYS_OF_HORIZON = 8  # for each day of difference: below eight weeks, a whole week could leave no other plan


class LimitReached(Exception):
    """The allowance was spent before it was known whether there is a further plan."""


@dataclass(frozen=True, slots=True)
class Difference:
    """By how many days two proposals differ, in at least how many meetings; 0 days: another start differs, too."""

    min_days: int
    min_moved: int

    @classmethod
    def of(cls, problem: Problem, options: PlanOptions) -> "Difference":
        """Return the difference that the options state, or the default for the problem."""
        min_days = options.min_days
        if min_days is None:
            horizon = problem.horizon
            num_days = (horizon.end - horizon.start).days + 1
            min_days = max(1, min(A_WEEK, num_days // DAYS_OF_HORIZON))
        min_moved = options.min_moved
        if min_moved is None:
            num_free = sum(problem.fixed_start(meeting) is None for meeting in problem.meetings)
            min_moved = max(1, -(-num_free // 4))  # a quarter, rounded up
        return cls(min_days, min_moved)


def further_plans(
    instance: Instance,
    best: Plan,
    search: Search,
    difference: Difference,
    find_plan: FindPlan = optimum,
) -> Iterator[Plan]:
    """
    Yield plans that differ from ``best`` and from each other, as long as there are any and nobody cancels the search.

    Parameters
    ----------
    difference
        Between every plan and all plans before it.
    find_plan
        Finds the best plan that keeps all cuts.

    Raises
    ------
    LimitReached
        When the search has no time left and finds no plan. While it finds plans at once, these are still yielded.
    """
    cuts = [Cut(best, difference.min_days, difference.min_moved)]
    while search.is_cancelled is None or not search.is_cancelled():
        result = find_plan(instance, search, cuts)
        if result.plan is None:
            if result.status == "unknown" and search.allowance.is_spent:
                raise LimitReached
            return
        yield result.plan
        cuts.append(Cut(result.plan, difference.min_days, difference.min_moved))
