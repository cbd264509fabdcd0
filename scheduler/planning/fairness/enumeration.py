"""Who lists every plan worth having, where councils share nothing and such plans are few."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from scheduler.intervals import BoolArray, IntArray
from scheduler.planning.instance import NEG_INF, Instance, UnitArray

MAX_PLANS = 20_000  # lists of that length are looked through in a moment
MAX_SLOTS = 2_000


def plans_worth(instance: Instance, kept: BoolArray, least: int) -> IntArray | None:
    """
    Return every plan of the slots ``kept`` that is worth ``least`` or more, shape ``(plans, meetings)``, by position.

    None when there may be too many to list. ConflictSets and relations are not looked at.
    """
    if kept.sum() > MAX_SLOTS:
        return None
    several = [meetings for _, meetings in instance.meetings_by_council if meetings]
    open_slots = [
        np.flatnonzero(of) + first for of, first in zip(instance.by_meeting(kept), instance.first, strict=False)
    ]
    if not all(len(slots) for slots in open_slots):
        return np.zeros((0, len(open_slots)), dtype=np.int64)
    through = instance.gains.copy()  # a slot's worth with the best that can follow it in its council's year
    for meetings in several:
        _add_what_follows(instance, through, [open_slots[at] for at in meetings])
    best = [int(through[open_slots[meetings[0]]].max()) for meetings in several]
    listed = [meeting for meetings in several for meeting in meetings]
    plans, worth = np.zeros((1, 0), dtype=np.int64), np.zeros(1, dtype=np.int64)
    for number, meetings in enumerate(several):
        elsewhere = sum(best[number + 1 :])
        for place, meeting in enumerate(meetings):
            slots = open_slots[meeting]
            is_possible = worth[:, None] + through[slots] + elsewhere >= least
            if place:
                is_possible &= _can_follow(instance, plans[:, -1], slots)
            before, chosen = np.nonzero(is_possible)
            if len(before) > MAX_PLANS:
                return None
            plans = np.column_stack([plans[before], slots[chosen]])
            worth = worth[before] + instance.gains[slots[chosen]]
    return plans[:, np.argsort(listed)]


def _add_what_follows(instance: Instance, through: UnitArray, year: Sequence[IntArray]) -> None:
    for slots, following in reversed(list(pairwise(year))):
        after = np.where(_can_follow(instance, slots, following), through[following], NEG_INF).max(axis=1)
        through[slots] = np.maximum(through[slots] + after, NEG_INF)


def _can_follow(instance: Instance, slots: IntArray, following: IntArray) -> BoolArray:
    """Tell which slots of a council's next meeting keep order and spacing, shape ``(slots, following)``."""
    meeting = instance.problem.meetings[instance.meeting[following[0]]]
    least, most = instance.problem.councils_by_id[meeting.council].spacing_range
    days = instance.days[following] - instance.days[slots][:, None]
    can_follow = days >= least
    if most is not None:
        can_follow &= days <= most
    return np.asarray(can_follow, dtype=np.bool_)
