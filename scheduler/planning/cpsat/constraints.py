"""The rules between meetings as CP-SAT constraints, a function each; candidates keep the rules about one slot."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations, pairwise

import numpy as np

from scheduler.planning.cpsat.variables import PlanVariables
from scheduler.problem import SpacingRange
from scheduler.rules.relation import MeetingRelation


def order_and_spacing(plan: PlanVariables) -> None:
    """Keep a council's meetings in the order of the list, with the fewest and the most days between them."""
    for meeting, following, (least, most) in _consecutive(plan):
        gap = plan.day(following) - plan.day(meeting)
        plan.model.add(gap >= least)
        if most is not None:
            plan.model.add(gap <= most)


def conflict_sets(plan: PlanVariables) -> None:
    """Take no more slots of a conflict set than its capacity."""
    sets = plan.instance.conflict_sets
    positions = plan.instance.first[sets.meeting] + sets.slot

    # Only slots that are still candidates have a variable.
    is_open = np.zeros(len(plan.instance.gains), dtype=np.bool_)
    is_open[list(plan.selected)] = True
    kept = is_open[positions]
    row, positions = sets.row[kept], positions[kept]

    starts = np.flatnonzero(np.diff(row, prepend=-1)).tolist()
    for start, end in pairwise([*starts, len(row)]):
        capacity = int(sets.capacity[row[start]])
        if end - start <= capacity:
            continue  # too few slots are left to exceed the capacity
        literals = [plan.selected[position] for position in positions[start:end].tolist()]
        if capacity == 1:
            # at-most-one propagates and is merged into cliques; a linear sum is not.
            plan.model.add_at_most_one(literals)
        else:
            plan.model.add(sum(literals) <= capacity)


def relation(plan: PlanVariables) -> None:
    """Keep every relation between the plan's meetings."""
    planned = set(plan.meetings)
    for meeting_relation in plan.instance.relations:
        if planned.issuperset(meeting_relation.meetings):
            _RELATIONS[meeting_relation.kind](plan, meeting_relation)


def same_day(plan: PlanVariables, relation: MeetingRelation) -> None:
    """Require all meetings of the relation to be on the same day."""
    for meeting, other in pairwise(relation.meetings):
        plan.model.add(plan.day(meeting) == plan.day(other))


def same_slot(plan: PlanVariables, relation: MeetingRelation) -> None:
    """Require all meetings of the relation to start at the same instant."""
    for meeting, other in pairwise(relation.meetings):
        plan.model.add(plan.start(meeting) == plan.start(other))


def apart_days(plan: PlanVariables, relation: MeetingRelation) -> None:
    """Require at least ``relation.days`` days between every two meetings."""
    for meeting, other in combinations(relation.meetings, 2):
        is_later = plan.model.new_bool_var("")
        plan.model.add(plan.day(meeting) - plan.day(other) >= relation.days).only_enforce_if(is_later)
        plan.model.add(plan.day(other) - plan.day(meeting) >= relation.days).only_enforce_if(~is_later)


def before(plan: PlanVariables, relation: MeetingRelation) -> None:
    """Require each meeting to start after the previous meeting ends, and at least ``relation.days`` days later."""
    for meeting, following in pairwise(relation.meetings):
        duration = 60 * plan.instance.problem.meetings[meeting].duration_minutes
        plan.model.add(plan.start(meeting) + duration <= plan.start(following))
        if relation.days:
            plan.model.add(plan.day(following) - plan.day(meeting) >= relation.days)


_RELATIONS: Mapping[str, Callable[[PlanVariables, MeetingRelation], None]] = {
    "same_day": same_day,
    "same_slot": same_slot,
    "apart_days": apart_days,
    "before": before,
}
CONSTRAINTS = (order_and_spacing, conflict_sets, relation)


def _consecutive(plan: PlanVariables) -> Iterable[tuple[int, int, SpacingRange]]:
    """Yield every two consecutive meetings of a council, of those that are planned, and the days between them."""
    planned = set(plan.meetings)
    for _, meetings in plan.instance.meetings_by_council:
        indices = [index for index, meeting in enumerate(meetings) if meeting in planned]
        for index, following in pairwise(indices):
            # Where meetings between them are not planned, the limits of all steps add up.
            steps = [plan.instance.spacing[meeting] for meeting in meetings[index:following]]
            yield meetings[index], meetings[following], _sum_of(steps)


def _sum_of(steps: Sequence[SpacingRange]) -> SpacingRange:
    least = sum(step.least for step in steps)
    longest = [step.most for step in steps if step.most is not None]
    return SpacingRange(least, sum(longest) if len(longest) == len(steps) else None)
