"""Who says what was sought, what is proven of it, and what it costs: attendance, fairness or few moves."""

import math
from collections.abc import Iterator

from api.i18n import Wording
from api.presenting.attendance import weighs_evenly
from scheduler.problem import Problem
from scheduler.proposal import TOLERANCE, Fairness, Proposals

SMALLEST_PRICE = 0.005  # below it two decimals show nothing


def describe_proof(problem: Problem, answer: Proposals, wording: Wording) -> Iterator[str]:
    """Yield what is proven of the first plan, in whole sentences."""
    match answer.objective_kind:
        case "fair":
            yield _fair(answer, wording)
            yield from _price(problem, answer.fairness, wording)
        case "repair" if answer.status == "optimal":
            yield _repaired(problem, answer, wording)
        case "attendance" if answer.status == "optimal":
            yield _attended(problem, wording)
        case _:
            yield _not_proven(problem, answer, wording)


def cost_of_a_move(answer: Proposals) -> float | None:
    """Return what each move of the first plan was charged, in expected parties; None when nothing moves."""
    best = answer.proposals[0]
    if not best.moved or answer.maximised is None:
        return None
    return (best.objective - answer.maximised) / len(best.moved)


def _attended(problem: Problem, wording: Wording) -> str:
    if weighs_evenly(problem):
        return wording.say("Proven: no other plan within the rules gives more.")
    return wording.say("Proven: no other plan within the rules gives higher attendance.")


def _repaired(problem: Problem, answer: Proposals, wording: Wording) -> str:
    cost = cost_of_a_move(answer)
    if cost is None or cost < TOLERANCE or not weighs_evenly(problem):
        return wording.say("Proven: no other plan weighs attendance against moved meetings better.")
    return wording.say(
        "Proven: no other plan weighs attendance against moved meetings better, when each move counts as "
        "{cost} expected parties lost.",
        cost=wording.decimal(cost, 2),
    )


def _fair(answer: Proposals, wording: Wording) -> str:
    depth = answer.fairness.leximin_depth if answer.fairness else 0
    if depth == 0:
        return wording.say("It is not proven that the least heard party could not be heard more often.")
    if answer.status == "optimal":
        return wording.say(
            "Proven for all parties: within the attendance that may be given up, none can be heard more often "
            "unless another, heard no more often than it, is heard less."
        )
    return wording.say_many(
        "Proven for the least heard party: within the attendance that may be given up, it cannot be heard more "
        "often. For the others it is not proven.",
        "Proven for the {count} least heard parties: within the attendance that may be given up, none of them can be "
        "heard more often unless another of them is heard less. For the others it is not proven.",
        depth,
    )


def _price(problem: Problem, fairness: Fairness | None, wording: Wording) -> Iterator[str]:
    if fairness is None:
        return
    price = wording.decimal(fairness.price_absences, 2)
    if fairness.price_absences < SMALLEST_PRICE:
        yield wording.say("The fairness costs no attendance that shows.")
    elif weighs_evenly(problem):
        yield wording.say("The fairness costs {price} expected absences, counted over all meetings.", price=price)
    else:
        yield wording.say("The fairness costs {price} of the expected attendance, by weight.", price=price)


def _not_proven(problem: Problem, answer: Proposals, wording: Wording) -> str:
    if answer.bound is None or answer.maximised is None:
        return wording.say("It is not proven how much better another plan could be.")
    room = wording.decimal(math.ceil((answer.bound - answer.maximised) * 100) / 100, 2)
    if answer.objective_kind == "attendance" and weighs_evenly(problem):
        return wording.say(
            "It is not proven that no plan is better: another could give at most {room} more expected parties, "
            "counted over all meetings.",
            room=room,
        )
    return wording.say(
        "It is not proven that no plan is better: at most {room} could be gained in what was sought.", room=room
    )
