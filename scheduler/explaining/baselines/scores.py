"""How others score a date lives here: a whole number a slot, whose sum the same planner makes as high as it can be."""

from collections.abc import Callable, Sequence

import numpy as np

from scheduler.candidates import MeetingCandidates
from scheduler.explaining.baselines.replies import Replies
from scheduler.intervals import IntArray
from scheduler.planning.instance import Instance
from scheduler.planning.optimum import optimum
from scheduler.planning.search import Plan, Search
from scheduler.problem import Council, Problem

Score = Callable[[Council, Replies], IntArray]

UNKNOWN, FREE, THRESHOLD = 49, 100, 50  # per cent
TIES = 0.5  # of a point: what being early is worth, over the whole plan


def counting_yes(council: Council, replies: Replies) -> IntArray:
    """Doodle's count of yes, when the members are asked."""
    members = {seat.member for seat in council.seats}
    is_member = np.array([person in members for person in replies.people], dtype=np.bool_)
    return np.asarray(replies.yes[is_member].sum(axis=0), dtype=np.int64)


def microsoft_confidence(_: Council, replies: Replies) -> IntArray:
    """
    Microsoft's confidence of a date, in whole millionths, rounded down; nothing below 50 per cent.

    It is the mean over members and substitutes of free 100 per cent, unknown 49, busy 0. What lies below 50 per cent
    is not suggested there; here, where every meeting has to be held, it is a last resort, one no better than another.

    Notes
    -----
    The documentation of Microsoft Graph's findMeetingTimes, with its default ``minimumAttendeePercentage``.
    """
    points = np.where(replies.free, FREE, np.where(replies.busy, 0, UNKNOWN)).sum(axis=0)
    asked = max(1, len(replies.people))  # a council may have vacancies alone
    return np.where(points >= THRESHOLD * asked, 10_000 * points // asked, 0).astype(np.int64)


def plan_by_score(
    problem: Problem, choices: Sequence[MeetingCandidates], scores: Sequence[IntArray], search: Search
) -> Plan | None:
    """
    Return the plan with the greatest sum of ``scores``, an array a meeting; of plans that tie, an earlier one.

    The planner makes it, so that it keeps every rule; only what a slot is worth is another's. None where it found none.
    """
    gains = [
        score + np.linspace(TIES / len(choices), 0.0, len(one.slots))  # all together less than a point
        for score, one in zip(scores, choices, strict=True)
    ]
    return optimum(Instance(problem, choices, np.concatenate(gains)), search).plan
