"""Who finds one council's best year as a longest path over days: exact, in a moment, and blind to other councils."""

from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from scheduler.candidates import MeetingCandidates
from scheduler.intervals import Indices
from scheduler.planning.search import Plan
from scheduler.planning.units import units_per_party, whole_gains
from scheduler.problem import Problem

NEVER = -(2**61)  # what a day is worth on which the rest of the year cannot be held


def best_series(problem: Problem, choices: Sequence[MeetingCandidates]) -> Plan | None:
    """
    Return the plan that is best when councils share nobody and nothing; None when some council has none.

    It keeps each council's order and spacing and looks at nothing between councils, so no plan is worth more in
    whole units; of equal ones it is the one with the earliest starts. Every meeting has a candidate.
    """
    gains = whole_gains(choices, units_per_party(choices))
    position = {meeting.id: at for at, meeting in enumerate(problem.meetings)}
    slots: dict[int, int] = {}
    for council in problem.councils:
        meetings = [position[meeting.id] for meeting in problem.meetings_by_council[council.id]]
        spacing = council.spacing_days
        least = max(1, spacing.min or 1) if spacing is not None else 1
        most = spacing.max if spacing is not None else None
        path = _path([choices[at] for at in meetings], [gains[at] for at in meetings], least, most)
        if path is None:
            return None
        slots.update(zip(meetings, path, strict=True))
    return tuple(slots[at] for at in range(len(choices)))


def _path(
    choices: Sequence[MeetingCandidates], gains: Sequence[Indices], least: int, most: int | None
) -> list[int] | None:
    """Return one council's slots, ``least`` to ``most`` days between them; None when there is no such row."""
    if not choices:
        return []
    first = min(int(one.slots.days.min()) for one in choices)
    days = [one.slots.days - first for one in choices]
    num_days = 1 + max(int(each.max()) for each in days)
    after = [np.zeros(num_days, dtype=np.int64)]  # after[k][d]: the best of the meetings behind k when k is on day d
    for each, worth in zip(reversed(days[1:]), reversed(gains[1:]), strict=True):
        best = np.full(num_days, NEVER, dtype=np.int64)
        np.maximum.at(best, each, worth + after[0][each])
        after.insert(0, _best_ahead(best, least, most))
    path: list[int] = []
    allowed = np.ones(num_days, dtype=np.bool_)
    for each, worth, rest in zip(days, gains, after, strict=True):
        through = np.where(allowed[each], worth + rest[each], NEVER)
        slot = int(through.argmax())  # the first of equals, and slots are sorted by start
        if through[slot] <= NEVER // 2:
            return None
        path.append(slot)
        allowed = np.zeros(num_days, dtype=np.bool_)
        end = num_days if most is None else each[slot] + most + 1
        allowed[each[slot] + least : end] = True
    return path


def _best_ahead(best: Indices, least: int, most: int | None) -> Indices:
    """Return for each day the greatest of ``best`` from ``least`` to ``most`` days later."""
    num_days = len(best)
    reach = num_days if most is None else min(most, num_days)
    if reach < least:
        return np.full(num_days, NEVER, dtype=np.int64)
    padded = np.concatenate([best, np.full(reach, NEVER, dtype=np.int64)])
    ahead = sliding_window_view(padded[least:], reach - least + 1).max(axis=1)[:num_days]
    return np.asarray(ahead, dtype=np.int64)
