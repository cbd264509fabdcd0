"""Where prices are found: what is asked for too often grows dearer, until councils ask for what can be had."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.intervals import Flags, Indices
from scheduler.planning.instance import NEVER, NOWHERE, Instance, Worth
from scheduler.planning.lagrangian.packing import Rows
from scheduler.planning.lagrangian.primal_heuristic import Incumbents, sound
from scheduler.planning.longest_path import Series
from scheduler.planning.search import Cut, Search

MAX_ROUNDS = 400
MAX_ROUNDS_AGAIN = 40  # from prices that are known already
PATIENCE = 10  # rounds without a better bound until steps are halved
LEAST_STEP = 0.01  # of Polyak's: from here on prices have said what they can
FEW_LEFT = 100  # slots of a part that may still be taken: these are decided sooner than prices move much further
LOOK_EVERY = 4  # rounds
SECONDS_PER_SLOT = 1e-7  # of deterministic time a round, close to what it takes on an idle machine


@dataclass(frozen=True, slots=True)
class Standing:
    """What does not change when gains do."""

    rows: Rows
    series: Series
    incumbents: Incumbents


@dataclass(frozen=True, slots=True)
class Priced:
    """
    What prices found, in whole units.

    ``part`` numbers each meeting's part: councils that share nothing, not even by way of others, are different ones.
    ``positions`` is the best plan, `NOWHERE` in parts where none was found; ``values`` and ``bounds`` are the parts'.
    A plan of a part that takes a position is worth the bound less the position's ``loss``, or even less. ``gains``
    are what slots are worth at the final ``prices`` of ``rows``.
    """

    part: Indices
    positions: Indices
    values: Worth
    bounds: Worth
    loss: Worth
    standing: Standing
    prices: Worth
    gains: Worth

    @property
    def rows(self) -> Rows:
        return self.standing.rows


def price(instance: Instance, search: Search, cuts: Sequence[Cut] = ()) -> Priced | None:
    """Return the bound and the plan that prices lead to; None when some council cannot have its year at all."""
    rows = Rows(instance, cuts)
    market = _Market(instance, Standing(rows, Series(instance), Incumbents(instance, rows)))
    return _trade(market, MAX_ROUNDS, search) if market.opens() else None


def price_again(instance: Instance, known: Priced, parts: Flags, search: Search) -> Priced | None:
    """
    Return what prices lead to in some ``parts`` when gains have changed: from the prices that are ``known``.

    ``instance`` has the slots, rules and scale of the one that they were found for; other parts stay as they were.
    None when some council cannot have its year any more.
    """
    market = _Market(instance, known.standing)
    return _trade(market, MAX_ROUNDS_AGAIN, search) if market.reopens(known, parts) else None


def _trade(market: "_Market", max_rounds: int, search: Search) -> Priced:
    for turn in range(max_rounds):
        if not market.is_open.any() or search.is_over:
            break
        market.trade(turn)
        search.allowance.draw(SECONDS_PER_SLOT * market.num_slots)
        market.tell(search)
    return market.priced()


class _Market:
    """Prices, one a row, with the best bound and the best plan of each part so far."""

    def __init__(self, instance: Instance, standing: Standing) -> None:
        self._instance = instance
        self._standing = standing
        self._rows = rows = standing.rows
        self._series = standing.series
        self._prices = np.zeros(len(rows))
        self._step = np.ones(rows.num_parts)
        self._waited = np.zeros(rows.num_parts, dtype=np.int64)
        self._best_prices = np.zeros(len(rows), dtype=np.int64)
        self.bounds = np.full(rows.num_parts, -NEVER, dtype=np.int64)
        self.values = np.full(rows.num_parts, NEVER, dtype=np.int64)
        self.positions = np.full(len(instance.choices), NOWHERE, dtype=np.int64)
        self._is_open = np.ones(rows.num_parts, dtype=np.bool_)
        self._known_losses: Worth | None = None

    @property
    def num_slots(self) -> int:
        return len(self._instance.gains)

    @property
    def is_open(self) -> Flags:
        """Whether a part's bound and plan may still come closer."""
        return self._is_open

    def opens(self) -> bool:
        """Ask each council for its best year at no price; tell whether all have one."""
        values, wish = self._series.best(self._instance.gains)
        if (wish == NOWHERE).any():
            return False
        self._bound(values, np.zeros(len(self._rows), dtype=np.int64))
        self._note(wish, 0)
        self._move(wish)
        return True

    def reopens(self, known: Priced, parts: Flags) -> bool:
        """Take up what is known, and open these parts again at the known prices; tell whether all have a year."""
        self.bounds, self.values = known.bounds.copy(), known.values.copy()
        self.positions, self._best_prices = known.positions.copy(), known.prices.copy()
        self._prices = known.prices.astype(np.float64)
        gains = self._instance.gains
        worth = np.zeros(self._rows.num_parts, dtype=np.int64)
        np.add.at(worth, self._rows.part_of_meeting, gains[self.positions])
        is_shut = np.zeros(self._rows.num_parts, dtype=np.bool_)
        is_shut[self._rows.part_of_meeting[(self.positions == NOWHERE) | (gains[self.positions] == NEVER)]] = True
        self.values[parts] = np.where(is_shut, NEVER, worth)[parts]
        self.bounds[parts] = -NEVER
        self._is_open = parts.copy()
        values, wish = self._series.best(gains - self._rows.cost(known.prices))
        if (wish[parts[self._rows.part_of_meeting]] == NOWHERE).any():
            return False
        wish = np.where(parts[self._rows.part_of_meeting], wish, self.positions)
        self._bound(values, known.prices)
        self._note(wish, 0)
        self._move(wish)
        self._close_where_few_are_left()
        return True

    def trade(self, turn: int) -> None:
        """Ask each open council for its best year at the present prices, and change prices by what is asked for."""
        prices = np.rint(self._prices).astype(np.int64)
        gains = self._instance.gains - self._rows.cost(prices)
        values, wish = self._series.best(gains)
        is_open = self._is_open[self._rows.part_of_meeting]
        wish = np.where(is_open, wish, self.positions)
        self._bound(values, prices)
        self._note(wish, turn)
        self._move(wish)
        if turn % LOOK_EVERY == LOOK_EVERY - 1:
            self._close_where_few_are_left()

    def _close_where_few_are_left(self) -> None:
        gap = self.bounds - np.maximum(self.values, NEVER)
        part = self._rows.part_of_meeting
        is_left = self._losses() <= gap[part[self._instance.meeting]]
        num_left = np.bincount(part[self._instance.meeting[is_left]], minlength=self._rows.num_parts)
        self._is_open &= num_left > FEW_LEFT

    def _losses(self) -> Worth:
        """Return what plans lose by each position at least, at the best prices so far."""
        if self._known_losses is None:
            through = self._series.through(self._instance.gains - self._rows.cost(self._best_prices))
            council = self._instance.council[self._instance.meeting]
            best = np.full(len(self._instance.meetings_by_council), NEVER, dtype=np.int64)
            np.maximum.at(best, council, through)
            self._known_losses = np.where(through > NEVER // 2, best[council] - through, -NEVER)
        return self._known_losses

    def _bound(self, values: Worth, prices: Indices) -> None:
        """Keep the prices of each part whose bound is the lowest so far."""
        rows = self._rows
        bounds = np.zeros(rows.num_parts, dtype=np.int64)
        np.add.at(bounds, rows.part_of_council, values)
        np.add.at(bounds, rows.part_of_row, prices * rows.capacity)
        self._now = bounds
        is_better = (bounds < self.bounds) & self._is_open
        self.bounds[is_better] = bounds[is_better]
        if is_better.any():
            self._known_losses = None
        which = is_better[rows.part_of_row]
        self._best_prices[which] = prices[which]
        self._waited = np.where(is_better, 0, self._waited + 1)
        tired = self._waited >= PATIENCE
        self._step[tired] /= 2
        self._waited[tired] = 0

    def _note(self, wish: Indices, turn: int) -> None:
        """Make a plan of the wish, and keep it in each part where it is the best so far."""
        plan = self._standing.incumbents.mend(wish, self._instance.gains, turn)
        is_sound = sound(self._instance, self._rows, plan)
        values = np.full(self._rows.num_parts, 0, dtype=np.int64)
        np.add.at(values, self._rows.part_of_meeting, self._instance.gains[plan])
        is_better = is_sound & (values > self.values) & self._is_open
        self.values[is_better] = values[is_better]
        mine = is_better[self._rows.part_of_meeting]
        self.positions[mine] = plan[mine]
        self._is_open &= (self.values < self.bounds) & (self._step > LEAST_STEP)

    def _move(self, wish: Indices) -> None:
        """Raise the price of what is asked for too often, lower it where something is left: Polyak's step."""
        rows = self._rows
        excess = (rows.usage(wish) - rows.capacity).astype(np.float64)
        excess[(self._prices <= 0) & (excess < 0)] = 0
        norm = np.bincount(rows.part_of_row, weights=excess**2, minlength=rows.num_parts)
        missing = np.where(self.values > NEVER, self.values, self._now - np.abs(self._now) // 50)
        length = self._step * (self._now - missing) / np.maximum(norm, 1)
        self._prices = np.maximum(self._prices + length[rows.part_of_row] * excess, 0)

    def tell(self, search: Search) -> None:
        if search.progress is not None and (self.values > NEVER).all():
            search.progress(
                self._instance.value(self._instance.plan(self.positions)),
                self._instance.to_parties(int(self.bounds.sum())),
            )

    def priced(self) -> Priced:
        """Return the best plan and bound, and what each position loses against the bound."""
        rows, instance = self._rows, self._instance
        gains = instance.gains - rows.cost(self._best_prices)
        return Priced(
            rows.part_of_meeting,
            self.positions,
            self.values,
            self.bounds,
            self._losses(),
            self._standing,
            self._best_prices,
            gains,
        )
