"""Who tells whether a council's meetings can be held one after another at all, and where they get stuck."""

from collections.abc import Collection, Sequence

import numpy as np

from scheduler.intervals import BoolArray, IntArray
from scheduler.problem import Council, Spacing, SpacingRange
from scheduler.problem import spacing_range as range_of
from scheduler.proposal import RuleInstance

IN_ORDER = range_of(None)


def spacing_range(council: Council, given_up: Collection[RuleInstance] = ()) -> SpacingRange:
    """Return the days between a council's consecutive meetings, as far as spacing is not given up."""
    sides = {one.rule.removeprefix("spacing_"): None for one in given_up if one.council == council.id}
    return range_of((council.spacing_days or Spacing()).model_copy(update=sides))


def is_in_reach(days: IntArray, within: SpacingRange) -> bool:
    """Tell whether consecutive meetings on these days are neither too close nor too far apart."""
    least, most = within
    apart = np.diff(days)
    return bool((apart >= least).all() and (most is None or (apart <= most).all()))


def stuck(days: Sequence[IntArray], within: SpacingRange) -> tuple[int, int] | None:
    """
    Return the first and last of consecutive meetings that have no days together, however free all others are.

    ``days`` are those that each meeting may take.

    Of such runs it is the one that ends first, and of those the shortest. None when all can be held.
    """
    open_days = _open_days(days)
    last = _breaks_off(open_days, within)
    if last is None:
        return None
    back = _breaks_off([days[::-1] for days in reversed(open_days[: last + 1])], within)
    assert back is not None, "what cannot be reached from the front cannot be left towards it"
    return last - back, last


def _open_days(days: Sequence[IntArray]) -> list[BoolArray]:
    """Return, for each meeting, which days it may take, counted from the first of all."""
    held = [several for several in days if len(several)]
    first = min((int(several.min()) for several in held), default=0)
    num_days = max((int(several.max()) for several in held), default=first) - first + 1
    open_days = np.zeros((len(days), num_days), dtype=np.bool_)
    for row, several in zip(open_days, days, strict=True):
        row[several - first] = True
    return list(open_days)


def _breaks_off(open_days: Sequence[BoolArray], within: SpacingRange) -> int | None:
    """Return the first meeting that cannot be held after those before it."""
    reached = np.ones_like(open_days[0])
    for at, days in enumerate(open_days):
        reached = days & (_ahead(reached, *within) if at else reached)
        if not reached.any():
            return at
    return None


def _ahead(days: BoolArray, least: int, most: int | None) -> BoolArray:
    """Return the days that lie ``least`` to ``most`` days behind one of ``days``."""
    before = np.concatenate([[0], np.cumsum(days)])  # how many lie before each day
    every = np.arange(len(days))
    until = before[np.maximum(every - least + 1, 0)]
    since = 0 if most is None else before[np.maximum(every - most, 0)]
    return np.asarray(until > since, dtype=np.bool_)
