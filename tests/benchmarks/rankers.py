"""Methods that choose dates by ranking, compared with the optimal plan of the same problem."""

from collections.abc import Callable, Sequence
from functools import partial

from scheduler import Problem
from scheduler.availability import Availability
from scheduler.candidates import MeetingCandidates
from scheduler.explaining.baselines.compare import MAX_SECONDS
from scheduler.explaining.baselines.fixed_weekday import fixed_weekday
from scheduler.explaining.baselines.slot_scores import counting_yes, microsoft_confidence, plan_by_score
from scheduler.planning.instance import Instance
from scheduler.planning.optimum import optimum
from scheduler.planning.search_types import Allowance, Search
from tests.benchmarks.greedy import greedy
from tests.benchmarks.scores import Score, counting_parties, one_of_each, rallly
from tests.benchmarks.votes import votes
from tests.enumeration import Starts, starts_of

Ranker = Callable[[Problem, Sequence[MeetingCandidates]], Starts]


def expected_attendance(problem: Problem, choices: Sequence[MeetingCandidates]) -> Starts:
    """What Tretton does: the plan of greatest expected attendance, proven."""
    found = optimum(Instance(problem, choices), Search())
    assert found.plan is not None
    assert found.status == "optimal"
    return starts_of(choices, found.plan, problem)


def by_score(score: Score, problem: Problem, choices: Sequence[MeetingCandidates]) -> Starts:
    """Take the plan of the greatest sum of ``score``, as the product does."""
    availability = Availability(problem)
    scores = [score(problem.councils_by_id[one.meeting.council], votes(availability, one)) for one in choices]
    plan = plan_by_score(problem, choices, scores, Search(Allowance(MAX_SECONDS)))
    assert plan is not None
    return starts_of(choices, plan, problem)


def greedily(problem: Problem, choices: Sequence[MeetingCandidates]) -> Starts:
    """Take each meeting's slot of greatest expected attendance, one after the other."""
    return starts_of(choices, greedy(problem, choices), problem)


def by_habit(problem: Problem, choices: Sequence[MeetingCandidates]) -> Starts:
    """Take the council's weekday of the month."""
    plan = fixed_weekday(Instance(problem, choices))
    assert plan is not None
    return starts_of(choices, plan, problem)


RANKERS: dict[str, Ranker] = {
    "Tretton, proven": expected_attendance,
    "greedy on expected attendance": greedily,
    "counting yes, members": partial(by_score, counting_yes),
    "counting yes, member or substitute": partial(by_score, counting_parties),
    "Rallly's score": partial(by_score, rallly),
    "one of each party free (Cronofy)": partial(by_score, one_of_each),
    "Microsoft's confidence": partial(by_score, microsoft_confidence),
    "fixed weekday": by_habit,
}
