"""Test event values: each gain is the difference of the best plans with and without the event."""

import random
from collections.abc import Iterator, Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings

from scheduler import Problem, propose
from scheduler.candidates import Candidates
from scheduler.explaining.event_values import clashes
from scheduler.explaining.explanation import Clash
from scheduler.planning.instance import Instance
from scheduler.planning.optimum import optimum
from scheduler.planning.search_types import Search
from scheduler.problem import Commitment
from scheduler.proposal import TOLERANCE
from tests.benchmarks.instances import SIZES
from tests.benchmarks.prepared import county
from tests.builders import a_commitment, a_council, a_meeting, a_problem
from tests.past import problems_with_a_past
from tests.strategies import counties, problems

DAYTIME = ("2027-03-04T08:00", "2027-03-04T17:00")


def best_without(problem: Problem, removed: Sequence[Commitment] = ()) -> float | None:
    ids = {one.id for one in removed}
    left = tuple(one for one in problem.commitments if one.id not in ids)
    without = problem.model_copy(update={"commitments": left})
    value = optimum(Instance(without, Candidates(without).meetings), Search()).value
    # What an event cost a held meeting is no gain.
    return None if value is None else value - value_of_held(without) + value_of_held(problem)


def value_of_held(problem: Problem) -> float:
    choices = Candidates(problem).meetings
    return sum(float(choice.values[0]) for choice in choices if choice.meeting.id in problem.held)


def events(problem: Problem) -> Iterator[list[Commitment]]:
    """Yield the commitments of each event, without free time and the meetings of the problem."""
    by_event: dict[object, list[Commitment]] = {}
    for one in problem.commitments:
        if one.kind != "free" and one.meeting not in problem.meetings_by_id:
            by_event.setdefault(("event", one.event) if one.event else one.id, []).append(one)
    yield from by_event.values()


def by_commitments(found: Sequence[Clash], *, pair: bool) -> dict[frozenset[str], Clash]:
    return {frozenset(one.commitments): one for one in found if one.pair == pair}


def check(problem: Problem, checked_events: Sequence[Sequence[Commitment]]) -> None:
    """Compare the gains of events with planning without each of them."""
    tolerance = TOLERANCE * len(problem.meetings)
    answer = clashes(problem)
    best = best_without(problem)
    assert answer.objective == (best if best is None else pytest.approx(best, abs=tolerance))
    if best is None:
        assert answer.clashes == ()
        return
    single = by_commitments(answer.clashes, pair=False)
    for event in checked_events:
        then = best_without(problem, event)
        assert then is not None
        named = single.get(frozenset(one.id for one in event))
        assert (0.0 if named is None else named.gain) == pytest.approx(max(0.0, then - best), abs=2 * tolerance)


@given(problems())
def test_each_gain_equals_that_of_planning_without_the_event(problem: Problem) -> None:
    check(problem, list(events(problem)))


@settings(max_examples=settings().max_examples // 2)
@given(problems_with_a_past())
def test_no_event_gains_anything_at_a_held_meeting(problem: Problem) -> None:
    check(problem, list(events(problem)))


@settings(max_examples=settings().max_examples // 4)  # each example is planned many times
@given(counties())
@pytest.mark.slow
def test_gains_are_exact_when_councils_share_people_rooms_and_relations(problem: Problem) -> None:
    check(problem, list(events(problem))[:12])


@given(problems())
def test_the_best_pair_is_the_best_of_all_pairs(problem: Problem) -> None:
    tolerance = TOLERANCE * len(problem.meetings)
    answer = clashes(problem)
    best = best_without(problem)
    if best is None:
        return
    pairs = by_commitments(answer.clashes, pair=True)
    gaining = {own for one in answer.clashes if not one.pair for own in one.commitments}
    most = 0.0
    for one, other in combinations(list(events(problem)), 2):
        ids = frozenset(commitment.id for commitment in (*one, *other))
        then = best_without(problem, [*one, *other])
        assert then is not None
        if ids in pairs:
            assert pairs[ids].gain == pytest.approx(then - best, abs=2 * tolerance)
            assert not gaining & ids
        elif not gaining & ids and meet_in_one_seat(problem, one, other):
            most = max(most, then - best)
    assert len(pairs) == 20 or most <= 2 * tolerance


def meet_in_one_seat(problem: Problem, one: Sequence[Commitment], other: Sequence[Commitment]) -> bool:
    """Return whether both events overlap the same slot for people of one seat."""
    candidates = Candidates(problem)
    for meeting in problem.meetings:
        slots = candidates.on_allowed_dates(meeting).slots
        for seat in problem.councils_by_id[meeting.council].seats:
            taken = []
            for event in (one, other):
                rows = {problem.commitments.index(commitment) for commitment in event}
                _, slot, clash = candidates.availability.overlapping(meeting, seat.people, slots)
                overlaps = zip(slot.tolist(), clash.tolist(), strict=True)
                taken.append(
                    {index for index, row in overlaps if candidates.availability.clashes.commitment[row] in rows}
                )
            if taken[0] & taken[1]:
                return True
    return False


def random_and_gaining_events(problem: Problem, count: int) -> list[list[Commitment]]:
    """Return ``count`` random events and all events with a gain."""
    every = list(events(problem))
    chosen = random.Random(1).sample(every, min(count, len(every)))  # noqa: S311  # no secret
    gaining = by_commitments(clashes(problem).clashes, pair=False)
    return [*chosen, *(event for event in every if frozenset(one.id for one in event) in gaining)]


@pytest.mark.slow
def test_gains_of_a_year_equal_those_of_planning_without_each_event() -> None:
    problem = county(SIZES["M"], 3).problem
    check(problem, random_and_gaining_events(problem, 20))


@pytest.mark.prove
@pytest.mark.parametrize("seed", [0, 1])
def test_a_thousand_gains_equal_those_of_planning_without_each_event(seed: int) -> None:
    problem = county(SIZES["M"], seed).problem
    check(problem, random_and_gaining_events(problem, 500))


def test_a_shared_event_is_removed_for_all_its_participants() -> None:
    board = [
        a_commitment(f"c{at}", person, *DAYTIME, event="board", calendar="ks")
        for at, person in enumerate(["a0", "a1", "b0"])
    ]
    problem = a_problem(
        horizon={"start": "2027-03-04", "end": "2027-03-04"},
        commitments=board,
        calendars=[{"id": "ks", "label": "kommunstyrelsen i A", "importance": 5}],
    )
    (clash,) = clashes(problem).clashes
    assert (clash.event, clash.label) == ("board", "kommunstyrelsen i A")
    assert clash.people == ("a0", "a1", "b0")
    assert [one.meeting for one in clash.meetings] == ["m1"]
    without = best_without(problem, problem.commitments)
    assert without is not None
    assert clash.gain == pytest.approx(without - (best_without(problem) or 0))


def test_the_reference_plan_equals_the_best_proposal() -> None:
    problem = county(SIZES["M"], 3).problem
    starts = propose(problem, alternatives=1).proposals[0].starts
    assert {one.meeting: one.starts_at for one in clashes(problem).plan} == starts


def test_two_events_that_gain_only_together_are_a_pair() -> None:
    problem = a_problem(
        horizon={"start": "2027-03-04", "end": "2027-03-04"},
        commitments=[a_commitment("c0", "a0", *DAYTIME), a_commitment("c1", "a0", *DAYTIME)],
    )
    (clash,) = clashes(problem).clashes
    assert clash.pair
    assert clash.commitments == ("c0", "c1")


def test_the_gain_of_a_pair_includes_other_slots_that_each_event_frees() -> None:
    """The member's event also keeps another party away the next day: only moving both meetings gains."""
    monday, tuesday, wednesday, thursday = ((f"2027-03-0{day}T08:00", f"2027-03-0{day}T17:00") for day in (1, 2, 3, 4))
    problem = a_problem(
        horizon={"start": "2027-03-01", "end": "2027-03-04"},
        councils=[a_council(spacing_days={"min": 1, "max": 1})],
        meetings=[a_meeting("m1", weekdays=["MO", "WE"]), a_meeting("m2", weekdays=["TU", "TH"])],
        commitments=[
            *(a_commitment(f"c{i}", f"c{i}", monday[0], tuesday[1], yields=0.9) for i in (0, 1)),
            a_commitment("member", "a0", *wednesday, event="course", yields=0.0),
            a_commitment("substitute", "a1", *wednesday, yields=0.0),
            *(a_commitment(f"b{i}", f"b{i}", *thursday, event="course", yields=0.0) for i in (0, 1)),
        ],
    )
    found = [one for one in clashes(problem).clashes if one.pair]
    assert frozenset(("member", "b0", "b1", "substitute")) in {frozenset(one.commitments) for one in found}


def test_meetings_that_move_along_are_reported() -> None:
    """Meetings one day apart move together: removing one event moves the other meeting as well."""
    problem = a_problem(
        horizon={"start": "2027-03-01", "end": "2027-03-04"},
        councils=[a_council(spacing_days={"min": 1, "max": 1})],
        meetings=[a_meeting("m1", weekdays=["MO", "WE"]), a_meeting("m2", weekdays=["TU", "TH"])],
        commitments=[
            a_commitment("less", "a0", "2027-03-01T08:00", "2027-03-01T17:00"),
            *(a_commitment(f"more-{i}", f"b{i}", "2027-03-03T08:00", "2027-03-03T17:00", event="fair") for i in (0, 1)),
        ],
    )
    (fair,) = (one for one in clashes(problem).clashes if one.event == "fair")
    assert [one.meeting for one in fair.meetings] == ["m1"]
    assert [(one.meeting, one.starts_at.day) for one in fair.moved] == [("m2", 4)]


def test_an_event_that_blocks_a_required_person_has_a_gain() -> None:
    problem = a_problem(
        horizon={"start": "2027-03-03", "end": "2027-03-04"},
        commitments=[
            a_commitment("c0", "a0", *DAYTIME),
            a_commitment("c1", "b0", "2027-03-03T08:00", "2027-03-03T17:00", kind="busy_unavailable"),
        ],
        meetings=[a_meeting(required=[{"person": "a0", "at_least": 0.8}])],
    )
    clash = by_commitments(clashes(problem).clashes, pair=False)[frozenset({"c0"})]
    assert [(one.meeting, one.starts_at.day) for one in clash.meetings] == [("m1", 4)]


def test_two_newly_allowed_slots_can_require_each_other() -> None:
    problem = a_problem(
        horizon={"start": "2027-03-01", "end": "2027-03-16"},
        holidays=None,
        councils=[a_council(spacing_days={"min": 7, "max": 7})],
        meetings=[
            a_meeting(meeting, starts=["09:00"], weekdays=["MO", "TU"], required=[{"person": "a0"}])
            for meeting in ("m1", "m2")
        ],
        blackouts=[
            {"start": "2027-03-10", "end": "2027-03-15", "reason": "mässa"},
            {"start": "2027-03-02", "end": "2027-03-02", "reason": "mässa"},
        ],
        commitments=[
            a_commitment("trip", "a0", "2027-03-09T00:00", "2027-03-17T00:00", kind="busy_unavailable"),
            a_commitment("b1", "b0", "2027-03-01T00:00", "2027-03-02T00:00"),
            a_commitment("b2", "b0", "2027-03-08T00:00", "2027-03-09T00:00"),
        ],
    )
    check(problem, list(events(problem)))
    assert "trip" in {one.commitments[0] for one in clashes(problem).clashes}


def test_blackouts_and_free_time_are_no_events() -> None:
    problem = a_problem(
        horizon={"start": "2027-03-04", "end": "2027-03-04"},
        commitments=[a_commitment("c0", "a0", *DAYTIME, kind="free")],
        blackouts=[{"start": "2027-03-04", "end": "2027-03-04", "reason": "lov", "parties": ["a"]}],
    )
    assert clashes(problem).clashes == ()
