"""The rules between meetings live here, one function each; rules about one slot are in its candidates already."""

from collections.abc import Callable, Iterable, Mapping
from itertools import combinations, pairwise

import numpy as np

from scheduler.planning.cpsat.variables import PlanVariables
from scheduler.planning.relations import MeetingRelation


def order(plan: PlanVariables) -> None:
    """Keep a council's meetings in the order of the list, at most one a day."""
    for one, following in _consecutive(plan):
        plan.model.add(plan.day(following) - plan.day(one) >= 1)


def spacing(plan: PlanVariables) -> None:
    """Keep consecutive meetings of a council apart, and not too far."""
    problem = plan.instance.problem
    for one, following in _consecutive(plan):
        limits = problem.councils_by_id[problem.meetings[one].council].spacing_days
        if limits is not None and limits.min is not None:
            plan.model.add(plan.day(following) - plan.day(one) >= limits.min)
        if limits is not None and limits.max is not None:
            plan.model.add(plan.day(following) - plan.day(one) <= limits.max)


def conflict_sets(plan: PlanVariables) -> None:
    """Let nobody be in two places at once, and hold no more meetings at once at a venue than it has rooms."""
    shared = plan.instance.conflict_sets
    positions = plan.instance.first[shared.meeting] + shared.slot
    is_open = np.zeros(len(plan.instance.gains), dtype=np.bool_)
    is_open[list(plan.selected)] = True
    kept = is_open[positions]
    row, positions = shared.row[kept], positions[kept]
    for start, end in pairwise([*np.flatnonzero(np.diff(row, prepend=-1)).tolist(), len(row)]):
        capacity = int(shared.capacity[row[start]])
        if end - start <= capacity:
            continue
        literals = [plan.selected[at] for at in positions[start:end].tolist()]
        if capacity == 1:
            plan.model.add_at_most_one(literals)
        else:
            plan.model.add(sum(literals) <= capacity)


def relation(plan: PlanVariables) -> None:
    """Keep every relation that the problem names between the plan's meetings."""
    planned = set(plan.meetings)
    for tie in plan.instance.relations:
        if planned.issuperset(tie.meetings):
            _RELATIONS[tie.kind](plan, tie)


def same_day(plan: PlanVariables, tie: MeetingRelation) -> None:
    """Hold them all on one day."""
    for one, other in pairwise(tie.meetings):
        plan.model.add(plan.day(one) == plan.day(other))


def same_slot(plan: PlanVariables, tie: MeetingRelation) -> None:
    """Let them all start at one moment."""
    for one, other in pairwise(tie.meetings):
        plan.model.add(plan.start(one) == plan.start(other))


def apart_days(plan: PlanVariables, tie: MeetingRelation) -> None:
    """Part every two of them by so many days."""
    for one, other in combinations(tie.meetings, 2):
        is_later = plan.model.new_bool_var("")
        plan.model.add(plan.day(one) - plan.day(other) >= tie.days).only_enforce_if(is_later)
        plan.model.add(plan.day(other) - plan.day(one) >= tie.days).only_enforce_if(~is_later)


def before(plan: PlanVariables, tie: MeetingRelation) -> None:
    """Hold each after the one before it has ended, and so many days later."""
    for one, other in pairwise(tie.meetings):
        duration = 60 * plan.instance.problem.meetings[one].duration_minutes
        plan.model.add(plan.start(one) + duration <= plan.start(other))
        if tie.days:
            plan.model.add(plan.day(other) - plan.day(one) >= tie.days)


_RELATIONS: Mapping[str, Callable[[PlanVariables, MeetingRelation], None]] = {
    "same_day": same_day,
    "same_slot": same_slot,
    "apart_days": apart_days,
    "before": before,
}
RULES = (order, spacing, conflict_sets, relation)


def _consecutive(plan: PlanVariables) -> Iterable[tuple[int, int]]:
    planned = set(plan.meetings)
    for _, meetings in plan.instance.meetings_by_council:
        yield from pairwise(at for at in meetings if at in planned)
