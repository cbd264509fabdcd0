"""List the near-optimal paths of one council: those within the duality gap of its longest path."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import or_

import numpy as np

from scheduler.intervals import IntArray
from scheduler.planning.instance import Instance, UnitArray
from scheduler.planning.lagrangian import DualSolution
from scheduler.problem import SpacingRange

MAX_PATHS = 400  # of one council
MAX_STEPS = 2_000  # of all enumeration in a component: some ten milliseconds

Positions = tuple[int, ...]


class TooManyPlans(Exception):
    """Enumeration would take longer than the other methods."""


class StepBudget:
    """The number of search steps that enumeration may still take."""

    def __init__(self) -> None:
        self._remaining = MAX_STEPS

    def take(self) -> None:
        """Take a step, or raise `TooManyPlans`."""
        self._remaining -= 1
        if self._remaining < 0:
            raise TooManyPlans


@dataclass(frozen=True, slots=True)
class ListedPath:
    """
    A council's path.

    ``reduced_cost`` is its loss against the longest path at the multipliers, ``rows`` the set of packing rows that it
    uses, one bit a row.
    """

    reduced_cost: int
    positions: Positions
    rows: int


class RowBits:
    """
    The packing rows of the candidate positions, numbered as bits so that sets of rows are integers.

    Rows of one council alone, with capacity 1 and multiplier 0, are left out: they neither constrain other councils nor
    change the bound. A path is checked against them when it is listed.
    """

    def __init__(
        self,
        instance: Instance,
        dual: DualSolution,
        candidates: IntArray,
    ) -> None:
        self._row_capacity = dual.rows.capacity
        self._rows_by_position = dual.rows.conflict_sets_of(candidates)
        rows = self._coupling_rows(instance, dual.multipliers)
        bit_by_row = {row: 1 << index for index, row in enumerate(rows)}
        self._bits_by_position = {
            position: sum(bit_by_row.get(row, 0) for row in rows_of_position)
            for position, rows_of_position in self._rows_by_position.items()
        }
        self.capacity = {bit: int(dual.rows.capacity[row]) for row, bit in bit_by_row.items()}
        multipliers = {bit: int(dual.multipliers[row]) for row, bit in bit_by_row.items()}
        self.multipliers = {bit: multiplier for bit, multiplier in multipliers.items() if multiplier > 0}

    def _coupling_rows(self, instance: Instance, multipliers: IntArray) -> list[int]:
        councils_by_row = defaultdict(set)
        for position, rows in self._rows_by_position.items():
            council = int(instance.council[instance.meeting[position]])
            for row in rows:
                councils_by_row[row].add(council)
        return sorted(
            row
            for row, councils in councils_by_row.items()
            if len(councils) > 1 or self._row_capacity[row] > 1 or multipliers[row] > 0
        )

    def of_path(self, path: Positions) -> int:
        """Return the set of rows that a path uses."""
        return reduce(or_, (self._bits_by_position[position] for position in path))

    def is_feasible(self, path: Positions) -> bool:
        """
        Return whether a path on its own satisfies all packing rows.

        Slots of different days conflict when meetings end after midnight or travel times are long.

        Raises
        ------
        TooManyPlans
            When a path uses a row twice and may do so: a set of rows counts each of them once.
        """
        rows = [row for position in path for row in self._rows_by_position[position]]
        if len(rows) == len(set(rows)):
            return True
        for row, count in Counter(rows).items():
            if 1 < count <= self._row_capacity[row]:
                raise TooManyPlans
        return False


class PathLister:
    """List the paths of single councils whose reduced cost is at most ``gap``."""

    def __init__(
        self,
        instance: Instance,
        dual: DualSolution,
        gap: int,
        rows: RowBits,
        budget: StepBudget,
    ) -> None:
        self._instance = instance
        self._dual = dual
        self._gap = gap
        self._rows = rows
        self._budget = budget

    def paths(self, council: int) -> list[ListedPath]:
        """Return a council's paths by ascending reduced cost; of equal cost, by position."""
        _, meetings = self._instance.meetings_by_council[council]
        layers = [self._candidates(meeting) for meeting in meetings]
        graph = _LayeredGraph(self._instance, self._dual.reduced_gains, council, layers)
        paths: list[ListedPath] = []
        for reduced_cost, positions in graph.paths_within(self._gap, self._budget):
            if self._rows.is_feasible(positions):
                rows = self._rows.of_path(positions)
                paths.append(ListedPath(reduced_cost, positions, rows))
            if len(paths) > MAX_PATHS:
                raise TooManyPlans
        paths.sort(key=lambda path: (path.reduced_cost, path.positions))
        return paths if self._has_other_constraints else _without_dominated(paths)

    def _candidates(self, meeting: int) -> list[int]:
        """Return the positions of a meeting that reduced-cost fixing leaves."""
        first, end = self._instance.first[meeting], self._instance.first[meeting + 1]
        is_candidate = self._dual.reduced_cost[first:end] <= self._gap
        positions: list[int] = (first + np.flatnonzero(is_candidate)).tolist()
        return positions

    @property
    def _has_other_constraints(self) -> bool:
        """Whether councils are also joined by relations or cuts, which sets of rows do not describe."""
        has_cuts = len(self._dual.rows) > self._dual.rows.num_conflict_sets
        return bool(self._instance.relations) or has_cuts


def _without_dominated(paths: Sequence[ListedPath]) -> list[ListedPath]:
    """Return, of paths with equal cost and equal rows, only the first."""
    # Such paths can replace each other in every plan without changing its value.
    first_by_effect: dict[tuple[int, int], ListedPath] = {}
    for path in paths:
        first_by_effect.setdefault((path.reduced_cost, path.rows), path)
    return list(first_by_effect.values())


class _LayeredGraph:
    """A council's candidate positions, one layer a meeting, with arcs between positions within the spacing range."""

    def __init__(
        self,
        instance: Instance,
        reduced_gains: UnitArray,
        council: int,
        layers: Sequence[Sequence[int]],
    ) -> None:
        self._layers = layers
        positions = [position for layer in layers for position in layer]
        self._day = {position: int(instance.days[position]) for position in positions}
        self._gain = {position: int(reduced_gains[position]) for position in positions}
        _, meetings = instance.meetings_by_council[council]
        self._successors: dict[int, list[int]] = {}
        for meeting, (layer, next_layer) in zip(meetings, pairwise(layers), strict=False):
            for position in layer:
                self._successors[position] = self._in_range(position, next_layer, instance.spacing[meeting])
        self._completion = self._best_completions()

    def paths_within(self, gap: int, budget: StepBudget) -> Iterator[tuple[int, Positions]]:
        """Yield ``(reduced cost, positions)`` of every path that loses at most ``gap`` against the longest path."""
        longest = max(
            self._gain[position] + self._completion[position]
            for position in self._layers[0]
            if position in self._completion
        )

        def extend(path: Positions, gain: int) -> Iterator[tuple[int, Positions]]:
            if len(path) == len(self._layers):
                yield longest - gain, path
                return
            successors = self._successors[path[-1]] if path else self._layers[0]
            for position in successors:
                budget.take()
                if position not in self._completion:
                    continue
                gain_here = gain + self._gain[position]
                # The completion is exact, so that every partial path kept leads to at least one path.
                if longest - gain_here - self._completion[position] <= gap:
                    yield from extend((*path, position), gain_here)

        yield from extend((), 0)

    def _in_range(
        self,
        position: int,
        next_layer: Sequence[int],
        spacing: SpacingRange,
    ) -> list[int]:
        """Return the positions of the next meeting that the spacing allows after a position."""
        least, most = spacing
        earliest = self._day[position] + least
        latest = math.inf if most is None else self._day[position] + most
        return [following for following in next_layer if earliest <= self._day[following] <= latest]

    def _best_completions(self) -> dict[int, int]:
        """Return the best gain of all later meetings after every position that has a completion."""
        completion = dict.fromkeys(self._layers[-1], 0)
        for layer in reversed(self._layers[:-1]):
            for position in layer:
                totals = [
                    self._gain[following] + completion[following]
                    for following in self._successors[position]
                    if following in completion
                ]
                if totals:
                    completion[position] = max(totals)
        return completion
