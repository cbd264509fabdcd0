"""Problems prepared for planning, with the time that the preparation takes."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from scheduler import Problem
from scheduler.candidates import Candidates, MeetingCandidates
from tests.benchmarks.instances import SIZES, Size, instance


@dataclass(frozen=True)
class Prepared:
    """A problem and its candidates, with the seconds that these took."""

    problem: Problem
    choices: Sequence[MeetingCandidates]
    seconds: float

    @property
    def pairs(self) -> int:
        """The (meeting, slot) pairs that its rules about one meeting allow."""
        return sum(len(one.slots) for one in self.choices)


def prepare(problem: Problem) -> Prepared:
    begun = time.perf_counter()
    choices = Candidates(problem).meetings
    return Prepared(problem, choices, time.perf_counter() - begun)


@lru_cache(maxsize=2)  # the largest is most of a gigabyte
def county(size: Size, seed: int) -> Prepared:
    """Return the seeded county of this size, ready to be planned."""
    return prepare(instance(size, seed))


@lru_cache(maxsize=1)
def warm_up() -> Prepared:
    """Return a small problem on which every engine runs once before it is timed."""
    return prepare(instance(SIZES["S"], seed=99))
