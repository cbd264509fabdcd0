"""Upper bounds on the gain of removing events: decide which removals are worth an exact reoptimisation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.intervals import BoolArray, FloatArray, IntArray
from scheduler.planning.instance import NEG_INF, Instance
from scheduler.planning.reoptimise import Reoptimiser

EventPair = tuple[int, int]  # two events that are removed together; the same event twice when it is a single one


@dataclass(frozen=True, slots=True)
class GainChanges:
    """
    The gains of slots after the events ``first`` and ``second`` are removed: arrays of equal length.

    ``second`` equals ``first`` when a single event is removed. ``gain`` is in expected parties, minus infinity where
    the slot is not allowed.
    """

    first: IntArray
    second: IntArray
    position: IntArray
    gain: FloatArray

    def __getitem__(self, chosen: BoolArray | IntArray) -> "GainChanges":
        return GainChanges(
            self.first[chosen],
            self.second[chosen],
            self.position[chosen],
            self.gain[chosen],
        )

    @classmethod
    def concatenate(cls, parts: Sequence["GainChanges"]) -> "GainChanges":
        """Return the changes of all parts."""
        return cls(
            np.concatenate([part.first for part in parts]),
            np.concatenate([part.second for part in parts]),
            np.concatenate([part.position for part in parts]),
            np.concatenate([part.gain for part in parts]),
        )

    def sorted_by_events(self) -> "GainChanges":
        """Return the changes sorted by events, then by position."""
        order = np.lexsort((self.position, self.second, self.first))
        return self[order]

    def of_events(self, events: EventPair) -> "GainChanges":
        """Return the changes of a pair of events; the changes must be sorted by events."""
        first, second = events
        start, end = np.searchsorted(self.first, [first, first + 1])
        second_events = self.second[start:end]
        offsets = np.searchsorted(second_events, [second, second + 1])
        rows = start + np.arange(*offsets)
        return self[rows]


def bound_gains(reoptimiser: Reoptimiser, changes: GainChanges) -> Mapping[EventPair, float]:
    """
    Return an upper bound on the gain of the best plan for each pair of events, in descending order.

    A plan with a gain takes at least one changed slot. The bound is the sum, over councils, of the best path through
    one of the changed slots, plus the surplus of the other changed slots where a path can take several of them.

    Returns
    -------
    Mapping
        Bounds in expected parties, 0 or more, infinite where no finite bound is known.
    """
    if not len(changes.position):
        return {}
    instance = reoptimiser.instance
    meeting = instance.meeting[changes.position]
    council = instance.council[meeting]
    order = np.lexsort((meeting, council, changes.second, changes.first))
    groups = _CouncilGroups.of(instance, changes[order])
    bounds = _group_bounds(reoptimiser, groups) / instance.scale

    # The total gain is at most the sum of the gains of the councils; a council without a gain keeps its path.
    first_events = groups.changes.first[groups.starts].tolist()
    second_events = groups.changes.second[groups.starts].tolist()
    totals: dict[EventPair, float] = {}
    all_events = zip(first_events, second_events, strict=True)
    for events, bound in zip(all_events, bounds.tolist(), strict=True):
        totals[events] = totals.get(events, 0.0) + max(0.0, bound)
    descending = sorted(totals, key=lambda events: -totals[events])
    return {events: totals[events] for events in descending}


@dataclass(frozen=True, slots=True)
class _CouncilGroups:
    """
    Changes sorted by events, council and meeting, and where the groups of equal events and council start.

    ``meeting`` has the shape of ``changes``; ``starts`` and ``council`` have the shape ``(groups,)``.
    """

    changes: GainChanges
    meeting: IntArray
    starts: IntArray
    council: IntArray

    @classmethod
    def of(cls, instance: Instance, changes: GainChanges) -> "_CouncilGroups":
        meeting = instance.meeting[changes.position]
        council = instance.council[meeting]
        starts = _run_starts(changes.first, changes.second, council)
        return cls(changes, meeting, starts, council[starts])

    def __len__(self) -> int:
        return len(self.starts)


def _group_bounds(reoptimiser: Reoptimiser, groups: _CouncilGroups) -> FloatArray:
    """Return an upper bound on the gain of each group, in units."""
    instance = reoptimiser.instance
    slot_bounds = reoptimiser.bounds_through(groups.changes.position, groups.changes.gain)
    best_bound = np.maximum.reduceat(slot_bounds, groups.starts)
    best_bound = best_bound.astype(np.float64)
    best_bound[best_bound == NEG_INF] = -np.inf

    # A path can take two of the changed slots only when these are as far apart as the council's least spacing.
    days = instance.days[groups.changes.position]
    last_day = np.maximum.reduceat(days, groups.starts)
    first_day = np.minimum.reduceat(days, groups.starts)
    span = last_day - first_day
    least_spacing = np.full(len(instance.meetings_by_council), np.iinfo(np.int64).max)
    least_by_meeting = np.array([least for least, _ in instance.spacing])
    np.minimum.at(least_spacing, instance.council, least_by_meeting)
    can_take_several = span >= least_spacing[groups.council]
    surplus = np.where(can_take_several, _surplus_of_others(instance, groups), 0.0)

    # An infinite surplus takes precedence even where no path uses a changed slot: minus infinity is not added.
    is_unbounded = np.isposinf(surplus)
    finite_surplus = np.where(is_unbounded, 0.0, surplus)
    return np.where(is_unbounded, np.inf, best_bound + finite_surplus)


def _surplus_of_others(instance: Instance, groups: _CouncilGroups) -> FloatArray:
    """
    Return for each group how much its slots can add to a path that already contains one of them, in units.

    Infinite where the removal makes several slots possible: a path may exist only through two of these.
    """
    old_gain = instance.exact_gains[groups.changes.position]
    new_gain = groups.changes.gain
    is_impossible = np.isneginf(new_gain)
    is_newly_possible = np.isneginf(old_gain)
    increase = np.where(is_newly_possible, np.inf, new_gain - old_gain)
    increase = np.where(is_impossible, 0.0, increase)

    # A path takes one slot of each meeting, so that a meeting adds its largest increase at most.
    num_changes = np.diff(groups.starts, append=len(groups.meeting))
    group = np.repeat(np.arange(len(groups)), num_changes)
    meeting_starts = _run_starts(group, groups.meeting)
    by_meeting = np.maximum(0.0, np.maximum.reduceat(increase, meeting_starts))
    group_of_meeting = group[meeting_starts]
    num_meetings = np.bincount(group_of_meeting, minlength=len(groups))
    surplus = np.bincount(group_of_meeting, weights=by_meeting, minlength=len(groups))
    return np.where(num_meetings == 1, 0.0, surplus * instance.scale)


def _run_starts(*keys: IntArray) -> IntArray:
    """Return the index at which each run of equal keys starts."""
    is_start = np.zeros(len(keys[0]), dtype=np.bool_)
    is_start[:1] = True
    for key in keys:
        is_start[1:] |= key[1:] != key[:-1]
    return np.flatnonzero(is_start)
