"""How others score a date lives here: each score is a whole number a slot, and the higher is taken."""

from collections.abc import Callable

import numpy as np

from scheduler.intervals import Flags, Indices
from scheduler.problem import Council
from tests.benchmarks.votes import Replies

Score = Callable[[Council, Replies], Indices]

UNKNOWN, FREE, THRESHOLD = 49, 100, 50  # per cent


def counting_members(council: Council, replies: Replies) -> Indices:
    """Doodle's count of yes, when the members are asked."""
    return _count(_by_seat(council, replies, replies.yes, members_only=True))


def counting_parties(council: Council, replies: Replies) -> Indices:
    """Doodle's count of yes, when a party says yes for its member or any substitute."""
    return _count(_by_seat(council, replies, replies.yes))


def rallly(council: Council, replies: Replies) -> Indices:
    """
    Rallly's score of a date, (yes + if need be) · 1000 + yes, over the members.

    Notes
    -----
    The score in lukevella/rallly's source, as of August 2026.
    """
    yes = _count(_by_seat(council, replies, replies.yes, members_only=True))
    maybe = _count(_by_seat(council, replies, replies.maybe, members_only=True))
    return 1000 * (yes + maybe) + yes


def one_of_each(council: Council, replies: Replies) -> Indices:
    """
    One where every group has somebody free, else nothing; the groups are the seats.

    Notes
    -----
    Cronofy's availability query with ``required: 1`` of each group, as its reference documents it.
    """
    return np.asarray(_by_seat(council, replies, replies.free).all(axis=0), dtype=np.int64)


def confidence(_: Council, replies: Replies) -> Indices:
    """
    Microsoft's confidence of a date, in millionths; nothing below 50 per cent, which is not suggested.

    The mean over members and substitutes of free 100 per cent, unknown 49, busy 0.

    Notes
    -----
    The documentation of Microsoft Graph's findMeetingTimes, with its default ``minimumAttendeePercentage``.
    """
    points = np.where(replies.free, FREE, np.where(replies.busy, 0, UNKNOWN)).sum(axis=0)
    asked = len(replies.people)
    return np.where(points >= THRESHOLD * asked, 10_000 * points // asked, 0).astype(np.int64)


def _count(flags: Flags) -> Indices:
    return np.asarray(flags.sum(axis=0), dtype=np.int64)


def _by_seat(council: Council, replies: Replies, flags: Flags, *, members_only: bool = False) -> Flags:
    """Return whether any of each seat's people is flagged, shape ``(seats, slots)``."""
    row = {person: at for at, person in enumerate(replies.people)}
    nobody = np.zeros((1, flags.shape[1]), dtype=np.bool_)
    asked = [([seat.member] if seat.member else []) if members_only else list(seat.people) for seat in council.seats]
    rows = [np.vstack([nobody, flags[[row[person] for person in seat]]]).any(axis=0) for seat in asked]
    return np.array(rows, dtype=np.bool_)
