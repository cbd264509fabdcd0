"""Propagation removes only positions that no plan of the candidates selects."""

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
def test_every_plan_that_loses_a_position_violates_a_row(
    relations: list[dict[str, Any]], seed: int, share: float
) -> None:
    problem = _three_councils(relations)
    instance = Instance(problem, Candidates(problem).meetings)
    rows = PackingRows(instance)
    is_candidate = np.random.default_rng(seed).random(len(instance.gains)) < share
    remaining = SingleRowPropagation(instance, rows).propagate(is_candidate)
    assert not (remaining & ~is_candidate).any()
    candidates = [
        instance.first[meeting] + np.flatnonzero(flags)
        for meeting, flags in enumerate(instance.by_meeting(is_candidate))
    ]
    for plan in product(*candidates):
        positions = np.array(plan)
        if not remaining[positions].all():
            assert (rows.usage(positions) > rows.capacity).any()


@pytest.mark.parametrize("kind", ["same_day", "same_slot"])
def test_fixing_the_day_of_a_meeting_fixes_it_along_a_chain_of_relations(kind: str) -> None:
    relations = [{"kind": kind, "meetings": ["one-1", "other-1"]}, {"kind": kind, "meetings": ["other-1", "third-1"]}]
    problem = _three_councils(relations)
    instance = Instance(problem, Candidates(problem).meetings)
    day = int(np.median(np.unique(instance.days)))
    is_that_day = instance.days == day
    remaining = SingleRowPropagation(instance, PackingRows(instance)).propagate(is_that_day | (instance.meeting != 2))
    assert remaining.tolist() == is_that_day.tolist()
