"""Whether a plan keeps the relations lives here: the rules between meetings that no path knows."""

from collections.abc import Callable, Mapping
from itertools import combinations, pairwise

from scheduler.intervals import Indices
from scheduler.planning.instance import Instance
from scheduler.planning.relating import Tie


def keeps(instance: Instance, tie: Tie, positions: Indices) -> bool:
    """Tell whether the relation holds when the meetings take these positions."""
    return _KEEPS[tie.kind](instance, tie, positions[list(tie.meetings)].tolist())


def _same_day(instance: Instance, _: Tie, positions: list[int]) -> bool:
    return len({int(instance.days[at]) for at in positions}) == 1


def _same_slot(instance: Instance, _: Tie, positions: list[int]) -> bool:
    return len({int(instance.starts[at]) for at in positions}) == 1


def _apart_days(instance: Instance, tie: Tie, positions: list[int]) -> bool:
    days = instance.days
    return all(abs(int(days[one]) - int(days[other])) >= tie.days for one, other in combinations(positions, 2))


def _before(instance: Instance, tie: Tie, positions: list[int]) -> bool:
    return all(
        instance.ends[one] <= instance.starts[other] and instance.days[other] - instance.days[one] >= tie.days
        for one, other in pairwise(positions)
    )


_KEEPS: Mapping[str, Callable[[Instance, Tie, list[int]], bool]] = {
    "same_day": _same_day,
    "same_slot": _same_slot,
    "apart_days": _apart_days,
    "before": _before,
}
