"""`blackout`: no meeting is held in a blackout that names no parties."""

import numpy as np

from scheduler.availability import Slots
from scheduler.problem import Meeting, Problem
from scheduler.proposal import RuleInstance
from scheduler.rules.base import DateRule, MaskIterator


def _masks(problem: Problem, _: Meeting, slots: Slots) -> MaskIterator:
    for index, blackout in enumerate(problem.blackouts):
        if blackout.parties is not None:
            continue  # a commitment of the named parties' people
        is_outside = (slots.days < blackout.start.toordinal()) | (slots.days > blackout.end.toordinal())
        yield RuleInstance(rule="blackout", index=index), np.asarray(is_outside, dtype=np.bool_)


BLACKOUT = DateRule(
    name="blackout",
    ease=10,
    masks=_masks,
    is_common=True,
    loosening=None,
)
