"""Test the value of information against the expected best plan over all outcomes of an unknown calendar."""

from datetime import date, datetime
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given

from scheduler import InvalidProblem, Problem, score
from scheduler.candidates import Candidates
from scheduler.explaining.information_value import asking
from scheduler.ical.folder import attach_calendars
from scheduler.planning.search_types import Search
from scheduler.problem import Meeting
from scheduler.proposal import TOLERANCE
from scheduler.verify.chances import ChanceModel
from tests.builders import YEAR_2027, a_commitment, a_council, a_meeting, a_person, a_problem
from tests.enumeration import Starts, allowed_plans
from tests.strategies import problems

EXAMPLE = Path(__file__).parents[3] / "examples" / "orebro-2027"
ERRORS = 6  # standard errors; a sample mean is that far off less than once in 100,000


class ChancesGivenOutcome(ChanceModel):
    """ChanceModel when a person's unknown calendar is free on the dates ``free`` and busy on the others."""

    def __init__(self, problem: Problem, person: str, free: frozenset[date]) -> None:
        super().__init__(problem)
        self._person, self._free = person, free

    def expected(self, meeting: Meeting, start: datetime) -> float:
        weights = {party.id: party.weight for party in self.problem.parties}
        is_free = start.astimezone(self.problem.zone).date() in self._free
        believed = 1.0 if is_free else self.problem.assumptions.answer_no
        assumptions = self.problem.assumptions.model_copy(update={"unknown_free": believed})
        known = ChanceModel(self.problem.model_copy(update={"assumptions": assumptions}))
        council = self.problem.councils_by_id[meeting.council]
        slot = self.slot(meeting, start)
        total = 0.0
        for seat in council.seats:
            mine = known if self._person in seat.people else self
            comes = {
                person: (mine if person == self._person else self).comes(person, meeting, slot)
                for person in seat.people
            }
            nobody = 1.0 if seat.member is None else 1.0 - comes[seat.member]
            for person in seat.substitutes:
                nobody *= 1.0 - self.problem.assumptions.call_in * comes[person]
            total += weights[seat.party] * (1.0 - self.problem.assumptions.shared_absence) * (1.0 - nobody)
        return meeting.weight * total


def best_value(problem: Problem, plans: list[Starts], outcome_chances: ChancesGivenOutcome) -> float:
    """Return the value of the best of the plans."""
    expected = {
        (meeting, start): outcome_chances.expected(problem.meetings_by_id[meeting], start)
        for meeting, start in {pair for plan in plans for pair in plan.items()}
    }
    return max(sum(expected[pair] for pair in plan.items()) for plan in plans)


def unknown_dates(problem: Problem, person: str) -> list[date]:
    """Return the dates on which the person's calendar is unknown at an allowed slot of a meeting with the person."""
    candidates = Candidates(problem)
    dates = set()
    for one in candidates.meetings:
        seats = problem.councils_by_id[one.meeting.council].seats
        if any(person in seat.people for seat in seats):
            known = candidates.availability.is_known(one.meeting, [person], one.slots)[0]
            dates |= {date.fromordinal(day) for day in one.slots.days[~known].tolist()}
    return sorted(dates)


def expected_best(problem: Problem, plans: list[Starts], person: str, dates: list[date]) -> float:
    """Return the expected value of the best plan with the calendar known, over all outcomes."""
    believed = problem.assumptions
    free = (believed.unknown_free - believed.answer_no) / (1 - believed.answer_no)
    total = 0.0
    for outcome in product([False, True], repeat=len(dates)):
        chance = 1.0
        for is_free in outcome:
            chance *= free if is_free else 1 - free
        then = frozenset(day for day, is_free in zip(dates, outcome, strict=True) if is_free)
        total += chance * best_value(problem, plans, ChancesGivenOutcome(problem, person, then))
    return total


def best_now(problem: Problem, plans: list[Starts]) -> float:
    return max(score(problem, plan).objective for plan in plans)


def check(problem: Problem, most_dates: int) -> None:
    plans = allowed_plans(problem)
    if problem.assumptions.unknown_free < problem.assumptions.answer_no or not plans:
        return
    answer = asking(problem)
    found = {one.person: one for one in answer.people}
    for person in problem.people:
        dates = unknown_dates(problem, person.id)
        assert (person.id in found) == bool(dates)
        if 0 < len(dates) <= most_dates:
            one = found[person.id]
            assert one.gain >= 0
            expected = expected_best(problem, plans, person.id, dates) - best_now(problem, plans)
            allowed = ERRORS * one.standard_error + 2 * TOLERANCE * len(problem.meetings)
            assert one.gain == pytest.approx(expected, abs=allowed)
            if len(problem.meetings) == 1:
                assert one.standard_error == 0


@given(problems(max_meetings=1))
def test_for_one_meeting_the_value_is_exact(problem: Problem) -> None:
    check(problem, most_dates=6)


@given(problems())
def test_for_several_meetings_the_value_is_exact_when_few_dates_are_relevant(problem: Problem) -> None:
    check(problem, most_dates=4)


@pytest.mark.prove
def test_the_value_of_twelve_unknown_dates_equals_enumeration() -> None:
    people = [a_person(f"{party}{i}", party) for party in "abc" for i in (0, 1)]
    people[0]["known"] = []
    problem = a_problem(
        people=people,
        horizon={"start": "2027-03-01", "end": "2027-03-16"},
        meetings=[a_meeting(starts=["09:00"])],
        commitments=[
            {"id": "c0", "person": "b0", "start": "2027-03-01T08:00", "end": "2027-03-03T17:00", "importance": 5}
        ],
    )
    assert len(unknown_dates(problem, "a0")) == 12
    check(problem, most_dates=12)


def test_a_sample_mean_is_within_its_standard_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "scheduler.explaining.information_value.NUM_SAMPLES", 31
    )  # fewer than the outcomes of five dates
    people = [a_person(f"{party}{i}", party) for party in "abc" for i in (0, 1)]
    people[0]["known"] = [{"start": "2027-03-06", "end": "2027-03-12"}]
    problem = a_problem(
        people=people,
        meetings=[a_meeting("m1", starts=["09:00"]), a_meeting("m2", starts=["13:00"])],
        commitments=[a_commitment("c0", "b0", "2027-03-02T08:00", "2027-03-12T17:00", importance=5)],
    )
    assert len(unknown_dates(problem, "a0")) == 5
    check(problem, most_dates=5)
    (one,) = asking(problem).people
    assert one.gain > 0
    assert one.standard_error > 0


def test_equal_samples_have_a_standard_error_above_zero() -> None:
    people = [
        a_person(f"{party}{i}", party, known=[] if party == "a" else YEAR_2027) for party in "abc" for i in (0, 1)
    ]
    believed = {"unknown_free": 0.0201, "answer_no": 0.02}  # a date is free with probability 1 in 10,000
    answer = asking(a_problem(people=people, meetings=[a_meeting("m1"), a_meeting("m2")], assumptions=believed))
    assert all(one.standard_error > 0 for one in answer.people)


def test_a_person_who_cannot_change_the_plan_has_no_value() -> None:
    people = [a_person(f"{party}{i}", party, attendance_rate=1.0) for party in "abc" for i in (0, 1)]
    people[1]["known"] = []  # a substitute without effect: the member is certain to come
    answer = asking(a_problem(people=people, meetings=[a_meeting("m1"), a_meeting("m2")]))
    assert [(one.person, one.gain, one.standard_error) for one in answer.people] == [("a1", 0.0, 0.0)]


def test_with_all_calendars_known_the_result_is_empty() -> None:
    people = [a_person(f"{party}{i}", party, known=YEAR_2027) for party in "abc" for i in (0, 1)]
    assert asking(a_problem(people=people)).people == ()


def test_people_whose_samples_were_not_all_evaluated_are_left_out() -> None:
    people = [a_person(f"{party}{i}", party, known=[]) for party in "abc" for i in (0, 1)]
    problem = a_problem(people=people, meetings=[a_meeting("m1"), a_meeting("m2")])
    whole = {one.person: one for one in asking(problem).people}
    times = iter(range(10_000))
    cut = asking(problem, Search(is_cancelled=lambda: next(times) > 700))
    assert cut.status == "feasible"
    assert 0 < len(cut.people) < len(whole)
    assert all(one == whole[one.person] for one in cut.people)
    assert {*cut.left_out, *(one.person for one in cut.people)} == set(whole)
    assert len(cut.left_out) + len(cut.people) == len(whole)


def test_people_who_can_change_the_plan_most_are_evaluated_first() -> None:
    people = [a_person(f"{party}{i}", party, known=[] if i == 0 else YEAR_2027) for party in "abc" for i in (0, 1)]
    seats = [{"party": party, "member": f"{party}0", "substitutes": [f"{party}1"]} for party in "ab"]
    council = a_council() | {"seats": [*seats, {"party": "c", "member": "c0"}]}  # c0 has no substitute
    problem = a_problem(people=people, councils=[council], meetings=[a_meeting("m1"), a_meeting("m2")])
    times = iter(range(10_000))
    cut = asking(problem, Search(is_cancelled=lambda: next(times) > 400))
    assert [one.person for one in cut.people] == ["c0"]
    assert set(cut.left_out) == {"a0", "b0"}


def test_a_solver_error_about_hints_is_avoided_by_solving_without_hints() -> None:
    """OR-Tools 9.15 raises an IndexError on the hints of this problem."""
    problem = a_problem(
        ("d",),
        horizon={"start": "2027-02-17", "end": "2027-03-07"},
        people=[
            a_person(f"d{at}", "d", known=[]) for at in (0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1)
        ],  # the order of the people decides the samples
        councils=[{"id": "kultur", "name": "kultur", "seats": [{"party": "d", "member": "d1"}]}],
        meetings=[
            a_meeting("m0", duration_minutes=180, starts=["13:00", "15:00", "09:00"]),
            a_meeting("m1", duration_minutes=30, starts=["15:00", "13:00", "10:00"]),
        ],
        relations=[{"kind": "apart_days", "meetings": ["m0", "m1"], "days": 5}],
        today="2027-02-17",
    )
    (value,) = asking(problem).people
    assert value.gain > 0


def test_the_same_seed_gives_the_same_samples() -> None:
    people = [a_person(f"{party}{i}", party, known=[]) for party in "abc" for i in (0, 1)]
    problem = a_problem(people=people, meetings=[a_meeting("m1"), a_meeting("m2")])
    assert asking(problem, Search(seed=3)) == asking(problem, Search(seed=3))
    assert asking(problem, Search(seed=3)) != asking(problem, Search(seed=4))


def test_inconsistent_assumptions_raise_invalid_problem() -> None:
    with pytest.raises(InvalidProblem) as raised:
        asking(a_problem(assumptions={"unknown_free": 0.1, "answer_no": 0.2}))
    assert [fault.pointer for fault in raised.value.faults] == ["/assumptions/unknown_free"]


@pytest.mark.prove
def test_the_order_of_the_example_is_the_same_for_all_seeds() -> None:
    problem, _ = attach_calendars(Problem.read((EXAMPLE / "problem.json").read_bytes()), EXAMPLE / "calendars")
    drawn = [{one.person: one for one in asking(problem, Search(seed=seed)).people} for seed in range(3)]
    first, *others = drawn
    for one in first.values():
        for two in first.values():
            if one.gain - two.gain > 2 * (one.standard_error + two.standard_error):
                assert all(again[one.person].gain > again[two.person].gain for again in others)
