"""Who says what something is worth: in expected parties, weighted ones where they do not all weigh the same."""

from collections.abc import Iterator

from api.i18n import Wording
from api.presenting.attendance import weighs_evenly
from scheduler.problem import Problem

SMALLEST = 0.005  # below it two decimals show nothing


def format_cost(worth: float, wording: Wording) -> str:
    """Return a worth where there is no room for words: ``0``, ``<0,01``, ``0,12``, ``12,3``."""
    if worth <= 0:
        return "0"
    return "<" + wording.decimal(0.01, 2) if worth < SMALLEST else _digits(worth, wording)


def format_parties(worth: float, problem: Problem, wording: Wording, error: float = 0.0) -> str:
    """Return a worth in words: ``0,12 parter``; with the error of sampling where there is one to show."""
    number = wording.say("less than {number}", number=wording.decimal(0.01, 2))
    if worth >= SMALLEST:
        number = _digits(worth, wording)
    if error > 0 and worth >= SMALLEST:
        number = wording.say("{number} ± {error}", number=number, error=wording.decimal(max(error, 0.01), 2))
    if weighs_evenly(problem):
        return wording.say("{gain} parties", gain=number)
    return wording.say("{gain} weighted parties", gain=number)


def describe_weights(problem: Problem, wording: Wording) -> Iterator[str]:
    """Yield what weighted parties are, where worth is told in them."""
    if not weighs_evenly(problem):
        yield wording.say("Weighted parties: each is counted by its own weight and that of the meeting.")


def _digits(worth: float, wording: Wording) -> str:
    return wording.decimal(worth, 2 if worth < 10 else 1 if worth < 100 else 0)
