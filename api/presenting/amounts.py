"""Format differences in expected attendance, in tenths of a party."""

import math
from collections.abc import Iterator

from api.i18n import Wording
from api.presenting.attendance import weighs_evenly
from scheduler.problem import Problem

SMALLEST = 0.05  # parties; a smaller amount is zero when written in tenths
TENTH = 0.1
WHOLE_FROM = 100  # parties; from here on tenths are left out


def format_amount(parties: float, wording: Wording) -> str:
    """Return an amount of parties as a figure in tenths: ``0,3``, ``12,3``, ``124``."""
    digits = 1 if parties < WHOLE_FROM else 0
    return wording.decimal(parties, digits)


def format_cost(parties: float, wording: Wording) -> str:
    """Return an amount where there is no space for words: ``0``, ``<0,1``, ``0,3``, ``124``."""
    if parties <= 0:
        return "0"
    if parties < SMALLEST:
        return "<" + wording.decimal(TENTH, 1)
    return format_amount(parties, wording)


def format_more(parties: float, problem: Problem, wording: Wording, standard_error: float = 0.0) -> str:
    """Return a gain: ``0,3 fler parter``, with ± its standard error when that is at least a twentieth of a party."""
    if parties < SMALLEST:
        return wording.say("hardly any more parties")

    amount = format_amount(parties, wording)
    if standard_error >= SMALLEST:
        error = format_amount(standard_error, wording)
        amount = wording.say("{number} ± {error}", number=amount, error=error)

    if weighs_evenly(problem):
        return wording.say("{amount} more parties", amount=amount)
    return wording.say("{amount} more weighted parties", amount=amount)


def format_fewer(parties: float, problem: Problem, wording: Wording) -> str:
    """Return a loss: ``0,3 färre parter``; a loss too small for tenths in words."""
    if parties < SMALLEST:
        return wording.say("nearly as good")

    amount = format_amount(parties, wording)
    if weighs_evenly(problem):
        return wording.say("{amount} fewer parties", amount=amount)
    return wording.say("{amount} fewer weighted parties", amount=amount)


def describe_weights(problem: Problem, wording: Wording) -> Iterator[str]:
    """Yield the definition of a weighted party, when the parties or the meetings differ in weight."""
    if not weighs_evenly(problem):
        yield wording.say("Weighted parties: each is counted by its own weight and that of the meeting.")


def format_room(value: float, bound: float, wording: Wording) -> str:
    """Return the distance to the bound, rounded up to tenths so that "at most" stays true of the figure."""
    tenths = math.ceil((bound - value) * 10 - 1e-6)  # rounding errors are no distance
    return wording.decimal(max(tenths, 0) / 10, 1)
