"""Who holds today's ways of choosing dates beside the best plan: the habit, a poll, Microsoft's confidence."""

from collections.abc import Iterator
from dataclasses import replace

from scheduler.attendance import seat_weights
from scheduler.candidates import Candidates
from scheduler.explaining.baselines.fixed_weekday import fixed_weekday
from scheduler.explaining.baselines.replies import replies
from scheduler.explaining.baselines.scores import Score, counting_yes, microsoft_confidence, plan_by_score
from scheduler.explaining.explanation import HabitName, HabitRule, Habits
from scheduler.intervals import IntArray
from scheduler.planning.instance import Instance
from scheduler.planning.optimum import optimum
from scheduler.planning.search import Allowance, Plan, Search
from scheduler.problem import Problem
from scheduler.verify import Checker

SCORES: dict[HabitName, Score] = {"counting_yes": counting_yes, "microsoft_confidence": microsoft_confidence}

# A score's sums tie so often that the proof may take long; the best that was found is good enough to compare with.
SHARE = 1 / 6  # of the allowance, which each score may take besides; but at most
MAX_SECONDS = 10.0


def habit(problem: Problem, search: Search | None = None) -> Habits:
    """
    Return what today's ways of choosing dates lead to, and the best plan, all counted alike.

    The habit is the council's own or the third Thursday, and it alone looks at no people or rooms in common and at no
    relation; a poll counts the yes of the members; Microsoft's confidence is the mean over everybody who is asked.
    Where the problem has no plan, no way has one; once the search is cancelled, a score not yet planned has none.
    """
    search = search or Search()
    seconds = min(SHARE * search.allowance.seconds, MAX_SECONDS)
    candidates = Candidates(problem)
    instance = Instance(problem, candidates.meetings)
    found = optimum(instance, search)
    plans: dict[HabitName, Plan | None] = {"habit": None, **dict.fromkeys(SCORES), "plan": found.plan}
    if found.status != "infeasible":
        plans["habit"] = fixed_weekday(instance)
        plans.update(_by_score(candidates, search.without_progress(), seconds))
    return Habits(status=found.status, rules=tuple(_rule(name, instance, plan) for name, plan in plans.items()))


def _by_score(candidates: Candidates, search: Search, seconds: float) -> Iterator[tuple[HabitName, Plan | None]]:
    """Yield each score's plan, found within so many seconds of its own."""
    problem, choices = candidates.problem, candidates.meetings
    scores: dict[HabitName, list[IntArray]] = {name: [] for name in SCORES}
    for one in choices:
        if search.is_cancelled is not None and search.is_cancelled():
            return
        council, said = problem.councils_by_id[one.meeting.council], replies(candidates.availability, one)
        for name, score in SCORES.items():
            scores[name].append(score(council, said))
    for name, of_meetings in scores.items():
        yield name, plan_by_score(problem, choices, of_meetings, replace(search, allowance=Allowance(seconds)))


def _rule(name: HabitName, instance: Instance, plan: Plan | None) -> HabitRule:
    if plan is None:
        return HabitRule(name=name, objective=None, expected_absences=None, quorum_probability_min=None, starts=())
    problem, held = instance.problem, list(zip(instance.choices, plan, strict=True))
    councils = [problem.councils_by_id[one.meeting.council] for one, _ in held]
    starts = tuple(map(instance.start_at, instance.positions(plan).tolist()))
    quorums = [
        float(one.chances.quorum_probability[slot])
        for council, (one, slot) in zip(councils, held, strict=True)
        if council.quorum is not None
    ]
    invited = sum(float(seat_weights(problem, council).sum()) for council in councils)
    return HabitRule(
        name=name,
        objective=instance.value(plan),
        expected_absences=invited - sum(float(one.chances.expected_attendance[slot]) for one, slot in held),
        quorum_probability_min=min(quorums, default=None),
        starts=starts,
        num_broken=len(
            Checker(problem).between_meetings({one.meeting.id: at for (one, _), at in zip(held, starts, strict=True)})
        ),
    )
