"""Scores of dates in other scheduling tools; each is an integer per slot, and the greatest is taken."""

from collections.abc import Callable, Sequence

import numpy as np

from scheduler.explaining.baselines.slot_scores import counting_yes
from scheduler.intervals import BoolArray, IntArray
from scheduler.problem import Council
from tests.benchmarks.votes import Votes

Score = Callable[[Council, Votes], IntArray]


def counting_parties(council: Council, votes: Votes) -> IntArray:
    """Doodle's count of yes, when a party says yes for its member or any substitute."""
    return _count(_by_seat(council, votes, votes.yes))


def rallly(council: Council, votes: Votes) -> IntArray:
    """
    Rallly's score of a date, (yes + if need be) · 1000 + yes, over the members.

    Notes
    -----
    The score in lukevella/rallly's source, as of August 2026.
    """
    yes = counting_yes(council, votes)
    maybe = _count(_rows(votes, votes.maybe, [seat.member for seat in council.seats if seat.member]))
    return 1000 * (yes + maybe) + yes


def one_of_each(council: Council, votes: Votes) -> IntArray:
    """
    Return 1 where every group has a free person, else 0; the groups are the seats.

    Notes
    -----
    Cronofy's availability query with ``required: 1`` of each group, as its reference documents it.
    """
    return np.asarray(_by_seat(council, votes, votes.free).all(axis=0), dtype=np.int64)


def _count(flags: BoolArray) -> IntArray:
    return np.asarray(flags.sum(axis=0), dtype=np.int64)


def _by_seat(council: Council, votes: Votes, flags: BoolArray) -> BoolArray:
    """Return whether any of each seat's people is flagged, shape ``(seats, slots)``."""
    return np.array([_rows(votes, flags, seat.people).any(axis=0) for seat in council.seats], dtype=np.bool_)


def _rows(votes: Votes, flags: BoolArray, people: Sequence[str]) -> BoolArray:
    """Return the rows of these people."""
    return flags[[votes.people.index(person) for person in people]]
