"""How well the worst-off are heard, as the solver sees it, lives here: sums of the lowest levels."""

from collections.abc import Sequence
from itertools import accumulate

from ortools.sat.python import cp_model

from scheduler.intervals import IntArray
from scheduler.planning.cpsat.variables import PlanVariables
from scheduler.planning.party_levels import PartyLevels


class LevelExpressions:
    """
    The levels of all parties in one model, and sums of the lowest of them.

    That the lowest ones together are at least so much is linear, unlike that the second lowest is: with any moment t,
    the k lowest levels are together at least k·t less all that levels fall short of t, and equal to it where t is the
    k-th (Ogryczak and Śliwiński, 2003). ``now`` is the plan that the search begins with.
    """

    def __init__(self, plan: PlanVariables, representation: PartyLevels, now: IntArray) -> None:
        self._model = plan.model
        self._now = representation.levels(now[None])[0].tolist()
        self._worst_now = sorted(self._now)
        self._least = [0] * len(representation)
        self._most = [0] * len(representation)
        terms: list[list[cp_model.IntVar]] = [[] for _ in representation.parties]
        shares: list[list[int]] = [[] for _ in representation.parties]
        for meeting in plan.meetings:
            slots = plan.candidates[meeting] - plan.instance.first[meeting]
            literals = plan.literals(meeting)
            for party, units in zip(
                representation.rows[meeting].tolist(), representation.units[meeting][:, slots], strict=True
            ):
                least = int(units.min())
                self._least[party] += least
                self._most[party] += int(units.max())
                for literal, more in zip(literals, (units - least).tolist(), strict=True):
                    if more:  # the least is a party's at any slot: small numbers are easier on the solver
                        terms[party].append(literal)
                        shares[party].append(more)
        self._more = [cp_model.LinearExpr.weighted_sum(*each) for each in zip(terms, shares, strict=True)]

    def lowest(self, num: int, floor: int) -> cp_model.LinearExpr:
        """Return what the ``num`` lowest levels, none of them below ``floor``, are together at least."""
        most = sorted(self._most)[num - 1]
        now = self._worst_now[num - 1]
        level = self._model.new_int_var(floor, most, "")
        self._model.add_hint(level, now)
        short = []
        for party, (least, more) in enumerate(zip(self._least, self._more, strict=True)):
            if num == 1:
                self._model.add(more - level >= -least)
            elif least < most:
                short.append(self._model.new_int_var(0, most - floor, ""))
                self._model.add_hint(short[-1], max(0, now - self._now[party]))
                self._model.add(more + short[-1] - level >= -least)
        return num * level - cp_model.LinearExpr.sum(short)

    def hold(self, levels: Sequence[int]) -> None:
        """Demand that the lowest levels are no lower than these, the worst first, as leximin compares."""
        if not levels:
            return
        for least, more in zip(self._least, self._more, strict=True):
            self._model.add(more >= levels[0] - least)
        for num, together in enumerate(accumulate(levels), start=1):
            if num > 1 and levels[num - 1] > levels[num - 2]:  # else what is held already holds it too
                self._model.add(self.lowest(num, levels[0]) >= together)


def hold(plan: PlanVariables, representation: PartyLevels, now: IntArray, levels: Sequence[int]) -> None:
    """Demand that the worst-off are heard no less than ``levels``, the worst first, as leximin compares."""
    LevelExpressions(plan, representation, now).hold(levels)


def next_level(
    plan: PlanVariables, representation: PartyLevels, now: IntArray, levels: Sequence[int]
) -> cp_model.LinearExpr:
    """Hold ``levels``, as `hold` does, and return the worst of all others, the levels held added."""
    hearing = LevelExpressions(plan, representation, now)
    hearing.hold(levels)
    return hearing.lowest(len(levels) + 1, levels[0] if levels else 0)


def is_none_of(plan: PlanVariables, plans: IntArray) -> None:
    """Demand that the plan is another than each of these, given by position, shape ``(plans, meetings)``."""
    for positions in plans.tolist():
        plan.model.add_bool_or([~plan.selected[at] for at in positions])
