"""The primal heuristic resolves conflicts between councils, displaces councils, and ascends."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scheduler import Problem
from scheduler.candidates import Candidates
from scheduler.intervals import IntArray
from scheduler.planning.instance import UNASSIGNED, Instance
from scheduler.planning.lagrangian.packing import PackingRows
from scheduler.planning.lagrangian.primal_heuristic import PrimalHeuristic, is_feasible
from scheduler.planning.longest_path import LongestPaths
from tests.builders import a_council, a_meeting, a_problem
from tests.strategies import counties


def councils_in_conflict(instance: Instance, rows: PackingRows, plan: IntArray) -> list[int]:
    """Return, for each violated conflict set, the number of councils of which the plan takes positions in it."""
    taken = plan[plan != UNASSIGNED]
    violated = np.flatnonzero(rows.usage(plan) > rows.capacity)
    in_row = [taken[np.isin(taken, rows.positions_in(np.array([row])))] for row in violated]
    return [len(np.unique(instance.council[instance.meeting[positions]])) for positions in in_row]


@given(counties(), st.integers(0, 2**32), st.integers(0, 3))
def test_a_repaired_plan_has_no_conflict_between_councils_and_ascends(
    problem: Problem, seed: int, iteration: int
) -> None:
    choices = Candidates(problem).meetings
    gains = np.random.default_rng(seed).random(sum(len(each.slots) for each in choices))
    instance = Instance(problem, choices, gains)
    if instance.is_empty_somewhere:
        return
    rows = PackingRows(instance)
    heuristic = PrimalHeuristic(instance, rows)
    _, relaxed = LongestPaths(instance).best(instance.gains)
    plan = heuristic.repair(relaxed, instance.gains, iteration)
    # A council's own meetings may still be in conflict, by a relation between them.
    assert set(councils_in_conflict(instance, rows, plan)) <= {1}

    higher = heuristic.ascend(plan)
    assert set(councils_in_conflict(instance, rows, higher)) <= {1}
    assert ((higher == UNASSIGNED) == (plan == UNASSIGNED)).all()
    assigned = plan != UNASSIGNED
    assert instance.gains[higher[assigned]].sum() >= instance.gains[plan[assigned]].sum()


def test_a_council_without_a_free_slot_displaces_one_that_has_another() -> None:
    """All councils share a member; the first prefers the only slot of the second."""
    problem = a_problem(
        ("a",),
        councils=[a_council("flexible", ("a",)), a_council("fixed", ("a",))],
        meetings=[
            a_meeting("m0", "flexible", starts=["09:00", "13:00"]),
            a_meeting("m1", "fixed", starts=["09:00"]),
        ],
        horizon={"start": "2027-03-01", "end": "2027-03-01"},
    )
    instance = Instance(problem, Candidates(problem).meetings, np.array([2.0, 1.0, 2.0]))
    rows = PackingRows(instance)
    heuristic = PrimalHeuristic(instance, rows)
    relaxed = np.array([0, 2])
    for iteration in range(2):
        plan = heuristic.repair(relaxed, instance.gains, iteration)
        assert plan.tolist() == [1, 2]
        assert is_feasible(instance, rows, plan).all()


def test_a_repair_ends_when_there_is_no_plan() -> None:
    problem = a_problem(
        ("a",),
        councils=[a_council(f"c{number}", ("a",)) for number in range(3)],
        meetings=[a_meeting(f"m{number}", f"c{number}") for number in range(3)],
        horizon={"start": "2027-03-01", "end": "2027-03-01"},
    )
    instance = Instance(problem, Candidates(problem).meetings)
    rows = PackingRows(instance)
    plan = PrimalHeuristic(instance, rows).repair(instance.first[:-1], instance.gains)
    assert (plan == UNASSIGNED).any()
    assert (rows.usage(plan) <= rows.capacity).all()
