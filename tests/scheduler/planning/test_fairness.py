"""Test leximin fairness against enumeration: sorted levels, total, and the attendance floor."""

import math
from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from scheduler import Problem, propose
from scheduler.candidates import Candidates
from scheduler.planning.fairness import Leximin, level_search, leximin
from scheduler.planning.instance import Instance
from scheduler.planning.optimum import optimum
from scheduler.planning.search_types import Allowance, Search
from scheduler.proposal import TOLERANCE, Proposal
from scheduler.verify import Checker
from tests.builders import a_council, a_meeting, a_problem
from tests.enumeration import Starts, allowed_plans, plan_of, starts_of
from tests.past import problems_with_a_past
from tests.scheduler.planning.test_propose import moved
from tests.strategies import problems

shares = st.sampled_from([0.0, 0.001, 0.03, 0.3, 1.0])
CLOSE = 1e-9


@dataclass(frozen=True)
class EvaluatedPlan:
    """A plan evaluated by the checker; ``levels`` are in ascending order, in the units of `PartyLevels`."""

    starts: Starts
    total: float
    levels: list[int]


def evaluated_plans(problem: Problem) -> list[EvaluatedPlan]:
    """Return all allowed plans in the order of their starts."""
    checker = Checker(problem)
    plans = []
    for starts in allowed_plans(problem):
        score = checker.score(starts)
        plans.append(EvaluatedPlan(starts, score.objective, levels(problem, score.representation)))
    return plans


def levels(problem: Problem, representation: dict[str, dict[str, float]]) -> list[int]:
    chances = [
        (seat.party, representation[meeting.id][seat.party])
        for meeting in problem.meetings
        for seat in problem.councils_by_id[meeting.council].seats
        if seat.member is not None or seat.substitutes
    ]
    num_meetings = Counter(party for party, _ in chances)
    multiple = math.lcm(*num_meetings.values())
    sums = dict.fromkeys(num_meetings, 0)
    for party, chance in chances:
        sums[party] += round(chance * 2**20) * multiple // num_meetings[party]
    return sorted(sums.values())


def check_against_enumeration(problem: Problem, give_up: float) -> None:
    plans = evaluated_plans(problem)
    answer = propose(problem, objective="fair", give_up=give_up, alternatives=1)
    note(f"{len(plans)} plans allowed")
    if not plans:
        assert answer.status == "infeasible"
        assert answer.fairness is None
        return
    tolerance = TOLERANCE * len(problem.meetings)
    best = max(plan.total for plan in plans)
    floor = (1 - give_up) * best
    surely = [plan for plan in plans if plan.total > min(floor + tolerance, best - CLOSE)]
    maybe = [plan for plan in plans if plan.total > floor - tolerance]  # rounding may admit these
    assert answer.status == "optimal"
    assert answer.fairness is not None
    assert answer.fairness.floor == pytest.approx(floor, abs=tolerance)
    (mine,) = [plan for plan in maybe if plan.starts == answer.proposals[0].starts]
    assert max(plan.levels for plan in surely) <= mine.levels <= max(plan.levels for plan in maybe)
    assert answer.fairness.leximin_depth == len(mine.levels)
    as_fair = [plan for plan in surely if plan.levels == mine.levels]
    assert answer.maximised == pytest.approx(mine.total)
    assert mine.total >= max((plan.total for plan in as_fair), default=0.0) - tolerance
    assert answer.bound is not None
    assert -CLOSE <= answer.bound - mine.total <= tolerance
    choices = Candidates(problem).meetings
    instance = Instance(problem, choices)
    best_units = max((instance.units(plan_of(choices, plan.starts, problem)) for plan in as_fair), default=0)
    assert instance.units(plan_of(choices, mine.starts, problem)) >= best_units


@given(problems(), shares)
def test_the_answer_is_the_leximin_of_all_plans_then_the_greatest_total(problem: Problem, give_up: float) -> None:
    check_against_enumeration(problem, give_up)


@settings(max_examples=settings().max_examples // 2)
@given(problems_with_a_past(), shares)
def test_the_fair_plan_around_held_meetings_is_the_leximin_of_all_plans(problem: Problem, give_up: float) -> None:
    check_against_enumeration(problem, give_up)


@given(problems(), shares)
def test_level_search_gives_the_same_result_as_enumeration(problem: Problem, give_up: float) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(leximin, "plans_of_value", lambda *_: None)
        check_against_enumeration(problem, give_up)


@pytest.mark.prove
@settings(max_examples=1000)
@given(problems(), shares, st.booleans())
def test_the_answer_is_the_leximin_of_all_plans_many_times(
    problem: Problem, give_up: float, is_enumerated: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if not is_enumerated:
            patch.setattr(leximin, "plans_of_value", lambda *_: None)
        check_against_enumeration(problem, give_up)


@given(problems(), shares)
def test_the_lowest_level_is_never_below_that_of_the_plan_of_greatest_attendance(
    problem: Problem, give_up: float
) -> None:
    best = propose(problem, alternatives=1)
    fair = propose(problem, objective="fair", give_up=give_up, alternatives=2, min_days=2, min_moved=1)
    assert fair.status == best.status
    for proposal in fair.proposals:
        assert Checker(problem).judge(proposal) == []
        assert best.objective is not None
        assert proposal.objective >= (1 - give_up) * best.objective - TOLERANCE * len(problem.meetings)
    if fair.proposals:
        assert fair.fairness is not None
        assert lowest_chance(fair.proposals[0]) >= lowest_chance(best.proposals[0]) - TOLERANCE
        price = fair.proposals[0].expected_absences - best.proposals[0].expected_absences
        assert fair.fairness.price_absences == pytest.approx(price, abs=1e-9)


def lowest_chance(proposal: Proposal) -> float:
    return 1.0 if proposal.worst_party is None else proposal.worst_party.probability


@given(problems(max_meetings=2), shares, st.booleans())
def test_each_alternative_has_the_highest_lowest_level_of_all_plans_that_differ_enough(
    problem: Problem, give_up: float, is_enumerated: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if not is_enumerated:
            patch.setattr(leximin, "plans_of_value", lambda *_: None)
        answer = propose(problem, objective="fair", give_up=give_up, alternatives=3, min_days=2, min_moved=1)
    plans = evaluated_plans(problem) if answer.proposals else []
    floor = (1 - give_up) * max((plan.total for plan in plans), default=0.0)
    tolerance = TOLERANCE * len(problem.meetings)
    before: list[Starts] = []
    for proposal in answer.proposals:
        different = [
            plan for plan in plans if all(moved(problem, plan.starts, previous, 2) >= 1 for previous in before)
        ]
        (mine,) = [plan for plan in different if plan.starts == proposal.starts]
        if before:
            surely = [plan for plan in different if plan.total > floor + tolerance]
            assert mine.levels[:1] >= max((plan.levels[:1] for plan in surely), default=[])
            as_fair = [plan.total for plan in surely if plan.levels[:1] == mine.levels[:1]]
            assert mine.total >= max(as_fair, default=0.0) - tolerance
        before.append(proposal.starts)
    if answer.proposals and len(answer.proposals) < 3:
        left = [plan for plan in plans if all(moved(problem, plan.starts, previous, 2) >= 1 for previous in before)]
        assert not [plan for plan in left if plan.total > floor + tolerance]


@given(problems(), st.sampled_from([1e-9, 0.0002, 0.001]))
def test_an_interrupted_level_search_is_no_worse_than_its_start_and_reports_the_proven_levels(
    problem: Problem, seconds: float
) -> None:
    instance = Instance(problem, Candidates(problem).meetings)
    best = optimum(instance, Search())
    if best.plan is None:
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(leximin, "plans_of_value", lambda *_: None)
        result, fairness = Leximin(instance, best, 0.05).fairest(Search(Allowance(seconds)))
    assert result.plan is not None
    assert result.value is not None
    assert result.bound is not None
    checker = Checker(problem)
    began, ended = (
        levels(problem, checker.score(starts_of(instance.choices, plan, problem)).representation)
        for plan in (best.plan, result.plan)
    )
    assert ended >= began
    assert fairness.floor - TOLERANCE <= result.value <= result.bound
    assert result.status == "feasible" or fairness.leximin_depth == len(ended)
    fairest, _ = Leximin(instance, best, 0.05).fairest(Search())
    assert fairest.plan is not None
    proven = levels(problem, checker.score(starts_of(instance.choices, fairest.plan, problem)).representation)
    assert ended[: fairness.leximin_depth] == proven[: fairness.leximin_depth]


@given(problems(), shares, st.integers(0, 5))
def test_with_too_many_slots_the_plan_is_feasible_and_no_level_is_proven(
    problem: Problem, give_up: float, max_slots: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(leximin, "plans_of_value", lambda *_: None)
        patch.setattr(level_search, "MAX_SLOTS", max_slots)
        answer = propose(problem, objective="fair", give_up=give_up, alternatives=1)
    if answer.fairness is not None and answer.fairness.leximin_depth == 0 and answer.proposals[0].worst_party:
        assert answer.status == "feasible"
        fairest = propose(problem, objective="fair", give_up=give_up, alternatives=1).proposals[0]
        started = propose(problem, alternatives=1).proposals[0]
        least, mine, most = map(lowest_chance, (started, answer.proposals[0], fairest))
        assert least - TOLERANCE <= mine <= most + TOLERANCE


def test_a_party_with_a_vacant_seat_has_no_level_and_is_not_the_worst_party() -> None:
    council = a_council()
    council["seats"][0] |= {"member": None, "substitutes": []}
    answer = propose(a_problem(councils=[council], meetings=[a_meeting()]), objective="fair", alternatives=1)
    assert answer.fairness is not None
    assert answer.fairness.leximin_depth == 2
    assert answer.proposals[0].worst_party is not None
    assert answer.proposals[0].worst_party.party != council["seats"][0]["party"]


def test_when_all_seats_are_vacant_the_total_decides() -> None:
    council = a_council()
    for seat in council["seats"]:
        seat |= {"member": None, "substitutes": []}
    problem = a_problem(councils=[council], meetings=[a_meeting("m1"), a_meeting("m2")])
    answer = propose(problem, objective="fair", alternatives=1)
    assert answer.status == "optimal"
    assert answer.fairness is not None
    assert answer.fairness.leximin_depth == 0
    assert answer.proposals[0].starts == propose(problem, alternatives=1).proposals[0].starts


def test_giving_up_nothing_costs_nothing() -> None:
    problem = a_problem(meetings=[a_meeting("m1"), a_meeting("m2")])
    fair = propose(problem, objective="fair", give_up=0.0)
    assert fair.objective == propose(problem).objective
    assert fair.fairness is not None
    assert fair.fairness.price_absences == 0.0
