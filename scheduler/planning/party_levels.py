"""How well each party is heard under a plan lives here: the mean of its chances, in whole units that compare well."""

import math
from collections import Counter

import numpy as np

from scheduler.intervals import FloatArray, IntArray
from scheduler.planning.instance import Instance

UNITS = 2**20  # of a chance; a power of two, so that no chance of a few decimals lies midway and rounds either way
MAX_MULTIPLE = 5040


class PartyLevels:
    """
    Each party's *level*: the mean of its chances over its meetings, `whole` when it is always represented.

    A party's meetings are those where it has somebody to send; a party that has none is left out, as no date helps it.
    Means over different numbers of meetings are sums brought to a common multiple, unless that were too large.
    """

    def __init__(self, instance: Instance) -> None:
        problem = instance.problem
        councils = [problem.councils_by_id[one.meeting.council] for one in instance.choices]
        seats = [[at for at, seat in enumerate(council.seats) if seat.people] for council in councils]
        named = [[council.seats[at].party for at in filled] for council, filled in zip(councils, seats, strict=True)]
        num_meetings = Counter(party for several in named for party in several)
        multiple = min(math.lcm(*num_meetings.values()), MAX_MULTIPLE)
        number = {party: at for at, party in enumerate(num_meetings)}
        self.parties = tuple(num_meetings)
        self.whole = UNITS * multiple
        self.rows = [np.array([number[party] for party in several], dtype=np.int64) for several in named]
        self.units = [
            _share(
                np.rint(UNITS * one.chances.probability[filled]), [num_meetings[party] for party in several], multiple
            )
            for one, filled, several in zip(instance.choices, seats, named, strict=True)
        ]
        self._first = instance.first

    def __len__(self) -> int:
        return len(self.parties)

    def levels(self, plans: IntArray) -> IntArray:
        """Return the parties' levels, shape ``(plans, parties)``, of plans given by position, ``(plans, meetings)``."""
        levels = np.zeros((len(plans), len(self)), dtype=np.int64)
        for at, (rows, units) in enumerate(zip(self.rows, self.units, strict=True)):
            levels[:, rows] += units[:, plans[:, at] - self._first[at]].T
        return levels

    def worst_first(self, plans: IntArray) -> IntArray:
        """Return the levels of plans given by position, each plan's from the worst on."""
        return np.sort(self.levels(plans), axis=1)


def _share(units: FloatArray, num_meetings: list[int], multiple: int) -> IntArray:
    """Return what a chance at one of so many meetings adds to a level; exact when the multiple is one of all."""
    shares = multiple / np.array(num_meetings, dtype=np.float64).reshape(-1, 1)
    return np.rint(units * shares).astype(np.int64)
