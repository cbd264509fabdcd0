"""Which changes can gain at all? Who bounds each from above, by what its slots can be worth to a council's year."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from scheduler.intervals import Chances, Flags, Indices
from scheduler.planning.instance import NEVER, Instance
from scheduler.planning.series import reach_of
from scheduler.planning.variations import Variations


@dataclass(frozen=True, slots=True)
class Changes:
    """
    What slots are worth when two things are gone (twice the same where it is one): arrays of one length.

    ``gain`` is in expected parties, minus infinity where the slot is shut.
    """

    thing: Indices
    other: Indices
    position: Indices
    gain: Chances

    def __getitem__(self, chosen: Flags | Indices) -> "Changes":
        return Changes(self.thing[chosen], self.other[chosen], self.position[chosen], self.gain[chosen])


def ceilings(variations: Variations, changes: Changes) -> Mapping[tuple[int, int], float]:
    """
    Return what the best plan can gain at most, in expected parties, by the things that are gone; the most first.

    Who gains takes one of the changed slots. Where a council's year has room for one of them only, the best year
    through each is the bound; where it may take several, what the others add comes on top. Councils add up.
    """
    instance = variations.instance
    changes = changes[changes.gain != instance.exact_gains[changes.position]]
    meeting = instance.meeting[changes.position]
    council = instance.council[meeting]
    above = variations.ceilings(changes.position, changes.gain)
    order = np.lexsort((meeting, council, changes.other, changes.thing))
    changes, meeting, council, above = changes[order], meeting[order], council[order], above[order]
    if not len(order):
        return {}
    first = _first_of_groups(changes.thing, changes.other, council)
    most = np.maximum.reduceat(above, first).astype(np.float64)
    most[most == NEVER] = -np.inf
    days = instance.days[changes.position]
    span = np.maximum.reduceat(days, first) - np.minimum.reduceat(days, first)
    is_one_meeting = np.maximum.reduceat(meeting, first) == np.minimum.reduceat(meeting, first)
    least = np.array([reach_of(instance, at)[0] for at in range(len(instance.meetings_by_council))])
    for group in np.flatnonzero(~is_one_meeting & (span >= least[council[first]])).tolist():
        last = first[group + 1] if group + 1 < len(first) else len(order)
        more = _others_add(instance, changes[np.arange(first[group], last)])
        most[group] = np.inf if np.isinf(more) else most[group] + more
    found: dict[tuple[int, int], float] = {}
    for thing, other, ceiling in zip(
        changes.thing[first].tolist(), changes.other[first].tolist(), most.tolist(), strict=True
    ):
        found[thing, other] = found.get((thing, other), 0.0) + max(0.0, ceiling / instance.scale)
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def _first_of_groups(*keys: Indices) -> Indices:
    """Return where each run of equal keys begins."""
    is_new = np.zeros(len(keys[0]), dtype=np.bool_)
    is_new[:1] = True
    for key in keys:
        is_new[1:] |= key[1:] != key[:-1]
    return np.flatnonzero(is_new)


def _others_add(instance: Instance, changes: Changes) -> float:
    """Return what changed slots can add to a year beside the one that the bound has counted, in whole units."""
    meeting = instance.meeting[changes.position]
    is_shut = np.isneginf(instance.exact_gains[changes.position])
    if is_shut.any():
        return np.inf  # of slots that open, each may need the other
    more = np.where(np.isneginf(changes.gain), 0.0, changes.gain - instance.exact_gains[changes.position])
    return float(sum(max(0.0, more[meeting == at].max()) for at in np.unique(meeting))) * instance.scale
