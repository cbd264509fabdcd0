"""`relation`: meetings on the same day, at the same start, a number of days apart, or in order."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

import numpy as np

from scheduler.availability import Slots
from scheduler.intervals import BoolArray, IntArray, expand_ranges
from scheduler.problem import Problem, Relation
from scheduler.proposal import RuleInstance
from scheduler.rules.base import Rule
from scheduler.rules.conflict_sets import ConflictSets, MeetingSlots, overlapping_sets

MAX_ENTRIES = 1_000_000  # of one relation; a larger one is left to CP-SAT
FEWEST = 2  # meetings of a relation

Entries = tuple[IntArray, IntArray, IntArray]  # the set, which of the relation's meetings, and the index of its slot


@dataclass(frozen=True, slots=True)
class MeetingRelation:
    """A relation of the problem; its meetings as indices, in the order that the relation lists them."""

    kind: str
    meetings: tuple[int, ...]
    days: int


def relations_of(problem: Problem, aside: Collection[RuleInstance] = ()) -> list[MeetingRelation]:
    """
    Return the relations between the problem's meetings, those set aside left out.

    A relation that names a meeting outside the problem, which may be a part of a larger one, is left out too. A
    relation is divided where it would bind two held meetings to each other, which nothing can change.
    """
    if not problem.relations:
        return []
    index_of = {meeting.id: index for index, meeting in enumerate(problem.meetings)}
    dropped = {instance.index for instance in aside if instance.rule == "relation"}
    return [
        MeetingRelation(
            kind=relation.kind,
            meetings=tuple(index_of[meeting] for meeting in meetings),
            days=relation.days or 0,
        )
        for index, relation in enumerate(problem.relations)
        if index not in dropped and index_of.keys() >= set(relation.meetings)
        for meetings in _around_held(problem, relation)
    ]


def _around_held(problem: Problem, relation: Relation) -> Iterator[Sequence[str]]:
    """Yield the meetings of a relation in parts of which none binds two held meetings to each other."""
    held = [meeting for meeting in relation.meetings if meeting in problem.held]
    if len(held) < FEWEST:
        yield relation.meetings
        return

    if relation.kind == "apart_days":
        # Every other meeting lies after the last of those held.
        last = max(held, key=lambda meeting: problem.held[meeting])
        yield from _with_partners([meeting for meeting in relation.meetings if meeting == last or meeting not in held])
        return

    # The other kinds bind consecutive meetings.
    part: list[str] = []
    for meeting in relation.meetings:
        if part and part[-1] in held and meeting in held:
            yield from _with_partners(part)
            part = []
        part.append(meeting)
    yield from _with_partners(part)


def _with_partners(meetings: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the meetings, unless there are too few to relate to each other."""
    if len(meetings) >= FEWEST:
        yield meetings


def relation_instances(problem: Problem) -> Iterator[RuleInstance]:
    """Yield the instances of the relations between the problem's meetings."""
    meetings = {meeting.id for meeting in problem.meetings}
    for index, relation in enumerate(problem.relations):
        if meetings.issuperset(relation.meetings):
            yield RuleInstance(rule="relation", index=index)


def relation_sets(relation: MeetingRelation, choices: Sequence[MeetingSlots]) -> ConflictSets:
    """Return at-most-one sets equivalent to a relation; none if there would be too many entries."""
    slots = [choices[index].slots for index in relation.meetings]
    num_entries = max(map(len, slots)) ** 2 * len(slots)
    if num_entries > MAX_ENTRIES:
        return ConflictSets.none()

    index_of = np.array(relation.meetings, dtype=np.int64)
    found = []
    for row, which, slot in _SETS[relation.kind](slots, relation.days):
        sets = ConflictSets.joined(1, row, which, slot)
        found.append(replace(sets, meeting=index_of[sets.meeting]))
    return ConflictSets.of(found)


def is_kept(relation: MeetingRelation, planned: Slots) -> bool:
    """Tell whether a relation holds when its meetings take these slots, in the order that it lists them."""
    return _IS_KEPT[relation.kind](planned, relation.days)


def _same_day_sets(slots: list[Slots], _: int) -> Iterator[Entries]:
    for number, (these, others) in enumerate(pairwise(slots)):
        yield _equal_sets(number, these.days, others.days)


def _same_slot_sets(slots: list[Slots], _: int) -> Iterator[Entries]:
    for number, (these, others) in enumerate(pairwise(slots)):
        yield _equal_sets(number, these.starts, others.starts)


def _equal_sets(number: int, these: IntArray, others: IntArray) -> Entries:
    """Return a set for each time: the one meeting at it, or the other meeting at another time, but not both."""
    times, row = np.unique(these, return_inverse=True)
    is_at_another = others != times[:, None]
    return _of_two_meetings(number, row, np.arange(len(these)), is_at_another)


def _before_sets(slots: list[Slots], days: int) -> Iterator[Entries]:
    """Yield a set for each slot of the later meeting: it or an earlier slot, or the other one too late for it."""
    for number, (these, others) in enumerate(pairwise(slots)):
        is_overlapping = these.ends > others.starts[:, None]
        is_too_close = others.days[:, None] - these.days < days
        row, slot = np.nonzero(is_overlapping | is_too_close)
        is_no_later = np.tri(len(others), dtype=np.bool_)
        yield _of_two_meetings(number, row, slot, is_no_later)


def _apart_sets(slots: list[Slots], days: int) -> Iterator[Entries]:
    """Yield a set for every ``days`` days in a row: all slots on them."""
    if not days:
        return
    sizes = np.array([len(each) for each in slots])
    day = np.concatenate([each.days for each in slots])
    row, entry = overlapping_sets(day, day + days)
    which, slot = expand_ranges(np.zeros(len(sizes), dtype=np.int64), sizes)
    yield row, which[entry], slot[entry]


def _of_two_meetings(
    number: int,
    row: IntArray,
    slot: IntArray,
    of_other: BoolArray,
) -> Entries:
    """Return sets of slots of two meetings in a row; the other meeting's slots as flags, shape ``(sets, slots)``."""
    other_row, other_slot = np.nonzero(of_other)
    which = np.repeat([number, number + 1], [len(row), len(other_row)])
    return np.concatenate([row, other_row]), which, np.concatenate([slot, other_slot])


_SETS: Mapping[str, Callable[[list[Slots], int], Iterator[Entries]]] = {
    "same_day": _same_day_sets,
    "same_slot": _same_slot_sets,
    "apart_days": _apart_sets,
    "before": _before_sets,
}


def _is_one_day(planned: Slots, _: int) -> bool:
    return len(set(planned.days.tolist())) == 1


def _is_one_start(planned: Slots, _: int) -> bool:
    return len(set(planned.starts.tolist())) == 1


def _are_apart(planned: Slots, days: int) -> bool:
    return all(abs(day - other) >= days for day, other in combinations(planned.days.tolist(), 2))


def _are_in_order(planned: Slots, days: int) -> bool:
    has_ended = planned.ends[:-1] <= planned.starts[1:]
    is_days_later = np.diff(planned.days) >= days
    return bool((has_ended & is_days_later).all())


_IS_KEPT: Mapping[str, Callable[[Slots, int], bool]] = {
    "same_day": _is_one_day,
    "same_slot": _is_one_start,
    "apart_days": _are_apart,
    "before": _are_in_order,
}

RELATION = Rule(
    name="relation",
    ease=8,
    loosening=None,
)
