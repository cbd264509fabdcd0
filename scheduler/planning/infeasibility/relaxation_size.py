"""Find the smallest loosening of each rule that permits a plan."""

from bisect import bisect_left
from collections.abc import Callable, Sequence

from scheduler.problem import Problem
from scheduler.proposal import Loosened, RuleInstance
from scheduler.rules import RULES, PlannedSlots


def just_enough(plan: PlannedSlots, instance: RuleInstance) -> Loosened:
    """Return a rule loosened just enough for a plan; dropped where it has no limit, or where no limit helps."""
    loosening = RULES[instance.rule].loosening
    to = None if loosening is None else loosening.measure(plan, instance)
    identity = instance.model_dump()
    if to is None:
        return Loosened(**identity, change="drop")
    return Loosened(**identity, change="loosen", to=to)


def least_changes(
    problem: Problem,
    changes: Sequence[Loosened],
    is_enough: Callable[[Sequence[Loosened]], bool],
) -> list[Loosened]:
    """
    Return the smallest changes that are enough, reduced in turn.

    Parameters
    ----------
    problem
        The problem as it is stated.
    changes
        Changes that are enough.
    is_enough
        Tell whether some changes are enough. Greater changes than those that are enough have to be enough.
    """
    smallest = list(changes)
    for index in range(len(smallest)):
        smallest[index] = _smallest(problem, smallest, index, is_enough)
    return smallest


def _smallest(
    problem: Problem,
    changes: Sequence[Loosened],
    index: int,
    is_enough: Callable[[Sequence[Loosened]], bool],
) -> Loosened:
    """Return the smallest size of a change with which all changes are enough."""
    change = changes[index]
    loosening = RULES[change.rule].loosening
    if change.change == "drop" or loosening is None:
        return change

    def suffices(to: object) -> bool:
        smaller = change.model_copy(update={"to": to})
        return is_enough([*changes[:index], smaller, *changes[index + 1 :]])

    # Bisection is valid because the steps loosen the rule monotonically; the last step is known to be enough.
    steps = loosening.steps(problem, change, change.to)
    if not steps:
        return change  # the plan keeps the stated limit
    enough = bisect_left(steps, True, hi=len(steps) - 1, key=suffices)
    return change.model_copy(update={"to": steps[enough]})
