"""Scores of other tools: an integer for each slot, whose sum over the plan the exact methods maximise."""

from collections.abc import Callable, Sequence

import numpy as np

from scheduler.candidates import MeetingCandidates
from scheduler.explaining.baselines.replies import Replies
from scheduler.intervals import FloatArray, IntArray
from scheduler.planning.instance import Instance
from scheduler.planning.optimum import optimum
from scheduler.planning.search_types import Plan, Search
from scheduler.problem import Council, Problem

ScoreFunction = Callable[[Council, Replies], IntArray]  # the score of each slot of a meeting

UNKNOWN, FREE, THRESHOLD = 49, 100, 50  # per cent
MAX_EARLINESS = 0.5  # points for the earliest starts of all meetings together, below the smallest difference of scores


def counting_yes(council: Council, replies: Replies) -> IntArray:
    """Return the number of yes votes of the members, as in a Doodle poll."""
    members = {seat.member for seat in council.seats}
    member_flags = [person in members for person in replies.people]
    is_member = np.array(member_flags, dtype=np.bool_)
    num_yes = replies.yes[is_member].sum(axis=0)
    return np.asarray(num_yes, dtype=np.int64)


def microsoft_confidence(_: Council, replies: Replies) -> IntArray:
    """
    Return Microsoft's confidence in millionths, rounded down; 0 below 50 per cent.

    The confidence is the mean over members and substitutes of 100 per cent for free, 49 for unknown and 0 for busy.
    Microsoft suggests no date below 50 per cent. Since every meeting has to be held, such a date is a last resort
    here, and all of them are equal.

    Notes
    -----
    Source: documentation of Microsoft Graph's findMeetingTimes, with its default ``minimumAttendeePercentage``.
    """
    if_not_free = np.where(replies.busy, 0, UNKNOWN)
    person_points = np.where(replies.free, FREE, if_not_free)
    points = person_points.sum(axis=0)
    num_people = max(1, len(replies.people))  # a council may have vacant seats only
    confidence = 10_000 * points // num_people
    is_suggested = points >= THRESHOLD * num_people
    return np.where(is_suggested, confidence, 0).astype(np.int64)


def plan_by_score(
    problem: Problem,
    choices: Sequence[MeetingCandidates],
    scores: Sequence[IntArray],
    search: Search,
) -> Plan | None:
    """
    Return the plan of the greatest sum of scores under all rules; ties are broken by early starts.

    Parameters
    ----------
    scores
        For each meeting the score of its candidate slots.

    Returns
    -------
    Plan or None
        None when no plan was found.
    """
    gains = []
    for choice, score in zip(choices, scores, strict=True):
        earliness = _earliness(len(choice.slots), len(choices))
        gains.append(score + earliness)
    instance = Instance(problem, choices, np.concatenate(gains))
    return optimum(instance, search).plan


def _earliness(num_slots: int, num_meetings: int) -> FloatArray:
    """Return a small bonus that falls from the first slot to the last; over all meetings it is below one point."""
    return np.linspace(MAX_EARLINESS / num_meetings, 0.0, num_slots)
