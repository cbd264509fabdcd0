"""The ways to choose dates live here, to be measured beside the proven plan on the same problem."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from scheduler import Problem
from scheduler.availability import Availability
from scheduler.candidates import MeetingCandidates
from scheduler.planning.instance import Instance
from scheduler.planning.optimum import optimum
from scheduler.planning.search import Allowance, Search
from tests.benchmarks.greedy import greedy
from tests.benchmarks.scores import (
    Score,
    confidence,
    counting_members,
    counting_parties,
    one_of_each,
    rallly,
)
from tests.benchmarks.votes import replies
from tests.benchmarks.weekday import fixed_weekday
from tests.enumeration import Starts, starts_of

Ranker = Callable[[Problem, Sequence[MeetingCandidates]], Starts]

SECONDS = 10.0  # for a score of others': their sums tie so often that the proof may take long; the best found counts


def expected_attendance(problem: Problem, choices: Sequence[MeetingCandidates]) -> Starts:
    """What Tretton does: the plan of greatest expected attendance, proven."""
    found = optimum(Instance(problem, choices), Search())
    assert found.plan is not None
    assert found.status == "optimal"
    return starts_of(choices, found.plan, problem)


def by_score(score: Score, problem: Problem, choices: Sequence[MeetingCandidates]) -> Starts:
    """
    Take the plan of the greatest sum of ``score``; of plans that tie, an earlier one.

    The same planner makes it, so that it keeps every rule; only what a slot is worth is another's.
    """
    availability = Availability(problem)
    scored = []
    for one in choices:
        worth = score(problem.councils_by_id[one.meeting.council], replies(availability, one))
        earlier = np.linspace(0.5 / len(choices), 0.0, len(one.slots))  # less than a point over the whole plan
        scored.append(replace(one, gains=worth + earlier))
    found = optimum(Instance(problem, scored), Search(Allowance(SECONDS)))
    assert found.plan is not None
    return starts_of(choices, found.plan, problem)


def greedily(problem: Problem, choices: Sequence[MeetingCandidates]) -> Starts:
    """Take each meeting's slot of greatest expected attendance, one after the other."""
    return starts_of(choices, greedy(problem, choices), problem)


def by_habit(problem: Problem, choices: Sequence[MeetingCandidates]) -> Starts:
    """Take the council's weekday of the month."""
    return starts_of(choices, fixed_weekday(problem, choices), problem)


RANKERS: dict[str, Ranker] = {
    "Tretton, proven": expected_attendance,
    "greedy on expected attendance": greedily,
    "counting yes, members": partial(by_score, counting_members),
    "counting yes, member or substitute": partial(by_score, counting_parties),
    "Rallly's score": partial(by_score, rallly),
    "one of each party free (Cronofy)": partial(by_score, one_of_each),
    "Microsoft's confidence": partial(by_score, confidence),
    "fixed weekday": by_habit,
}
