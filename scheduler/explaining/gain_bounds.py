"""Which changes can gain at all? Who bounds each from above, by what its slots can be worth to a council's year."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from scheduler.intervals import BoolArray, FloatArray, IntArray
from scheduler.planning.instance import NEG_INF, Instance
from scheduler.planning.reoptimise import Reoptimiser


@dataclass(frozen=True, slots=True)
class Changes:
    """
    What slots are worth when two things are gone (twice the same where it is one): arrays of one length.

    ``gain`` is in expected parties, minus infinity where the slot is shut.
    """

    thing: IntArray
    other: IntArray
    position: IntArray
    gain: FloatArray

    def __getitem__(self, chosen: BoolArray | IntArray) -> "Changes":
        return Changes(self.thing[chosen], self.other[chosen], self.position[chosen], self.gain[chosen])

    @property
    def in_order(self) -> "Changes":
        """The same, by what is gone."""
        return self[np.lexsort((self.position, self.other, self.thing))]

    def of(self, thing: int, other: int) -> "Changes":
        """Return those of two things; all are in order."""
        first, last = np.searchsorted(self.thing, [thing, thing + 1])
        within = first + np.searchsorted(self.other[first:last], [other, other + 1])
        return self[np.arange(*within)]


def bounds_through(reoptimiser: Reoptimiser, changes: Changes) -> Mapping[tuple[int, int], float]:
    """
    Return what the best plan can gain at most, in expected parties, by the things that are gone; the most first.

    Who gains takes one of the changed slots. Where a council's year has room for one of them only, the best year
    through each is the bound; where it may take several, what the others add comes on top. Councils add up.
    """
    instance = reoptimiser.instance
    meeting = instance.meeting[changes.position]
    council = instance.council[meeting]
    above = reoptimiser.bounds_through(changes.position, changes.gain)
    order = np.lexsort((meeting, council, changes.other, changes.thing))
    changes, meeting, council, above = changes[order], meeting[order], council[order], above[order]
    if not len(order):
        return {}
    first = _first_of_groups(changes.thing, changes.other, council)
    most = np.maximum.reduceat(above, first).astype(np.float64)
    most[most == NEG_INF] = -np.inf
    days = instance.days[changes.position]
    span = np.maximum.reduceat(days, first) - np.minimum.reduceat(days, first)
    least = np.array([spacing.least for spacing in instance.spacing])
    more = np.where(span >= least[council[first]], _others_add(instance, changes, first, meeting), 0.0)
    most = np.where(np.isposinf(more), np.inf, most + np.where(np.isposinf(more), 0.0, more))
    found: dict[tuple[int, int], float] = {}
    for thing, other, ceiling in zip(
        changes.thing[first].tolist(), changes.other[first].tolist(), most.tolist(), strict=True
    ):
        found[thing, other] = found.get((thing, other), 0.0) + max(0.0, ceiling / instance.scale)
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def _first_of_groups(*keys: IntArray) -> IntArray:
    """Return where each run of equal keys begins."""
    is_new = np.zeros(len(keys[0]), dtype=np.bool_)
    is_new[:1] = True
    for key in keys:
        is_new[1:] |= key[1:] != key[:-1]
    return np.flatnonzero(is_new)


def _others_add(instance: Instance, changes: Changes, first: IntArray, meeting: IntArray) -> FloatArray:
    """
    Return, for each group, what its slots can add to a year beside the one that the bound has counted, in whole units.

    ``first`` is where each group begins, in which changes are sorted by ``meeting``. Of slots that open each may need
    the other: there it is infinite.
    """
    now = instance.exact_gains[changes.position]
    more = np.where(np.isneginf(changes.gain), 0.0, np.where(np.isneginf(now), np.inf, changes.gain - now))
    group = np.repeat(np.arange(len(first)), np.diff(first, append=len(meeting)))
    of_meeting = _first_of_groups(group, meeting)
    most = np.maximum(0.0, np.maximum.reduceat(more, of_meeting))
    is_only = np.bincount(group[of_meeting], minlength=len(first)) == 1
    added = np.bincount(group[of_meeting], weights=most, minlength=len(first)) * instance.scale
    return np.where(is_only, 0.0, added)
