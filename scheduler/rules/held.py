"""Packing constraints around held meetings, which take their slots whatever is planned."""

import numpy as np

from scheduler.problem import Problem
from scheduler.rules.conflict_sets import ConflictSets


def around_held(problem: Problem, sets: ConflictSets) -> ConflictSets:
    """
    Return the sets as they bind the meetings that are still to be planned.

    Held meetings cannot exceed a capacity: it shrinks by the slots that they take, not below 0. To leave no more than
    that to the other meetings, a set keeps one held slot, and a capacity of one above what is left. Sets of held
    meetings alone are omitted.
    """
    if not problem.held or not len(sets):
        return sets
    is_held = np.array([meeting.id in problem.held for meeting in problem.meetings])[sets.meeting]
    num_held = np.bincount(sets.row[is_held], minlength=len(sets))
    left = np.maximum(sets.capacity - num_held, 0)
    capacity = np.where(num_held > 0, left + 1, sets.capacity)

    # Of the held slots of a set, which every plan takes, the first stands for all.
    _, first = np.unique(sets.row[is_held], return_index=True)
    is_kept = ~is_held
    is_kept[np.flatnonzero(is_held)[first]] = True

    has_others = np.bincount(sets.row[~is_held], minlength=len(sets)) > 0
    is_kept &= has_others[sets.row]
    number = np.cumsum(has_others) - 1
    return ConflictSets(
        capacity=capacity[has_others],
        row=number[sets.row[is_kept]],
        meeting=sets.meeting[is_kept],
        slot=sets.slot[is_kept],
    )
