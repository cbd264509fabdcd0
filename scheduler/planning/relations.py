"""What relations say lives here: whether meetings keep them, and as sets of slots of which one can be taken."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from scheduler.availability import Slots
from scheduler.candidates import MeetingCandidates
from scheduler.intervals import BoolArray, IntArray, expand_ranges
from scheduler.planning.conflict_sets import ConflictSets, overlapping_sets

MAX_ENTRIES = 1_000_000  # of one relation; one that takes more is left to the solver


@dataclass(frozen=True, slots=True)
class MeetingRelation:
    """A relation, with its meetings by their place in the problem."""

    kind: str
    meetings: tuple[int, ...]
    days: int


def relation_sets(tie: MeetingRelation, choices: Sequence[MeetingCandidates]) -> ConflictSets:
    """Return the sets that together say what a relation says; none when they would be too large."""
    slots = [choices[at].slots for at in tie.meetings]
    if max(map(len, slots)) ** 2 * len(slots) > MAX_ENTRIES:
        return ConflictSets.none()
    return ConflictSets.of([_of_meetings(tie, *entries) for entries in _SETS[tie.kind](slots, tie.days)])


def keeps(tie: MeetingRelation, held: Slots) -> bool:
    """Tell whether the relation holds when the tie's meetings, in its order, take these slots."""
    return _KEEPS[tie.kind](held, tie.days)


Entries = tuple[IntArray, IntArray, IntArray]  # of each entry the set, which of the tie's meetings, and its slot


def _of_meetings(tie: MeetingRelation, row: IntArray, which: IntArray, slot: IntArray) -> ConflictSets:
    """Return the sets as exclusions, those of one meeting left out."""
    order = np.lexsort((slot, which, row))
    row, which, slot = row[order], which[order], slot[order]
    num_rows = int(row.max(initial=-1)) + 1
    first, last = np.full(num_rows, len(tie.meetings)), np.full(num_rows, -1)
    np.minimum.at(first, row, which)
    np.maximum.at(last, row, which)
    matters = first < last
    kept = matters[row]
    number = np.cumsum(matters) - 1
    meeting = np.array(tie.meetings, dtype=np.int64)[which[kept]]
    return ConflictSets(np.ones(int(matters.sum()), dtype=np.int64), number[row[kept]], meeting, slot[kept])


def _same_day(slots: list[Slots], _: int) -> Iterator[Entries]:
    for at, (one, other) in enumerate(pairwise(slots)):
        yield _equal(at, one.days, other.days)


def _same_slot(slots: list[Slots], _: int) -> Iterator[Entries]:
    for at, (one, other) in enumerate(pairwise(slots)):
        yield _equal(at, one.starts, other.starts)


def _equal(at: int, one: IntArray, other: IntArray) -> Entries:
    """For each time of the one: it, or the other at another time."""
    times, row = np.unique(one, return_inverse=True)
    return _joined(at, row, np.arange(len(one)), other != times[:, None])


def _before(slots: list[Slots], days: int) -> Iterator[Entries]:
    """For each slot of the other: it or an earlier one, or the one so late that even this is too early."""
    for at, (one, other) in enumerate(pairwise(slots)):
        is_too_late = (one.ends > other.starts[:, None]) | (other.days[:, None] - one.days < days)
        row, slot = np.nonzero(is_too_late)
        yield _joined(at, row, slot, np.tri(len(other), dtype=np.bool_))


def _joined(at: int, row: IntArray, slot: IntArray, of_other: BoolArray) -> Entries:
    """Return sets of slots of two meetings, the other's as flags of shape ``(sets, slots)``."""
    other_row, other_slot = np.nonzero(of_other)
    which = np.repeat([at, at + 1], [len(row), len(other_row)])
    return np.concatenate([row, other_row]), which, np.concatenate([slot, other_slot])


def _apart_days(slots: list[Slots], days: int) -> Iterator[Entries]:
    """For every so many days in a row: one of all slots in them."""
    if days:
        sizes = np.array([len(one) for one in slots])
        day = np.concatenate([one.days for one in slots])
        row, entry = overlapping_sets(day, day + days)
        which, slot = expand_ranges(np.zeros(len(sizes), dtype=np.int64), sizes)
        yield row, which[entry], slot[entry]


_SETS: Mapping[str, Callable[[list[Slots], int], Iterator[Entries]]] = {
    "same_day": _same_day,
    "same_slot": _same_slot,
    "apart_days": _apart_days,
    "before": _before,
}


def _is_one_day(held: Slots, _: int) -> bool:
    return len(set(held.days.tolist())) == 1


def _is_one_start(held: Slots, _: int) -> bool:
    return len(set(held.starts.tolist())) == 1


def _are_apart(held: Slots, days: int) -> bool:
    return all(abs(one - other) >= days for one, other in combinations(held.days.tolist(), 2))


def _are_in_order(held: Slots, days: int) -> bool:
    is_over = held.ends[:-1] <= held.starts[1:]
    return bool((is_over & (np.diff(held.days) >= days)).all())


_KEEPS: Mapping[str, Callable[[Slots, int], bool]] = {
    "same_day": _is_one_day,
    "same_slot": _is_one_start,
    "apart_days": _are_apart,
    "before": _are_in_order,
}
