"""Whole units live here: what every exact method counts in, so that all agree on what ties."""

from collections.abc import Sequence

import numpy as np

from scheduler.candidates import MeetingCandidates
from scheduler.intervals import Indices

UNITS = 10_000_000  # a whole expected party: rounding costs at most half a unit a meeting, 0.05 of the tolerance
MAX_TOTAL = 2**60  # what CP-SAT's 64-bit sums bear


def units_per_party(choices: Sequence[MeetingCandidates]) -> int:
    """Return the scale of the objective: `UNITS`, or less where enormous weights would overflow."""
    total = sum(float(one.gains.sum()) for one in choices)  # CP-SAT adds up all coefficients, exclusive or not
    return max(1, min(UNITS, int(MAX_TOTAL / max(total, 1e-9))))


def whole_gains(choices: Sequence[MeetingCandidates], scale: int) -> list[Indices]:
    """Return every slot's gain in whole units, per meeting."""
    return [np.rint(one.gains * scale).astype(np.int64) for one in choices]


def rounding(choices: Sequence[MeetingCandidates], gains: Sequence[Indices], scale: int) -> float:
    """Return how much a plan's worth in whole units may fall short of its worth, in expected parties."""
    return sum(float((one.gains - whole / scale).max()) for one, whole in zip(choices, gains, strict=True))
