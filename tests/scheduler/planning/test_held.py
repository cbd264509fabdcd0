"""Nothing before today is planned, and a meeting that was held stays as it was, under every objective."""

import json
from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from scheduler import Problem, explain, propose
from scheduler.proposal import TOLERANCE, Objective
from scheduler.verify import Checker
from tests.builders import Json, a_commitment, a_council, a_meeting, a_person, a_problem
from tests.enumeration import allowed_plans, held_start
from tests.past import problems_with_a_past

objectives = st.sampled_from(["attendance", "fair", "repair"])


def check_past(problem: Problem, objective: Objective) -> None:
    if objective == "repair" and not problem.published:
        return
    answer = propose(problem, objective=objective, alternatives=3, min_days=2)
    for proposal in answer.proposals:
        for planned in proposal.meetings:
            held = held_start(problem, problem.meetings_by_id[planned.meeting])
            assert planned.held == (held is not None)
            if held is not None:
                assert planned.starts_at == held
                assert planned.meeting not in proposal.moved
            else:
                assert planned.starts_at.astimezone(problem.zone).date() >= problem.today
        assert proposal.violations == ()
    named = {rule.meeting for rule in (*answer.conflict, *answer.relaxations)}
    assert not named & problem.held.keys()


def check_optimum(problem: Problem) -> None:
    allowed = allowed_plans(problem)
    note(f"{len(allowed)} plans allowed, {len(problem.held)} meetings held")
    answer = propose(problem, alternatives=1)
    if not allowed:
        assert answer.status == "infeasible"
        return
    checker = Checker(problem)
    assert answer.status == "optimal"
    best = max(checker.score(plan).objective for plan in allowed)
    assert answer.objective == pytest.approx(best, abs=TOLERANCE * len(problem.meetings))


HELD: Json = {"today": "2027-03-05", "published": {"m1": "2027-02-27T08:00", "m2": "2027-03-04T22:00"}}
ONE_ROOM = [{"id": "v1", "name": "huset"}]
SEPARATE = [a_council("kultur", ("a",)), a_council("skola", ("b",)), a_council("musik", ("c",))]


def planned_days(**changes: Any) -> list[str]:
    """The dates of the best plan, by meeting; none when there is no plan."""
    answer = propose(a_problem(**{**HELD, **changes}), alternatives=1)
    return [str(start.date()) for proposal in answer.proposals for start in proposal.starts.values()]


def test_a_held_meeting_keeps_its_start_whatever_the_rules_about_it_say() -> None:
    # m1 lay on a Saturday before the horizon, at no start of its own, without notice and without a likely quorum.
    meetings = [a_meeting("m1", notice_days=30, quorum_probability=1.0), a_meeting("m2"), a_meeting("m3")]
    assert planned_days(meetings=meetings) == ["2027-02-27", "2027-03-04", "2027-03-05"]


def test_the_spacing_between_held_meetings_does_not_count_but_that_to_the_next_does() -> None:
    meetings = [a_meeting("m1"), a_meeting("m2"), a_meeting("m3")]
    councils = [a_council(spacing_days={"min": 6, "max": 6})]
    assert planned_days(meetings=meetings, councils=councils) == ["2027-02-27", "2027-03-04", "2027-03-10"]


def test_a_room_that_held_meetings_overfilled_is_open_again_afterwards() -> None:
    late = {"m1": "2027-03-04T22:00", "m2": "2027-03-04T22:30"}
    starts = ["00:15", "00:45"]
    meetings = [
        a_meeting("m1", venue="v1", duration_minutes=150),
        a_meeting("m2", "skola", venue="v1", duration_minutes=120),
        a_meeting("m3", "musik", venue="v1", starts=starts, window={"start": "2027-03-05", "end": "2027-03-05"}),
    ]
    answer = propose(a_problem(**HELD | {"published": late}, meetings=meetings, councils=SEPARATE, venues=ONE_ROOM))
    assert answer.proposals[0].starts["m3"].isoformat() == "2027-03-05T00:45:00+01:00"
    two_rooms = [{"id": "v1", "name": "huset", "rooms": 2}]
    answer = propose(a_problem(**HELD | {"published": late}, meetings=meetings, councils=SEPARATE, venues=two_rooms))
    assert answer.proposals[0].starts["m3"].isoformat() == "2027-03-05T00:45:00+01:00"


def test_a_person_at_a_held_meeting_that_lasts_into_today_is_in_no_other_meeting() -> None:
    meetings = [a_meeting("m1", duration_minutes=200), a_meeting("m2", "skola", starts=["01:00", "02:00"])]
    councils = [a_council(), a_council("skola")]
    problem = a_problem(**HELD | {"published": {"m1": "2027-03-04T22:00"}}, meetings=meetings, councils=councils)
    assert propose(problem).proposals[0].starts["m2"].isoformat() == "2027-03-05T02:00:00+01:00"


@pytest.mark.parametrize(
    ("relation", "day"),
    [
        ({"kind": "same_day", "meetings": ["m1", "m2"]}, "2027-03-05"),
        ({"kind": "same_slot", "meetings": ["m1", "m2"]}, "2027-03-05"),
        ({"kind": "apart_days", "meetings": ["m2", "m3", "m1"], "days": 6}, "2027-03-10"),
        ({"kind": "before", "meetings": ["m1", "m2", "m3"], "days": 6}, "2027-03-10"),
        ({"kind": "before", "meetings": ["m2", "m1", "m3"], "days": 11}, "2027-03-10"),
        ({"kind": "same_day", "meetings": ["m2", "m3"]}, None),
        ({"kind": "before", "meetings": ["m3", "m2", "m1"]}, None),
    ],
)
def test_a_relation_broken_by_held_meetings_alone_does_not_count(relation: Json, day: str | None) -> None:
    meetings = [a_meeting("m1"), a_meeting("m2", "skola"), a_meeting("m3", "musik")]
    days = planned_days(meetings=meetings, councils=SEPARATE, relations=[relation])
    assert days == ([] if day is None else ["2027-02-27", "2027-03-04", day])


def test_a_conflict_with_a_held_meeting_names_rules_of_the_others_alone() -> None:
    meetings = [a_meeting("m1"), a_meeting("m2"), a_meeting("m3", window={"start": "2027-03-10", "end": "2027-03-12"})]
    councils = [a_council(spacing_days={"max": 4})]
    answer = propose(a_problem(**HELD, meetings=meetings, councils=councils))
    assert [(rule.rule, rule.meeting) for rule in answer.conflict] == [("window", "m3"), ("spacing_max", None)]
    changes = {(change.rule, change.to) for change in answer.relaxations}
    assert changes == {("window", ("2027-03-08", "2027-03-12")), ("spacing_max", 6)}


def test_no_relaxation_leads_before_today() -> None:
    blackout = [{"start": "2027-03-05", "end": "2027-03-12", "reason": "val"}]
    answer = propose(
        a_problem(
            today="2027-03-05",
            blackouts=blackout,
            meetings=[a_meeting(window={"start": "2027-03-01", "end": "2027-03-05"})],
        )
    )
    assert [rule.rule for rule in answer.conflict] == ["blackout"]
    assert [change.rule for change in answer.relaxations] == ["blackout"]


def test_another_plan_moves_a_quarter_of_the_meetings_that_can_move() -> None:
    meetings = [a_meeting(f"m{index}") for index in (1, 2, 3, 4, 5)]
    published = {"m1": "2027-02-25T09:00", "m2": "2027-02-26T09:00", "m3": "2027-03-01T09:00", "m4": "2027-03-02T09:00"}
    answer = propose(a_problem(today="2027-03-03", meetings=meetings, published=published), min_days=1)
    assert len(answer.proposals) == 3  # two meetings, a quarter of five rounded up, cannot move


def test_events_and_unknown_calendars_of_held_meetings_are_not_explained() -> None:
    away = [
        a_commitment("c1", "a0", "2027-03-04T20:00", "2027-03-04T23:00"),
        a_commitment("c2", "a0", "2027-03-05T08:00", "2027-03-12T18:00"),
    ]
    people = [
        a_person(f"{party}{i}", party, known=[{"start": "2027-03-05", "end": "2027-03-12"}])
        for party in "abc"
        for i in (0, 1)
    ]
    problem = a_problem(
        **HELD, meetings=[a_meeting("m1"), a_meeting("m2"), a_meeting("m3")], commitments=away, people=people
    )
    assert [clash.commitments for clash in explain(problem, "clashes").clashes] == [("c2",)]
    assert explain(problem, "asking").people == ()


def test_the_heat_map_says_what_is_past_and_what_was_held() -> None:
    problem = a_problem(**HELD, meetings=[a_meeting("m1"), a_meeting("m2"), a_meeting("m3")])
    rules = {
        found.meeting: {str(cost.date): cost.rule for cost in found.dates}
        for found in explain(problem, "heatmap").meetings
    }
    assert set(rules["m1"].values()) == {"held"}  # it lay before the horizon
    assert rules["m2"]["2027-03-04"] is None
    assert rules["m2"]["2027-03-05"] == "held"
    assert rules["m3"]["2027-03-04"] == "past"
    assert rules["m3"]["2027-03-05"] is None


def test_every_way_of_today_keeps_the_held_meetings() -> None:
    problem = a_problem(**HELD, meetings=[a_meeting("m1"), a_meeting("m2"), a_meeting("m3")])
    habits = explain(problem, "habit").rules
    assert len(habits) > 1
    for way in habits:
        assert list(way.starts[:2]) == list(problem.held.values())


@pytest.mark.parametrize(
    ("pinned", "rules"),
    [
        ("2027-03-09T09:00", []),
        ("2027-03-11T09:00", ["window"]),
        ("2027-03-09T10:00", ["weekday_and_start"]),
        ("2027-03-06T09:00", ["window", "weekday_and_start"]),
        ("2027-02-27T08:00", []),  # held
    ],
)
def test_a_pin_outside_what_its_meeting_allows_is_a_warning(pinned: str, rules: list[str]) -> None:
    meeting = a_meeting("m1", pinned=pinned, window={"start": "2027-03-08", "end": "2027-03-10"})
    warnings = propose(a_problem(today="2027-03-05", meetings=[meeting])).proposals[0].warnings
    assert [(warning.kind, warning.rule) for warning in warnings] == [("pinned_outside", rule) for rule in rules]


def test_only_a_held_meeting_has_the_key_held() -> None:
    problem = a_problem(**HELD, meetings=[a_meeting("m1"), a_meeting("m2"), a_meeting("m3")])
    document = json.loads(propose(problem).model_dump_json())
    first, second, third = document["proposals"][0]["meetings"]
    assert first["held"] is second["held"] is True
    assert "held" not in third


@given(problems_with_a_past(), objectives)
def test_no_slot_lies_before_today_and_no_held_meeting_changes(problem: Problem, objective: Objective) -> None:
    check_past(problem, objective)


@given(problems_with_a_past())
def test_the_answer_is_the_best_of_all_plans_around_the_held_meetings(problem: Problem) -> None:
    check_optimum(problem)


@pytest.mark.prove
@settings(max_examples=1500)
@given(problems_with_a_past(max_meetings=4), objectives)
def test_held_meetings_many_times(problem: Problem, objective: Objective) -> None:
    check_past(problem, objective)
    check_optimum(problem)
