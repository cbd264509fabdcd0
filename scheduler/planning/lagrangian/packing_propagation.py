"""Propagation of packing rows with capacity 1: remove positions that no plan can select."""

import numpy as np

from scheduler.intervals import BoolArray
from scheduler.planning.instance import Instance
from scheduler.planning.lagrangian.packing import PackingRows


class SingleRowPropagation:
    """
    Fixpoint propagation of "at most one position" rows, for any set of candidate positions.

    A *group* is the set of positions that one row has of one meeting.
    """

    def __init__(self, instance: Instance, rows: PackingRows) -> None:
        self._meeting = instance.meeting
        self._num_meetings = len(instance.choices)
        self._num_rows = len(rows)

        incidence = rows.incidence
        is_single = rows.capacity[incidence.row] == 1
        self._position = incidence.position[is_single]
        row = incidence.row[is_single]
        group_code = row * self._num_meetings + self._meeting[self._position]
        codes, self._group = np.unique(group_code, return_inverse=True)
        self._row_of_group, self._meeting_of_group = np.divmod(codes, self._num_meetings)

    def propagate(self, is_candidate: BoolArray) -> BoolArray:
        """
        Return the candidates that remain: every plan of the given candidates selects only these.

        Parameters
        ----------
        is_candidate
            Shape ``(positions,)``.
        """
        remaining = is_candidate.copy()
        while True:
            num_candidates = np.bincount(self._meeting[remaining], minlength=self._num_meetings)
            group_of_remaining = self._group[remaining[self._position]]
            num_in_group = np.bincount(group_of_remaining, minlength=len(self._row_of_group))

            # A meeting whose candidates all lie in one row selects a position of that row in every plan. The row has
            # capacity 1, so that no other meeting can select a position of it.
            uses_row = num_in_group == num_candidates[self._meeting_of_group]
            num_users = np.bincount(self._row_of_group[uses_row], minlength=self._num_rows)

            # A group does not conflict with itself: its own meeting is subtracted (the comparison treats True as 1).
            is_excluded = num_users[self._row_of_group] > uses_row
            is_removed = is_excluded[self._group] & remaining[self._position]
            removed = self._position[is_removed]
            if not len(removed):
                return remaining
            remaining[removed] = False
