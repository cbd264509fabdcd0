"""What a meeting's slots would be worth were events gone lives here: any one of them, or two, by the thousand."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from scheduler.attendance import PersonChances, chances_of, clash_yields, people_of
from scheduler.availability import NEVER, UNDATED
from scheduler.candidates import Candidates, MeetingCandidates
from scheduler.intervals import BoolArray, FloatArray, IntArray, expand_ranges

NOBODY = -1  # where there is no such event
Values = npt.NDArray[np.float64 | np.int64]

CHUNK = 20_000  # columns worked out at once, so that memory stays bounded


class Gone(NamedTuple):
    """Which two events are gone (twice the same where it is one) at which slot; arrays of one shape."""

    event: IntArray
    other: IntArray
    slot: IntArray


class Removals:
    """
    One meeting's slots with events removed.

    ``event_of_clash`` numbers the events of :attr:`Availability.clashes`; what no one can remove has a number below
    `NOBODY`, each its own.
    """

    def __init__(self, candidates: Candidates, one: MeetingCandidates, event_of_clash: IntArray) -> None:
        self._candidates = candidates
        self._meeting = meeting = one.meeting
        self._slots = one.slots
        problem, availability = candidates.problem, candidates.availability
        self._council = council = problem.councils_by_id[meeting.council]
        self._people = people = people_of(council, meeting)
        self._shape = shape = (len(people), len(one.slots))
        known = availability.is_known(meeting, people, one.slots)
        rates = availability.rates[[availability.row_by_person[person] for person in people]]
        self._unclashed = rates[:, None] * np.where(known, 1.0, problem.assumptions.unknown_free)
        self._answer = availability.applicable_answers(people, one.slots)
        person, slot, clash = availability.overlapping(meeting, people, one.slots)
        group, event = person * shape[1] + slot, event_of_clash[clash]
        self._met = np.unique(np.stack([person, slot, event], axis=1)[event >= 0], axis=0)
        self._touched = np.unique(self._met[:, :0:-1], axis=0)  # event and slot
        yields = clash_yields(availability, meeting, people, person, clash)
        self._strongest = _first_three(group, event, yields, 1.0, shape)
        self._newest = _first_three(group, event, -availability.clashes.at[clash], -NEVER, shape)

    def gains(self, gone: Gone) -> FloatArray:
        """Return what each slot is worth without the events; minus infinity where a rule about chances shuts it."""
        parts = [slice(at, at + CHUNK) for at in range(0, len(gone.slot), CHUNK)]
        return np.concatenate([np.zeros(0), *(self._gains(Gone(*(each[part] for each in gone))) for part in parts)])

    def one_by_one(self) -> Gone:
        """Return every event with every slot where its absence alone may change somebody's chance."""
        found = [(events, events, slots) for events, slots in self._deciding()]
        return _distinct(found)

    def two_by_two(self) -> Gone:
        """Return any two events of one seat with a slot that both overlap."""
        rows = {person: row for row, person in enumerate(self._people)}
        found = []
        for seat in self._council.seats:
            is_seated = np.isin(self._met[:, 0], [rows[person] for person in seat.people])
            slot, event = np.unique(self._met[is_seated, 1:], axis=0).T
            at = np.arange(len(slot))
            one, other = expand_ranges(at + 1, np.searchsorted(slot, slot, side="right"))
            found.append((event[one], event[other], slot[one]))
        return _distinct(found)

    def touched(self, one: IntArray, other: IntArray) -> Gone:
        """Return each of these events, with the other one beside it, and every slot that any of the two overlaps."""
        found = []
        for event in (one, other):
            first, last = (np.searchsorted(self._touched[:, 0], event, side=side) for side in ("left", "right"))
            which, row = expand_ranges(first, last)
            found.append((one[which], other[which], self._touched[row, 1]))
        return _distinct(found)

    def _deciding(self) -> Iterator[tuple[IntArray, IntArray]]:
        """Yield events, and slots, of which each may decide whether somebody comes."""
        slots = np.arange(self._shape[1])
        for row in range(self._shape[0]):
            for events in self._deciding_for(row):
                yield events, slots

    def _deciding_for(self, row: int) -> Iterator[IntArray]:
        """Yield the strongest event of each slot for one person, and the newest where it sets an answer aside."""
        yield self._strongest.event[0, row]
        if (self._answer[row] >= 0).any():
            yield np.where(self._answer[row] >= 0, self._newest.event[0, row], NOBODY)

    def _gains(self, gone: Gone) -> FloatArray:
        problem, meeting, council = self._candidates.problem, self._meeting, self._council
        chances = self._probability(gone)
        nothing = np.zeros(chances.shape, dtype=np.bool_)
        people = PersonChances(self._people, chances, nothing, nothing)
        party = chances_of(problem, council, people)
        is_open = self._candidates.is_likely_enough(meeting, party)
        values = self._candidates.values(meeting, self._slots[gone.slot], party.expected_attendance)
        return np.where(is_open, values, -np.inf)

    def _probability(self, gone: Gone) -> FloatArray:
        """Return the chance that each person comes, shape ``(people, columns)`` (model, section 2.2)."""
        answers = self._candidates.availability.answers
        chances = self._unclashed[:, gone.slot] * self._strongest.without(gone)
        answer = self._answer[:, gone.slot]
        stands = answer >= 0
        if stands.any():
            newest = -self._newest.without(gone)
            stands &= answers.refuses[answer] | (newest <= np.maximum(answers.at[answer], UNDATED))
            chances[stands] = answers.probability[answer[stands]]
        return chances


class _FirstThree(NamedTuple):
    """The events that come first for each person and slot: ``event`` of two, ``value`` of three of them."""

    event: npt.NDArray[np.int64]  # shape (2, people, slots)
    value: Values  # shape (3, people, slots)

    def without(self, gone: Gone) -> Values:
        """Return the first value that is left, shape ``(people, columns)``."""
        first, second = (self._is_gone(rank, gone) for rank in (0, 1))
        one, two, three = self.value[:, :, gone.slot]
        left: Values = np.where(first, np.where(second, three, two), one)
        return left

    def _is_gone(self, rank: int, gone: Gone) -> BoolArray:
        event = self.event[rank][:, gone.slot]
        return np.asarray((event == gone.event) | (event == gone.other), dtype=np.bool_)


def _first_three(
    group: IntArray,
    event: IntArray,
    value: Values,
    otherwise: float,
    shape: tuple[int, int],
) -> _FirstThree:
    """Return for each group, a person and slot, the events of least value; each event counts once."""
    order = np.lexsort((value, group))
    group, event, value = group[order], event[order], value[order]
    _, first = np.unique(np.stack([group, event]), axis=1, return_index=True)
    first.sort()
    group, event, value = group[first], event[first], value[first]
    rank = np.arange(len(group)) - np.searchsorted(group, group, side="left")
    events = np.full((2, shape[0] * shape[1]), NOBODY, dtype=np.int64)
    values: Values = np.full((3, shape[0] * shape[1]), otherwise, dtype=value.dtype)
    events[rank[rank < 2], group[rank < 2]] = event[rank < 2]
    values[rank[rank < 3], group[rank < 3]] = value[rank < 3]
    return _FirstThree(events.reshape(2, *shape), values.reshape(3, *shape))


def _distinct(found: list[tuple[IntArray, IntArray, IntArray]]) -> Gone:
    """Return each triple of events and slot once, those without an event left out."""
    table = np.concatenate([np.zeros((0, 3), dtype=np.int64), *(np.stack(each, axis=1) for each in found)])
    table = np.unique(table[(table[:, :2] >= 0).all(axis=1)], axis=0)
    return Gone(table[:, 0], table[:, 1], table[:, 2])
