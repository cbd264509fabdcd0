"""The variables live here: which slot each meeting takes, and the day and moment that follow from it."""

from collections.abc import Sequence

import numpy as np
from ortools.sat.python import cp_model

from scheduler.candidates import MeetingCandidates
from scheduler.intervals import Flags, Indices


class PlanVariables:
    """
    One boolean per meeting and slot that it may still take, and channels to days and minutes, made when asked for.

    ``choices`` are in the order of the problem's meetings; ``kept`` tells, per meeting, which slots are still open.
    """

    def __init__(self, model: cp_model.CpModel, choices: Sequence[MeetingCandidates], kept: Sequence[Flags]) -> None:
        self.model = model
        self.choices = choices
        self.positions: list[Indices] = [np.flatnonzero(flags) for flags in kept]
        self.taken: list[dict[int, cp_model.IntVar]] = []
        for positions in self.positions:
            literals = {int(slot): model.new_bool_var("") for slot in positions}
            model.add_exactly_one(literals.values())
            self.taken.append(literals)
        self._days: dict[int, cp_model.IntVar] = {}
        self._starts: dict[int, cp_model.IntVar] = {}
        self._first_day = min((int(one.slots.days.min()) for one in choices if len(one.slots)), default=0)
        self._first_start = min((int(one.slots.starts.min()) for one in choices if len(one.slots)), default=0)

    def takes(self, meeting: int, slot: int) -> cp_model.IntVar | None:
        """Return the boolean "this meeting takes this slot"; None when the slot is closed."""
        return self.taken[meeting].get(slot)

    def takes_any(self, meeting: int, slots: Indices) -> cp_model.LinearExpr:
        """Return 1 when the meeting takes one of ``slots``, else 0."""
        literals = self.taken[meeting]
        return cp_model.LinearExpr.sum([literals[slot] for slot in slots.tolist() if slot in literals])

    def day(self, meeting: int) -> cp_model.IntVar:
        """Return the meeting's day, counted from the first one of the model."""
        if meeting not in self._days:
            days = self.choices[meeting].slots.days[self.positions[meeting]] - self._first_day
            self._days[meeting] = self._channel(meeting, days)
        return self._days[meeting]

    def start(self, meeting: int) -> cp_model.IntVar:
        """Return the meeting's start in seconds after the first one of the model."""
        if meeting not in self._starts:
            starts = self.choices[meeting].slots.starts[self.positions[meeting]] - self._first_start
            self._starts[meeting] = self._channel(meeting, starts)
        return self._starts[meeting]

    def _channel(self, meeting: int, values: Indices) -> cp_model.IntVar:
        variable = self.model.new_int_var_from_domain(cp_model.Domain.from_values(values.tolist()), "")
        literals = list(self.taken[meeting].values())
        self.model.add(cp_model.LinearExpr.weighted_sum(literals, values.tolist()) == variable)
        return variable
