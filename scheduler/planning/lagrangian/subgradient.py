"""Where prices are found: what is asked for too often grows dearer, until councils ask for what can be had."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.intervals import BoolArray, IntArray
from scheduler.planning.instance import NEG_INF, UNASSIGNED, Instance, UnitArray
from scheduler.planning.lagrangian.packing import PackingRows
from scheduler.planning.lagrangian.primal_heuristic import PrimalHeuristic, is_feasible
from scheduler.planning.longest_path import LongestPaths
from scheduler.planning.search import Cut, Search

MAX_ROUNDS = 400
MAX_ROUNDS_AGAIN = 40  # from prices that are known already
PATIENCE = 10  # rounds without a better bound until steps are halved
LEAST_STEP = 0.01  # of Polyak's: from here on prices have said what they can
FEW_LEFT = 100  # slots of a part that may still be taken: these are decided sooner than prices move much further
LOOK_EVERY = 4  # rounds
SECONDS_PER_SLOT = 1e-7  # of deterministic time a round, close to what it takes on an idle machine


@dataclass(frozen=True, slots=True)
class DualStructure:
    """What does not change when gains do."""

    rows: PackingRows
    series: LongestPaths
    incumbents: PrimalHeuristic


@dataclass(frozen=True, slots=True)
class DualSolution:
    """
    What prices found, in whole units.

    ``part`` numbers each meeting's part: councils that share nothing, not even by way of others, are different ones.
    ``positions`` is the best plan, `UNASSIGNED` in components without one; ``values`` and ``bounds`` are the parts'.
    A plan of a part that takes a position is worth the bound less the position's ``loss``, or even less. ``gains``
    are what slots are worth at the final ``prices`` of ``rows``.
    """

    component: IntArray
    positions: IntArray
    values: UnitArray
    bounds: UnitArray
    reduced_cost: UnitArray
    structure: DualStructure
    multipliers: UnitArray
    reduced_gains: UnitArray

    @property
    def rows(self) -> PackingRows:
        return self.structure.rows


def solve_dual(instance: Instance, search: Search, cuts: Sequence[Cut] = ()) -> DualSolution | None:
    """Return the bound and the plan that prices lead to; None when some council cannot have its year at all."""
    rows = PackingRows(instance, cuts)
    ascent = _SubgradientAscent(instance, DualStructure(rows, LongestPaths(instance), PrimalHeuristic(instance, rows)))
    return _ascend(ascent, MAX_ROUNDS, search) if ascent.opens() else None


def resolve_dual(instance: Instance, known: DualSolution, parts: BoolArray, search: Search) -> DualSolution | None:
    """
    Return what prices lead to in some ``parts`` when gains have changed: from the prices that are ``known``.

    ``instance`` has the slots, rules and scale of the one that they were found for; other parts stay as they were.
    None when some council cannot have its year any more.
    """
    ascent = _SubgradientAscent(instance, known.structure)
    return _ascend(ascent, MAX_ROUNDS_AGAIN, search) if ascent.reopens(known, parts) else None


def _ascend(ascent: "_SubgradientAscent", max_rounds: int, search: Search) -> DualSolution:
    for turn in range(max_rounds):
        if not ascent.is_open.any() or search.is_over:
            break
        ascent.trade(turn)
        search.allowance.draw(SECONDS_PER_SLOT * ascent.num_slots)
        ascent.tell(search)
    return ascent.solution()


class _SubgradientAscent:
    """Prices, one a row, with the best bound and the best plan of each part so far."""

    def __init__(self, instance: Instance, standing: DualStructure) -> None:
        self._instance = instance
        self._standing = standing
        self._rows = rows = standing.rows
        self._series = standing.series
        self._prices = np.zeros(len(rows))
        self._step = np.ones(rows.num_components)
        self._waited = np.zeros(rows.num_components, dtype=np.int64)
        self._best_prices = np.zeros(len(rows), dtype=np.int64)
        self.bounds = np.full(rows.num_components, -NEG_INF, dtype=np.int64)
        self.values = np.full(rows.num_components, NEG_INF, dtype=np.int64)
        self.positions = np.full(len(instance.choices), UNASSIGNED, dtype=np.int64)
        self._is_open = np.ones(rows.num_components, dtype=np.bool_)
        self._known_losses: UnitArray | None = None

    @property
    def num_slots(self) -> int:
        return len(self._instance.gains)

    @property
    def is_open(self) -> BoolArray:
        """Whether a part's bound and plan may still come closer."""
        return self._is_open

    def opens(self) -> bool:
        """Ask each council for its best year at no price; tell whether all have one."""
        values, wish = self._series.best(self._instance.gains)
        if (wish == UNASSIGNED).any():
            return False
        self._bound(values, np.zeros(len(self._rows), dtype=np.int64))
        self._note(wish, 0)
        self._move(wish)
        return True

    def reopens(self, known: DualSolution, parts: BoolArray) -> bool:
        """Take up what is known, and open these parts again at the known prices; tell whether all have a year."""
        self.bounds, self.values = known.bounds.copy(), known.values.copy()
        self.positions, self._best_prices = known.positions.copy(), known.multipliers.copy()
        self._prices = known.multipliers.astype(np.float64)
        gains = self._instance.gains
        worth = np.zeros(self._rows.num_components, dtype=np.int64)
        np.add.at(worth, self._rows.component_of_meeting, gains[self.positions])
        is_shut = np.zeros(self._rows.num_components, dtype=np.bool_)
        is_shut[
            self._rows.component_of_meeting[(self.positions == UNASSIGNED) | (gains[self.positions] == NEG_INF)]
        ] = True
        self.values[parts] = np.where(is_shut, NEG_INF, worth)[parts]
        self.bounds[parts] = -NEG_INF
        self._is_open = parts.copy()
        values, wish = self._series.best(gains - self._rows.cost(known.multipliers))
        if (wish[parts[self._rows.component_of_meeting]] == UNASSIGNED).any():
            return False
        wish = np.where(parts[self._rows.component_of_meeting], wish, self.positions)
        self._bound(values, known.multipliers)
        self._note(wish, 0)
        self._move(wish)
        self._close_where_few_are_left()
        return True

    def trade(self, turn: int) -> None:
        """Ask each open council for its best year at the present prices, and change prices by what is asked for."""
        prices = np.rint(self._prices).astype(np.int64)
        gains = self._instance.gains - self._rows.cost(prices)
        values, wish = self._series.best(gains)
        is_open = self._is_open[self._rows.component_of_meeting]
        wish = np.where(is_open, wish, self.positions)
        self._bound(values, prices)
        self._note(wish, turn)
        self._move(wish)
        if turn % LOOK_EVERY == LOOK_EVERY - 1:
            self._close_where_few_are_left()

    def _close_where_few_are_left(self) -> None:
        gap = self.bounds - np.maximum(self.values, NEG_INF)
        part = self._rows.component_of_meeting
        is_left = self._losses() <= gap[part[self._instance.meeting]]
        num_left = np.bincount(part[self._instance.meeting[is_left]], minlength=self._rows.num_components)
        self._is_open &= num_left > FEW_LEFT

    def _losses(self) -> UnitArray:
        """Return what plans lose by each position at least, at the best prices so far."""
        if self._known_losses is None:
            through = self._series.through(self._instance.gains - self._rows.cost(self._best_prices))
            council = self._instance.council[self._instance.meeting]
            best = np.full(len(self._instance.meetings_by_council), NEG_INF, dtype=np.int64)
            np.maximum.at(best, council, through)
            self._known_losses = np.where(through > NEG_INF // 2, best[council] - through, -NEG_INF)
        return self._known_losses

    def _bound(self, values: UnitArray, prices: IntArray) -> None:
        """Keep the prices of each part whose bound is the lowest so far."""
        rows = self._rows
        bounds = np.zeros(rows.num_components, dtype=np.int64)
        np.add.at(bounds, rows.component_of_council, values)
        np.add.at(bounds, rows.component_of_row, prices * rows.capacity)
        self._now = bounds
        is_better = (bounds < self.bounds) & self._is_open
        self.bounds[is_better] = bounds[is_better]
        if is_better.any():
            self._known_losses = None
        which = is_better[rows.component_of_row]
        self._best_prices[which] = prices[which]
        self._waited = np.where(is_better, 0, self._waited + 1)
        tired = self._waited >= PATIENCE
        self._step[tired] /= 2
        self._waited[tired] = 0

    def _note(self, wish: IntArray, turn: int) -> None:
        """Make a plan of the wish, and keep it in each part where it is the best so far."""
        plan = self._standing.incumbents.repair(wish, self._instance.gains, turn)
        is_sound = is_feasible(self._instance, self._rows, plan)
        values = np.full(self._rows.num_components, 0, dtype=np.int64)
        np.add.at(values, self._rows.component_of_meeting, self._instance.gains[plan])
        is_better = is_sound & (values > self.values) & self._is_open
        self.values[is_better] = values[is_better]
        mine = is_better[self._rows.component_of_meeting]
        self.positions[mine] = plan[mine]
        self._is_open &= (self.values < self.bounds) & (self._step > LEAST_STEP)

    def _move(self, wish: IntArray) -> None:
        """Raise the price of what is asked for too often, lower it where something is left: Polyak's step."""
        rows = self._rows
        excess = (rows.usage(wish) - rows.capacity).astype(np.float64)
        excess[(self._prices <= 0) & (excess < 0)] = 0
        norm = np.bincount(rows.component_of_row, weights=excess**2, minlength=rows.num_components)
        missing = np.where(self.values > NEG_INF, self.values, self._now - np.abs(self._now) // 50)
        length = self._step * (self._now - missing) / np.maximum(norm, 1)
        self._prices = np.maximum(self._prices + length[rows.component_of_row] * excess, 0)

    def tell(self, search: Search) -> None:
        if search.progress is not None and (self.values > NEG_INF).all():
            search.progress(
                self._instance.value(self._instance.plan(self.positions)),
                self._instance.to_parties(int(self.bounds.sum())),
            )

    def solution(self) -> DualSolution:
        """Return the best plan and bound, and what each position loses against the bound."""
        rows, instance = self._rows, self._instance
        gains = instance.gains - rows.cost(self._best_prices)
        return DualSolution(
            rows.component_of_meeting,
            self.positions,
            self.values,
            self.bounds,
            self._losses(),
            self._standing,
            self._best_prices,
            gains,
        )
