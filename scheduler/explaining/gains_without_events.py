"""Compute the gains of a meeting's slots without certain events, for all events and pairs of events at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from scheduler.attendance import PersonChances, chances_of, clash_yields, people_of
from scheduler.availability import UNDATED
from scheduler.candidates import Candidates, MeetingCandidates
from scheduler.clashes import NEVER
from scheduler.intervals import BoolArray, FloatArray, IntArray, expand_ranges

NO_EVENT = -1
Values = npt.NDArray[np.float64 | np.int64]

CHUNK = 20_000  # columns computed at once, to bound the memory


class RemovedEvents(NamedTuple):
    """Events to remove and slots to evaluate: arrays of equal length. For one event, ``second`` equals ``first``."""

    first: IntArray
    second: IntArray
    slot: IntArray

    def part(self, rows: slice) -> "RemovedEvents":
        return RemovedEvents(
            self.first[rows],
            self.second[rows],
            self.slot[rows],
        )


class EventRemoval:
    """
    The slots of one meeting with events removed.

    Parameters
    ----------
    event_of_clash
        The event of each row of ``availability.clashes``. Rows that cannot be removed, such as blackouts, have
        distinct numbers below `NO_EVENT`.
    """

    def __init__(self, candidates: Candidates, choice: MeetingCandidates, event_of_clash: IntArray) -> None:
        self._candidates = candidates
        self._meeting = choice.meeting
        self._slots = choice.slots
        self._council = candidates.problem.councils_by_id[choice.meeting.council]
        self._people = people_of(self._council, choice.meeting)
        overlaps = _overlaps(candidates, choice, event_of_clash)
        self._chances = _RemovalChances.of(candidates, choice, overlaps)
        self._overlaps = overlaps.of_removable_events()

    def gains(self, removed: RemovedEvents) -> FloatArray:
        """Return the gain of each slot without its events; minus infinity where an attendance rule forbids the slot."""
        gains = [np.zeros(0)]
        for start in range(0, len(removed.slot), CHUNK):
            chunk = removed.part(slice(start, start + CHUNK))
            gains.append(self._gains(chunk))
        return np.concatenate(gains)

    def single_events(self) -> RemovedEvents:
        """Return each event with the slots where its removal alone can change the chance of a person."""
        removed = []
        for event in self._chances.deciding_events():
            slots = np.arange(len(event))
            removed.append(RemovedEvents(event, event, slots))
        return _distinct(removed)

    def event_pairs(self) -> RemovedEvents:
        """Return each two events of the people of one seat that overlap the same slot, with the slot."""
        row_by_person = {person: row for row, person in enumerate(self._people)}
        pairs = []
        for seat in self._council.seats:
            rows = [row_by_person[person] for person in seat.people]
            pairs.append(self._overlaps.pairs_among(rows))
        return _distinct(pairs)

    def slots_of_pairs(self, first: IntArray, second: IntArray) -> RemovedEvents:
        """Return each pair of the events ``first`` and ``second`` with all slots that one of the two overlaps."""
        event, slot = self._overlaps.distinct_slots()
        removed = []
        for events in (first, second):
            start = np.searchsorted(event, events, side="left")
            end = np.searchsorted(event, events, side="right")
            pair, row = expand_ranges(start, end)
            removed.append(RemovedEvents(first[pair], second[pair], slot[row]))
        return _distinct(removed)

    def _gains(self, removed: RemovedEvents) -> FloatArray:
        probability = self._chances.probability(removed)
        unused = np.zeros(probability.shape, dtype=np.bool_)
        person_chances = PersonChances(self._people, probability, unused, unused)
        party_chances = chances_of(self._candidates.problem, self._council, person_chances)
        is_allowed = self._candidates.is_likely_enough(self._meeting, party_chances)
        slots = self._slots[removed.slot]
        values = self._candidates.values(self._meeting, slots, party_chances.expected_attendance)
        return np.where(is_allowed, values, -np.inf)


@dataclass(frozen=True, slots=True)
class _Overlaps:
    """Overlaps of people's clashes with slots: arrays of equal length, with the row in ``availability.clashes``."""

    person: IntArray
    slot: IntArray
    clash: IntArray
    event: IntArray

    def of_removable_events(self) -> "_Overlaps":
        """Return the overlaps with events, each person, slot and event once."""
        table = np.stack([self.person, self.slot, self.event], axis=1)
        _, rows = np.unique(table, axis=0, return_index=True)
        rows = rows[self.event[rows] >= 0]
        return _Overlaps(
            self.person[rows],
            self.slot[rows],
            self.clash[rows],
            self.event[rows],
        )

    def distinct_slots(self) -> tuple[IntArray, IntArray]:
        """Return each event and slot that overlap, once, sorted by event."""
        table = np.stack([self.event, self.slot], axis=1)
        event, slot = np.unique(table, axis=0).T
        return event, slot

    def pairs_among(self, people: list[int]) -> RemovedEvents:
        """Return each two events of these people that overlap the same slot."""
        is_included = np.isin(self.person, people)
        columns = [self.slot[is_included], self.event[is_included]]
        table = np.stack(columns, axis=1)
        slot, event = np.unique(table, axis=0).T
        # Rows are sorted by slot: the partners of a row are the rows after it with the same slot.
        rows = np.arange(len(slot))
        end_of_slot = np.searchsorted(slot, slot, side="right")
        row, partner = expand_ranges(rows + 1, end_of_slot)
        return RemovedEvents(event[row], event[partner], slot[row])


def _overlaps(candidates: Candidates, choice: MeetingCandidates, event_of_clash: IntArray) -> _Overlaps:
    council = candidates.problem.councils_by_id[choice.meeting.council]
    people = people_of(council, choice.meeting)
    person, slot, clash = candidates.availability.overlapping(choice.meeting, people, choice.slots)
    return _Overlaps(person, slot, clash, event_of_clash[clash])


@dataclass(frozen=True, slots=True)
class _RemovalChances:
    """
    The factors of the chance that a person comes (MODEL.md, section 2.2), by person and slot.

    ``base`` is the chance without any clash and answer. ``answer`` is the row of the answer that applies, negative
    where there is none. ``strongest`` are the events of the lowest yields, and ``newest`` the latest changes.
    """

    candidates: Candidates
    base: FloatArray
    answer: IntArray
    strongest: "_LowestThree"
    newest: "_LowestThree"

    @classmethod
    def of(cls, candidates: Candidates, choice: MeetingCandidates, overlaps: _Overlaps) -> "_RemovalChances":
        availability = candidates.availability
        problem = candidates.problem
        meeting = choice.meeting
        people = people_of(problem.councils_by_id[meeting.council], meeting)
        is_known = availability.is_known(meeting, people, choice.slots)
        rates = availability.rates[[availability.row_by_person[person] for person in people]]
        free_chance = np.where(is_known, 1.0, problem.assumptions.unknown_free)

        yields = clash_yields(availability, meeting, people, overlaps.person, overlaps.clash)
        age = -availability.clashes.at[overlaps.clash]
        shape = len(people), len(choice.slots)
        return cls(
            candidates,
            base=rates[:, None] * free_chance,
            answer=availability.applicable_answers(people, choice.slots),
            strongest=_LowestThree.of(overlaps, yields, 1.0, shape),
            newest=_LowestThree.of(overlaps, age, -NEVER, shape),
        )

    def deciding_events(self) -> Iterator[IntArray]:
        """Yield, by slot, events whose removal alone can change the chance of one person."""
        for person in range(len(self.base)):
            # The strongest clash alone sets the chance: removing a weaker one changes nothing.
            yield self.strongest.event[0, person]
            # An answer applies when it is newer than all clashes: only removing the newest one can make it apply.
            has_answer = self.answer[person] >= 0
            if has_answer.any():
                yield np.where(has_answer, self.newest.event[0, person], NO_EVENT)

    def probability(self, removed: RemovedEvents) -> FloatArray:
        """Return the chance that each person comes, shape ``(people, removals)``."""
        answers = self.candidates.availability.answers
        chances = self.base[:, removed.slot] * self.strongest.value_without(removed)
        answer = self.answer[:, removed.slot]
        applies = answer >= 0
        if applies.any():
            newest_change = -self.newest.value_without(removed)
            is_newer = newest_change <= np.maximum(answers.at[answer], UNDATED)
            applies &= answers.refuses[answer] | is_newer
            chances[applies] = answers.probability[answer[applies]]
        return chances


class _LowestThree(NamedTuple):
    """
    The events of the lowest values for each person and slot.

    Three suffice, since at most two events are removed. ``event`` holds the lowest two, shape
    ``(2, people, slots)``; ``value`` all three, shape ``(3, people, slots)``.
    """

    event: IntArray
    value: Values

    @classmethod
    def of(
        cls,
        overlaps: _Overlaps,
        value: Values,
        default: float,
        shape: tuple[int, int],
    ) -> "_LowestThree":
        """Return the lowest three of ``value``, an array over the overlaps; ``default`` where there are fewer."""
        num_people, num_slots = shape
        group = overlaps.person * num_slots + overlaps.slot
        order = np.lexsort((value, group))
        group = group[order]
        event = overlaps.event[order]
        value = value[order]

        # Of an event with several commitments only its lowest value counts, the first in this order.
        keys = np.stack([group, event])
        _, lowest = np.unique(keys, axis=1, return_index=True)
        lowest.sort()
        group = group[lowest]
        event = event[lowest]
        value = value[lowest]

        group_start = np.searchsorted(group, group, side="left")
        rank = np.arange(len(group)) - group_start
        num_groups = num_people * num_slots
        events = np.full((2, num_groups), NO_EVENT, dtype=np.int64)
        values: Values = np.full((3, num_groups), default, dtype=value.dtype)
        in_two = rank < 2
        in_three = rank < 3
        events[rank[in_two], group[in_two]] = event[in_two]
        values[rank[in_three], group[in_three]] = value[in_three]
        return cls(events.reshape(2, *shape), values.reshape(3, *shape))

    def value_without(self, removed: RemovedEvents) -> Values:
        """Return the lowest value of the events that remain, shape ``(people, removals)``."""
        is_lowest_removed = self._is_removed(0, removed)
        is_second_removed = self._is_removed(1, removed)
        lowest, second, third = self.value[:, :, removed.slot]
        after_lowest = np.where(is_second_removed, third, second)
        remaining: Values = np.where(is_lowest_removed, after_lowest, lowest)
        return remaining

    def _is_removed(self, rank: int, removed: RemovedEvents) -> BoolArray:
        event = self.event[rank][:, removed.slot]
        is_removed = (event == removed.first) | (event == removed.second)
        return np.asarray(is_removed, dtype=np.bool_)


def _distinct(removals: list[RemovedEvents]) -> RemovedEvents:
    """Return each triple of two events and a slot once, without those that lack an event."""
    tables = [np.zeros((0, 3), dtype=np.int64)]
    tables += [np.stack(removed, axis=1) for removed in removals]
    table = np.concatenate(tables)
    has_events = (table[:, :2] >= 0).all(axis=1)
    table = np.unique(table[has_events], axis=0)
    first, second, slot = table.T
    return RemovedEvents(first, second, slot)
