"""Representation levels in the CP-SAT model: bounds on the sums of the lowest levels."""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from ortools.sat.python import cp_model

from scheduler.intervals import IntArray
from scheduler.planning.cpsat.variables import PlanVariables
from scheduler.planning.party_levels import PartyLevels


class LevelExpressions:
    """
    The levels of all parties in a model, and the sums of the lowest levels.

    Parameters
    ----------
    hint
        The plan from which the search starts, by position.

    Notes
    -----
    "The second lowest level is at least v" is not a linear constraint, but "the k lowest levels sum to at least v" is:
    for every threshold t, the sum of the k lowest levels is at least k·t less the sum of the shortfalls of all levels
    below t, with equality when t is the k-th lowest level (Ogryczak and Śliwiński, 2003).
    """

    def __init__(
        self,
        plan: PlanVariables,
        levels: PartyLevels,
        hint: IntArray,
    ) -> None:
        plan.has_levels = True
        self._model = plan.model
        self._hint_levels = levels.levels(hint[None])[0].tolist()
        self._sorted_hint_levels = sorted(self._hint_levels)
        self._lower = [0] * len(levels)
        self._upper = [0] * len(levels)
        literals: list[list[cp_model.IntVar]] = [[] for _ in levels.parties]
        coefficients: list[list[int]] = [[] for _ in levels.parties]
        for meeting in plan.meetings:
            for party, units in _candidate_units(plan, levels, meeting):
                least = int(units.min())
                self._lower[party] += least
                self._upper[party] += int(units.max())
                # A constant is split off, so that coefficients are small and most are zero.
                surpluses = (units - least).tolist()
                for literal, surplus in zip(plan.literals(meeting), surpluses, strict=True):
                    if surplus:
                        literals[party].append(literal)
                        coefficients[party].append(surplus)
        # The level of a party is its lower bound plus its surplus.
        self._surplus = [
            cp_model.LinearExpr.weighted_sum(party_literals, party_coefficients)
            for party_literals, party_coefficients in zip(literals, coefficients, strict=True)
        ]

    def lowest_sum(self, num: int, floor: int) -> cp_model.LinearExpr:
        """Return a lower bound on the sum of the ``num`` lowest levels, all of which are at least ``floor``."""
        highest_threshold = sorted(self._upper)[num - 1]
        hint_threshold = self._sorted_hint_levels[num - 1]
        threshold = self._model.new_int_var(floor, highest_threshold, "")
        self._model.add_hint(threshold, hint_threshold)
        shortfalls = []
        for party, surplus in enumerate(self._surplus):
            lower = self._lower[party]
            # The lowest level alone is at most every level: shortfalls are not needed.
            if num == 1:
                self._model.add(surplus - threshold >= -lower)
                continue
            # A level whose lower bound reaches every threshold never falls short of it.
            if lower < highest_threshold:
                shortfall = self._model.new_int_var(0, highest_threshold - floor, "")
                hint_shortfall = hint_threshold - self._hint_levels[party]
                self._model.add_hint(shortfall, max(0, hint_shortfall))
                self._model.add(surplus + shortfall - threshold >= -lower)
                shortfalls.append(shortfall)
        return num * threshold - cp_model.LinearExpr.sum(shortfalls)

    def require(self, lowest_levels: Sequence[int]) -> None:
        """Require lowest levels that are, sorted, at least ``lowest_levels`` in the leximin order."""
        if not lowest_levels:
            return
        floor = lowest_levels[0]
        for lower, surplus in zip(self._lower, self._surplus, strict=True):
            self._model.add(surplus >= floor - lower)
        for num, total in enumerate(accumulate(lowest_levels), start=1):
            # Where a level equals the one before it, the constraint follows from those already added.
            if num > 1 and lowest_levels[num - 1] > lowest_levels[num - 2]:
                self._model.add(self.lowest_sum(num, floor) >= total)


def _candidate_units(
    plan: PlanVariables,
    levels: PartyLevels,
    meeting: int,
) -> Iterator[tuple[int, IntArray]]:
    """Yield each party of a meeting with what each candidate slot adds to its level."""
    slots = plan.candidates[meeting] - plan.instance.first[meeting]
    units = levels.units[meeting][:, slots]
    parties = levels.rows[meeting].tolist()
    yield from zip(parties, units, strict=True)


def require_levels(
    plan: PlanVariables,
    levels: PartyLevels,
    hint: IntArray,
    lowest_levels: Sequence[int],
) -> None:
    """Require lowest levels of at least ``lowest_levels``, in ascending order, as leximin compares them."""
    LevelExpressions(plan, levels, hint).require(lowest_levels)


def next_level_objective(
    plan: PlanVariables,
    levels: PartyLevels,
    hint: IntArray,
    lowest_levels: Sequence[int],
) -> cp_model.LinearExpr:
    """Require ``lowest_levels`` and return the sum of these and the next lowest level."""
    expressions = LevelExpressions(plan, levels, hint)
    expressions.require(lowest_levels)
    floor = lowest_levels[0] if lowest_levels else 0
    return expressions.lowest_sum(len(lowest_levels) + 1, floor)


def exclude_plans(plan: PlanVariables, plans: IntArray) -> None:
    """Require a plan that differs from each of ``plans``, given by position, shape ``(plans, meetings)``."""
    for positions in plans.tolist():
        literals = [~plan.selected[position] for position in positions]
        plan.model.add_bool_or(literals)
