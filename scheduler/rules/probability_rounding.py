"""Limits on chances, in whole hundredths."""

import math
from collections.abc import Sequence


def whole_hundredths(chance: float) -> float | None:
    """Return the greatest whole hundredth that is not above ``chance``; None for 0, since that is no limit."""
    hundredths = math.floor(chance * 100)
    following = (hundredths + 1) / 100
    # 0.29 * 100 is below 29 in binary: the next hundredth may still not be above the chance.
    limit = following if following <= chance else hundredths / 100
    return limit or None


def lower_hundredths(stated: float, to: float) -> Sequence[float]:
    """Return the whole hundredths below ``stated``, descending to ``to``."""
    first = math.ceil(100 * stated) - 1
    last = round(100 * to)
    return [hundredths / 100 for hundredths in range(first, last - 1, -1)]
