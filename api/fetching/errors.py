"""The error that is raised when a calendar cannot be fetched."""

from dataclasses import dataclass
from datetime import timedelta

from scheduler.errors import Fault


@dataclass(eq=False)  # neither frozen nor slotted: Python itself writes the traceback into an exception
class FetchError(Exception):
    """
    A calendar could not be fetched.

    The fault contains neither the URL nor any text from the server, so it may be stored, displayed and logged.
    """

    fault: Fault
    retry_after: timedelta = timedelta()  # the delay that the server requests before the next attempt
    is_final: bool = False  # no later attempt can succeed
