"""Bipartite matching with capacities: find elements that have fewer places among them than they are (Hall)."""

from collections.abc import Mapping


def deficient_set(places_of: Mapping[int, int], capacity: int) -> tuple[int, ...] | None:
    """
    Return elements that cannot all get a place; None when all can.

    Parameters
    ----------
    places_of
        By element, the places that it may take, as bits. The elements are given places in this order.
    capacity
        How many elements a place holds.

    Returns
    -------
    tuple of int or None
        The deficient set, ascending: its elements have n places together, and are ``capacity * n + 1``.

    Notes
    -----
    Augmenting paths (Kuhn, "The Hungarian Method for the Assignment Problem", 1955). Where no augmenting path starts
    at an element, the elements that its alternating tree reaches hold all places of the tree: Hall's condition fails.

    Examples
    --------
    >>> deficient_set({0: 0b011, 1: 0b110, 2: 0b010, 3: 0b011}, 1)
    (0, 2, 3)
    >>> deficient_set({0: 0b011, 1: 0b110, 2: 0b010, 3: 0b011}, 2)
    """
    matching = _Matching(places_of, capacity)
    for element in places_of:
        tree = matching.add(element)
        if tree is not None:
            return tuple(sorted(tree))
    return None


class _Matching:
    """The elements that each place holds."""

    def __init__(self, places_of: Mapping[int, int], capacity: int) -> None:
        self._places_of = places_of
        self._capacity = capacity
        self._holders: dict[int, list[int]] = {}
        self._place_of: dict[int, int] = {}
        self._full = 0

    def add(self, element: int) -> list[int] | None:
        """Give an element a place, moving others; return the elements of the alternating tree when it gets none."""
        reached_from: dict[int, int] = {}
        reached = 0
        tree = [element]
        for member in tree:
            free = self._places_of[member] & ~self._full
            if free:
                self._augment(free & -free, member, reached_from)
                return None
            unseen = self._places_of[member] & ~reached
            reached |= unseen
            while unseen:
                place = unseen & -unseen
                unseen ^= place
                reached_from[place] = member
                tree.extend(self._holders[place])
        return tree

    def _augment(self, place: int, member: int, reached_from: Mapping[int, int]) -> None:
        """Move the member to the place, then into its old place the element from which that was reached, and so on."""
        while True:
            holders = self._holders.setdefault(place, [])
            holders.append(member)
            if len(holders) == self._capacity:
                self._full |= place
            old_place = self._place_of.get(member)
            self._place_of[member] = place
            if old_place is None:
                return
            self._holders[old_place].remove(member)
            self._full &= ~old_place
            place, member = old_place, reached_from[old_place]
