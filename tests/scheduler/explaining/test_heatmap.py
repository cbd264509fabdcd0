"""Test the heatmap: each cost is the difference of the best plan and the best plan with the meeting on the date."""

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
from scheduler.planning.search_types import Allowance, Search
from scheduler.problem import Meeting
from scheduler.proposal import TOLERANCE
from scheduler.verify import Checker
from tests.builders import a_commitment, a_meeting, a_problem
from tests.enumeration import allowed_plans
from tests.past import problems_with_a_past
from tests.strategies import counties, problems

WEDNESDAY = date(2027, 3, 3)


def costs(result: Heatmap) -> dict[tuple[str, date], DateCost]:
    return {(row.meeting, cost.date): cost for row in result.meetings for cost in row.dates}


def check_costs(problem: Problem) -> None:
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
            assert_is_forbidden(checker, problem.meetings_by_id[meeting], one)


@given(problems())
def test_costs_equal_those_of_enumeration(problem: Problem) -> None:
    check_costs(problem)


@settings(max_examples=settings().max_examples // 2)
@given(problems_with_a_past())
def test_costs_around_held_meetings_equal_those_of_enumeration(problem: Problem) -> None:
    check_costs(problem)


def assert_is_forbidden(checker: Checker, meeting: Meeting, date_cost: DateCost) -> None:
    """Assert that the rule forbids a start on the date, that all starts are forbidden, or that the rule is "plan"."""
    problem = checker.problem
    fixed = problem.fixed_start(meeting)
    if fixed is not None and date_cost.rule in ("pinned", "held"):
        assert fixed.astimezone(problem.zone).date() != date_cost.date
        return
    starts = [start_on(date_cost.date, clock, problem.zone) for clock in meeting.start_clocks]
    if fixed is not None:
        starts = [fixed.astimezone(problem.zone)]
    broken = [checker.slot_violations(meeting, start) for start in starts if start is not None]
    if date_cost.rule == "plan":
        assert not all(broken)
    else:
        assert all(broken)
        assert any(rule.rule == date_cost.rule for rules in broken for rule in rules)


@settings(max_examples=settings().max_examples // 4)  # each plans hundreds of times
@given(counties(), st.data())
@pytest.mark.slow
def test_costs_equal_those_of_planning_with_the_date_alone(problem: Problem, data: st.DataObject) -> None:
    choices = Candidates(problem).meetings
    best = optimum(Instance(problem, choices), Search())
    found = costs(heatmap(problem))
    for index, choice in enumerate(choices):
        if not len(choice.slots):
            continue
        day = data.draw(st.sampled_from(sorted(set(choice.slots.days.tolist()))))
        is_on_day = choice.slots.days == day
        restricted_choice = choice[is_on_day]
        new_choices = [*choices[:index], restricted_choice, *choices[index + 1 :]]
        restricted = optimum(Instance(problem, new_choices), Search())
        cost = found[choice.meeting.id, date.fromordinal(day)].cost
        if restricted.value is None:
            assert cost is None
        else:
            assert best.value is not None
            assert cost == pytest.approx(best.value - restricted.value, abs=TOLERANCE * len(choices))


def test_a_busy_member_costs_the_partys_lost_chance() -> None:
    busy = a_commitment("c", "a0", "2027-03-04T08:00", "2027-03-04T17:00", kind="busy_unavailable")
    found = costs(heatmap(a_problem(commitments=[busy])))
    others = 0.92 + (1 - 0.92) * 0.9 * 0.92
    assert found["m1", date(2027, 3, 4)].cost == pytest.approx(others - 0.9 * 0.92)
    assert found["m1", WEDNESDAY].cost == pytest.approx(0)


def test_an_impossible_date_names_the_rule_and_its_person_or_blackout() -> None:
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


def test_a_date_that_leaves_no_slot_for_the_other_meetings_has_the_rule_plan() -> None:
    found = costs(heatmap(a_problem(meetings=[a_meeting("m1"), a_meeting("m2")])))
    assert found["m1", date(2027, 3, 12)].rule == "plan"
    assert found["m2", date(2027, 3, 12)].cost is not None


def test_a_start_skipped_by_a_clock_change_is_impossible() -> None:
    starts = a_meeting(starts=["02:30"], weekdays=["SA", "SU", "MO"])
    found = costs(
        heatmap(a_problem(horizon={"start": "2027-03-27", "end": "2027-03-29"}, holidays=None, meetings=[starts]))
    )
    assert found["m1", date(2027, 3, 28)].rule == "weekday_and_start"
    assert found["m1", date(2027, 3, 27)].cost is not None


def test_dates_not_solved_in_time_have_neither_cost_nor_rule() -> None:
    problem = a_problem(meetings=[a_meeting("m1"), a_meeting("m2")])
    found = heatmap(problem, Search(allowance=Allowance(0)))
    assert found.status == "feasible"
    wednesday, saturday = (costs(found)["m1", day] for day in (WEDNESDAY, date(2027, 3, 6)))
    assert (wednesday.cost, wednesday.rule) == (None, None)
    assert (saturday.cost, saturday.rule) == (None, "weekday_and_start")


def test_the_dates_of_the_best_plan_cost_nothing_even_without_allowance() -> None:
    problem = a_problem(meetings=[a_meeting("m1"), a_meeting("m2")])
    for search in (Search(), Search(allowance=Allowance(0))):
        found = heatmap(problem, search)
        assert [one.meeting for one in found.plan] == ["m1", "m2"]
        for one in found.plan:
            held = costs(found)[one.meeting, one.starts_at.date()]
            assert (held.cost, held.start) == (0, one.starts_at)
    assert {one.meeting: one.starts_at for one in heatmap(problem).plan} == propose(problem).proposals[0].starts
