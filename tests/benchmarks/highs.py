"""
The planning problem as a mixed-integer program for HiGHS, a formulation independent of the planner's.

A binary variable for each meeting and slot states that the meeting takes the slot. A step variable for each meeting
and day states that it takes place on that day or earlier. A spacing constraint then has two step variables per row,
and the matrix is nearly that of a network. This is the fastest of the formulations compared: with spacing constraints
on the slot variables HiGHS takes twice as long for one cluster, and equally long for five.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

import numpy as np
from ortools.math_opt import model_pb2  # type: ignore[import-untyped]  # ships no types
from ortools.math_opt.python import mathopt  # type: ignore[import-untyped]  # ships no types

from scheduler.candidates import MeetingCandidates
from scheduler.intervals import IntArray
from scheduler.planning.search_types import PlanResult
from scheduler.problem import Problem
from scheduler.proposal import TOLERANCE
from scheduler.rules import spacing_range
from tests.benchmarks.together import Exclusion, conflict_sets


@dataclass
class _Rows:
    """Linear rows lower ≤ Σ coefficient · column ≤ upper, as they are added."""

    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    row: list[int] = field(default_factory=list)
    column: list[int] = field(default_factory=list)
    coefficient: list[float] = field(default_factory=list)

    def add(self, lower: float, upper: float, terms: Sequence[tuple[int, float]]) -> None:
        self.row.extend([len(self.lower)] * len(terms))
        self.column.extend(column for column, _ in terms)
        self.coefficient.extend(coefficient for _, coefficient in terms)
        self.lower.append(lower)
        self.upper.append(upper)

    def write(self, model: model_pb2.ModelProto) -> None:
        model.linear_constraints.ids.extend(range(len(self.lower)))
        model.linear_constraints.lower_bounds.extend(self.lower)
        model.linear_constraints.upper_bounds.extend(self.upper)
        order = np.lexsort((self.column, self.row))
        model.linear_constraint_matrix.row_ids.extend(np.array(self.row)[order].tolist())
        model.linear_constraint_matrix.column_ids.extend(np.array(self.column)[order].tolist())
        model.linear_constraint_matrix.coefficients.extend(np.array(self.coefficient)[order].tolist())


class _Steps:
    """One meeting's steps: the one at position i is 1 when the meeting is held on its i-th day or before."""

    def __init__(self, one: MeetingCandidates, first_slot: int, first_step: int, *, is_alone: bool) -> None:
        self.days: IntArray = np.unique(one.slots.days)
        self.first = first_step
        self.slots = [first_slot + np.flatnonzero(one.slots.days == day) for day in self.days]
        if is_alone:  # no step variables are needed
            self.days, self.slots = self.days[-1:], [first_slot + np.arange(len(one.slots))]

    @property
    def number(self) -> int:
        return len(self.days) - 1  # by the last day it is held: no variable

    def by(self, day: int) -> tuple[list[tuple[int, float]], float]:
        """Return "held by ``day``" as terms and a constant."""
        at = int(np.searchsorted(self.days, day, side="right")) - 1
        if at < 0:
            return [], 0.0
        return ([], 1.0) if at >= self.number else ([(self.first + at, 1.0)], 0.0)


def best_plan_by_highs(problem: Problem, choices: Sequence[MeetingCandidates], seconds: float) -> PlanResult:
    """Return the plan of greatest attendance as HiGHS finds it within so many seconds of wall clock, all in all."""
    begun = time.perf_counter()
    model, num_slots = program(problem, choices)
    limits = mathopt.SolveParameters(
        time_limit=timedelta(seconds=max(0.1, seconds - (time.perf_counter() - begun))),
        relative_gap_tolerance=0.0,
        absolute_gap_tolerance=TOLERANCE * len(choices),
    )
    result = mathopt.solve(mathopt.Model.from_model_proto(model), mathopt.SolverType.HIGHS, params=limits)
    reason = result.termination.reason
    if reason == mathopt.TerminationReason.INFEASIBLE:
        return PlanResult("infeasible")
    if not result.has_primal_feasible_solution():
        return PlanResult("unknown", bound=result.dual_bound())
    values = np.array(list(result.variable_values().values()))[:num_slots]
    ends = np.cumsum([len(one.slots) for one in choices])
    plan = tuple(int(taken.argmax()) for taken in np.split(values, ends[:-1]))
    value = float(sum(one.attendance[slot] for one, slot in zip(choices, plan, strict=True)))
    is_proven = reason == mathopt.TerminationReason.OPTIMAL
    return PlanResult("optimal" if is_proven else "feasible", plan, value, max(value, result.dual_bound()))


def program(problem: Problem, choices: Sequence[MeetingCandidates]) -> tuple[model_pb2.ModelProto, int]:
    """Return the program, its slots' columns first, and how many they are."""
    assert not problem.relations, "relations are not written as rows"
    offsets = np.concatenate([[0], np.cumsum([len(one.slots) for one in choices])])
    num_slots = num_columns = int(offsets[-1])
    steps = []
    for one, offset in zip(choices, offsets, strict=False):
        is_alone = len(problem.meetings_by_council[one.meeting.council]) == 1
        steps.append(_Steps(one, int(offset), num_columns, is_alone=is_alone))
        num_columns += steps[-1].number
    rows = _Rows()
    for each in steps:
        _one_slot(rows, each)
    _series(rows, problem, steps)
    for together in conflict_sets(problem, choices):
        _exclude(rows, together, offsets)
    model = model_pb2.ModelProto()
    model.variables.ids.extend(range(num_columns))
    model.variables.lower_bounds.extend([0.0] * num_columns)
    model.variables.upper_bounds.extend([1.0] * num_columns)
    model.variables.integers.extend([True] * num_slots + [False] * (num_columns - num_slots))  # sums of binaries
    model.objective.maximize = True
    model.objective.linear_coefficients.ids.extend(range(num_slots))
    model.objective.linear_coefficients.values.extend(np.concatenate([one.attendance for one in choices]).tolist())
    rows.write(model)
    return model, num_slots


def _one_slot(rows: _Rows, steps: _Steps) -> None:
    """Each step rises by the slots taken that day, so that exactly one is taken."""
    for at, slots in enumerate(steps.slots):
        terms = [(int(slot), 1.0) for slot in slots]
        before = [(steps.first + at - 1, 1.0)] if at else []
        now = [(steps.first + at, -1.0)] if at < steps.number else []
        needed = 1.0 if not now else 0.0
        rows.add(needed, needed, [*terms, *before, *now])


def _series(rows: _Rows, problem: Problem, steps: Sequence[_Steps]) -> None:
    position = {meeting.id: at for at, meeting in enumerate(problem.meetings)}
    for council in problem.councils:
        least, most = spacing_range(council)
        held = [steps[position[meeting.id]] for meeting in problem.meetings_by_council[council.id]]
        for one, following in pairwise(held):
            for day in following.days.tolist():
                _implies(rows, following.by(day), one.by(day - least))
            for day in one.days.tolist() if most is not None else ():
                _implies(rows, one.by(day), following.by(day + (most or 0)))


Step = tuple[list[tuple[int, float]], float]


def _implies(rows: _Rows, one: Step, other: Step) -> None:
    """Let ``one`` ≤ ``other``."""
    terms = [*one[0], *((column, -coefficient) for column, coefficient in other[0])]
    if terms or one[1] > other[1]:
        rows.add(-np.inf, other[1] - one[1], terms)


def _exclude(rows: _Rows, together: Exclusion, offsets: IntArray) -> None:
    rows.add(-np.inf, together.capacity, [(int(offsets[meeting]) + slot, 1.0) for meeting, slot in together.taken])
