"""Infeasible problems: the conflict is minimal, and every relaxation yields the plan that it promises."""

import json
from collections import Counter
from random import Random
from typing import Any

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from scheduler import Problem, propose
from scheduler.candidates import Candidates
from scheduler.planning.infeasibility import diagnose
from scheduler.planning.search_types import Allowance, Search
from scheduler.proposal import TOLERANCE, Proposals, Relaxation, RuleInstance
from scheduler.verify import Checker
from tests.builders import Json, a_commitment, a_council, a_document, a_meeting, a_problem
from tests.contradictory import a_contradiction, a_step_less, loosened
from tests.enumeration import allowed_plans, every_rule, plans_that_keep
from tests.past import problems_with_a_past

seeds = st.integers(0, 2**32)


def seeded_random(seed: int) -> Random:
    return Random(seed)  # noqa: S311  # test data, not cryptographic


def is_satisfiable(problem: Problem, rules: set[RuleInstance]) -> bool:
    return next(plans_that_keep(problem, rules), None) is not None


def relaxed_rules(relaxation: Relaxation) -> set[RuleInstance]:
    fields = set(RuleInstance.model_fields)
    changes = (relaxation, *relaxation.also)
    return {RuleInstance.model_validate(change.model_dump(include=fields)) for change in changes}


def best_objective_without(problem: Problem, dropped: set[RuleInstance]) -> float:
    """Return the highest objective when ``dropped`` are not enforced; for rules that no document can omit."""
    checker = Checker(problem)
    plans = plans_that_keep(problem, every_rule(problem) - dropped)
    return max(checker.score(plan).objective for plan in plans)


def check_relaxation(document: Json, problem: Problem, relaxation: Relaxation) -> None:
    rules = relaxed_rules(relaxation)
    names = {rule.rule for rule in rules}
    tolerance = TOLERANCE * len(problem.meetings)
    if "nobody_in_two_places" in names:
        if names.isdisjoint({"pinned", "holiday"}):
            expected = best_objective_without(problem, rules)
            assert relaxation.objective == pytest.approx(expected, abs=tolerance)
        return
    answer = propose(Problem.of(loosened(document, relaxation)), alternatives=1)
    assert answer.status == "optimal"
    assert answer.objective == pytest.approx(relaxation.objective, abs=tolerance)


def is_sufficient_alone(document: Json, problem: Problem, rule: RuleInstance) -> bool:
    """
    Tell whether a plan exists without ``rule``.

    A pinned meeting is exempt from the rules for candidate slots, so that these apply once the pin is dropped.
    """
    if rule.rule in ("pinned", "holiday"):
        dropped = Relaxation(**rule.model_dump(), change="drop", objective=0.0)
        return bool(allowed_plans(Problem.of(loosened(document, dropped))))
    return is_satisfiable(problem, every_rule(problem) - {rule})


@given(seeds)
def test_the_conflict_is_unsatisfiable_and_minimal(seed: int) -> None:
    check_conflict(Problem.of(a_contradiction(seeded_random(seed))))


@given(problems_with_a_past())
def test_the_conflict_around_held_meetings_is_unsatisfiable_and_minimal(problem: Problem) -> None:
    check_conflict(problem)


def check_conflict(problem: Problem) -> None:
    conflict = set(propose(problem, alternatives=1).conflict)
    note(f"{conflict}")
    if allowed_plans(problem):
        assert conflict == set()
        return
    assert conflict <= every_rule(problem)
    assert bool(conflict) is is_satisfiable(problem, set())  # empty if the background alone is infeasible
    if conflict:
        assert not is_satisfiable(problem, conflict)
        for rule in conflict:
            assert is_satisfiable(problem, conflict - {rule})


@given(seeds)
def test_each_relaxation_yields_a_plan_with_the_promised_objective(seed: int) -> None:
    document = a_contradiction(seeded_random(seed))
    problem = Problem.of(document)
    answer = propose(problem, alternatives=1)
    note(f"{answer.conflict} {answer.relaxations}")
    assert not answer.relaxations or answer.status == "infeasible"
    for relaxation in answer.relaxations:
        check_relaxation(document, problem, relaxation)
    objectives = [relaxation.objective for relaxation in answer.relaxations]
    assert objectives == sorted(objectives, reverse=True)
    if answer.conflict:
        sufficient = [rule for rule in answer.conflict if is_sufficient_alone(document, problem, rule)]
        rule_sets = [frozenset(relaxed_rules(relaxation)) for relaxation in answer.relaxations]
        if sufficient:
            assert set(rule_sets) == {frozenset([rule]) for rule in sufficient}
        else:
            assert all(len(rules) > 1 for rules in rule_sets)
            assert rule_sets


@given(seeds)
def test_no_relaxation_is_a_step_larger_than_its_plan_requires(seed: int) -> None:
    document = a_contradiction(seeded_random(seed))
    problem = Problem.of(document)
    for relaxation in propose(problem, alternatives=1).relaxations:
        note(f"{relaxation}")
        smaller = a_step_less(problem, relaxation)
        # A document can express every relaxation but that of the rule nobody_in_two_places.
        is_expressible = all(rule.rule != "nobody_in_two_places" for rule in relaxed_rules(relaxation))
        if smaller is not None and is_expressible:
            answer = propose(Problem.of(loosened(document, smaller)), alternatives=1)
            assert answer.status in ("infeasible", "optimal")
            if answer.objective is not None:
                assert answer.objective < relaxation.objective - TOLERANCE * len(problem.meetings) / 2


def test_the_smallest_relaxation_is_listed_in_addition_to_that_of_the_best_plan() -> None:
    away = a_commitment("c", "a0", "2027-03-08T07:00", "2027-03-10T18:00", yields=0.0)
    meeting = a_meeting(window={"start": "2027-03-06", "end": "2027-03-07"})  # a weekend
    answer = infeasible_answer(
        a_problem(meetings=[meeting], commitments=[away], horizon={"start": "2027-03-06", "end": "2027-03-12"})
    )
    windows = [relaxation["to"] for relaxation in answer["relaxations"] if relaxation["rule"] == "window"]
    assert windows == [["2027-03-06", "2027-03-11"], ["2027-03-06", "2027-03-08"]]


def infeasible_answer(problem: Problem, **options: Any) -> Json:
    answer = propose(problem, alternatives=1, **options)
    assert answer.status == "infeasible"
    document: Json = json.loads(answer.model_dump_json())
    return document


def conflicting_rules(answer: Json) -> list[str]:
    return [rule["rule"] for rule in answer["conflict"]]


def first_limit(answer: Json, rule: str) -> Any:
    """Return the relaxed limit of the first relaxation of ``rule``."""
    return next(relaxation["to"] for relaxation in answer["relaxations"] if relaxation["rule"] == rule)


TWO_COUNCILS = [a_council("kultur", ("a", "b")), a_council("skola", ("b", "c"))]


def test_pins_of_councils_with_a_common_member_conflict_and_either_can_be_dropped() -> None:
    pin = "2027-03-02T10:00"
    answer = infeasible_answer(
        a_problem(councils=TWO_COUNCILS, meetings=[a_meeting("k", pinned=pin), a_meeting("s", "skola", pinned=pin)])
    )
    assert answer["conflict"] == [
        {"rule": "pinned", "meeting": "k"},
        {"rule": "pinned", "meeting": "s"},
        {"rule": "nobody_in_two_places", "person": "b0"},
    ]
    assert Counter((relaxation["rule"], relaxation["change"]) for relaxation in answer["relaxations"]) == {
        ("pinned", "drop"): 2,
        ("nobody_in_two_places", "drop"): 1,
    }


def test_a_pin_after_the_horizon_conflicts_with_the_order_of_meetings() -> None:
    meetings = [a_meeting("m1", pinned="2027-04-24T22:00"), a_meeting("m2")]
    assert infeasible_answer(a_problem(meetings=meetings))["conflict"] == [{"rule": "pinned", "meeting": "m1"}]


def test_a_dropped_pin_makes_the_other_rules_of_the_meeting_apply() -> None:
    window = {"start": "2027-03-01", "end": "2027-03-01"}
    blackouts = [{"start": "2027-03-01", "end": "2027-03-01", "reason": "lov"}]
    meetings = [a_meeting("m1", pinned="2027-04-24T22:00", window=window), a_meeting("m2")]
    answer = infeasible_answer(a_problem(meetings=meetings, blackouts=blackouts))
    assert conflicting_rules(answer) == ["pinned"]
    assert {
        (relaxation["rule"], change["rule"]) for relaxation in answer["relaxations"] for change in relaxation["also"]
    } == {
        ("pinned", "window"),
        ("pinned", "blackout"),
    }


def test_same_slot_conflicts_with_a_venue_of_a_single_room() -> None:
    disjoint_councils = [a_council("kultur", ("a",)), a_council("skola", ("b", "c"))]
    meetings = [a_meeting("k", venue="v"), a_meeting("s", "skola", venue="v")]
    answer = infeasible_answer(
        a_problem(
            councils=disjoint_councils,
            venues=[{"id": "v", "name": "huset"}],
            meetings=meetings,
            relations=[{"kind": "same_slot", "meetings": ["k", "s"]}],
        )
    )
    assert conflicting_rules(answer) == ["rooms", "relation"]
    assert {
        relaxation["rule"]: (relaxation["change"], relaxation.get("to")) for relaxation in answer["relaxations"]
    } == {
        "rooms": ("loosen", 2),
        "relation": ("drop", None),
    }


def test_same_day_conflicts_with_two_disjoint_windows() -> None:
    windows = [{"start": "2027-03-01", "end": "2027-03-03"}, {"start": "2027-03-08", "end": "2027-03-12"}]
    answer = infeasible_answer(
        a_problem(
            councils=TWO_COUNCILS,
            meetings=[a_meeting("k", window=windows[0]), a_meeting("s", "skola", window=windows[1])],
            relations=[{"kind": "same_day", "meetings": ["k", "s"]}],
        )
    )
    assert conflicting_rules(answer) == ["window", "window", "relation"]
    limits = {
        (relaxation["rule"], relaxation.get("meeting")): relaxation.get("to") for relaxation in answer["relaxations"]
    }
    assert limits == {
        ("window", "k"): ["2027-03-01", "2027-03-08"],
        ("window", "s"): ["2027-03-03", "2027-03-12"],
        ("relation", None): None,
    }


def test_each_relaxation_of_two_disjoint_conflicts_changes_two_rules() -> None:
    weekend = {"start": "2027-03-06", "end": "2027-03-07"}
    meetings = [a_meeting("k", window=weekend), a_meeting("s", "skola", window=weekend)]
    answer = infeasible_answer(
        a_problem(councils=[a_council("kultur", ("a",)), a_council("skola", ("c",))], meetings=meetings)
    )
    assert answer["conflict"] == [
        {"rule": "window", "meeting": "k"},
        {"rule": "weekday_and_start", "meeting": "k"},
    ]
    assert len(answer["relaxations"]) == 4
    for relaxation in answer["relaxations"]:
        assert relaxation["meeting"] == "k"
        assert [change["meeting"] for change in relaxation["also"]] == ["s"]
        assert {change["change"] for change in relaxation["also"]} == {"loosen"}


def test_each_numeric_limit_is_relaxed_to_the_value_of_the_plan() -> None:
    away = [a_commitment(f"c{i}", f"a{i}", "2027-03-01T07:00", "2027-03-12T18:00", yields=0.5) for i in (0, 1)]
    cases: dict[str, tuple[Json, Json, Any]] = {
        "notice": (a_meeting(notice_days=120, window={"start": "2027-03-05", "end": "2027-03-05"}), {}, 102),
        "required_person": (a_meeting(required=[{"person": "a0", "at_least": 0.9}]), {"commitments": away}, 0.46),
        "quorum_likely": (a_meeting(quorum_probability=0.99), {"commitments": away, "councils": [
            a_council(quorum=3)]}, 0.66),
        "weekday_and_start": (a_meeting(weekdays=["SU"], window={"start": "2027-03-01", "end": "2027-03-02"}), {},
                              ["MO", "SU"]),
    }  # fmt: skip
    for rule, (meeting, further_fields, expected) in cases.items():
        answer = infeasible_answer(a_problem(meetings=[meeting], **further_fields))
        assert first_limit(answer, rule) == expected, rule


def test_at_most_ten_relaxations_are_returned() -> None:
    days = [f"2027-03-{day:02d}" for day in range(1, 20)]
    blackouts = [{"start": day, "end": day, "reason": "stängt"} for day in days]
    answer = infeasible_answer(a_problem(horizon={"start": days[0], "end": days[-1]}, blackouts=blackouts))
    assert conflicting_rules(answer) == ["blackout"] * len(days)
    assert len(answer["relaxations"]) == 10


def test_spacing_is_relaxed_to_the_number_of_days_between_the_allowed_slots() -> None:
    meetings = [
        a_meeting("m1", window={"start": "2027-03-01", "end": "2027-03-02"}, weekdays=["TU"]),
        a_meeting("m2", window={"start": "2027-03-11", "end": "2027-03-12"}),
    ]
    for limits, expected in (({"min": 20}, 10), ({"max": 3}, 9)):
        council = a_council(spacing_days=limits)
        answer = infeasible_answer(a_problem(councils=[council], meetings=meetings))
        rule = "spacing_min" if "min" in limits else "spacing_max"
        assert first_limit(answer, rule) == expected


def test_a_notice_period_can_only_be_dropped_when_no_working_day_is_left() -> None:
    weekend = {"start": "2027-03-06", "end": "2027-03-07"}
    problem = a_problem(today="2027-03-06", horizon=weekend, meetings=[a_meeting(notice_days=0, weekdays=["SA", "SU"])])
    answer = infeasible_answer(problem)
    assert [(relaxation["rule"], relaxation["change"]) for relaxation in answer["relaxations"]] == [("notice", "drop")]


def test_a_repair_treats_a_frozen_meeting_as_pinned() -> None:
    document = a_document(
        today="2027-02-27",
        councils=[a_council(spacing_days={"max": 2})],
        meetings=[
            a_meeting("m1", notice_days=3),
            a_meeting("m2", notice_days=3, window={"start": "2027-03-08", "end": "2027-03-12"}),
        ],
        published={"m1": "2027-03-02T09:00"},
    )
    answer = infeasible_answer(Problem.of(document), objective="repair")
    assert {(rule["rule"], rule.get("meeting")) for rule in answer["conflict"]} == {
        ("window", "m2"),
        ("spacing_max", None),
        ("pinned", "m1"),
    }
    relaxed_problem = Problem.of(document | {"councils": [a_council(spacing_days={"max": 6})]})
    relaxation = next(relaxation for relaxation in answer["relaxations"] if relaxation["rule"] == "spacing_max")
    assert relaxation["to"] == 6
    assert relaxation["objective"] == pytest.approx(propose(relaxed_problem, objective="repair").objective)


def test_a_feasible_problem_has_neither_conflict_nor_relaxations() -> None:
    answer = propose(a_problem())
    assert answer.status == "optimal"
    assert (answer.conflict, answer.relaxations) == ((), ())


def test_the_conflict_is_empty_when_the_background_alone_is_infeasible() -> None:
    meetings = [a_meeting(f"m{index}") for index in range(13)]  # on twelve days
    answer = infeasible_answer(a_problem(meetings=meetings))
    assert (answer["conflict"], answer["relaxations"]) == ([], [])


def test_a_conflicting_holiday_applies_to_later_meetings_as_well() -> None:
    window = {"start": "2027-03-22", "end": "2027-03-26"}  # to Good Friday; two days for three meetings
    meetings = [a_meeting("m0", window=window, notice_days=123), a_meeting("m1"), a_meeting("m2")]
    answer = infeasible_answer(a_problem(horizon={"start": "2027-03-22", "end": "2027-03-30"}, meetings=meetings))
    assert conflicting_rules(answer) == ["notice", "holiday"]


def test_an_unproven_conflict_is_not_returned() -> None:
    problem = Problem.of(a_document(meetings=[a_meeting(window={"start": "2027-03-06", "end": "2027-03-07"})]))
    candidates = Candidates(problem)
    assert diagnose(candidates, Search(Allowance(0.0))).conflict == ()
    assert diagnose(candidates, Search(is_cancelled=lambda: True)).conflict == ()
    assert diagnose(candidates, Search()).conflict


def test_the_conflict_of_a_problem_is_reproducible() -> None:
    problem = Problem.of(a_contradiction(seeded_random(7)))
    first = propose(problem, alternatives=1)
    second = propose(problem, alternatives=1)
    assert _without_solver(first) == _without_solver(second)


def _without_solver(answer: Proposals) -> Proposals:
    return answer.model_copy(update={"solver": None})
