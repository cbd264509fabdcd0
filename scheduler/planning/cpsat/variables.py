"""The variables live here: which slot each meeting takes, and the day and moment that follow from it."""

from collections.abc import Sequence

import numpy as np
from ortools.sat.python import cp_model

from scheduler.intervals import BoolArray, IntArray, Seconds
from scheduler.planning.instance import Instance


class PlanVariables:
    """
    One boolean per position that a meeting may still take, and channels to days and seconds, made when asked for.

    ``meetings`` are those to be planned, by their place in the problem, in ascending order; ``kept`` tells, by
    position, what is still open to them.
    """

    def __init__(self, model: cp_model.CpModel, instance: Instance, meetings: Sequence[int], kept: BoolArray) -> None:
        self.model = model
        self.instance = instance
        self.meetings = meetings
        self.taken: dict[int, cp_model.IntVar] = {}  # by position
        self.open: dict[int, IntArray] = {}  # the positions of each meeting, by start
        for meeting in meetings:
            first, end = instance.first[meeting], instance.first[meeting + 1]
            self.open[meeting] = first + np.flatnonzero(kept[first:end])
            literals = [model.new_bool_var("") for _ in self.open[meeting]]
            model.add_exactly_one(literals)
            self.taken.update(zip(self.open[meeting].tolist(), literals, strict=True))
        self._days: dict[int, cp_model.IntVar] = {}
        self._starts: dict[int, cp_model.IntVar] = {}

    def of(self, meeting: int) -> list[cp_model.IntVar]:
        """Return the booleans of one meeting, by start."""
        return [self.taken[position] for position in self.open[meeting].tolist()]

    def takes_any(self, positions: IntArray) -> cp_model.LinearExpr:
        """Return how many of ``positions`` are taken."""
        return cp_model.LinearExpr.sum([self.taken[at] for at in positions.tolist() if at in self.taken])

    def day(self, meeting: int) -> cp_model.IntVar:
        """Return the meeting's day, counted from the first one of all."""
        if meeting not in self._days:
            self._days[meeting] = self._channel(meeting, self.instance.days)
        return self._days[meeting]

    def start(self, meeting: int) -> cp_model.IntVar:
        """Return the meeting's start in seconds after the first one of all."""
        if meeting not in self._starts:
            self._starts[meeting] = self._channel(meeting, self.instance.starts)
        return self._starts[meeting]

    def _channel(self, meeting: int, values: Seconds) -> cp_model.IntVar:
        mine = (values[self.open[meeting]] - values.min()).tolist()
        variable = self.model.new_int_var_from_domain(cp_model.Domain.from_values(mine), "")
        self.model.add(cp_model.LinearExpr.weighted_sum(self.of(meeting), mine) == variable)
        return variable
