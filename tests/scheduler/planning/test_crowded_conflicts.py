"""Conflicts of meetings that share people, rooms and travel are minimal with every meeting that their rules bind."""

from random import Random

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from scheduler import Problem, propose
from scheduler.candidates import Candidates
from scheduler.planning.cpsat.model import PlanModel
from scheduler.planning.infeasibility import diagnose
from scheduler.planning.infeasibility.conflict_search import ConflictFinder
from scheduler.planning.infeasibility.known_plans import KnownPlans
from scheduler.planning.infeasibility.plan_search import bare_candidates
from scheduler.planning.infeasibility.relaxed_problem import RelaxedProblem
from scheduler.planning.instance import Instance
from scheduler.planning.optimum import optimum
from scheduler.planning.search_types import Allowance, Search
from scheduler.proposal import RuleInstance
from scheduler.verify import Checker
from tests.benchmarks.dense import crowded_document
from tests.builders import a_council, a_meeting, a_problem
from tests.contradictory import a_contradiction
from tests.enumeration import allowed_plans, every_rule, plans_that_keep, starts_of
from tests.past import problems_with_a_past
from tests.travelling import a_crowded_day

seeds = st.integers(0, 2**32)
SET_RULES = ("nobody_in_two_places", "rooms")


def seeded_random(seed: int) -> Random:
    return Random(seed)  # noqa: S311  # test data, not cryptographic


def has_plan(problem: Problem, rules: set[RuleInstance]) -> bool:
    return next(plans_that_keep(problem, rules), None) is not None


def check_minimal(problem: Problem, conflict: set[RuleInstance]) -> None:
    """Check by enumeration that a conflict has no plan, and has one without any of its rules."""
    assert conflict <= every_rule(problem)
    assert not has_plan(problem, conflict)
    for rule in conflict:
        assert has_plan(problem, conflict - {rule}), rule


@pytest.mark.parametrize("kind", ["parliament", "conference", "poll"])
@pytest.mark.parametrize("seed", range(3))
def test_the_conflict_of_a_tiny_crowded_body_is_minimal(kind: str, seed: int) -> None:
    problem = Problem.of(crowded_document(kind, "tiny", seed))
    answer = propose(problem, alternatives=1)
    assert answer.status == "infeasible"
    assert answer.conflict
    assert answer.conflict_is_minimal
    check_minimal(problem, set(answer.conflict))


@given(seeds)
def test_the_conflict_of_meetings_with_travel_is_found_and_minimal(seed: int) -> None:
    problem = Problem.of(a_crowded_day(seeded_random(seed)))
    candidates = Candidates(problem)
    is_infeasible = optimum(Instance(problem, candidates.meetings), Search()).status == "infeasible"
    assert is_infeasible is not bool(allowed_plans(problem))
    if is_infeasible and has_plan(problem, set()):
        diagnosis = diagnose(candidates, Search())
        note(f"{diagnosis.conflict}")
        assert diagnosis.conflict
        assert diagnosis.conflict_is_minimal
        check_minimal(problem, set(diagnosis.conflict))


@pytest.mark.parametrize(
    ("kind", "size"),
    [
        ("conference", "50 sessions"),
        ("poll", "5 meetings"),
        ("poll", "12 meetings"),
        pytest.param("conference", "100 sessions", marks=pytest.mark.prove),
        pytest.param("parliament", "committees", marks=pytest.mark.prove),
    ],
)
def test_the_conflict_of_a_crowded_body_is_found_in_time(kind: str, size: str) -> None:
    problem = Problem.of(crowded_document(kind, size, 0))
    candidates = Candidates(problem)
    search = Search(Allowance(1.0))
    assert optimum(Instance(problem, candidates.meetings), search).status == "infeasible"
    assert search.allowance.seconds == 1.0, "the bound needs no search"
    conflict = ConflictFinder(Search(Allowance(60.0))).conflict(RelaxedProblem.unrelaxed(candidates))
    assert conflict.rules
    assert conflict.is_minimal


@given(seeds)
def test_a_conflict_that_is_not_finished_is_inconsistent_and_flagged(seed: int) -> None:
    problem = Problem.of(a_crowded_day(seeded_random(seed)))
    candidates = Candidates(problem)
    if optimum(Instance(problem, candidates.meetings), Search()).status != "infeasible":
        return
    finished = diagnose(candidates, Search())
    sizes = []
    for allowance in (1e-5, 0.03):
        diagnosis = diagnose(candidates, Search(Allowance(allowance)))
        conflict = set(diagnosis.conflict)
        sizes.append(len(conflict))
        assert not has_plan(problem, conflict)
        if diagnosis.conflict_is_minimal and conflict:
            check_minimal(problem, conflict)
    assert sizes[0] >= len(finished.conflict)


def test_the_flag_is_false_when_no_test_is_finished() -> None:
    problem = Problem.of(crowded_document("poll", "5 meetings", 0))
    diagnosis = diagnose(Candidates(problem), Search(Allowance(1e-5)))
    assert len(diagnosis.conflict) > 1
    assert not diagnosis.conflict_is_minimal
    assert diagnosis.relaxations == ()


@pytest.mark.parametrize(("day", "is_possible"), [(4, False), (5, True), (9, True), (10, False)])
def test_a_model_of_some_meetings_adds_up_the_spacing_of_those_between(day: int, is_possible: bool) -> None:
    dates = [f"2027-03-0{day}" if day < 10 else f"2027-03-{day}" for day in (1, day)]
    windows = [{"start": dates[0], "end": dates[0]}, None, {"start": dates[1], "end": dates[1]}]
    meetings = [a_meeting(f"m{number}", window=window) for number, window in enumerate(windows)]
    problem = a_problem(councils=[a_council(spacing_days={"min": 2, "max": 4})], meetings=meetings)
    instance = Instance(problem, Candidates(problem).meetings)
    found = PlanModel(instance, Search(), meetings=[0, 2]).best(instance.gains >= 0)
    assert (found.status == "optimal") is is_possible


@given(seeds)
def test_the_rules_that_a_known_plan_breaks_are_those_of_the_checker(seed: int) -> None:
    rng = seeded_random(seed)
    check_broken(Problem.of(rng.choice([a_crowded_day, a_contradiction])(rng)), rng)


@given(problems_with_a_past(), seeds)
def test_the_rules_that_a_known_plan_breaks_around_held_meetings_are_those_of_the_checker(
    problem: Problem, seed: int
) -> None:
    check_broken(problem, seeded_random(seed))


def check_broken(problem: Problem, rng: Random) -> None:
    candidates = Candidates(problem)
    choices = [bare_candidates(meeting, candidates.grid(meeting)) for meeting in problem.meetings]
    if not all(len(each.slots) for each in choices):
        return
    instance = Instance(problem, choices)
    plan = tuple(rng.randrange(len(each.slots)) for each in choices)
    known = KnownPlans(problem)
    known.add(instance, instance.positions(plan), instance.num_slots == 0)
    violations = Checker(problem).between_meetings(starts_of(choices, plan, problem))
    fields = set(RuleInstance.model_fields)
    broken = [each for each in violations if each.rule in SET_RULES]
    assert known.plans[0].broken == {RuleInstance.model_validate(each.model_dump(include=fields)) for each in broken}
    assert known.plans[0].keeps_rules(instance) is not bool(violations)
