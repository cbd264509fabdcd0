"""The rules between meetings live here, one function each; rules about one slot are in its candidates already."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations, pairwise

from scheduler.planning.cpsat.variables import PlanVariables
from scheduler.planning.sharing import Exclusion, people_exclusions, room_exclusions
from scheduler.problem import Problem, Relation


def order(plan: PlanVariables, problem: Problem) -> None:
    """Keep a council's meetings in the order of the list, at most one a day."""
    for one, following in _consecutive(problem):
        plan.model.add(plan.day(following) - plan.day(one) >= 1)


def spacing(plan: PlanVariables, problem: Problem) -> None:
    """Keep consecutive meetings of a council apart, and not too far."""
    for one, following in _consecutive(problem):
        limits = problem.councils_by_id[problem.meetings[one].council].spacing_days
        if limits is not None and limits.min is not None:
            plan.model.add(plan.day(following) - plan.day(one) >= limits.min)
        if limits is not None and limits.max is not None:
            plan.model.add(plan.day(following) - plan.day(one) <= limits.max)


def nobody_in_two_places(plan: PlanVariables, problem: Problem) -> None:
    """Let no member and no required person be in two meetings at once, the way between them included."""
    _exclude(plan, people_exclusions(problem, plan.choices))


def rooms(plan: PlanVariables, problem: Problem) -> None:
    """Hold no more meetings at once at a venue than it has rooms."""
    _exclude(plan, room_exclusions(problem, plan.choices))


def relation(plan: PlanVariables, problem: Problem) -> None:
    """Keep every relation that the problem names."""
    position = {meeting.id: at for at, meeting in enumerate(problem.meetings)}
    for one in problem.relations:
        _RELATIONS[one.kind](plan, one, [position[meeting] for meeting in one.meetings])


def same_day(plan: PlanVariables, _: Relation, meetings: Sequence[int]) -> None:
    """Hold them all on one day."""
    for one, other in pairwise(meetings):
        plan.model.add(plan.day(one) == plan.day(other))


def same_slot(plan: PlanVariables, _: Relation, meetings: Sequence[int]) -> None:
    """Let them all start at one moment."""
    for one, other in pairwise(meetings):
        plan.model.add(plan.start(one) == plan.start(other))


def apart_days(plan: PlanVariables, rule: Relation, meetings: Sequence[int]) -> None:
    """Part every two of them by so many days."""
    for one, other in combinations(meetings, 2):
        is_later = plan.model.new_bool_var("")
        plan.model.add(plan.day(one) - plan.day(other) >= (rule.days or 0)).only_enforce_if(is_later)
        plan.model.add(plan.day(other) - plan.day(one) >= (rule.days or 0)).only_enforce_if(~is_later)


def before(plan: PlanVariables, rule: Relation, meetings: Sequence[int]) -> None:
    """Hold each after the one before it has ended, and so many days later."""
    for one, other in pairwise(meetings):
        duration = 60 * plan.choices[one].meeting.duration_minutes
        plan.model.add(plan.start(one) + duration <= plan.start(other))
        if rule.days:
            plan.model.add(plan.day(other) - plan.day(one) >= rule.days)


_RELATIONS: Mapping[str, Callable[[PlanVariables, Relation, Sequence[int]], None]] = {
    "same_day": same_day,
    "same_slot": same_slot,
    "apart_days": apart_days,
    "before": before,
}
RULES = (order, spacing, nobody_in_two_places, rooms, relation)


def _consecutive(problem: Problem) -> Iterable[tuple[int, int]]:
    position = {meeting.id: at for at, meeting in enumerate(problem.meetings)}
    for meetings in problem.meetings_by_council.values():
        yield from pairwise(position[meeting.id] for meeting in meetings)


def _exclude(plan: PlanVariables, exclusions: Iterable[Exclusion]) -> None:
    for exclusion in exclusions:
        pairs = zip(exclusion.meeting.tolist(), exclusion.slot.tolist(), strict=True)
        literals = [literal for literal in (plan.takes(*pair) for pair in pairs) if literal is not None]
        if len(literals) <= exclusion.capacity:
            continue
        if exclusion.capacity == 1:
            plan.model.add_at_most_one(literals)
        else:
            plan.model.add(sum(literals) <= exclusion.capacity)
