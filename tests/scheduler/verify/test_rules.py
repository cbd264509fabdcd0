"""Every rule with an allowed and a forbidden plan; planner and checker agree."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler import Problem, propose
from scheduler.candidates import Candidates, MeetingCandidates
from scheduler.planning.instance import Instance
from scheduler.planning.optimum import optimum
from scheduler.planning.search_types import Search
from scheduler.verify import Checker
from tests.builders import a_commitment, a_council, a_meeting, a_problem
from tests.strategies import problems

Case = tuple[str, dict[str, Any], list[str], list[str]]

TWO = [a_meeting("m1"), a_meeting("m2")]
TWO_COUNCILS = {
    "councils": [a_council("kultur"), a_council("skola")],
    "meetings": [a_meeting("m1"), a_meeting("m2", "skola")],
}
TWO_VENUES = {
    **TWO_COUNCILS,
    "venues": [{"id": "v1", "name": "huset"}, {"id": "v2", "name": "skolan", "travel_minutes": {"v1": 90}}],
    "meetings": [
        a_meeting("m1", venue="v1", starts=["09:00"]),
        a_meeting("m2", "skola", venue="v2", starts=["11:00", "13:00"]),
    ],
}
SEPARATE_COUNCILS = {  # two councils that share nobody
    "councils": [a_council("kultur", ("a",)), a_council("skola", ("b", "c"))],
    "venues": [{"id": "v1", "name": "huset"}],
    "meetings": [a_meeting("m1", venue="v1"), a_meeting("m2", "skola", venue="v1")],
}
AWAY = [a_commitment("c1", "a0", "2027-03-02T08:00", "2027-03-02T18:00", kind="busy_unavailable")]


def related(kind: str, **more: Any) -> dict[str, Any]:
    return {
        **SEPARATE_COUNCILS,
        "venues": [],
        "relations": [{"kind": kind, "meetings": ["m1", "m2"], **more}],
        "meetings": [
            a_meeting("m1"),
            a_meeting("m2", "skola"),
        ],
    }


CASES: list[Case] = [
    ("window", {"meetings": [a_meeting(window={"start": "2027-03-03", "end": "2027-03-04"})]},
     ["2027-03-04T09:00"], ["2027-03-05T09:00"]),
    ("window", {}, ["2027-03-12T09:00"], ["2027-03-15T09:00"]),
    ("weekday_and_start", {"meetings": [a_meeting(weekdays=["TU"])]}, ["2027-03-02T09:00"], ["2027-03-03T09:00"]),
    ("weekday_and_start", {}, ["2027-03-02T13:00"], ["2027-03-02T10:00"]),
    ("holiday", {"horizon": {"start": "2027-03-24", "end": "2027-03-31"}}, ["2027-03-30T09:00"], ["2027-03-29T09:00"]),
    ("blackout", {"blackouts": [{"start": "2027-03-03", "end": "2027-03-03", "reason": "stängt"}]},
     ["2027-03-04T09:00"], ["2027-03-03T09:00"]),
    # notice by the last working day on or before a week ahead: Friday the 5th for the 12th, and the 1st for the 8th
    ("notice", {"today": "2027-03-02", "meetings": [a_meeting(notice_days=7)]},
     ["2027-03-09T09:00"], ["2027-03-08T09:00"]),
    ("required_person", {"commitments": AWAY, "meetings": [a_meeting(required=[{"person": "a0"}])]},
     ["2027-03-03T09:00"], ["2027-03-02T09:00"]),
    ("quorum_likely", {"councils": [{**a_council(), "quorum": 3}], "commitments": AWAY,
                       "meetings": [a_meeting(quorum_probability=0.9)]}, ["2027-03-03T09:00"], ["2027-03-02T09:00"]),
    ("pinned", {"meetings": [a_meeting(pinned="2027-03-06T17:15")]}, ["2027-03-06T17:15"], ["2027-03-05T09:00"]),
    ("past", {"today": "2027-03-03"}, ["2027-03-03T09:00"], ["2027-03-02T09:00"]),
    ("held", {"today": "2027-03-03", "meetings": [a_meeting(pinned="2027-02-20T17:15")]},
     ["2027-02-20T17:15"], ["2027-03-03T09:00"]),
    ("held", {"today": "2027-03-03", "published": {"m1": "2027-03-02T09:00"}},
     ["2027-03-02T09:00"], ["2027-03-03T09:00"]),
    ("order", {"meetings": TWO}, ["2027-03-02T13:00", "2027-03-03T09:00"], ["2027-03-02T09:00", "2027-03-02T13:00"]),
    ("spacing_min", {"meetings": TWO, "councils": [{**a_council(), "spacing_days": {"min": 3}}]},
     ["2027-03-02T13:00", "2027-03-05T09:00"], ["2027-03-02T09:00", "2027-03-04T13:00"]),
    ("spacing_max", {"meetings": TWO, "councils": [{**a_council(), "spacing_days": {"max": 3}}]},
     ["2027-03-02T09:00", "2027-03-05T13:00"], ["2027-03-02T13:00", "2027-03-08T09:00"]),
    ("nobody_in_two_places", TWO_COUNCILS,
     ["2027-03-02T09:00", "2027-03-02T13:00"], ["2027-03-02T09:00", "2027-03-02T09:00"]),
    ("nobody_in_two_places", TWO_VENUES,
     ["2027-03-02T09:00", "2027-03-02T13:00"], ["2027-03-02T09:00", "2027-03-02T11:00"]),
    ("rooms", SEPARATE_COUNCILS, ["2027-03-02T09:00", "2027-03-02T13:00"], ["2027-03-02T09:00", "2027-03-02T09:00"]),
    ("relation", related("same_day"),
     ["2027-03-02T13:00", "2027-03-02T09:00"], ["2027-03-02T13:00", "2027-03-03T13:00"]),
    ("relation", related("same_slot"),
     ["2027-03-02T13:00", "2027-03-02T13:00"], ["2027-03-02T13:00", "2027-03-02T09:00"]),
    ("relation", related("apart_days", days=2),
     ["2027-03-04T09:00", "2027-03-02T13:00"], ["2027-03-03T13:00", "2027-03-02T09:00"]),
    ("relation", related("before"),
     ["2027-03-02T09:00", "2027-03-02T13:00"], ["2027-03-02T13:00", "2027-03-02T09:00"]),
    ("relation", related("before", days=1),
     ["2027-03-02T13:00", "2027-03-03T09:00"], ["2027-03-02T09:00", "2027-03-02T13:00"]),
]  # fmt: skip


each_case = pytest.mark.parametrize("case", CASES, ids=[f"{case[0]}_{i}" for i, case in enumerate(CASES)])


def plan_of(problem: Problem, starts: list[str]) -> dict[str, datetime]:
    ids = [meeting.id for meeting in problem.meetings]
    moments = [problem.instant(datetime.fromisoformat(start)) for start in starts]
    return dict(zip(ids, moments, strict=True))


@each_case
def test_the_checker_accepts_the_allowed_and_rejects_the_forbidden_plan(case: Case) -> None:
    rule, changes, allowed, forbidden = case
    checker = Checker(problem := a_problem(**changes))
    assert checker.violations(plan_of(problem, allowed)) == []
    assert {broken.rule for broken in checker.violations(plan_of(problem, forbidden))} == {rule}


@each_case
def test_the_planner_finds_the_allowed_and_not_the_forbidden_plan(case: Case) -> None:
    _, changes, allowed, forbidden = case
    problem = a_problem(**changes)
    assert planner_takes(problem, plan_of(problem, allowed))
    assert not planner_takes(problem, plan_of(problem, forbidden))


def planner_takes(problem: Problem, plan: dict[str, datetime]) -> bool:
    """Whether the planner finds a plan when each meeting has only this start among its candidates."""
    only: list[MeetingCandidates] = []
    for one in Candidates(problem).meetings:
        only.append(one[one.slots.starts == int(plan[one.meeting.id].timestamp())])
    return optimum(Instance(problem, only), Search()).plan is not None


@given(problems(), st.data())
def test_planner_and_checker_allow_the_same_plans(problem: Problem, data: st.DataObject) -> None:
    checker = Checker(problem)
    candidates = Candidates(problem)
    plan = {}
    for one in candidates.meetings:
        grid = candidates.grid(one.meeting)
        start = data.draw(st.sampled_from(grid.starts.tolist()))
        plan[one.meeting.id] = moment = datetime.fromtimestamp(start, problem.zone)
        assert (start in one.slots.starts) == (checker.slot_violations(one.meeting, moment) == [])
    assert planner_takes(problem, plan) == (checker.violations(plan) == [])


def test_a_substitute_in_two_places_is_a_warning_and_not_a_violation() -> None:
    councils = [
        {"id": "kultur", "name": "k", "seats": [{"party": "a", "member": "a0", "substitutes": ["a1"]}]},
        {"id": "skola", "name": "s", "seats": [{"party": "a", "member": "a1", "substitutes": []}]},
    ]
    meetings = [a_meeting("m1", starts=["09:00"]), a_meeting("m2", "skola", starts=["09:00"])]
    same_day = [{"kind": "same_day", "meetings": ["m1", "m2"]}]
    answer = propose(a_problem(councils=councils, meetings=meetings, relations=same_day))
    (warned,) = answer.proposals[0].warnings
    assert (warned.kind, warned.person, warned.meetings) == ("counted_twice", "a1", ("m1", "m2"))
