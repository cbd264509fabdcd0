"""Who narrows what is open: a row that one meeting cannot do without is shut for all others."""

import numpy as np

from scheduler.intervals import BoolArray
from scheduler.planning.instance import Instance
from scheduler.planning.lagrangian.packing import PackingRows


class SingleRowPropagation:
    """What rows with room for one slot say of the others, however few slots are open."""

    def __init__(self, instance: Instance, rows: PackingRows) -> None:
        self._meeting = instance.meeting
        self._num_meetings = len(instance.choices)
        is_single = (rows.capacity == 1)[rows.row]
        self._position = rows.position[is_single]
        held = rows.row[is_single] * self._num_meetings + self._meeting[self._position]
        holdings, self._holding = np.unique(held, return_inverse=True)  # a holding: what a row holds of one meeting
        self._row_of_holding, self._meeting_of_holding = np.divmod(holdings, self._num_meetings)
        self._num_rows = len(rows)

    def left(self, is_open: BoolArray) -> BoolArray:
        """Return the open positions that plans may take, as far as single rows tell: no plan takes another."""
        left = is_open.copy()
        while True:
            num_open = np.bincount(self._meeting[left], minlength=self._num_meetings)
            num_held = np.bincount(self._holding[left[self._position]], minlength=len(self._row_of_holding))
            is_needed = num_held == num_open[self._meeting_of_holding]
            num_needing = np.bincount(self._row_of_holding[is_needed], minlength=self._num_rows)
            is_anothers = num_needing[self._row_of_holding] > is_needed
            shut = self._position[is_anothers[self._holding] & left[self._position]]
            if not len(shut):
                return left
            left[shut] = False
