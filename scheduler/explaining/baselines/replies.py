"""What people would say of each slot lives here: free, busy, nobody knows; and what they vote when they are asked."""

from dataclasses import dataclass

import numpy as np

from scheduler.availability import Availability
from scheduler.candidates import MeetingCandidates
from scheduler.intervals import BoolArray


@dataclass(frozen=True)
class Replies:
    """
    Everybody who sits in one council, and each slot of one of its meetings: flags of shape ``(people, slots)``.

    ``free`` and ``busy`` are what calendars show; who is neither is unknown. ``yes`` is what people vote: their answer
    where they gave one, else that they are free.
    """

    people: tuple[str, ...]
    free: BoolArray
    busy: BoolArray
    yes: BoolArray


def replies(availability: Availability, one: MeetingCandidates) -> Replies:
    """Return what everybody says of the slots of one meeting."""
    meeting, slots = one.meeting, one.slots
    council = availability.problem.councils_by_id[meeting.council]
    people = tuple(person for seat in council.seats for person in seat.people)
    known = availability.is_known(meeting, people, slots)
    person, slot, _ = availability.overlapping(meeting, people, slots)
    busy = np.zeros(known.shape, dtype=np.bool_)
    busy[person, slot] = True
    free = known & ~busy

    yes = free.copy()
    answer = availability.applicable_answers(people, slots)
    has_answered = answer >= 0
    if has_answered.any():
        yes[has_answered] = availability.answers.agrees[answer[has_answered]]
    return Replies(people, free, busy, yes)
