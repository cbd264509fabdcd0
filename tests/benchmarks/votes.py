"""What people would say of each slot lives here: free, busy, nobody knows; and what they vote when they are asked."""

from dataclasses import dataclass

import numpy as np

from scheduler.attendance import clash_yields
from scheduler.availability import Availability
from scheduler.candidates import MeetingCandidates
from scheduler.intervals import Flags
from scheduler.problem import Council

LEAVES = 0.5  # who would rather than not leave a clash for us votes "if need be"


@dataclass(frozen=True)
class Replies:
    """
    Everybody of one council, and each slot of one of its meetings: flags of shape ``(people, slots)``.

    ``free`` and ``busy`` are what calendars show, ``yes`` and ``maybe`` what people vote. Who is neither free nor busy
    is unknown, and has not voted unless there is an answer in the problem.
    """

    people: tuple[str, ...]
    free: Flags
    busy: Flags
    yes: Flags
    maybe: Flags


def replies(availability: Availability, one: MeetingCandidates) -> Replies:
    """Return what everybody says of the slots of one meeting."""
    problem, slots = availability.problem, one.slots
    people = tuple(dict.fromkeys(everybody(problem.councils_by_id[one.meeting.council])))
    known = availability.is_known(one.meeting, people, slots)
    person, slot, clash = availability.overlapping(one.meeting, people, slots)
    leaves = np.ones(known.shape)
    np.minimum.at(leaves, (person, slot), clash_yields(availability, one.meeting, people, person, clash))
    busy = np.zeros(known.shape, dtype=np.bool_)
    busy[person, slot] = True
    free = known & ~busy

    answer = availability.answered(people, slots)
    answered, answers = answer >= 0, availability.answers
    says_yes = says_maybe = np.zeros(known.shape, dtype=np.bool_)
    if answered.any():
        is_full = answers.probability[answer] >= problem.assumptions.answer_yes
        says_yes = answered & ~answers.refuses[answer] & is_full
        says_maybe = answered & ~answers.refuses[answer] & ~is_full
    yes = np.where(answered, says_yes, free)
    maybe = np.where(answered, says_maybe, known & busy & (leaves >= LEAVES))
    return Replies(people, free, busy, yes, maybe)


def everybody(council: Council) -> list[str]:
    """Return all members and substitutes, seat by seat."""
    return [person for seat in council.seats for person in seat.people]
