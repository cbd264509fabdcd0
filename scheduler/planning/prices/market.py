"""Where prices are found: what is asked for too often grows dearer, until councils ask for what can be had."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.intervals import Flags, Indices
from scheduler.planning.instance import NOWHERE, Instance
from scheduler.planning.prices.incumbents import Incumbents, sound
from scheduler.planning.prices.rows import Rows
from scheduler.planning.search import Cut, Search
from scheduler.planning.series import NEVER, Series, Worth

MAX_ROUNDS = 400
PATIENCE = 10  # rounds without a better bound until steps are halved
LEAST_STEP = 0.01  # of Polyak's: from here on prices have said what they can
FEW_LEFT = 100  # slots of a part that may still be taken: these are decided sooner than prices move much further
LOOK_EVERY = 4  # rounds
SECONDS_PER_SLOT = 1e-7  # of deterministic time a round, close to what it takes on an idle machine


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
    rows: Rows
    prices: Worth
    gains: Worth


def price(instance: Instance, search: Search, cuts: Sequence[Cut] = ()) -> Priced | None:
    """Return the bound and the plan that prices lead to; None when some council cannot have its year at all."""
    market = _Market(instance, Rows(instance, cuts))
    if not market.opens():
        return None
    for turn in range(MAX_ROUNDS):
        if not market.is_open.any() or search.is_over:
            break
        market.trade(turn)
        search.allowance.draw(SECONDS_PER_SLOT * len(instance.gains))
        market.tell(search)
    return market.priced()


class _Market:
    """Prices, one a row, with the best bound and the best plan of each part so far."""

    def __init__(self, instance: Instance, rows: Rows) -> None:
        self._instance = instance
        self._rows = rows
        self._series = Series(instance)
        self._incumbents = Incumbents(instance, rows)
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
            self._known_losses = best[council] - through
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
        plan = self._incumbents.mend(wish, self._instance.gains, turn)
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
            rows,
            self._best_prices,
            gains,
        )
