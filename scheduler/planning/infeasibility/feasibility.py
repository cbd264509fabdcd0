"""Who tells whether councils find a plan at all, whatever it is worth; the cheapest proof comes first."""

from functools import cached_property

import numpy as np

from scheduler.intervals import BoolArray, IntArray
from scheduler.planning.infeasibility.path_feasibility import is_in_reach, spacing_range
from scheduler.planning.infeasibility.quickxplain import Undecided
from scheduler.planning.instance import NEG_INF, UNASSIGNED, Instance, UnitArray
from scheduler.planning.lagrangian.packing import PackingRows
from scheduler.planning.lagrangian.primal_heuristic import PrimalHeuristic, is_feasible
from scheduler.planning.longest_path import LongestPaths
from scheduler.planning.search import Search

TRIES = 4  # wishes that are mended before the solver is asked
WISHES = 1000  # slots are wished for by lot: so councils seldom wish for the same
FEW_SLOTS = 60  # a meeting, on average, that the solver is asked about first
WORTHWHILE = 3  # times as many slots in all
SECONDS_PER_SLOT = 1e-6  # of deterministic time a look, and as much again when a model is built


class Together:
    """
    Councils that are planned together: every rule between meetings is the instance's, gains mean nothing.

    ``seen`` are plans found before, on the same slots under whatever rules; what is found is added.
    """

    def __init__(self, instance: Instance, search: Search, seen: list[IntArray]) -> None:
        self._instance = instance
        self._search = search
        self._seen = seen

    @cached_property
    def _series(self) -> LongestPaths:
        return LongestPaths(self._instance)

    @cached_property
    def _rows(self) -> PackingRows:
        return PackingRows(self._instance)

    @cached_property
    def _incumbents(self) -> PrimalHeuristic:
        return PrimalHeuristic(self._instance, self._rows)

    def fits(self, kept: BoolArray) -> bool:
        """
        Tell whether some plan takes only slots that are ``kept``, by position.

        Raises
        ------
        Undecided
            When the search is over before it is known.
        """
        if self._search.is_over:
            raise Undecided
        self._search.allowance.draw(SECONDS_PER_SLOT * len(kept))
        if not np.bincount(self._instance.meeting[kept], minlength=len(self._instance.choices)).all():
            return False
        if any(self._is_plan(plan, kept) for plan in self._seen):
            return True
        plan = self._mended(kept)
        if plan is None:
            return False
        for part in (
            np.unique(self._rows.component_of_meeting[plan == UNASSIGNED]) if (plan == UNASSIGNED).any() else ()
        ):
            found = self._solved(int(part), kept)
            if found is None:
                return False
            plan = np.maximum(plan, found)
        self._seen.append(plan)
        return True

    def _is_plan(self, plan: IntArray, kept: BoolArray) -> bool:
        """Tell whether a plan of other rules is one here."""
        return (
            bool(kept[plan].all())
            and all(
                is_in_reach(self._instance.days[plan[meetings]], spacing_range(council))
                for council, meetings in self._instance.meetings_by_council
            )
            and bool(is_feasible(self._instance, self._rows, plan).all())
        )

    def _mended(self, kept: BoolArray) -> IntArray | None:
        """Return a plan of random wishes, `UNASSIGNED` in parts that found none; None when a council has no year."""
        chance = np.random.default_rng(self._search.seed)
        plan = np.full(len(self._instance.choices), UNASSIGNED, dtype=np.int64)
        for turn in range(TRIES):
            gains = np.where(kept, chance.integers(0, WISHES, len(kept)), NEG_INF)
            _, wish = self._series.best(gains)
            if (wish == UNASSIGNED).any():
                return None
            if not self._instance.relations and not len(self._instance.conflict_sets):
                return wish
            mended = self._incumbents.repair(wish, gains, turn)
            is_sound = is_feasible(self._instance, self._rows, mended)[self._rows.component_of_meeting]
            plan = np.where(is_sound, mended, plan)  # what one part takes is nothing to another
            if (plan != UNASSIGNED).all():
                break
        return plan

    def _solved(self, part: int, kept: BoolArray) -> IntArray | None:
        """Return a plan of one part, `UNASSIGNED` elsewhere; what takes long, all its slots, is asked about last."""
        years: UnitArray = np.where(kept, 0, NEG_INF)
        kept = np.asarray(self._series.through(years) > NEG_INF, dtype=np.bool_)  # the rest lies in no year
        meetings = np.flatnonzero(self._rows.component_of_meeting == part)
        few = self._on_few_days(kept, meetings)
        if WORTHWHILE * few.sum() < kept.sum():
            found = self._ask(meetings, few)
            if found is not None:
                return found
            tied = self._tied(part)
            if len(tied) and self._ask(tied, kept) is None:
                return None
        return self._ask(meetings, kept)

    def _tied(self, part: int) -> IntArray:
        """Return the meetings that relations name, where these alone can be planned: one a council at most."""
        named = {at for tie in self._instance.relations for at in tie.meetings}
        tied = np.array([at for at in sorted(named) if self._rows.component_of_meeting[at] == part], dtype=np.int64)
        councils = self._instance.council[tied]
        return tied if len(np.unique(councils)) == len(councils) else tied[:0]

    def _on_few_days(self, kept: BoolArray, meetings: IntArray) -> BoolArray:
        """Return what is kept on some days by lot, and on every day of a meeting that has few slots."""
        instance = self._instance
        num_kept = np.bincount(instance.meeting[kept], minlength=len(instance.choices))
        share = FEW_SLOTS / max(float(num_kept[meetings].mean()), FEW_SLOTS)
        days = np.unique(instance.days)
        is_day = np.random.default_rng(self._search.seed).random(len(days)) < share
        rare = np.isin(instance.meeting, meetings[num_kept[meetings] <= FEW_SLOTS]) & kept
        is_day[np.searchsorted(days, instance.days[rare])] = True
        return kept & is_day[np.searchsorted(days, instance.days)]

    def _ask(self, meetings: IntArray, kept: BoolArray) -> IntArray | None:
        """Ask the solver for a plan of some meetings."""
        if not np.bincount(self._instance.meeting[kept], minlength=len(self._instance.choices))[meetings].all():
            return None
        from scheduler.planning.cpsat.model import PlanModel  # here, so that what is plain never loads OR-Tools

        self._search.allowance.draw(SECONDS_PER_SLOT * int(kept.sum()))
        settled = PlanModel(self._instance, self._search, (), meetings.tolist()).best(kept, objective=lambda _: 0)
        if settled.status == "unknown":
            raise Undecided
        return settled.positions
