"""The conflict sets exclude exactly the pairs of slots in which a person or a room would be used twice."""

from itertools import combinations, pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler import Problem
from scheduler.candidates import Candidates
from scheduler.intervals import BoolArray
from scheduler.planning.instance import Instance
from scheduler.problem import Meeting
from scheduler.rules.required_attendees import people_bound
from scheduler.verify.rules import minutes_between
from tests.builders import a_council, a_meeting, a_person, a_problem
from tests.strategies import counties, problems
from tests.travelling import a_crowded_day


def excluded_pairs(instance: Instance) -> BoolArray:
    """Return the pairs of positions in a common conflict set of capacity 1, shape ``(positions, positions)``."""
    pairs = np.zeros((len(instance.gains), len(instance.gains)), dtype=np.bool_)
    sets = instance.conflict_sets
    positions = instance.first[sets.meeting] + sets.slot
    for row in np.flatnonzero(sets.capacity == 1):
        row_positions = positions[sets.row == row]
        pairs[np.ix_(row_positions, row_positions)] = True
    return pairs


def minutes_apart(problem: Problem, first: Meeting, second: Meeting) -> int | None:
    """Return the minimum number of minutes between two meetings; None when they may overlap."""
    common_people = people_bound(problem, first) & people_bound(problem, second)
    minutes = [minutes_between(problem, person, first, second) for person in common_people]
    rooms = {venue.id: venue.rooms for venue in problem.venues}
    is_online = "online" in (first.mode, second.mode)
    if first.venue is not None and first.venue == second.venue and not is_online:
        minutes += [0] if rooms[first.venue] == 1 else []
    return max(minutes, default=None)


crowded_days = st.builds(lambda seed: Problem.of(a_crowded_day(Random(seed))), st.integers(0, 2**32))  # noqa: S311  # test data, not cryptographic


@given(st.one_of(problems(), counties(), crowded_days))
def test_two_slots_exclude_each_other_exactly_when_a_person_or_a_room_is_needed_by_both(problem: Problem) -> None:
    instance = Instance(problem, Candidates(problem).meetings)
    if instance.is_empty_somewhere:
        return
    excluded = excluded_pairs(instance)
    slices = [slice(start, end) for start, end in pairwise(instance.first)]
    for first, second in combinations(range(len(problem.meetings)), 2):
        rows, columns = slices[first], slices[second]
        minutes = minutes_apart(problem, problem.meetings[first], problem.meetings[second])
        gap_seconds = 0 if minutes is None else 60 * minutes
        starts_before_end = instance.starts[rows][:, None] < instance.ends[columns][None, :] + gap_seconds
        ends_after_start = instance.starts[columns][None, :] < instance.ends[rows][:, None] + gap_seconds
        is_clash = starts_before_end & ends_after_start & (minutes is not None)

        # The order of a council's meetings already excludes two of them on the same day.
        is_same_council = instance.council[first] == instance.council[second]
        is_same_day = instance.days[rows][:, None] == instance.days[columns][None, :]
        is_excluded_by_order = is_same_council & is_same_day
        assert (excluded[rows, columns] == is_clash)[~is_excluded_by_order].all()


@pytest.mark.parametrize(("mode", "travels"), [("in_person", True), ("online", False)])
def test_travel_to_a_meeting_without_a_venue_is_required_unless_it_is_online(mode: str, *, travels: bool) -> None:
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
    distant_party = problem.parties[0].model_copy(update={"travel_minutes": {"v": 120}})
    fields = {name: getattr(problem, name) for name in Problem.model_fields}
    problem = Problem.model_construct(**fields | {"parties": (distant_party,)})
    instance = Instance(problem, Candidates(problem).meetings)
    excluded = excluded_pairs(instance)
    at_nine, at_noon = int(instance.first[0]), int(instance.first[2])
    assert instance.days[at_nine] == instance.days[at_noon]
    assert bool(excluded[at_nine, at_noon]) is travels


def test_meetings_that_share_people_in_pairs_form_one_clique() -> None:
    """Every two of three councils share somebody, each pair another person: one set a moment, not three."""
    parties = ("a", "b", "c")
    problem = a_problem(
        parties,
        councils=[a_council("c0", ("a", "b")), a_council("c1", ("b", "c")), a_council("c2", ("a", "c"))],
        meetings=[a_meeting(f"m{number}", f"c{number}") for number in range(3)],
    )
    instance = Instance(problem, Candidates(problem).meetings)
    sets = instance.conflict_sets
    assert len(sets) == len(np.unique(instance.starts))
    assert (np.bincount(sets.row) == 3).all()
