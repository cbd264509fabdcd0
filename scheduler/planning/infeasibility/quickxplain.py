"""QuickXplain: return one minimal conflicting set."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

Element = TypeVar("Element", bound=Hashable)


class Undecided(Exception):
    """Whether some rules can hold together was not decided within the limits of the test or of the search."""


class SearchEnded(Undecided):
    """The search is over, so that no further test will be decided."""


@dataclass(frozen=True, slots=True)
class Minimised(Generic[Element]):
    """An inconsistent set of elements, and whether it is proven minimal."""

    elements: frozenset[Element]
    is_minimal: bool


def smallest_conflict(
    elements: Sequence[Element],
    is_consistent: Callable[[frozenset[Element]], bool],
) -> Minimised[Element]:
    """
    Return a minimal inconsistent subset, or a small one if some tests are not decided.

    ``elements`` together have to be inconsistent; the parameters are those of `minimal_conflict`. ``is_consistent``
    raises `Undecided` when it is not decided, and `SearchEnded` when the search is over. A minimal subset is not
    confirmed: `necessary` does that, where it matters.
    """
    smallest = frozenset(elements)
    is_minimal = True

    def test(subset: frozenset[Element]) -> bool:
        nonlocal smallest, is_minimal
        try:
            result = is_consistent(subset)
        except SearchEnded:
            raise
        except Undecided:
            # Then more elements are kept than may be necessary; the result is inconsistent all the same.
            is_minimal = False
            return True
        if not result and len(subset) < len(smallest):
            smallest = subset
        return result

    try:
        conflict = minimal_conflict(elements, test, is_confirmed=False)
    except SearchEnded:
        return Minimised(smallest, is_minimal=False)
    assert conflict is not None, "an unconfirmed conflict is returned"
    return Minimised(min(conflict, smallest, key=len), is_minimal)


def necessary(
    elements: Sequence[Element],
    is_consistent: Callable[[frozenset[Element]], bool],
) -> Minimised[Element]:
    """
    Return the elements of an inconsistent set that are left when unnecessary ones are removed, the first ones first.

    The result is minimal if every test is decided; ``is_consistent`` is that of `smallest_conflict`. For sets that are
    mostly minimal already this takes one test an element, fewer than QuickXplain.
    """
    kept = frozenset(elements)
    is_minimal = True
    for element in elements:
        try:
            # Elements found necessary stay so: later on, there are only fewer others.
            is_necessary = is_consistent(kept - {element})
        except SearchEnded:
            return Minimised(kept, is_minimal=False)
        except Undecided:
            is_minimal = False
            continue
        if not is_necessary:
            kept -= {element}
    return Minimised(kept, is_minimal)


def minimal_conflict(
    elements: Sequence[Element],
    is_consistent: Callable[[frozenset[Element]], bool],
    *,
    is_confirmed: bool = True,
) -> frozenset[Element] | None:
    """
    Return a minimal inconsistent subset: without any one of its elements, the rest of it is consistent.

    Parameters
    ----------
    elements
        The elements, in order of preference for the conflict.
    is_consistent
        Tell whether a subset is consistent. Every subset of a consistent set has to be consistent.
    is_confirmed
        Test the result once more.

    Returns
    -------
    frozenset or None
        None when all elements together are consistent.

    Notes
    -----
    Junker, "QUICKXPLAIN: Preferred Explanations and Relaxations for Over-Constrained Problems", AAAI 2004. A conflict
    of k out of n elements takes at most 2 k (1 + log2(n / k)) tests, and k + 1 that confirm it.

    Examples
    --------
    >>> sorted(minimal_conflict([5, 2, 7, 1, 9], lambda subset: sum(subset) <= 15))
    [2, 5, 9]
    """
    test = cache(is_consistent)
    if not test(frozenset()):
        return frozenset()

    conflict = _needed(frozenset(), elements, test, is_changed=False) if elements else frozenset()

    if not is_confirmed:
        return conflict
    # The result is confirmed rather than trusted: a test that is not monotone must not name a wrong conflict.
    is_conflict = not test(conflict)
    is_minimal = all(test(conflict - {element}) for element in elements if element in conflict)
    return conflict if is_conflict and is_minimal else None


def _needed(
    background: frozenset[Element],
    elements: Sequence[Element],
    test: Callable[[frozenset[Element]], bool],
    *,
    is_changed: bool,
) -> frozenset[Element]:
    """Return a minimal subset that conflicts with the background; background and all elements together conflict."""
    # A background that has grown since the last test may be in conflict by itself: no element is needed then.
    if is_changed and not test(background):
        return frozenset()
    if len(elements) == 1:
        return frozenset(elements)

    # Elements needed of the second half, given all of the first; then of the first, given only those.
    half = len(elements) // 2
    first, second = elements[:half], elements[half:]
    of_second = _needed(background | frozenset(first), second, test, is_changed=True)
    of_first = _needed(background | of_second, first, test, is_changed=bool(of_second))
    return of_second | of_first
