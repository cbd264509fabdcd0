"""The conflict sets of a relation exclude exactly the pairs of slots that violate it."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scheduler.candidates import Candidates
from scheduler.planning.instance import Instance
from scheduler.rules.relation import is_kept, relation_sets
from tests.builders import Json, a_council, a_meeting, a_problem

STARTS = st.sampled_from([["09:00"], ["09:00", "11:00"], ["10:00", "13:00"], ["08:00", "09:00", "18:00"]])


@given(
    st.sampled_from(["same_day", "same_slot", "apart_days", "before"]),
    st.integers(0, 4),
    st.integers(2, 3),
    STARTS,
    STARTS,
    st.integers(1, 8),
)
def test_a_conflict_set_contains_two_slots_exactly_when_they_violate_the_relation(
    kind: str, days: int, num_meetings: int, first_starts: list[str], later_starts: list[str], first_day: int
) -> None:
    councils = [f"r{index}" for index in range(num_meetings)]
    meeting_ids = [f"m{index}" for index in range(num_meetings)]
    relation_document: Json = {"kind": kind, "meetings": meeting_ids}
    if kind in ("apart_days", "before"):
        relation_document["days"] = days
    problem = a_problem(
        councils=[a_council(council) for council in councils],
        meetings=[
            a_meeting(
                meeting_ids[index],
                council,
                starts=later_starts if index else first_starts,
                window={"start": f"2027-03-0{1 if index else first_day}", "end": "2027-03-12"},
            )
            for index, council in enumerate(councils)
        ],
        relations=[relation_document],
    )
    instance = Instance(problem, Candidates(problem).meetings)
    (relation,) = instance.relations
    sets = relation_sets(relation, instance.choices)
    assert (sets.capacity == 1).all()
    positions = instance.first[sets.meeting] + sets.slot
    num_positions = len(instance.gains)
    is_conflict = np.zeros((num_positions, num_positions), dtype=np.bool_)
    for row in range(len(sets)):
        row_positions = positions[sets.row == row]
        is_conflict[np.ix_(row_positions, row_positions)] = True
    rng = np.random.default_rng(0)
    for _ in range(40):
        slots = (rng.random(num_meetings) * instance.num_slots).astype(np.int64)
        plan = instance.first[:-1] + slots
        is_excluded = any(is_conflict[earlier, later] for earlier, later in combinations(plan, 2))
        assert is_kept(relation, instance.slots_at(plan)) == (not is_excluded)
