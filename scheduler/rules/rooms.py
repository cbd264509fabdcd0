"""`rooms`: a venue holds no more meetings at once than it has rooms."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from scheduler.problem import Meeting, Problem
from scheduler.proposal import RuleInstance
from scheduler.rules.base import Loosening, PlannedSlots, SetRule
from scheduler.rules.conflict_sets import ConflictSets, MeetingSlots
from scheduler.rules.problem_edits import changed
from scheduler.rules.slot_arrays import SlotPool, packing_sets


def _meetings_by_venue(problem: Problem) -> Mapping[str, list[int]]:
    """Return the indices of the meetings that need a room, by venue."""
    by_venue: dict[str, list[int]] = defaultdict(list)
    for index, meeting in enumerate(problem.meetings):
        if meeting.venue is not None and meeting.mode != "online":
            by_venue[meeting.venue].append(index)
    return by_venue


def _most_at_once(problem: Problem, meetings: Sequence[int], is_day_by_day: bool) -> int:
    """Return how many meetings can overlap at all: a council has one meeting a day."""
    if not is_day_by_day:
        return len(meetings)
    return len({problem.meetings[index].council for index in meetings})


def _instances(problem: Problem, is_day_by_day: bool) -> Iterator[RuleInstance]:
    by_venue = _meetings_by_venue(problem)
    for venue in problem.venues:
        meetings = by_venue.get(venue.id, [])
        if venue.rooms < _most_at_once(problem, meetings, is_day_by_day):
            yield RuleInstance(rule="rooms", venue=venue.id)


def _conflict_sets(
    problem: Problem,
    choices: Sequence[MeetingSlots],
    is_day_by_day: bool,
    aside: Collection[RuleInstance],
) -> Iterator[ConflictSets]:
    rooms = {venue.id: venue.rooms for venue in problem.venues}
    by_venue = _meetings_by_venue(problem)
    for instance in _instances(problem, is_day_by_day):
        if instance not in aside:
            venue = instance.venue or ""
            pool = SlotPool.of(choices, by_venue[venue])
            yield packing_sets(pool, *pool.overlapping(travel_minutes=0), capacity=rooms[venue])


def _binds(_: Problem, instance: RuleInstance, meeting: Meeting) -> bool:
    return meeting.venue == instance.venue


def _measure(plan: PlannedSlots, instance: RuleInstance) -> int:
    """Return the greatest number of meetings at once: it is reached at the start of one of them."""
    intervals = [
        (candidates.slots.starts[slot], candidates.slots.ends[slot])
        for candidates, slot in zip(plan.choices, plan.plan, strict=True)
        if candidates.meeting.venue == instance.venue and candidates.meeting.mode != "online"
    ]
    return max(sum(bool(start <= instant < end) for start, end in intervals) for instant, _ in intervals)


def _steps(problem: Problem, instance: RuleInstance, to: int) -> Sequence[int]:
    stated = next(venue.rooms for venue in problem.venues if venue.id == instance.venue)
    return range(stated + 1, to + 1)


def _apply(problem: Problem, instance: RuleInstance, to: int) -> Problem:
    return problem.with_parts(venues=changed(problem.venues, instance.venue, rooms=to))


ROOMS = SetRule(
    name="rooms",
    ease=11,
    instances=_instances,
    conflict_sets=_conflict_sets,
    binds=_binds,
    is_implied_in_one_place=True,
    loosening=Loosening(_measure, _steps, _apply),
)
