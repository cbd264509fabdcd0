"""Decision variables: the slot of each meeting, with the day and the start that follow from it."""

from collections.abc import Sequence

import numpy as np
from ortools.sat.python import cp_model

from scheduler.intervals import BoolArray, IntArray, Seconds
from scheduler.planning.instance import Instance


class PlanVariables:
    """
    A CP-SAT model with one Boolean for every candidate position.

    Parameters
    ----------
    model
        The model to which variables are added.
    instance
        The planning instance.
    meetings
        The meetings to be planned, ascending.
    is_candidate
        Shape ``(positions,)``: the positions that meetings may take.

    Attributes
    ----------
    selected
        By position, whether the meeting takes it.
    candidates
        By meeting, its candidate positions, ascending and therefore by start.
    has_levels
        Whether the model contains the levels of parties.
    """

    def __init__(
        self,
        model: cp_model.CpModel,
        instance: Instance,
        meetings: Sequence[int],
        is_candidate: BoolArray,
    ) -> None:
        self.model = model
        self.instance = instance
        self.meetings = meetings
        self.has_levels = False
        self.selected: dict[int, cp_model.IntVar] = {}
        self.candidates: dict[int, IntArray] = {}
        for meeting in meetings:
            first, end = instance.first[meeting], instance.first[meeting + 1]
            positions = first + np.flatnonzero(is_candidate[first:end])
            literals = [model.new_bool_var("") for _ in positions]
            model.add_exactly_one(literals)
            self.candidates[meeting] = positions
            self.selected.update(zip(positions.tolist(), literals, strict=True))
        self._days: dict[int, cp_model.IntVar] = {}
        self._starts: dict[int, cp_model.IntVar] = {}

    def literals(self, meeting: int) -> list[cp_model.IntVar]:
        """Return the Booleans of a meeting's candidates, by start."""
        positions = self.candidates[meeting]
        return [self.selected[position] for position in positions.tolist()]

    def num_selected(self, positions: IntArray) -> cp_model.LinearExpr:
        """Return the number of the positions that are selected."""
        literals = [self.selected[position] for position in positions.tolist() if position in self.selected]
        return cp_model.LinearExpr.sum(literals)

    def day(self, meeting: int) -> cp_model.IntVar:
        """Return the day of a meeting, counted from the first day of the instance."""
        if meeting not in self._days:
            self._days[meeting] = self._channel(meeting, self.instance.days)
        return self._days[meeting]

    def start(self, meeting: int) -> cp_model.IntVar:
        """Return the start of a meeting, in seconds after the first start of the instance."""
        if meeting not in self._starts:
            self._starts[meeting] = self._channel(meeting, self.instance.starts)
        return self._starts[meeting]

    def _channel(self, meeting: int, values: Seconds) -> cp_model.IntVar:
        """Return an integer variable equal to the value of the selected position."""
        own_values = (values[self.candidates[meeting]] - values.min()).tolist()
        domain = cp_model.Domain.from_values(own_values)
        variable = self.model.new_int_var_from_domain(domain, "")
        # Exactly one literal is true, so that the weighted sum is the value of its position. Order and spacing then
        # need one linear constraint for two meetings, with a tight relaxation, in place of one for every pair of days.
        value = cp_model.LinearExpr.weighted_sum(self.literals(meeting), own_values)
        self.model.add(value == variable)
        return variable
