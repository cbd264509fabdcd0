"""
The exceptions that this library raises.

* SchedulerError
  x InvalidProblem       the problem is malformed or inconsistent; lists every fault
  x UnreadableCalendar   a calendar cannot be parsed; the person's time counts as unknown
  x UnsoundPlan          a computed plan fails verification: a defect of this library
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

MAX_LISTED_FAULTS = 100


@dataclass(frozen=True, slots=True)
class Choices:
    """
    The values that are allowed, as a value of a fault's sentence; translations write the list in their language.

    Examples
    --------
    >>> str(Choices(("MO", "TU", "WE")))
    'MO, TU or WE'
    """

    values: tuple[str, ...]

    def __str__(self) -> str:
        *others, last = self.values
        return f"{', '.join(others)} or {last}" if others else last


@dataclass(frozen=True, slots=True)
class Fault:
    """
    One error in a document: where it is, what is wrong and how to correct it.

    Parameters
    ----------
    pointer
        JSON Pointer (RFC 6901) to the value; the empty string is the whole document.
    sentence
        English template, which is also the key of its translation.
    values
        The values of the template: ids, keys, numbers, dates, choices and limits. Of the document's other texts,
        such as names, titles and addresses, a fault repeats none.

    Examples
    --------
    >>> str(Fault("/meetings/0/starts", "List at most {limit} starts.", {"limit": 96}))
    '/meetings/0/starts: List at most 96 starts.'
    """

    pointer: str
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        return self.sentence.format(**self.values)

    def __str__(self) -> str:
        return f"{self.pointer or '/'}: {self.message}"


class SchedulerError(Exception):
    """Base class of every exception that this library raises on purpose."""


class InvalidProblem(SchedulerError):
    """
    The problem is malformed or inconsistent.

    ``faults`` are the first `MAX_LISTED_FAULTS` errors; ``num_faults`` counts all of them.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults[:MAX_LISTED_FAULTS])
        self.num_faults = len(faults)
        super().__init__("\n".join(map(str, self.faults)))


class UnreadableCalendar(SchedulerError):
    """A calendar cannot be parsed, so that the person's availability is unknown."""


class UnsoundPlan(SchedulerError):
    """A computed plan violates a rule or states a wrong value: a defect of this library."""
