"""Ids for the commitments that calendars add to a problem."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

MAX_PREFIX = 80  # characters of a person's or calendar's id that are kept in the ids derived from it


class UnusedIds:
    """Makes ids from prefixes and numbers that are not in ``used``."""

    def __init__(self, used: set[Any]) -> None:
        self._used = used
        self._last_numbers: Counter[str] = Counter()

    def with_prefix(self, prefix: str) -> Iterator[str]:
        """Yield unused ids that begin with ``prefix``, shortened, and add them to the used ones."""
        beginning = prefix[:MAX_PREFIX]
        while True:
            # Long ids may share their beginning. A number that was tried once is never tried again.
            self._last_numbers[beginning] += 1
            candidate = f"{beginning}-{self._last_numbers[beginning]}"
            if candidate not in self._used:
                self._used.add(candidate)
                yield candidate
