"""Enumerate all plans within the duality gap of one component, when reduced-cost fixing leaves few."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.intervals import IntArray
from scheduler.planning.instance import UNASSIGNED, Instance
from scheduler.planning.lagrangian import DualSolution
from scheduler.planning.lagrangian.primal_heuristic import is_feasible
from scheduler.planning.path_listing import ListedPath, PathLister, Positions, RowBits, StepBudget, TooManyPlans
from scheduler.planning.search_types import UnitResult

# What reduced-cost fixing may leave: so few plans, or so few positions a meeting. Bounds prune most of the plans.
MAX_PLANS = 100_000
MAX_POSITIONS = 4

RowCounts = tuple[int, ...]  # sets of rows, one bit a row: used at least once, at least twice, and so on


def best_within_gap(
    instance: Instance,
    dual: DualSolution,
    component: int,
    best: UnitResult,
) -> UnitResult | None:
    """
    Return the optimal plan of one component, by enumeration of all better plans within the gap.

    Parameters
    ----------
    best
        A known plan of the component, with its value.

    Returns
    -------
    UnitResult or None
        None when there are too many plans to enumerate.
    """
    assert best.value is not None
    min_value = best.value + 1
    gap = int(dual.bounds[component]) - min_value

    num_candidates = _num_candidates(instance, dual, component, gap)
    known_is_optimal = UnitResult("optimal", best.positions, best.value, best.value)
    if not num_candidates.all():
        return known_is_optimal
    has_many_plans = np.log(num_candidates).sum() > math.log(MAX_PLANS)
    if has_many_plans and num_candidates.sum() > MAX_POSITIONS * len(num_candidates):
        return None
    try:
        found = _enumerate(instance, dual, component, min_value)
    except TooManyPlans:
        return None
    # Every better plan was enumerated.
    return found or known_is_optimal


def _num_candidates(
    instance: Instance,
    dual: DualSolution,
    component: int,
    gap: int,
) -> IntArray:
    """Return the number of positions that reduced-cost fixing leaves to every meeting of the component."""
    # A plan with a position whose reduced cost exceeds the gap is worth less than the minimum.
    is_candidate = dual.reduced_cost <= gap
    meetings = instance.meeting[is_candidate]
    is_own_meeting = dual.component == component
    count = np.bincount(meetings, minlength=len(is_own_meeting))
    return np.asarray(count[is_own_meeting], dtype=np.int64)


def _enumerate(
    instance: Instance,
    dual: DualSolution,
    component: int,
    min_value: int,
) -> UnitResult | None:
    """Return the best plan of the component that is worth ``min_value`` or more; None when there is none."""
    gap = int(dual.bounds[component]) - min_value
    is_own_position = (dual.component == component)[instance.meeting]
    candidates = np.flatnonzero((dual.reduced_cost <= gap) & is_own_position)
    rows = RowBits(instance, dual, candidates)
    budget = StepBudget()

    lister = PathLister(instance, dual, gap, rows, budget)
    choices = []
    for council, (_, meetings) in enumerate(instance.meetings_by_council):
        if meetings and dual.component[meetings[0]] == component:
            choices.append(_CouncilChoice(meetings, lister.paths(council)))

    # Councils with few paths first: the search tree branches as late as possible.
    choices.sort(key=lambda choice: len(choice.paths))
    incumbent = _Incumbent(instance, dual, component, min_value)
    _PlanSearch(choices, rows, incumbent, budget).run()
    return incumbent.result()


@dataclass(frozen=True, slots=True)
class _CouncilChoice:
    """The meetings of a council and its listed paths, by ascending reduced cost."""

    meetings: Sequence[int]
    paths: Sequence[ListedPath]


class _Incumbent:
    """The best plan enumerated so far; of equally good plans, the first."""

    def __init__(
        self,
        instance: Instance,
        dual: DualSolution,
        component: int,
        min_value: int,
    ) -> None:
        self._instance = instance
        self._dual = dual
        self._component = component
        self._bound = int(dual.bounds[component])
        self._min_value = min_value
        self._meetings = np.flatnonzero(dual.component == component)
        self._best: Positions | None = None

    @property
    def gap(self) -> int:
        """The loss against the bound up to which a plan is of interest."""
        return self._bound - self._min_value

    def offer(self, position_by_meeting: dict[int, int]) -> None:
        """Take over a plan if it is feasible and better."""
        positions = tuple(position_by_meeting[meeting] for meeting in self._meetings.tolist())
        value = self._value(positions)
        if value < self._min_value:
            return
        # Sets of rows do not cover relations and cuts.
        plan = self._plan(positions)
        if is_feasible(self._instance, self._dual.rows, plan)[self._component]:
            self._best = positions
            self._min_value = value + 1

    def result(self) -> UnitResult | None:
        if self._best is None:
            return None
        value = self._value(self._best)
        return UnitResult("optimal", self._plan(self._best), value, value)

    def _value(self, positions: Positions) -> int:
        return int(self._instance.gains[list(positions)].sum())

    def _plan(self, positions: Positions) -> IntArray:
        plan = np.full(len(self._instance.choices), UNASSIGNED, dtype=np.int64)
        plan[self._meetings] = positions
        return plan


class _PlanSearch:
    """Depth-first search over the councils' paths, with the packing rows and the duality gap as limits."""

    def __init__(
        self,
        choices: Sequence[_CouncilChoice],
        rows: RowBits,
        incumbent: _Incumbent,
        budget: StepBudget,
    ) -> None:
        self._choices = choices
        self._rows = rows
        self._incumbent = incumbent
        self._budget = budget
        self._decided_rows = _decided_rows(choices, rows)
        self._position_by_meeting: dict[int, int] = {}

        # By number of uses: the rows that are full when they are used so often.
        self._full_rows = [
            sum(bit for bit, capacity in rows.capacity.items() if capacity == num_uses)
            for num_uses in range(1, len(choices) + 1)
        ]

    def run(self) -> None:
        """Offer every plan within the gap to the incumbent."""
        no_use = (0,) * len(self._full_rows)
        self._branch(0, no_use, 0)

    def _branch(
        self,
        depth: int,
        counts: RowCounts,
        loss: int,
    ) -> None:
        """Extend the plan of the first ``depth`` councils by each path of the next."""
        if depth == len(self._choices):
            self._incumbent.offer(self._position_by_meeting)
            return
        choice = self._choices[depth]
        for path in choice.paths:
            # Paths ascend by reduced cost: all later ones exceed the gap as well.
            if loss + path.reduced_cost > self._incumbent.gap:
                break
            self._budget.take()
            if self._exceeds_capacity(counts, path.rows):
                continue
            new_counts = _count(counts, path.rows)
            new_loss = loss + path.reduced_cost + self._unused_capacity_loss(depth, new_counts)
            if new_loss <= self._incumbent.gap:
                self._position_by_meeting.update(zip(choice.meetings, path.positions, strict=True))
                self._branch(depth + 1, new_counts, new_loss)

    def _exceeds_capacity(self, counts: RowCounts, path_rows: int) -> bool:
        """Return whether a path uses a row that is full already."""
        return any(count & full & path_rows for count, full in zip(counts, self._full_rows, strict=True))

    def _unused_capacity_loss(self, depth: int, counts: RowCounts) -> int:
        """
        Return the loss by the unused capacity of the rows that no later council uses.

        A plan's loss against the bound is the reduced cost of its paths plus ``multiplier * (capacity - usage)`` of
        every row (complementary slackness).
        """
        loss = 0
        for bit in self._decided_rows[depth]:
            usage = sum(1 for count in counts if count & bit)
            loss += self._rows.multipliers[bit] * (self._rows.capacity[bit] - usage)
        return loss


def _decided_rows(choices: Sequence[_CouncilChoice], rows: RowBits) -> list[list[int]]:
    """Return, by depth, the rows with a multiplier that no council after this depth uses."""
    decided: list[list[int]] = []
    undecided = set(rows.multipliers)
    for choice in reversed(choices):
        used = 0
        for path in choice.paths:
            used |= path.rows
        decided_here = [bit for bit in sorted(undecided) if bit & used]
        undecided.difference_update(decided_here)
        decided.append(decided_here)
    decided.reverse()
    return decided


def _count(counts: RowCounts, rows: int) -> RowCounts:
    """Return the counts after one more use of ``rows``."""
    new_counts = []
    for count in counts:
        new_counts.append(count | rows)
        # Only rows that were used this often already are used once more often.
        rows &= count
    return tuple(new_counts)
