"""Representation levels: the mean attendance chance of each party under a plan, as comparable integers."""

import math
from collections import Counter

import numpy as np

from scheduler.candidates import MeetingCandidates
from scheduler.intervals import IntArray
from scheduler.planning.instance import Instance
from scheduler.problem import Council

# Units of a chance. A chance of a few decimals never lies midway between two multiples of a power of two, so that
# rounding is never a tie.
UNITS = 2**20
MAX_MULTIPLE = 5040


class PartyLevels:
    """
    The *level* of each party: the mean of its chances over its meetings, `whole` when it is always represented.

    The meetings of a party are those where it has a seat with a member or a substitute. A party without such a seat
    has no level, since no date changes its representation. Levels are integers: means over different numbers of
    meetings are brought to their least common multiple, or to `MAX_MULTIPLE`, rounded, where that is smaller.

    Attributes
    ----------
    parties
        The ids of the parties that have a level.
    rows
        For each meeting the parties in it, as indices into ``parties``.
    units
        For each meeting what a slot adds to the levels, shape ``(parties of the meeting, slots)``.
    """

    def __init__(self, instance: Instance) -> None:
        councils = [instance.problem.councils_by_id[choice.meeting.council] for choice in instance.choices]
        num_meetings = Counter(party for council in councils for party in _represented_parties(council))
        multiple = min(math.lcm(*num_meetings.values()), MAX_MULTIPLE)
        party_index = {party: index for index, party in enumerate(num_meetings)}

        self.parties = tuple(num_meetings)
        self.whole = UNITS * multiple
        self.rows: list[IntArray] = []
        self.units: list[IntArray] = []
        self._first = instance.first
        for choice, council in zip(instance.choices, councils, strict=True):
            parties = _represented_parties(council)
            indices = [party_index[party] for party in parties]
            shares = [multiple / num_meetings[party] for party in parties]
            self.rows.append(np.array(indices, dtype=np.int64))
            self.units.append(_slot_units(choice, council, shares))

    def __len__(self) -> int:
        return len(self.parties)

    def levels(self, plans: IntArray) -> IntArray:
        """Return the levels, shape ``(plans, parties)``, of plans given by position, shape ``(plans, meetings)``."""
        levels = np.zeros((len(plans), len(self)), dtype=np.int64)
        for meeting, (rows, units) in enumerate(zip(self.rows, self.units, strict=True)):
            slots = plans[:, meeting] - self._first[meeting]
            levels[:, rows] += units[:, slots].T
        return levels

    def worst_first(self, plans: IntArray) -> IntArray:
        """Return the levels of each plan in ascending order, shape ``(plans, parties)``."""
        return np.sort(self.levels(plans), axis=1)


def _filled_seats(council: Council) -> list[int]:
    return [row for row, seat in enumerate(council.seats) if seat.people]


def _represented_parties(council: Council) -> list[str]:
    return [council.seats[row].party for row in _filled_seats(council)]


def _slot_units(choice: MeetingCandidates, council: Council, shares: list[float]) -> IntArray:
    """Return what each slot adds to the levels, shape ``(parties, slots)``."""
    chances = np.rint(UNITS * choice.chances.probability[_filled_seats(council)])
    # Chances are rounded before they are scaled, so that equal chances are equal in every meeting.
    factors = np.array(shares, dtype=np.float64).reshape(-1, 1)
    return np.rint(chances * factors).astype(np.int64)
