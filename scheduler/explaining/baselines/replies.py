"""Replies of a council's people about each slot: free, busy or unknown by calendar, and the vote in a poll."""

from dataclasses import dataclass

import numpy as np

from scheduler.availability import Availability
from scheduler.candidates import MeetingCandidates
from scheduler.intervals import BoolArray


@dataclass(frozen=True)
class Replies:
    """
    Replies about the slots of one meeting.

    Attributes
    ----------
    people
        All people of the council, in the order of its seats.
    free, busy
        What the calendars show, shape ``(people, slots)``. Where neither is true the calendar is unknown.
    yes
        Votes in a poll, shape ``(people, slots)``: the person's answer, or ``free`` where the person gave none.
    """

    people: tuple[str, ...]
    free: BoolArray
    busy: BoolArray
    yes: BoolArray


def replies(availability: Availability, choice: MeetingCandidates) -> Replies:
    """Return the replies of all people of the council about the candidate slots of a meeting."""
    meeting = choice.meeting
    slots = choice.slots
    council = availability.problem.councils_by_id[meeting.council]
    people = tuple(person for seat in council.seats for person in seat.people)
    known = availability.is_known(meeting, people, slots)
    person, slot, _ = availability.overlapping(meeting, people, slots)
    busy = np.zeros(known.shape, dtype=np.bool_)
    busy[person, slot] = True
    free = known & ~busy

    # An answer overrides the calendar.
    yes = free.copy()
    answer = availability.applicable_answers(people, slots)
    has_answered = answer >= 0
    if has_answered.any():
        yes[has_answered] = availability.answers.agrees[answer[has_answered]]
    return Replies(people, free, busy, yes)
