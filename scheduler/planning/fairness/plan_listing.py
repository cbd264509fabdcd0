"""Enumerate all plans of at least a given value, for councils without common constraints."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from scheduler.intervals import BoolArray, IntArray
from scheduler.planning.instance import NEG_INF, Instance, UnitArray

MAX_PLANS = 20_000  # at most so many plans are compared at once
MAX_SLOTS = 2_000


def plans_of_value(instance: Instance, candidate_mask: BoolArray, min_value: int) -> IntArray | None:
    """
    Return all plans of at least ``min_value`` units, shape ``(plans, meetings)``, by position.

    Conflict sets and relations are ignored: the instance must have none.

    Parameters
    ----------
    candidate_mask
        The slots to choose from, by position.

    Returns
    -------
    IntArray or None
        None when there are more than `MAX_SLOTS` candidates or `MAX_PLANS` plans.
    """
    if candidate_mask.sum() > MAX_SLOTS:
        return None
    candidates = _positions_by_meeting(instance, candidate_mask)
    if not all(len(positions) for positions in candidates):
        return np.zeros((0, len(candidates)), dtype=np.int64)
    paths = [meetings for _, meetings in instance.meetings_by_council if meetings]
    suffix_values = _suffix_values(instance, candidates, paths)
    path_bounds = [_path_bound(candidates[meetings[0]], suffix_values) for meetings in paths]
    partial = _PartialPlans.empty()
    for index, meetings in enumerate(paths):
        # The later paths add at most the sum of their bounds, so that this path must bring the rest.
        min_path_value = min_value - sum(path_bounds[index + 1 :])
        for place, meeting in enumerate(meetings):
            slots = candidates[meeting]
            is_first = place == 0
            extended = partial.extended(instance, slots, suffix_values, min_path_value, is_first=is_first)
            if extended is None:
                return None
            partial = extended

    columns = np.argsort(np.concatenate(paths))
    return partial.plans[:, columns]


@dataclass(frozen=True, slots=True)
class _PartialPlans:
    """Plans of the first meetings: ``plans`` by position, shape ``(plans, meetings)``, and their ``values``."""

    plans: IntArray
    values: UnitArray

    @classmethod
    def empty(cls) -> "_PartialPlans":
        """Return one plan of no meetings."""
        plans = np.zeros((1, 0), dtype=np.int64)
        values = np.zeros(1, dtype=np.int64)
        return cls(plans, values)

    def extended(
        self,
        instance: Instance,
        slots: IntArray,
        suffix_values: UnitArray,
        min_value: int,
        *,
        is_first: bool,
    ) -> "_PartialPlans | None":
        """
        Return each plan with each slot of the next meeting that leads to ``min_value``; None for too many plans.

        ``is_first`` says that the meeting is the first of its council.
        """
        # The suffix values are exact completions, so that each partial plan kept leads to a plan in the result.
        bounds = self.values[:, None] + suffix_values[slots]
        is_kept = bounds >= min_value
        if not is_first:
            last_slots = self.plans[:, -1]
            is_kept &= _can_follow(instance, last_slots, slots)
        plan_rows, slot_columns = np.nonzero(is_kept)
        if len(plan_rows) > MAX_PLANS:
            return None
        added = slots[slot_columns]
        plans = np.column_stack([self.plans[plan_rows], added])
        values = self.values[plan_rows] + instance.gains[added]
        return _PartialPlans(plans, values)


def _positions_by_meeting(instance: Instance, candidate_mask: BoolArray) -> list[IntArray]:
    masks = instance.by_meeting(candidate_mask)
    positions = []
    for meeting, mask in enumerate(masks):
        slots = np.flatnonzero(mask)
        positions.append(instance.first[meeting] + slots)
    return positions


def _suffix_values(instance: Instance, candidates: Sequence[IntArray], paths: Sequence[Sequence[int]]) -> UnitArray:
    """Return by position the value of the slot with the best path of the later meetings of its council."""
    suffix_values = instance.gains.copy()
    for meetings in paths:
        # Dynamic programming from the last meeting back: the best continuation depends on the slot alone.
        for earlier, later in reversed(list(pairwise(meetings))):
            slots = candidates[earlier]
            next_slots = candidates[later]
            can_follow = _can_follow(instance, slots, next_slots)
            next_values = np.where(can_follow, suffix_values[next_slots], NEG_INF)
            continuation = next_values.max(axis=1)
            path_values = suffix_values[slots] + continuation
            suffix_values[slots] = np.maximum(path_values, NEG_INF)
    return suffix_values


def _path_bound(first_slots: IntArray, suffix_values: UnitArray) -> int:
    """Return the value of the best path from the slots of a council's first meeting."""
    path_values = suffix_values[first_slots]
    return int(path_values.max())


def _can_follow(instance: Instance, slots: IntArray, next_slots: IntArray) -> BoolArray:
    """Return which slots of a council's next meeting keep order and spacing, shape ``(slots, next_slots)``."""
    least, most = instance.spacing[int(instance.meeting[slots[0]])]
    days_between = instance.days[next_slots] - instance.days[slots][:, None]
    can_follow = days_between >= least
    if most is not None:
        can_follow &= days_between <= most
    return np.asarray(can_follow, dtype=np.bool_)
