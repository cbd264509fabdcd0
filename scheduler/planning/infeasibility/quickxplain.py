"""Who finds few of many that cannot hold together, none of them without need, in as few looks as it takes."""

from collections.abc import Callable, Hashable, Sequence
from functools import cache
from typing import TypeVar

One = TypeVar("One", bound=Hashable)


class Undecided(Exception):
    """It could not be told, within what may be taken, whether some rules hold together."""


def minimal(several: Sequence[One], holds: Callable[[frozenset[One]], bool]) -> frozenset[One] | None:
    """
    Return a minimal set of ``several`` that does not hold together: drop any one of it, and the rest does.

    Where there are many such sets, the first of ``several`` rather stay in it. None when they all hold together.

    Parameters
    ----------
    holds
        Tells whether some of them hold together; whatever is part of what holds together has to hold together too.

    Notes
    -----
    QuickXplain: Junker, "QUICKXPLAIN: Preferred Explanations and Relaxations for Over-Constrained Problems", AAAI 2004.
    A set of k out of n takes no more than 2 k (1 + log2(n / k)) looks and k + 1 that confirm it.

    Examples
    --------
    >>> sorted(minimal([5, 2, 7, 1, 9], lambda some: sum(some) <= 15))
    [2, 5, 9]
    """
    look = cache(holds)
    if not look(frozenset()):
        return frozenset()
    found = _needed(frozenset(), several, look, is_new=False) if several else frozenset()
    is_minimal = not look(found) and all(look(found - {one}) for one in several if one in found)
    return found if is_minimal else None


def _needed(
    given: frozenset[One], several: Sequence[One], holds: Callable[[frozenset[One]], bool], *, is_new: bool
) -> frozenset[One]:
    """Return a minimal part of ``several`` that does not hold together with ``given``, of which all together is so."""
    if is_new and not holds(given):
        return frozenset()
    if len(several) == 1:
        return frozenset(several)
    half = len(several) // 2
    first, second = several[:half], several[half:]
    of_second = _needed(given | frozenset(first), second, holds, is_new=True)
    return of_second | _needed(given | of_second, first, holds, is_new=bool(of_second))
