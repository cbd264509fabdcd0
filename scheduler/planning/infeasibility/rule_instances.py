"""Where the rules between some meetings are named: those that can forbid anything at all."""

from collections import defaultdict
from collections.abc import Iterator

from scheduler.planning.conflict_sets import bound_people, is_one_place
from scheduler.planning.instance import Instance
from scheduler.problem import Council, Problem
from scheduler.proposal import RuleInstance


def rules_between(problem: Problem, instance: Instance) -> Iterator[RuleInstance]:
    """Yield the rules between the instance's meetings, which are some councils' of the problem."""
    for council, meetings in instance.meetings_by_council:
        if len(meetings) > 1:
            yield from spacing(council)
    yield from _nobody_in_two_places(instance)
    yield from _rooms(instance)
    planned = {meeting.id for meeting in instance.problem.meetings}
    for index, relation in enumerate(problem.relations):
        if planned.issuperset(relation.meetings):
            yield RuleInstance(rule="relation", index=index)


def spacing(council: Council) -> Iterator[RuleInstance]:
    """Yield the limits on the days between a council's meetings."""
    limits = council.spacing_days
    if limits is not None and limits.min is not None:
        yield RuleInstance(rule="spacing_min", council=council.id)
    if limits is not None and limits.max is not None:
        yield RuleInstance(rule="spacing_max", council=council.id)


def _nobody_in_two_places(instance: Instance) -> Iterator[RuleInstance]:
    bound = bound_people(instance.problem)
    for person in (one.id for one in instance.problem.people if one.id in bound):
        meetings = [instance.problem.meetings[at] for at in bound[person]]
        if not (instance.is_day_by_day and is_one_place(meetings)):  # else `order` keeps it
            yield RuleInstance(rule="nobody_in_two_places", person=person)


def _rooms(instance: Instance) -> Iterator[RuleInstance]:
    problem = instance.problem
    there: dict[str, list[str]] = defaultdict(list)
    for meeting in problem.meetings:
        if meeting.venue is not None and meeting.mode != "online":
            there[meeting.venue].append(meeting.council)
    for venue in problem.venues:
        councils = there[venue.id]
        if venue.rooms < len(set(councils) if instance.is_day_by_day else councils):
            yield RuleInstance(rule="rooms", venue=venue.id)
