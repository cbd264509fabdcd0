"""Compare today's ways of choosing dates with the best plan: fixed weekday, poll and Microsoft's confidence."""

from collections.abc import Iterator
from dataclasses import replace

from scheduler.attendance import seat_weights
from scheduler.candidates import Candidates
from scheduler.explaining.baselines.fixed_weekday import fixed_weekday
from scheduler.explaining.baselines.replies import replies
from scheduler.explaining.baselines.slot_scores import (
    ScoreFunction,
    counting_yes,
    microsoft_confidence,
    plan_by_score,
)
from scheduler.explaining.explanation import HabitName, HabitRule, Habits
from scheduler.intervals import IntArray
from scheduler.planning.instance import Instance
from scheduler.planning.optimum import optimum
from scheduler.planning.search_types import Allowance, Plan, Search
from scheduler.problem import Problem
from scheduler.verify import Checker

SCORES: dict[HabitName, ScoreFunction] = {
    "counting_yes": counting_yes,
    "microsoft_confidence": microsoft_confidence,
}

# Sums of scores tie often, so that a proof can take long. The best plan found is good enough for a comparison.
SHARE = 1 / 6  # of the allowance, granted to each score in addition to it
MAX_SECONDS = 10.0


def habit(problem: Problem, search: Search | None = None) -> Habits:
    """
    Return the plans that today's ways of choosing dates lead to, and the best plan, with the same figures.

    ``habit`` is the council's usual weekday of the month or the third Thursday; it ignores shared people, rooms and
    relations. ``counting_yes`` maximises the yes votes of the members, and ``microsoft_confidence`` the mean
    confidence over members and substitutes. When the problem is infeasible, none has a plan. When the search is
    cancelled, scores that are not yet planned have none.
    """
    search = search or Search()
    score_seconds = min(SHARE * search.allowance.seconds, MAX_SECONDS)
    candidates = Candidates(problem)
    instance = Instance(problem, candidates.meetings)
    best = optimum(instance, search)
    plans: dict[HabitName, Plan | None] = {
        "habit": None,
        **dict.fromkeys(SCORES),
        "plan": best.plan,
    }
    if best.status != "infeasible":
        plans["habit"] = fixed_weekday(instance)
        plans.update(_plans_by_score(candidates, search.without_progress(), score_seconds))
    rules = tuple(_evaluate(name, instance, plan) for name, plan in plans.items())
    return Habits(status=best.status, rules=rules)


def _plans_by_score(
    candidates: Candidates,
    search: Search,
    seconds: float,
) -> Iterator[tuple[HabitName, Plan | None]]:
    """Yield the plan of each score, searched for at most ``seconds``."""
    problem = candidates.problem
    scores: dict[HabitName, list[IntArray]] = {name: [] for name in SCORES}
    for choice in candidates.meetings:
        if search.is_cancelled is not None and search.is_cancelled():
            return
        council = problem.councils_by_id[choice.meeting.council]
        meeting_replies = replies(candidates.availability, choice)
        for name, score in SCORES.items():
            scores[name].append(score(council, meeting_replies))
    for name, meeting_scores in scores.items():
        score_search = replace(search, allowance=Allowance(seconds))
        yield name, plan_by_score(problem, candidates.meetings, meeting_scores, score_search)


def _evaluate(name: HabitName, instance: Instance, plan: Plan | None) -> HabitRule:
    """Return the figures of a plan, or of no plan."""
    if plan is None:
        return HabitRule(
            name=name,
            objective=None,
            expected_absences=None,
            quorum_probability_min=None,
            starts=(),
        )
    positions = instance.positions(plan)
    starts = tuple(instance.start_at(position) for position in positions.tolist())
    meeting_ids = [meeting.id for meeting in instance.problem.meetings]
    start_by_meeting = dict(zip(meeting_ids, starts, strict=True))
    broken_rules = Checker(instance.problem).between_meetings(start_by_meeting)
    return HabitRule(
        name=name,
        objective=instance.value(plan),
        expected_absences=_expected_absences(instance, plan),
        quorum_probability_min=min(_quorum_probabilities(instance, plan), default=None),
        starts=starts,
        num_broken=len(broken_rules),
    )


def _expected_absences(instance: Instance, plan: Plan) -> float:
    problem = instance.problem
    councils = [problem.councils_by_id[meeting.council] for meeting in problem.meetings]
    weights = [seat_weights(problem, council) for council in councils]
    invited = sum(float(meeting_weights.sum()) for meeting_weights in weights)
    attendances = [choice.chances.expected_attendance for choice in instance.choices]
    expected = sum(float(attendance[slot]) for attendance, slot in zip(attendances, plan, strict=True))
    return invited - expected


def _quorum_probabilities(instance: Instance, plan: Plan) -> Iterator[float]:
    """Yield the quorum probability of each meeting whose council has a quorum."""
    for choice, slot in zip(instance.choices, plan, strict=True):
        council = instance.problem.councils_by_id[choice.meeting.council]
        if council.quorum is not None:
            yield float(choice.chances.quorum_probability[slot])
