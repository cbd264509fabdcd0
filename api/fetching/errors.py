"""What a fetch can fail of lives here: one error, whose fault tells a person what to do."""

from dataclasses import dataclass
from datetime import timedelta

from scheduler.errors import Fault


@dataclass(eq=False)  # neither frozen nor slotted: Python itself writes the traceback into an exception
class NotFetched(Exception):
    """
    Nothing was fetched, and why.

    The fault holds neither the link nor anything that the server said, so it may be kept, shown and logged.
    """

    fault: Fault
    wait: timedelta = timedelta()  # what the server asks for before it is asked again
    is_final: bool = False  # it need never be asked again
