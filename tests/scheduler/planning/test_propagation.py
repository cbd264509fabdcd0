"""What no plan can take is shut, and nothing else: every plan among the open slots is still there."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.candidates import Candidates
from scheduler.planning.instance import Instance
from scheduler.planning.lagrangian import SingleRowPropagation
from scheduler.planning.lagrangian.packing import PackingRows
from scheduler.problem import Problem
from tests.builders import a_council, a_meeting, a_problem


def _three_councils(relations: list[dict[str, Any]]) -> Problem:
    window = {"start": "2027-03-01", "end": "2027-03-04"}
    councils = ["one", "other", "third"]
    return a_problem(
        councils=[a_council(council) for council in councils],
        meetings=[a_meeting(f"{council}-1", council, starts=["09:00", "13:00"], window=window) for council in councils],
        relations=relations,
    )


@given(
    st.lists(
        st.sampled_from(["same_day", "same_slot", "before", "apart_days"]).flatmap(
            lambda kind: st.permutations(["one-1", "other-1", "third-1"]).map(
                lambda ids: {
                    "kind": kind,
                    "meetings": ids[:2],
                    **({"days": 2} if kind in ("before", "apart_days") else {}),
                }
            )
        ),
        min_size=1,
        max_size=3,
    ),
    st.integers(0, 2**32 - 1),
    st.sampled_from([0.2, 0.5, 0.8]),
)
def test_no_plan_of_the_open_slots_is_lost(relations: list[dict[str, Any]], seed: int, share: float) -> None:
    problem = _three_councils(relations)
    instance = Instance(problem, Candidates(problem).meetings)
    rows = PackingRows(instance)
    is_open = np.random.default_rng(seed).random(len(instance.gains)) < share
    left = SingleRowPropagation(instance, rows).propagate(is_open)
    assert not (left & ~is_open).any()
    open_slots = [instance.first[at] + np.flatnonzero(each) for at, each in enumerate(instance.by_meeting(is_open))]
    for plan in product(*open_slots):
        positions = np.array(plan)
        if not left[positions].all():
            assert (rows.usage(positions) > rows.capacity).any()


@pytest.mark.parametrize("kind", ["same_day", "same_slot"])
def test_who_is_held_on_a_day_takes_those_with_it_that_are_tied_to_it_one_after_another(kind: str) -> None:
    ties = [{"kind": kind, "meetings": ["one-1", "other-1"]}, {"kind": kind, "meetings": ["other-1", "third-1"]}]
    problem = _three_councils(ties)
    instance = Instance(problem, Candidates(problem).meetings)
    day = int(np.median(np.unique(instance.days)))
    is_that_day = instance.days == day
    left = SingleRowPropagation(instance, PackingRows(instance)).propagate(is_that_day | (instance.meeting != 2))
    assert left.tolist() == is_that_day.tolist()
