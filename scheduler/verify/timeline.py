"""A list of intervals that is sorted by start and searched by bisection."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import Generic, TypeVar

Entry = TypeVar("Entry")


class Timeline(Generic[Entry]):
    """
    Entries with their intervals, which may overlap each other.

    Parameters
    ----------
    entries
        Start and end, in seconds since 1970, and the entry.
    """

    def __init__(self, entries: Iterable[tuple[int, int, Entry]]) -> None:
        numbered = [(start, end, number, entry) for number, (start, end, entry) in enumerate(entries)]
        self._sorted = sorted(numbered, key=lambda entry: entry[0])
        self._starts = [start for start, _, _, _ in self._sorted]
        # The latest end so far ascends, although the ends themselves do not.
        self._latest_ends = list(accumulate((end for _, end, _, _ in self._sorted), max))

    def overlapping(self, start: int, end: int) -> list[Entry]:
        """Return the entries that overlap an interval, in the order in which they were given."""
        return self._before(bisect_left(self._starts, end), start)

    def at(self, moment: int) -> list[Entry]:
        """Return the entries whose interval contains a moment, in the order in which they were given."""
        return self._before(bisect_right(self._starts, moment), moment)

    def _before(self, last: int, earliest_end: int) -> list[Entry]:
        """Return the entries before the index ``last`` that end after ``earliest_end``."""
        first = bisect_right(self._latest_ends, earliest_end)
        found = [(number, entry) for _, end, number, entry in self._sorted[first:last] if end > earliest_end]
        found.sort(key=lambda entry: entry[0])
        return [entry for _, entry in found]
