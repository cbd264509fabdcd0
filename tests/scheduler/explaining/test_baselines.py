"""Test the baselines: plans against plain reference code, figures against the independent checker."""

from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler import Problem
from scheduler.candidates import Candidates
from scheduler.days import WEEKDAYS
from scheduler.explaining.baselines.compare import habit
from scheduler.explaining.explanation import HabitRule, Habits
from scheduler.planning.instance import Instance
from scheduler.planning.optimum import optimum
from scheduler.planning.search_types import Allowance, Search
from scheduler.problem import Meeting
from scheduler.proposal import TOLERANCE
from scheduler.verify import Checker
from tests.builders import Json, a_commitment, a_council, a_document, a_meeting, a_person, a_problem
from tests.enumeration import Starts, allowed_plans
from tests.scheduler.explaining.reference_explanations import confidence, habitual, yes_of_members
from tests.strategies import problems

NAMES = ("habit", "counting_yes", "microsoft_confidence", "plan")
MONDAY, TUESDAY, WEDNESDAY = "2027-03-01", "2027-03-02", "2027-03-03"
THIRTEEN = tuple(f"k{at}" for at in range(13))


def by_name(answer: Habits) -> dict[str, HabitRule]:
    assert tuple(rule.name for rule in answer.rules) == NAMES
    return {rule.name: rule for rule in answer.rules}


def starts_of(problem: Problem, rule: HabitRule) -> Starts:
    return dict(zip((meeting.id for meeting in problem.meetings), rule.starts, strict=True))


def busy(person: str, day: str) -> Json:
    return a_commitment(f"{person}-{day}", person, f"{day}T08:00", f"{day}T17:00")


# --- scores of other tools


def one_morning_a_day(parties: tuple[str, ...], last: str, **changes: Any) -> Problem:
    return Problem.of(
        a_document(parties, horizon={"start": MONDAY, "end": last}, meetings=[a_meeting(starts=["09:00"])], **changes)
    )


def test_microsofts_confidence_takes_the_day_with_fewer_represented_parties() -> None:
    everyone_busy = [busy(f"{party}1", MONDAY) for party in THIRTEEN]  # every substitute: 13 of 26 free
    both_busy = [busy(f"{party}{at}", TUESDAY) for party in THIRTEEN[:6] for at in (0, 1)]  # 14 of 26, 7 parties
    rules = by_name(habit(one_morning_a_day(THIRTEEN, TUESDAY, commitments=[*everyone_busy, *both_busy])))
    assert rules["microsoft_confidence"].starts[0].date() == date(2027, 3, 2)
    assert rules["plan"].starts[0].date() == date(2027, 3, 1)
    assert rules["microsoft_confidence"].expected_absences == pytest.approx(
        sum(1 - (1 - (1 - p) * (1 - 0.9 * p)) for p in [0.92] * 7 + [0.46] * 6)
    )


def test_a_confidence_of_exactly_half_counts() -> None:
    known = [{"start": TUESDAY, "end": TUESDAY}]
    people = [a_person(f"a{at}", "a", known=known) for at in (0, 1)]
    problem = one_morning_a_day(("a",), TUESDAY, people=people, commitments=[busy("a1", TUESDAY)])
    rule = by_name(habit(problem))["microsoft_confidence"]
    assert rule.starts[0].date() == date(2027, 3, 2)  # 1/2, where Monday's is 49/100


def test_dates_with_a_confidence_below_half_are_equal_and_the_first_is_taken() -> None:
    parties = ("a", "b")
    known = [{"start": MONDAY, "end": MONDAY}]
    people = [a_person(f"{party}{at}", party, known=known) for party in parties for at in (0, 1)]
    three_busy = [busy(person, MONDAY) for person in ("a0", "a1", "b0")]
    problem = one_morning_a_day(parties, TUESDAY, people=people, commitments=three_busy)
    rule = by_name(habit(problem))["microsoft_confidence"]
    assert rule.starts[0].date() == date(2027, 3, 1)  # 1/4, and Tuesday's is 49/100


def test_of_dates_with_equal_confidence_the_first_is_taken() -> None:
    problem = one_morning_a_day(("a", "b"), WEDNESDAY, commitments=[busy("a0", MONDAY)])
    assert by_name(habit(problem))["microsoft_confidence"].starts[0].date() == date(2027, 3, 2)


def test_a_poll_counts_the_votes_of_members_only() -> None:
    away = [busy("a0", MONDAY), *(busy(f"{party}1", TUESDAY) for party in ("a", "b"))]
    rules = by_name(habit(one_morning_a_day(("a", "b"), TUESDAY, commitments=away)))
    assert rules["counting_yes"].starts[0].date() == date(2027, 3, 2)
    assert rules["microsoft_confidence"].starts[0].date() == date(2027, 3, 1)  # three of four


def test_the_answer_if_needed_is_no_yes_vote() -> None:
    reluctant = {"person": "a0", "start": f"{MONDAY}T08:00", "end": f"{MONDAY}T17:00", "answer": "if_needed"}
    problem = one_morning_a_day(("a", "b"), TUESDAY, answers=[reluctant])
    assert by_name(habit(problem))["counting_yes"].starts[0].date() == date(2027, 3, 2)
    as_good = one_morning_a_day(("a", "b"), TUESDAY, answers=[reluctant], assumptions={"if_needed": 0.95})
    assert by_name(habit(as_good))["counting_yes"].starts[0].date() == date(2027, 3, 2)


def test_a_council_with_vacant_seats_only_gets_the_first_date_from_every_baseline() -> None:
    vacant = {**a_council(), "seats": [{"party": "a", "member": None}]}
    rules = by_name(habit(a_problem(councils=[vacant])))
    assert [rule.starts[0].day for rule in rules.values()] == [1, 1, 1, 1]
    assert [rule.expected_absences for rule in rules.values()] == [1, 1, 1, 1]


# --- infeasible problems and cancelled searches


def test_no_baseline_has_a_plan_for_an_infeasible_problem() -> None:
    pinned = [a_meeting("m1", pinned="2027-03-04T09:00"), a_meeting("m2", pinned="2027-03-03T09:00")]
    for changes in (
        {"blackouts": [{"start": "2027-03-01", "end": "2027-03-12", "reason": "stängt"}]},
        {"meetings": pinned},
    ):
        answer = habit(a_problem(**changes))
        assert answer.status == "infeasible"
        assert all(
            (rule.objective, rule.expected_absences, rule.quorum_probability_min, rule.starts) == (None, None, None, ())
            for rule in by_name(answer).values()
        )


def two_councils_with_the_same_best_day() -> Problem:
    """Return a problem in which two councils have the same members, and Wednesday is the best day of both."""
    return a_problem(
        horizon={"start": MONDAY, "end": WEDNESDAY},
        councils=[a_council("kultur"), a_council("skola")],
        meetings=[a_meeting("m1", starts=["09:00"]), a_meeting("m2", "skola", starts=["09:00"])],
        commitments=[busy("a0", MONDAY), busy("b0", TUESDAY)],
    )


def test_scores_do_not_draw_from_the_allowance_of_the_best_plan() -> None:
    problem = two_councils_with_the_same_best_day()
    plan_search, habit_search = Search(Allowance(60.0)), Search(Allowance(60.0))
    best = optimum(Instance(problem, Candidates(problem).meetings), plan_search)
    assert by_name(habit(problem, habit_search))["plan"].objective == best.value
    assert habit_search.allowance.seconds == plan_search.allowance.seconds < 60.0


def test_scores_have_no_plan_after_the_search_is_cancelled() -> None:
    calls = []

    def is_cancelled() -> bool:
        calls.append(True)
        return True

    rules = by_name(habit(two_councils_with_the_same_best_day(), Search(is_cancelled=is_cancelled)))
    assert calls
    assert rules["counting_yes"].starts == rules["microsoft_confidence"].starts == ()
    assert len(rules["habit"].starts) == 2


# --- random problems against the reference implementation


@st.composite
def problems_with_habits(draw: st.DrawFn) -> Problem:
    problem = draw(problems())
    habits = st.builds(
        lambda weekday, ordinal, start: {"weekday": weekday, "ordinal": ordinal, "start": start},
        st.sampled_from(WEEKDAYS),
        st.sampled_from([1, 4, 5, -1]),
        st.sampled_from(["09:00", "10:00", "13:00"]),
    )
    councils = [{**dict(council), "habit": draw(st.one_of(st.none(), habits))} for council in problem.councils]
    document = {name: getattr(problem, name) for name in Problem.model_fields}
    return Problem.of({**document, "councils": councils})


@given(problems_with_habits())
def test_the_habit_equals_a_plain_search_day_by_day(problem: Problem) -> None:
    answer = habit(problem)
    rule = by_name(answer)["habit"]
    expected = None if answer.status == "infeasible" else habitual(problem)
    assert (starts_of(problem, rule) if rule.starts else None) == expected
    if rule.starts:
        broken = {one.rule for one in Checker(problem).violations(starts_of(problem, rule))}
        assert broken <= {"nobody_in_two_places", "rooms", "relation"}


@given(problems_with_habits())
def test_figures_equal_the_checkers_and_no_valid_plan_is_better_than_the_best(problem: Problem) -> None:
    checker, rules = Checker(problem), by_name(habit(problem))
    best = rules["plan"].objective
    for rule in rules.values():
        if not rule.starts:
            assert (rule.objective, rule.expected_absences, rule.quorum_probability_min) == (None, None, None)
            continue
        starts = starts_of(problem, rule)
        assert all(start.tzinfo == problem.zone for start in rule.starts)
        truth, violations = checker.score(starts), checker.violations(starts)
        assert rule.objective == pytest.approx(truth.objective)
        assert rule.expected_absences == pytest.approx(truth.expected_absences, abs=1e-9)
        councils = {one.id: problem.councils_by_id[one.council] for one in problem.meetings}
        quorums = [chance for one, chance in truth.quorum_probability.items() if councils[one].quorum is not None]
        least = pytest.approx(min(quorums), abs=1e-9) if quorums else None
        assert rule.quorum_probability_min == least
        assert rule.num_broken == len(violations)
        assert rule.name == "habit" or not violations
        if not violations:
            assert rule.objective is not None
            assert best is not None
            assert rule.objective <= best + TOLERANCE * len(problem.meetings)


Points = Callable[[Problem, Meeting, datetime], Fraction | int]


@pytest.mark.parametrize(("name", "points"), [("counting_yes", yes_of_members), ("microsoft_confidence", confidence)])
@given(problem=problems(max_meetings=2))
def test_no_allowed_plan_has_a_higher_score_or_the_same_score_with_earlier_starts(
    problem: Problem, name: str, points: Points
) -> None:
    allowed = allowed_plans(problem)
    rule = by_name(habit(problem))[name]
    assert bool(rule.starts) == bool(allowed)
    if not allowed:
        return

    def total(starts: Starts) -> Fraction | int:
        return sum(points(problem, problem.meetings_by_id[meeting], start) for meeting, start in starts.items())

    taken = starts_of(problem, rule)
    most = max(total(plan) for plan in allowed)
    assert total(taken) == most
    for plan in allowed:
        if total(plan) == most and plan != taken:
            assert any(plan[meeting] > taken[meeting] for meeting in taken)
