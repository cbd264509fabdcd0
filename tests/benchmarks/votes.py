"""Votes of persons in a poll: yes, and yes if need be."""

from dataclasses import dataclass

import numpy as np

from scheduler.attendance import clash_yields
from scheduler.availability import Availability
from scheduler.candidates import MeetingCandidates
from scheduler.explaining.baselines.replies import Replies, replies
from scheduler.intervals import BoolArray

LEAVES = 0.5  # who would rather than not leave a clash for us votes "if need be"


@dataclass(frozen=True)
class Votes(Replies):
    """What everybody of one council says of each slot, with those who would come if need be."""

    maybe: BoolArray


def votes(availability: Availability, one: MeetingCandidates) -> Votes:
    """Return what everybody says of the slots of one meeting."""
    said, slots = replies(availability, one), one.slots
    person, slot, clash = availability.overlapping(one.meeting, said.people, slots)
    leaves = np.ones(said.yes.shape)
    np.minimum.at(leaves, (person, slot), clash_yields(availability, one.meeting, said.people, person, clash))
    known = availability.is_known(one.meeting, said.people, slots)
    maybe = known & said.busy & (leaves >= LEAVES)

    answer = availability.applicable_answers(said.people, slots)
    has_answered = answer >= 0
    if has_answered.any():
        maybe[has_answered] = ~availability.answers.refuses[answer[has_answered]] & ~said.yes[has_answered]
    return Votes(said.people, said.free, said.busy, said.yes, maybe)
