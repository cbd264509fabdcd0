"""The error that ends a command with a message and an exit status."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from api.i18n import Wording
from scheduler.errors import MAX_LISTED_FAULTS, Fault, InvalidProblem
from scheduler.text import printable


class Failure(Exception):
    """
    An error that ends the command.

    Parameters
    ----------
    sentence
        The message: an English sentence of the catalogue, with ``{named}`` places for ``values``.
    status
        The exit status: 2 when the input is invalid, 1 for other errors, 130 after Ctrl-C.
    faults
        Faults to list under the message, a line each; a fault of the whole document has no pointer.
    """

    def __init__(self, sentence: str, *, status: int = 2, faults: Sequence[Fault] = (), **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
        self.faults = faults
        self.values = values

    @classmethod
    def from_invalid_problem(cls, invalid: InvalidProblem, path: Path) -> "Failure":
        """Return the failure that lists the faults of the problem in a file or folder."""
        num_listed = len(invalid.faults)
        if invalid.num_faults == num_listed:
            return cls("{path} cannot be planned:", faults=invalid.faults, path=str(path))
        return cls(
            "{path} cannot be planned: it has {count} faults, of which the first {listed} are listed.",
            faults=invalid.faults,
            path=str(path),
            count=invalid.num_faults,
            listed=num_listed,
        )

    @classmethod
    def from_invalid_list(cls, faults: Sequence[Fault], path: Path) -> "Failure":
        """Return the failure that lists the faults of a list of members."""
        if len(faults) <= MAX_LISTED_FAULTS:
            return cls("{path} cannot be used as a list of members:", faults=faults, path=str(path))
        return cls(
            "{path} cannot be used as a list of members: it has {count} faults; the first {listed} are listed.",
            faults=faults[:MAX_LISTED_FAULTS],
            path=str(path),
            count=len(faults),
            listed=MAX_LISTED_FAULTS,
        )

    @classmethod
    def from_fault(cls, fault: Fault) -> "Failure":
        """Return the failure whose message is the sentence of a single fault."""
        failure = cls(fault.sentence)
        failure.values = dict(fault.values)
        return failure

    def lines(self, wording: Wording) -> Iterator[str]:
        """Yield the lines to print on standard error."""
        yield wording.say(self.sentence, **self.values)
        for fault in self.faults:
            sentence = wording.say(fault.sentence, **fault.values)
            yield f"  {printable(fault.pointer)}: {sentence}" if fault.pointer else f"  {sentence}"
