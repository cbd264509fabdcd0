"""
Every error this library raises on purpose.

* SchedulerError
  x InvalidProblem       the question is malformed or contradicts itself; lists every fault
  x UnreadableCalendar   a calendar cannot be understood; the person is unknown for that time
  x UnsoundPlan          a plan came out that the checker refuses: a defect of ours, never the caller's
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

MAX_LISTED_FAULTS = 100


@dataclass(frozen=True, slots=True)
class Fault:
    """
    One thing that is wrong with what was sent, and what to do about it.

    ``sentence`` is an English template that doubles as the key of its translation; ``values`` fill it. Neither
    ever holds what the caller wrote, so a fault may be shown and logged anywhere.

    Examples
    --------
    >>> str(Fault("/meetings/0/starts", "List at most {limit} starts.", {"limit": 96}))
    '/meetings/0/starts: List at most 96 starts.'
    """

    pointer: str  # JSON Pointer, RFC 6901; "" is the whole document
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        return self.sentence.format(**self.values)

    def __str__(self) -> str:
        return f"{self.pointer or '/'}: {self.message}"


class SchedulerError(Exception):
    """The common root: catch this to catch everything the library raises on purpose."""


class InvalidProblem(SchedulerError):
    """The question is malformed or contradicts itself."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults[:MAX_LISTED_FAULTS])
        self.num_faults = len(faults)
        super().__init__("\n".join(map(str, self.faults)))


class UnreadableCalendar(SchedulerError):
    """A calendar cannot be understood, so nothing may be concluded from it."""


class UnsoundPlan(SchedulerError):
    """A plan came out that breaks a rule or misstates its worth: a defect of this library."""
