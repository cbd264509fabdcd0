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


def minimal_conflict(
    elements: Sequence[Element],
    is_consistent: Callable[[frozenset[Element]], bool],
) -> Minimised[Element]:
    """
    Return a minimal inconsistent subset, or a small one if some tests are not decided.

    Parameters
    ----------
    elements
        The elements, inconsistent together, in order of preference for the conflict.
    is_consistent
        Tell whether a subset is consistent. Every subset of a consistent set has to be consistent. Raises `Undecided`
        when it is not decided, and `SearchEnded` when the search is over.

    Notes
    -----
    Junker, "QUICKXPLAIN: Preferred Explanations and Relaxations for Over-Constrained Problems", AAAI 2004. A conflict
    of k out of n elements takes at most 2 k (1 + log2(n / k)) tests, and one that confirms that it is inconsistent.

    Examples
    --------
    >>> sorted(minimal_conflict([5, 2, 7, 1, 9], lambda subset: sum(subset) <= 15).elements)
    [2, 5, 9]
    """
    smallest = frozenset(elements)
    is_minimal = True

    @cache
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
        if not elements or not test(frozenset()):
            return Minimised(frozenset(), is_minimal=True)
        conflict = _needed(frozenset(), elements, test, is_changed=False)
        # Confirmed rather than trusted: a test that is not monotone must not name a wrong conflict.
        if test(conflict):
            return Minimised(smallest, is_minimal=False)
    except SearchEnded:
        return Minimised(smallest, is_minimal=False)
    return Minimised(conflict, is_minimal)


def necessary(
    elements: Sequence[Element],
    is_consistent: Callable[[frozenset[Element]], bool],
) -> Minimised[Element]:
    """
    Return the elements of an inconsistent set that are left when unnecessary ones are removed, the first ones first.

    The result is minimal if every test is decided; ``is_consistent`` is that of `minimal_conflict`. For sets that are
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
