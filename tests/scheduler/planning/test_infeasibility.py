"""When nothing fits, the rules that are named cannot hold together, none without need; what is to be given up helps."""

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
from scheduler.planning.search import Allowance, Search
from scheduler.proposal import TOLERANCE, Proposals, Relaxation, RuleInstance
from scheduler.verify import Checker
from tests.builders import Json, a_commitment, a_council, a_document, a_meeting, a_problem
from tests.contradictory import a_contradiction, a_step_less, loosened
from tests.enumeration import allowed_plans, every_rule, plans_that_keep

seeds = st.integers(0, 2**32)


def a_chance(seed: int) -> Random:
    return Random(seed)  # noqa: S311  # a problem's dice, not secrets


def hold_together(problem: Problem, rules: set[RuleInstance]) -> bool:
    return next(plans_that_keep(problem, rules), None) is not None


def named(relaxation: Relaxation) -> set[RuleInstance]:
    return {
        RuleInstance.model_validate(one.model_dump(include=set(RuleInstance.model_fields)))
        for one in (relaxation, *relaxation.also)
    }


def best_without(problem: Problem, given_up: set[RuleInstance]) -> float:
    """What the best plan is worth when rules are given up that no document can be without."""
    checker = Checker(problem)
    return max(checker.score(plan).objective for plan in plans_that_keep(problem, every_rule(problem) - given_up))


def check_relaxation(document: Json, problem: Problem, relaxation: Relaxation) -> None:
    given_up = named(relaxation)
    tolerance = TOLERANCE * len(problem.meetings)
    if any(one.rule == "nobody_in_two_places" for one in given_up):
        if not any(one.rule in ("pinned", "holiday") for one in given_up):
            assert relaxation.objective == pytest.approx(best_without(problem, given_up), abs=tolerance)
        return
    answer = propose(Problem.of(loosened(document, relaxation)), alternatives=1)
    assert answer.status == "optimal"
    assert answer.objective == pytest.approx(relaxation.objective, abs=tolerance)


def helps_alone(document: Json, problem: Problem, rule: RuleInstance) -> bool:
    """Whether some plan exists once this one rule is given up; a pin that is given up lets the other rules in."""
    if rule.rule in ("pinned", "holiday"):
        dropped = Relaxation(**rule.model_dump(), change="drop", objective=0.0)
        return bool(allowed_plans(Problem.of(loosened(document, dropped))))
    return hold_together(problem, every_rule(problem) - {rule})


@given(seeds)
def test_what_is_named_cannot_hold_together_and_none_of_it_is_without_need(seed: int) -> None:
    problem = Problem.of(a_contradiction(a_chance(seed)))
    conflict = set(propose(problem, alternatives=1).conflict)
    note(f"{conflict}")
    if allowed_plans(problem):
        assert conflict == set()
        return
    assert conflict <= every_rule(problem)
    assert bool(conflict) is hold_together(problem, set())  # else not even the background leaves a plan
    if conflict:
        assert not hold_together(problem, conflict)
        for rule in conflict:
            assert hold_together(problem, conflict - {rule})


@given(seeds)
def test_what_is_given_up_leads_to_the_plan_that_is_promised(seed: int) -> None:
    document = a_contradiction(a_chance(seed))
    problem = Problem.of(document)
    answer = propose(problem, alternatives=1)
    note(f"{answer.conflict} {answer.relaxations}")
    assert not answer.relaxations or answer.status == "infeasible"
    for relaxation in answer.relaxations:
        check_relaxation(document, problem, relaxation)
    worth = [one.objective for one in answer.relaxations]
    assert worth == sorted(worth, reverse=True)
    if answer.conflict:
        alone = [rule for rule in answer.conflict if helps_alone(document, problem, rule)]
        said = [named(one) for one in answer.relaxations]
        if alone:
            assert {frozenset(rules) for rules in said} == {frozenset([rule]) for rule in alone}
        else:
            assert all(len(rules) > 1 for rules in said)
            assert said


@given(seeds)
def test_nothing_is_loosened_a_step_further_than_its_plan_needs(seed: int) -> None:
    document = a_contradiction(a_chance(seed))
    problem = Problem.of(document)
    for relaxation in propose(problem, alternatives=1).relaxations:
        note(f"{relaxation}")
        smaller = a_step_less(problem, relaxation)
        is_written = all(one.rule != "nobody_in_two_places" for one in named(relaxation))  # no document is without it
        if smaller is not None and is_written:
            answer = propose(Problem.of(loosened(document, smaller)), alternatives=1)
            assert answer.status in ("infeasible", "optimal")
            if answer.objective is not None:
                assert answer.objective < relaxation.objective - TOLERANCE * len(problem.meetings) / 2


def test_the_least_change_is_told_beside_the_one_for_the_best_plan() -> None:
    away = a_commitment("c", "a0", "2027-03-08T07:00", "2027-03-10T18:00", yields=0.0)
    meeting = a_meeting(window={"start": "2027-03-06", "end": "2027-03-07"})  # a weekend
    answer = answer_of(
        a_problem(meetings=[meeting], commitments=[away], horizon={"start": "2027-03-06", "end": "2027-03-12"})
    )
    windows = [one["to"] for one in answer["relaxations"] if one["rule"] == "window"]
    assert windows == [["2027-03-06", "2027-03-11"], ["2027-03-06", "2027-03-08"]]


def answer_of(problem: Problem, **options: Any) -> Json:
    answer = propose(problem, alternatives=1, **options)
    assert answer.status == "infeasible"
    document: Json = json.loads(answer.model_dump_json())
    return document


def rules_of(answer: Json) -> list[str]:
    return [one["rule"] for one in answer["conflict"]]


TWO_COUNCILS = [a_council("kultur", ("a", "b")), a_council("skola", ("b", "c"))]


def test_pins_of_councils_that_share_a_member_collide_and_either_may_go() -> None:
    pin = "2027-03-02T10:00"
    answer = answer_of(
        a_problem(councils=TWO_COUNCILS, meetings=[a_meeting("k", pinned=pin), a_meeting("s", "skola", pinned=pin)])
    )
    assert answer["conflict"] == [
        {"rule": "pinned", "meeting": "k"},
        {"rule": "pinned", "meeting": "s"},
        {"rule": "nobody_in_two_places", "person": "b0"},
    ]
    assert Counter((one["rule"], one["change"]) for one in answer["relaxations"]) == {
        ("pinned", "drop"): 2,
        ("nobody_in_two_places", "drop"): 1,
    }


def test_a_pin_outside_everything_collides_with_what_must_follow_it() -> None:
    meetings = [a_meeting("m1", pinned="2027-04-24T22:00"), a_meeting("m2")]
    assert answer_of(a_problem(meetings=meetings))["conflict"] == [{"rule": "pinned", "meeting": "m1"}]


def test_a_pin_that_goes_lets_the_meetings_other_rules_in_again() -> None:
    window = {"start": "2027-03-01", "end": "2027-03-01"}
    shut = [{"start": "2027-03-01", "end": "2027-03-01", "reason": "lov"}]
    meetings = [a_meeting("m1", pinned="2027-04-24T22:00", window=window), a_meeting("m2")]
    answer = answer_of(a_problem(meetings=meetings, blackouts=shut))
    assert [one["rule"] for one in answer["conflict"]] == ["pinned"]
    assert {(one["rule"], also["rule"]) for one in answer["relaxations"] for also in one["also"]} == {
        ("pinned", "window"),
        ("pinned", "blackout"),
    }


def test_one_room_cannot_hold_two_meetings_that_start_together() -> None:
    strangers = [a_council("kultur", ("a",)), a_council("skola", ("b", "c"))]
    meetings = [a_meeting("k", venue="v"), a_meeting("s", "skola", venue="v")]
    answer = answer_of(
        a_problem(
            councils=strangers,
            venues=[{"id": "v", "name": "huset"}],
            meetings=meetings,
            relations=[{"kind": "same_slot", "meetings": ["k", "s"]}],
        )
    )
    assert rules_of(answer) == ["rooms", "relation"]
    assert {one["rule"]: (one["change"], one.get("to")) for one in answer["relaxations"]} == {
        "rooms": ("loosen", 2),
        "relation": ("drop", None),
    }


def test_a_same_day_that_cannot_be_is_held_against_both_windows() -> None:
    windows = [{"start": "2027-03-01", "end": "2027-03-03"}, {"start": "2027-03-08", "end": "2027-03-12"}]
    answer = answer_of(
        a_problem(
            councils=TWO_COUNCILS,
            meetings=[a_meeting("k", window=windows[0]), a_meeting("s", "skola", window=windows[1])],
            relations=[{"kind": "same_day", "meetings": ["k", "s"]}],
        )
    )
    assert rules_of(answer) == ["window", "window", "relation"]
    found = {one["rule"] + (one.get("meeting") or ""): one.get("to") for one in answer["relaxations"]}
    assert found == {
        "windowk": ["2027-03-01", "2027-03-08"],
        "windows": ["2027-03-03", "2027-03-12"],
        "relation": None,
    }


def test_two_conflicts_that_have_nothing_in_common_need_two_rules() -> None:
    shut = {"start": "2027-03-06", "end": "2027-03-07"}  # a weekend
    meetings = [a_meeting("k", window=shut), a_meeting("s", "skola", window=shut)]
    answer = answer_of(a_problem(councils=[a_council("kultur", ("a",)), a_council("skola", ("c",))], meetings=meetings))
    assert answer["conflict"] == [
        {"rule": "window", "meeting": "k"},
        {"rule": "weekday_and_start", "meeting": "k"},
    ]
    assert len(answer["relaxations"]) == 4
    for one in answer["relaxations"]:
        assert one["meeting"] == "k"
        assert [also["meeting"] for also in one["also"]] == ["s"]
        assert {also["change"] for also in one["also"]} == {"loosen"}


def test_every_measure_is_loosened_no_further_than_the_plan_needs() -> None:
    away = [a_commitment(f"c{i}", f"a{i}", "2027-03-01T07:00", "2027-03-12T18:00", yields=0.5) for i in (0, 1)]
    needed: dict[str, tuple[Json, Json, Any]] = {
        "notice": (a_meeting(notice_days=120, window={"start": "2027-03-05", "end": "2027-03-05"}), {}, 102),
        "required_person": (a_meeting(required=[{"person": "a0", "at_least": 0.9}]), {"commitments": away}, 0.46),
        "quorum_likely": (a_meeting(quorum_probability=0.99), {"commitments": away, "councils": [
            a_council(quorum=3)]}, 0.66),
        "weekday_and_start": (a_meeting(weekdays=["SU"], window={"start": "2027-03-01", "end": "2027-03-02"}), {},
                              ["MO", "SU"]),
    }  # fmt: skip
    for rule, (meeting, more, to) in needed.items():
        answer = answer_of(a_problem(meetings=[meeting], **more))
        assert next(one["to"] for one in answer["relaxations"] if one["rule"] == rule) == to, rule


def test_no_more_than_ten_ways_out_are_told() -> None:
    days = [f"2027-03-{day:02d}" for day in range(1, 20)]
    shut = [{"start": day, "end": day, "reason": "stängt"} for day in days]
    answer = answer_of(a_problem(horizon={"start": days[0], "end": days[-1]}, blackouts=shut))
    assert rules_of(answer) == ["blackout"] * len(days)
    assert len(answer["relaxations"]) == 10


def test_spacing_is_loosened_to_the_days_that_are_left() -> None:
    meetings = [
        a_meeting("m1", window={"start": "2027-03-01", "end": "2027-03-02"}, weekdays=["TU"]),
        a_meeting("m2", window={"start": "2027-03-11", "end": "2027-03-12"}),
    ]
    for limits, expected in (({"min": 20}, 10), ({"max": 3}, 9)):
        council = a_council(spacing_days=limits)
        answer = answer_of(a_problem(councils=[council], meetings=meetings))
        rule = "spacing_min" if "min" in limits else "spacing_max"
        assert next(one["to"] for one in answer["relaxations"] if one["rule"] == rule) == expected


def test_notice_of_a_day_that_is_past_can_only_be_dropped() -> None:
    problem = a_problem(
        today="2027-03-20", meetings=[a_meeting(notice_days=0, window={"start": "2027-03-01", "end": "2027-03-05"})]
    )
    answer = answer_of(problem)
    assert [(one["rule"], one["change"]) for one in answer["relaxations"]] == [("notice", "drop")]


def test_a_frozen_meeting_of_a_plan_under_repair_counts_as_pinned() -> None:
    document = a_document(
        today="2027-02-27",
        councils=[a_council(spacing_days={"max": 2})],
        meetings=[
            a_meeting("m1", notice_days=3),
            a_meeting("m2", notice_days=3, window={"start": "2027-03-08", "end": "2027-03-12"}),
        ],
        published={"m1": "2027-03-02T09:00"},
    )
    answer = answer_of(Problem.of(document), objective="repair")
    assert {(one["rule"], one.get("meeting")) for one in answer["conflict"]} == {
        ("window", "m2"),
        ("spacing_max", None),
        ("pinned", "m1"),
    }
    written = Problem.of(document | {"councils": [a_council(spacing_days={"max": 6})]})
    widened = next(one for one in answer["relaxations"] if one["rule"] == "spacing_max")
    assert widened["to"] == 6
    assert widened["objective"] == pytest.approx(propose(written, objective="repair").objective)


def test_what_fits_has_neither_conflict_nor_relaxations() -> None:
    answer = propose(a_problem())
    assert answer.status == "optimal"
    assert (answer.conflict, answer.relaxations) == ((), ())


def test_when_not_even_the_background_leaves_a_plan_no_rule_is_blamed() -> None:
    meetings = [a_meeting(f"m{at}") for at in range(13)]  # of twelve days
    answer = answer_of(a_problem(meetings=meetings))
    assert (answer["conflict"], answer["relaxations"]) == ([], [])


def test_a_holiday_that_is_blamed_is_one_for_the_meetings_after_it_too() -> None:
    window = {"start": "2027-03-22", "end": "2027-03-26"}  # to Good Friday; the last three can be held on two days
    meetings = [a_meeting("m0", window=window, notice_days=123), a_meeting("m1"), a_meeting("m2")]
    answer = answer_of(a_problem(horizon={"start": "2027-03-22", "end": "2027-03-30"}, meetings=meetings))
    assert rules_of(answer) == ["notice", "holiday"]


def test_what_is_not_proven_in_time_is_not_said() -> None:
    problem = Problem.of(a_document(meetings=[a_meeting(window={"start": "2027-03-06", "end": "2027-03-07"})]))
    candidates = Candidates(problem)
    assert diagnose(candidates, Search(Allowance(0.0))).conflict == ()
    assert diagnose(candidates, Search(is_cancelled=lambda: True)).conflict == ()
    assert diagnose(candidates, Search()).conflict


def test_the_same_question_gets_the_same_conflict() -> None:
    problem = Problem.of(a_contradiction(a_chance(7)))
    one, other = (propose(problem, alternatives=1) for _ in range(2))
    assert _timeless(one) == _timeless(other)


def _timeless(answer: Proposals) -> Proposals:
    return answer.model_copy(update={"solver": None})
