"""Slots at which a person's calendar is unknown, with their gains when the person is free and when not."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scheduler.attendance import PersonChances, expected_attendance, person_chances, represented
from scheduler.candidates import Candidates, MeetingCandidates
from scheduler.intervals import BoolArray, FloatArray, IntArray
from scheduler.planning.instance import Instance
from scheduler.problem import Council


@dataclass(frozen=True, slots=True)
class UnknownSlots:
    """
    The slots at which the calendar of one person is unknown: arrays of shape ``(slots,)``.

    ``date`` is the index of the slot's date: a person is free at all slots of a date, or at none. ``free_gain`` and
    ``busy_gain`` are the gains of the slots in these cases, in expected parties.
    """

    positions: IntArray
    date: IntArray
    free_gain: FloatArray
    busy_gain: FloatArray

    @property
    def num_dates(self) -> int:
        return int(self.date.max(initial=-1)) + 1

    def max_increase(self, instance: Instance) -> float:
        """Return the largest increase of a slot's gain when the person is free."""
        increase = self.free_gain - instance.exact_gains[self.positions]
        return float(increase.max())

    def gains(self, is_free: BoolArray) -> FloatArray:
        """Return the gains of the slots when the person is free on the dates ``is_free``."""
        return np.where(is_free[self.date], self.free_gain, self.busy_gain)


def unknown_slots(candidates: Candidates) -> Iterator[UnknownSlots]:
    """Yield the unknown slots of each person, in the order of the problem."""
    problem = candidates.problem
    availability = candidates.availability
    num_slots = [len(choice.slots) for choice in candidates.meetings]
    first_positions = np.cumsum([0, *num_slots])
    if_free = candidates.with_availability(availability.with_unknown_free(1.0))
    if_busy = candidates.with_availability(availability.with_unknown_free(problem.assumptions.answer_no))
    for person in problem.people:
        positions = [np.zeros(0, dtype=np.int64)]
        days = [np.zeros(0, dtype=np.int64)]
        free_gains = [np.zeros(0)]
        busy_gains = [np.zeros(0)]
        for first_position, choice in zip(first_positions[:-1], candidates.meetings, strict=True):
            council = problem.councils_by_id[choice.meeting.council]
            # Knowing a calendar changes nothing about a held meeting.
            if choice.meeting.id in problem.held or not _has_seat(council, person.id):
                continue
            # Only these slots depend on the calendar: elsewhere the person is known to be free or busy.
            is_known = availability.is_known(choice.meeting, [person.id], choice.slots)
            slots = np.flatnonzero(~is_known[0])
            positions.append(first_position + slots)
            days.append(choice.slots.days[slots])
            free_gains.append(_gains(if_free, choice, person.id, slots))
            busy_gains.append(_gains(if_busy, choice, person.id, slots))
        _, date = np.unique(np.concatenate(days), return_inverse=True)
        yield UnknownSlots(
            np.concatenate(positions),
            date,
            np.concatenate(free_gains),
            np.concatenate(busy_gains),
        )


def _has_seat(council: Council, person: str) -> bool:
    return any(person in seat.people for seat in council.seats)


def _gains(
    candidates: Candidates,
    choice: MeetingCandidates,
    person: str,
    slots: IntArray,
) -> FloatArray:
    """Return the values of slots with the chances of ``person`` replaced by those of ``candidates``."""
    problem = candidates.problem
    council = problem.councils_by_id[choice.meeting.council]
    people = choice.chances.people
    # Only the chances of this person change: those of the others are taken as they are.
    replaced = person_chances(candidates.availability, choice.meeting, [person], choice.slots[slots])
    probability = people.probability[:, slots]
    probability[people.people.index(person)] = replaced.probability
    unused = np.zeros(probability.shape, dtype=np.bool_)
    chances = PersonChances(people.people, probability, unused, unused)
    party_probability = represented(problem, council, chances)
    attendance = expected_attendance(problem, council, party_probability)
    return candidates.values(choice.meeting, choice.slots[slots], attendance)
