"""Sets of slots say of two meetings just what their relation says."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scheduler.candidates import Candidates
from scheduler.planning.instance import Instance
from scheduler.rules.relation import is_kept, relation_sets
from tests.builders import a_council, a_meeting, a_problem

STARTS = st.sampled_from([["09:00"], ["09:00", "11:00"], ["10:00", "13:00"], ["08:00", "09:00", "18:00"]])


@given(
    st.sampled_from(["same_day", "same_slot", "apart_days", "before"]),
    st.integers(0, 4),
    st.integers(2, 3),
    STARTS,
    STARTS,
    st.integers(1, 8),
)
def test_two_slots_stand_in_one_set_when_the_relation_forbids_them(
    kind: str, days: int, num_meetings: int, starts: list[str], others: list[str], last: int
) -> None:
    councils = [f"r{at}" for at in range(num_meetings)]
    has_days = kind in ("apart_days", "before")
    problem = a_problem(
        councils=[a_council(council) for council in councils],
        meetings=[
            a_meeting(
                f"m{at}",
                council,
                starts=others if at else starts,
                window={"start": f"2027-03-0{1 if at else last}", "end": "2027-03-12"},
            )
            for at, council in enumerate(councils)
        ],
        relations=[
            {
                "kind": kind,
                "meetings": [f"m{at}" for at in range(num_meetings)],
                **({"days": days} if has_days else {}),
            }
        ],
    )
    instance = Instance(problem, Candidates(problem).meetings)
    (tie,) = instance.relations
    sets = relation_sets(tie, instance.choices)
    assert (sets.capacity == 1).all()
    positions = instance.first[sets.meeting] + sets.slot
    together = np.zeros((len(instance.gains), len(instance.gains)), dtype=np.bool_)
    for row in range(len(sets)):
        held = positions[sets.row == row]
        together[np.ix_(held, held)] = True
    draws = np.random.default_rng(0)
    for _ in range(40):
        plan = instance.first[:-1] + (draws.random(num_meetings) * instance.num_slots).astype(np.int64)
        is_excluded = any(together[one, other] for at, one in enumerate(plan) for other in plan[at + 1 :])
        assert is_kept(tie, instance.slots_at(plan)) == (not is_excluded)
