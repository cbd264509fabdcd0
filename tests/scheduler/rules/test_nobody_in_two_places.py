"""What is said to exclude each other is what the rules forbid, slot by slot: no more, no less."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler import Problem
from scheduler.candidates import Candidates
from scheduler.intervals import BoolArray
from scheduler.planning.instance import Instance
from scheduler.problem import Meeting
from scheduler.rules.binding import people_bound
from scheduler.verify.rules import minutes_between
from tests.builders import a_council, a_meeting, a_person, a_problem
from tests.strategies import counties, problems


def said_to_exclude(instance: Instance) -> BoolArray:
    """Which pairs of positions stand together in a set of which one can be taken, shape ``(positions, positions)``."""
    pairs = np.zeros((len(instance.gains), len(instance.gains)), dtype=np.bool_)
    sets = instance.conflict_sets
    positions = instance.first[sets.meeting] + sets.slot
    for row in np.flatnonzero(sets.capacity == 1):
        together = positions[sets.row == row]
        pairs[np.ix_(together, together)] = True
    return pairs


def minutes_apart(problem: Problem, one: Meeting, other: Meeting) -> int | None:
    """How many minutes the rules put between two meetings; None when they may be held at once."""
    shared = people_bound(problem, one) & people_bound(problem, other)
    minutes = [minutes_between(problem, person, one, other) for person in shared]
    rooms = {venue.id: venue.rooms for venue in problem.venues}
    if one.venue is not None and one.venue == other.venue and "online" not in (one.mode, other.mode):
        minutes += [0] if rooms[one.venue] == 1 else []
    return max(minutes, default=None)


@given(st.one_of(problems(), counties()))
def test_two_slots_exclude_each_other_exactly_when_a_person_or_a_room_would_be_in_both(problem: Problem) -> None:
    instance = Instance(problem, Candidates(problem).meetings)
    if instance.is_empty_somewhere:
        return
    said = said_to_exclude(instance)
    for one, other in combinations(range(len(problem.meetings)), 2):
        here, there = (slice(instance.first[at], instance.first[at + 1]) for at in (one, other))
        minutes = minutes_apart(problem, problem.meetings[one], problem.meetings[other])
        way = 0 if minutes is None else 60 * minutes
        begins_before = instance.starts[here][:, None] < instance.ends[there][None, :] + way
        ends_after = instance.starts[there][None, :] < instance.ends[here][:, None] + way
        clash = begins_before & ends_after & (minutes is not None)
        is_held_by_order = instance.council[one] == instance.council[other]
        is_held_by_order = is_held_by_order & (instance.days[here][:, None] == instance.days[there][None, :])
        assert (said[here, there] == clash)[~is_held_by_order].all()


@pytest.mark.parametrize(("mode", "travels"), [("in_person", True), ("online", False)])
def test_who_meets_at_no_named_venue_travels_unless_it_is_online(mode: str, *, travels: bool) -> None:
    problem = a_problem(
        parties=("a",),
        councils=[a_council("kultur", ("a",)), a_council("skola", ("a",))],
        venues=[{"id": "v", "name": "huset"}],
        people=[a_person("a0", "a"), a_person("a1", "a")],
        meetings=[
            a_meeting("k1", "kultur", starts=["09:00"], venue="v"),
            a_meeting("s1", "skola", starts=["09:00", "13:00"], mode="online"),
            a_meeting("s2", "skola", starts=["12:00"], mode=mode),
        ],
    )
    far = problem.parties[0].model_copy(update={"travel_minutes": {"v": 120}})
    problem = Problem.model_construct(
        **{name: getattr(problem, name) for name in Problem.model_fields} | {"parties": (far,)}
    )
    instance = Instance(problem, Candidates(problem).meetings)
    said = said_to_exclude(instance)
    at_nine, at_noon = int(instance.first[0]), int(instance.first[2])
    assert instance.days[at_nine] == instance.days[at_noon]
    assert bool(said[at_nine, at_noon]) is travels
