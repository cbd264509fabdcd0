"""Every cost is the difference of two plans: the best of all, and the best with the meeting on that date."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler import Problem, propose
from scheduler.candidates import Candidates
from scheduler.days import start_on
from scheduler.explaining.explanation import DateCost, Heatmap
from scheduler.explaining.heatmap import heatmap
from scheduler.planning.instance import Instance
from scheduler.planning.optimum import optimum
from scheduler.planning.search import Allowance, Search
from scheduler.problem import Meeting
from scheduler.proposal import TOLERANCE
from scheduler.verify import Checker
from tests.builders import a_commitment, a_meeting, a_problem
from tests.enumeration import allowed_plans
from tests.strategies import counties, problems

WEDNESDAY = date(2027, 3, 3)


def costs(found: Heatmap) -> dict[tuple[str, date], DateCost]:
    return {(row.meeting, one.date): one for row in found.meetings for one in row.dates}


@given(problems())
def test_costs_are_those_of_trying_every_plan(problem: Problem) -> None:
    checker = Checker(problem)
    best: dict[tuple[str, date], float] = {}
    for plan in allowed_plans(problem):
        objective = checker.score(plan).objective
        for meeting, start in plan.items():
            key = (meeting, start.astimezone(problem.zone).date())
            best[key] = max(best.get(key, 0.0), objective)
    found = heatmap(problem)
    assert found.status == ("optimal" if best else "infeasible")
    for (meeting, day), one in costs(found).items():
        if (meeting, day) in best:
            assert one.cost == pytest.approx(max(best.values()) - best[meeting, day], abs=TOLERANCE * 3)
            assert one.start is not None
            assert one.start.date() == day
            assert one.rule is None
        else:
            assert one.cost is None
            assert one.start is None
            assert_is_barred(checker, problem.meetings_by_id[meeting], one)


def assert_is_barred(checker: Checker, meeting: Meeting, one: DateCost) -> None:
    """The rule that is named forbids a start of the date, and others all the rest; "plan" is none about one slot."""
    problem = checker.problem
    if meeting.pinned is not None and one.rule == "pinned":
        assert problem.instant(meeting.pinned).astimezone(problem.zone).date() != one.date
        return
    starts = [start_on(one.date, clock, problem.zone) for clock in meeting.start_clocks]
    if meeting.pinned is not None:
        starts = [problem.instant(meeting.pinned).astimezone(problem.zone)]
    broken = [checker.slot_violations(meeting, start) for start in starts if start is not None]
    if one.rule == "plan":
        assert not all(broken)
    else:
        assert all(broken)
        assert any(rule.rule == one.rule for rules in broken for rule in rules)


@settings(max_examples=settings().max_examples // 4)  # each plans hundreds of times
@given(counties(), st.data())
def test_costs_are_those_of_planning_with_that_date_alone(problem: Problem, data: st.DataObject) -> None:
    choices = Candidates(problem).meetings
    best = optimum(Instance(problem, choices), Search())
    found = costs(heatmap(problem))
    for at, one in enumerate(choices):
        if not len(one.slots):
            continue
        day = data.draw(st.sampled_from(sorted(set(one.slots.days.tolist()))))
        chosen = one.slots.days == day
        alone = one[chosen]
        restricted = optimum(Instance(problem, [*choices[:at], alone, *choices[at + 1 :]]), Search())
        cost = found[one.meeting.id, date.fromordinal(day)].cost
        if restricted.value is None:
            assert cost is None
        else:
            assert best.value is not None
            assert cost == pytest.approx(best.value - restricted.value, abs=TOLERANCE * len(choices))


def test_a_busy_thursday_says_what_it_costs() -> None:
    busy = a_commitment("c", "a0", "2027-03-04T08:00", "2027-03-04T17:00", kind="busy_unavailable")
    found = costs(heatmap(a_problem(commitments=[busy])))
    others = 0.92 + (1 - 0.92) * 0.9 * 0.92
    assert found["m1", date(2027, 3, 4)].cost == pytest.approx(others - 0.9 * 0.92)
    assert found["m1", WEDNESDAY].cost == pytest.approx(0)


def test_a_date_that_cannot_be_names_the_rule_and_whom_it_speaks_of() -> None:
    busy = a_commitment("c", "a0", "2027-03-04T08:00", "2027-03-04T17:00")
    found = costs(
        heatmap(
            a_problem(
                commitments=[busy],
                meetings=[a_meeting(required=[{"person": "a0", "at_least": 0.8}])],
                blackouts=[{"start": "2027-03-08", "end": "2027-03-09", "reason": "mässa"}],
            )
        )
    )
    thursday, monday = found["m1", date(2027, 3, 4)], found["m1", date(2027, 3, 8)]
    assert (thursday.rule, thursday.person) == ("required_person", "a0")
    assert (monday.rule, monday.index) == ("blackout", 0)
    assert found["m1", date(2027, 3, 6)].rule == "weekday_and_start"


def test_a_date_that_leaves_no_room_for_the_others_says_so() -> None:
    found = costs(heatmap(a_problem(meetings=[a_meeting("m1"), a_meeting("m2")])))
    assert found["m1", date(2027, 3, 12)].rule == "plan"
    assert found["m2", date(2027, 3, 12)].cost is not None


def test_a_start_that_the_clock_skips_is_no_start() -> None:
    starts = a_meeting(starts=["02:30"], weekdays=["SA", "SU", "MO"])
    found = costs(
        heatmap(a_problem(horizon={"start": "2027-03-27", "end": "2027-03-29"}, holidays=None, meetings=[starts]))
    )
    assert found["m1", date(2027, 3, 28)].rule == "weekday_and_start"
    assert found["m1", date(2027, 3, 27)].cost is not None


def test_what_was_not_found_out_in_time_is_neither_possible_nor_barred() -> None:
    problem = a_problem(meetings=[a_meeting("m1"), a_meeting("m2")])
    found = heatmap(problem, Search(allowance=Allowance(0)))
    assert found.status == "feasible"
    wednesday, saturday = (costs(found)["m1", day] for day in (WEDNESDAY, date(2027, 3, 6)))
    assert (wednesday.cost, wednesday.rule) == (None, None)
    assert (saturday.cost, saturday.rule) == (None, "weekday_and_start")


def test_the_plan_costs_nothing_even_when_there_is_no_time_for_more() -> None:
    problem = a_problem(meetings=[a_meeting("m1"), a_meeting("m2")])
    for search in (Search(), Search(allowance=Allowance(0))):
        found = heatmap(problem, search)
        assert [one.meeting for one in found.plan] == ["m1", "m2"]
        for one in found.plan:
            held = costs(found)[one.meeting, one.starts_at.date()]
            assert (held.cost, held.start) == (0, one.starts_at)
    assert {one.meeting: one.starts_at for one in heatmap(problem).plan} == propose(problem).proposals[0].starts
