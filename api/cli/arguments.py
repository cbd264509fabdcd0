"""What may be written after an option, or set before the command: each reads one, or says what to write instead."""

import math
from argparse import ArgumentTypeError
from typing import TypedDict

from api.cli.output import Failure
from api.settings import Settings
from scheduler.planning.propose import MAX_MOVE_COST
from scheduler.proposal import Objective


class Sought(TypedDict, total=False):
    """What is sought, and how: the options of :func:`scheduler.propose` that a person may set."""

    objective: Objective
    give_up: float
    move_cost: float
    alternatives: int
    min_days: int
    min_moved: int | None
    seed: int
    time_limit_seconds: float


def settings_of_environment() -> Settings:
    """Return what the operator has set; a person is told of what cannot be read."""
    try:
        return Settings.from_environment()
    except ValueError as wrong:
        raise Failure("A setting cannot be read: {reason}.", reason=str(wrong)) from None


def seed(text: str) -> int:
    """Read a seed of the search."""
    return _whole(text, 0, 2**31 - 1)


def days(text: str) -> int:
    """Read by how many days two plans differ."""
    return _whole(text, 1, 366)


def meetings(text: str) -> int:
    """Read in how many meetings two plans differ."""
    return _whole(text, 1, 3000)


def seconds(text: str) -> float:
    """Read a time limit."""
    number = _number(text)
    if not 0 < number < math.inf:
        raise ArgumentTypeError(f"write a number above 0, as 60; {text!r} is none")
    return number


def share(text: str) -> float:
    """Read a part of a whole."""
    return _between(text, 0, 1, "a share from 0 to 1, as 0.001")


def parties(text: str) -> float:
    """Read a cost in expected parties."""
    return _between(text, 0, MAX_MOVE_COST, f"a number of parties from 0 to {MAX_MOVE_COST:.0f}, as 0.25")


def _whole(text: str, least: int, most: int) -> int:
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise ArgumentTypeError(f"write a whole number from {least} to {most}; {text!r} is none")
    return number


def _between(text: str, least: float, most: float, wanted: str) -> float:
    number = _number(text)
    if not least <= number <= most:
        raise ArgumentTypeError(f"write {wanted}; {text!r} is none")
    return number


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
