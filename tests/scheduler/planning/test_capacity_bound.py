"""The capacity bound names only meetings that cannot all be held, and finds cliques with too few moments."""

from itertools import combinations, product
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler import Problem
from scheduler.candidates import Candidates
from scheduler.planning.capacity_bound import CapacityBound
from scheduler.planning.deficient_set import deficient_set
from scheduler.planning.infeasibility.relaxed_problem import of_meetings
from scheduler.planning.instance import Instance
from scheduler.planning.moments import Group, OpenSlots, too_few_moments, too_little_time
from scheduler.planning.optimum import optimum
from scheduler.planning.search_types import Allowance, Search
from scheduler.proposal import RuleInstance
from scheduler.verify import Checker
from tests.benchmarks.dense import DENSE, crowded_document, dense_document
from tests.builders import Json, a_document, a_meeting, a_person
from tests.enumeration import Starts
from tests.travelling import a_crowded_day

seeds = st.integers(0, 2**32)
DAY = {"start": "2027-03-01", "end": "2027-03-01"}


def instance_of(problem: Problem) -> Instance:
    return Instance(problem, Candidates(problem).meetings)


@given(st.lists(st.integers(1, 31), min_size=1, max_size=7), st.integers(1, 2))
def test_a_deficient_set_is_found_exactly_when_not_all_elements_fit(places: list[int], capacity: int) -> None:
    places_of = dict(enumerate(places))
    found = deficient_set(places_of, capacity)
    every_place = [[place for place in range(5) if bits >> place & 1] for bits in places]
    fits = any(max(map(chosen.count, chosen)) <= capacity for chosen in product(*every_place))
    assert (found is None) is fits
    if found is not None:
        places_of_set = {place for element in found for place in every_place[element]}
        assert len(found) == capacity * len(places_of_set) + 1


@given(seeds)
def test_the_meetings_of_a_witness_cannot_all_be_held(seed: int) -> None:
    problem = Problem.of(a_crowded_day(Random(seed)))  # noqa: S311  # test data, not cryptographic
    instance = instance_of(problem)
    witness = CapacityBound(instance).witness()
    if witness is None:
        return
    assert optimum(instance, Search(Allowance(0.0))).status == "infeasible"
    checker = Checker(of_meetings(problem, {problem.meetings[meeting].id for meeting in witness}))
    for plan in plans_of(instance, witness):
        assert {violation.rule for violation in checker.between_meetings(plan)} & {"nobody_in_two_places", "rooms"}


class _ByGroup(CapacityBound):
    """The bound that examines every group, also where all meetings can be held one at a time."""

    def _can_all_be_held(self, _: OpenSlots) -> bool:
        return False


@given(seeds)
def test_no_group_has_a_witness_where_all_meetings_can_be_held_one_at_a_time(seed: int) -> None:
    instance = instance_of(Problem.of(a_crowded_day(Random(seed))))  # noqa: S311  # test data, not cryptographic
    assert CapacityBound(instance).witness() == _ByGroup(instance).witness()


@given(seeds, st.integers(1, 2), st.integers(0, 7200))
def test_meetings_that_fit_in_turn_are_within_both_bounds(seed: int, capacity: int, travel: int) -> None:
    instance = instance_of(Problem.of(a_crowded_day(Random(seed))))  # noqa: S311  # test data, not cryptographic
    open_slots = OpenSlots(instance, None)
    meetings = tuple(index for index, one in enumerate(instance.choices) if len(one.slots))
    for size in range(1, len(meetings) + 1):
        group = Group(meetings[:size], capacity, travel)
        if open_slots.fit_in_turn(group):
            assert too_few_moments(group, open_slots) is None
            assert too_little_time(group, open_slots) is None


def test_a_group_is_within_another_of_more_meetings_that_has_no_more_room_and_no_less_travel() -> None:
    group = Group((1, 2), capacity=2, travel=600)
    assert group.is_within(Group((1, 2, 3), capacity=2, travel=600))
    assert group.is_within(Group((1, 2, 3), capacity=1, travel=900))
    assert not group.is_within(Group((1, 3), capacity=2, travel=600))
    assert not group.is_within(Group((1, 2, 3), capacity=3, travel=600))
    assert not group.is_within(Group((1, 2, 3), capacity=2, travel=300))


def plans_of(instance: Instance, meetings: tuple[int, ...]) -> list[Starts]:
    """Return all assignments of slots to some meetings."""
    slots = [range(instance.first[meeting], instance.first[meeting + 1]) for meeting in meetings]
    ids = [instance.problem.meetings[meeting].id for meeting in meetings]
    return [dict(zip(ids, map(instance.start_at, chosen), strict=True)) for chosen in product(*slots)]


@pytest.mark.parametrize("kind", DENSE)
def test_a_crowded_body_has_a_witness_and_a_dense_one_has_none(kind: str) -> None:
    for size in DENSE[kind]:
        if size not in ("one meeting", "two chambers", "200 sessions"):
            assert CapacityBound(instance_of(Problem.of(crowded_document(kind, size, 1)))).witness()
            assert CapacityBound(instance_of(Problem.of(dense_document(kind, size, 1)))).witness() is None


def pairwise_document(num_meetings: int, starts: list[str], duration: int = 60, travel: int = 0) -> Json:
    """Return meetings of which every two share a person of their own, each at its own venue."""
    pairs = list(combinations(range(num_meetings), 2))
    people = [f"p{one}-{other}" for one, other in pairs]
    venues = [f"v{number}" for number in range(num_meetings)]
    return a_document(
        horizon=DAY,
        parties=tuple(people),
        people=[a_person(person, person) for person in people],
        venues=[
            {"id": venue, "name": venue, "travel_minutes": {other: travel for other in venues if other != venue}}
            for venue in venues
        ],
        councils=[
            {
                "id": f"c{number}",
                "name": f"c{number}",
                "seats": [
                    {"party": person, "member": person, "substitutes": []}
                    for person, pair in zip(people, pairs, strict=True)
                    if number in pair
                ],
            }
            for number in range(num_meetings)
        ],
        meetings=[
            a_meeting(
                f"m{number}",
                f"c{number}",
                starts=starts,
                duration_minutes=duration,
                venue=f"v{number}",
                mode="in_person",
            )
            for number in range(num_meetings)
        ],
    )


@pytest.mark.parametrize(
    ("num_meetings", "starts", "duration", "travel", "is_infeasible"),
    [
        (4, ["09:00", "10:00", "11:00"], 60, 0, True),
        (3, ["09:00", "10:00", "11:00"], 60, 0, False),
        (3, ["09:00", "10:00", "11:00"], 60, 60, True),  # two moments with travel
        (2, ["09:00", "10:00", "11:00"], 60, 60, False),
        (3, ["09:00", "09:30", "10:00", "10:30"], 60, 0, True),
        (5, ["09:00", "09:20", "09:40", "10:00", "10:20", "10:40", "11:00", "11:20"], 40, 0, True),
    ],
)
def test_meetings_that_share_somebody_in_pairs_are_no_more_than_their_moments(
    num_meetings: int, starts: list[str], duration: int, travel: int, is_infeasible: bool
) -> None:
    problem = Problem.of(pairwise_document(num_meetings, starts, duration, travel))
    instance = instance_of(problem)
    assert (CapacityBound(instance).witness() is not None) is is_infeasible
    assert (optimum(instance, Search()).status == "infeasible") is is_infeasible


def test_meetings_of_unequal_length_are_bounded_by_the_time_that_their_slots_cover() -> None:
    starts = ["09:00", "09:30", "10:00", "10:30", "11:00"]
    document = pairwise_document(3, starts)
    longest = document["meetings"][2]
    longest.update(duration_minutes=90, starts=starts[:-1])
    # There are three moments, but 210 minutes between 09:00 and 12:00.
    assert CapacityBound(instance_of(Problem.of(document))).witness() == (0, 1, 2)
    longest.update(duration_minutes=60)
    assert CapacityBound(instance_of(Problem.of(document))).witness() is None


def test_rooms_bound_the_meetings_at_a_venue() -> None:
    councils = [
        {"id": f"c{number}", "name": f"c{number}", "seats": [{"party": "a", "member": None, "substitutes": []}]}
        for number in range(5)
    ]
    meetings = [a_meeting(f"m{number}", f"c{number}", venue="v") for number in range(5)]
    document = a_document(
        horizon=DAY, councils=councils, meetings=meetings, venues=[{"id": "v", "name": "huset", "rooms": 2}]
    )
    instance = instance_of(Problem.of(document))
    witness = CapacityBound(instance).witness()
    assert witness == (0, 1, 2, 3, 4)
    rooms = RuleInstance(rule="rooms", venue="v")
    assert CapacityBound(Instance(instance.problem, instance.choices, aside={rooms})).witness() is None

    # Four meetings fit in two rooms at two starts.
    is_open = np.asarray(instance.meeting < 4, dtype=np.bool_)
    assert CapacityBound(instance).witness(is_open) is None
