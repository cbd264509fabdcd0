"""Test whether a council's meetings fit in order and within their spacing limits; values are ignored."""

from collections.abc import Sequence

import numpy as np

from scheduler.intervals import BoolArray, IntArray
from scheduler.problem import SpacingRange


def is_spaced(days: IntArray, spacing: Sequence[SpacingRange]) -> bool:
    """Tell whether meetings on these days are neither too close to the next one nor too far from it."""
    gaps = np.diff(days).tolist()
    return all(
        gap >= least and (most is None or gap <= most)
        for gap, (least, most) in zip(gaps, spacing, strict=False)  # the last meeting has no gap
    )


def blocked_run(days: Sequence[IntArray], spacing: Sequence[SpacingRange]) -> tuple[int, int] | None:
    """
    Return the first and the last of consecutive meetings that cannot all be held, however free the others are.

    Parameters
    ----------
    days
        The days that each meeting may take, as ordinals, in the order of the meetings.
    spacing
        The days between each meeting and the next one; the last entry has no meaning.

    Returns
    -------
    tuple of int or None
        The run of meetings that ends first, and of those the shortest; None when all meetings can be held.
    """
    can_take = _day_table(days)
    last = _first_unreachable(can_take, spacing)
    if last is None:
        return None

    # Backwards in time from the last meeting of the run, the first unreachable meeting begins the shortest run.
    reversed_table = [mask[::-1] for mask in reversed(can_take[: last + 1])]
    steps_back = _first_unreachable(reversed_table, spacing[:last][::-1])
    assert steps_back is not None, "infeasible forwards implies infeasible backwards"
    return last - steps_back, last


def _day_table(days: Sequence[IntArray]) -> list[BoolArray]:
    """Return for each meeting which days it may take, counted from the first day of all meetings."""
    non_empty = [each for each in days if len(each)]
    first = min((int(each.min()) for each in non_empty), default=0)
    last = max((int(each.max()) for each in non_empty), default=first)
    table = np.zeros((len(days), last - first + 1), dtype=np.bool_)
    for mask, each in zip(table, days, strict=True):
        mask[each - first] = True
    return list(table)


def _first_unreachable(can_take: Sequence[BoolArray], spacing: Sequence[SpacingRange]) -> int | None:
    """Return the first meeting that cannot be held after those before it; None when all can."""
    reached = np.ones_like(can_take[0])
    for index, mask in enumerate(can_take):
        reached = mask & _following(reached, *spacing[index - 1]) if index else mask
        if not reached.any():
            return index
    return None


def _following(days: BoolArray, least: int, most: int | None) -> BoolArray:
    """Return the days that lie ``least`` to ``most`` days after one of ``days``."""
    # A window holds a day exactly when the number of days before its two ends differs.
    num_before = np.concatenate([[0], np.cumsum(days)])
    every_day = np.arange(len(days))
    until = num_before[np.maximum(every_day - least + 1, 0)]
    since = 0 if most is None else num_before[np.maximum(every_day - most, 0)]
    return np.asarray(until > since, dtype=np.bool_)
