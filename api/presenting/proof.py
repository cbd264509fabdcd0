"""The proof of the first plan in sentences: attendance, fairness or few moves, and the distance to the bound."""

from collections.abc import Iterator

from api.i18n import Wording
from api.presenting.amounts import SMALLEST, format_room
from api.presenting.attendance import weighs_evenly
from scheduler.problem import Problem
from scheduler.proposal import TOLERANCE, Fairness, Proposals


def describe_proof(problem: Problem, answer: Proposals, wording: Wording) -> Iterator[str]:
    """Yield what is proven of the first plan."""
    match answer.objective_kind:
        case "fair":
            yield _fair_proof(answer, wording)
            yield from _price_of_fairness(problem, answer.fairness, wording)
        case "repair" if answer.status == "optimal":
            yield _repair_proof(problem, answer, wording)
        case "attendance" if answer.status == "optimal":
            yield _attendance_proof(problem, wording)
        case _:
            yield _remaining_gap(problem, answer, wording)


def cost_of_a_move(answer: Proposals) -> float | None:
    """Return the cost of each move of the first plan, in expected parties; None when no meeting moves."""
    best = answer.proposals[0]
    if not best.moved or answer.maximised is None:
        return None

    # The maximised value is the plan's objective less one cost for every moved meeting.
    total_cost = best.objective - answer.maximised
    return total_cost / len(best.moved)


def _attendance_proof(problem: Problem, wording: Wording) -> str:
    if weighs_evenly(problem):
        return wording.say("Proven: no other plan within the rules gives more.")
    return wording.say("Proven: no other plan within the rules gives higher attendance.")


def _repair_proof(problem: Problem, answer: Proposals, wording: Wording) -> str:
    cost = cost_of_a_move(answer)
    if cost is None or cost < TOLERANCE or not weighs_evenly(problem):
        return wording.say("Proven: moving other meetings gives no better plan.")
    return wording.say(
        "A meeting is moved only if that gives at least {cost} more parties; no better plan is possible.",
        cost=wording.decimal(cost, 2),
    )


def _fair_proof(answer: Proposals, wording: Wording) -> str:
    depth = answer.fairness.leximin_depth if answer.fairness else 0
    if depth == 0:
        return wording.say("It is not proven that the worst represented party could not be represented better.")

    if answer.status == "optimal":
        return wording.say(
            "Proven for all parties: within the attendance that may be given up, no party can be better represented "
            "unless another party, no better represented, loses."
        )
    return wording.say_many(
        "Proven for the worst represented party: within the attendance that may be given up, it cannot be better "
        "represented. It is not proven for the other parties.",
        "Proven for the {count} worst represented parties: within the attendance that may be given up, none of them "
        "can be better represented unless another of them loses. It is not proven for the other parties.",
        depth,
    )


def _price_of_fairness(problem: Problem, fairness: Fairness | None, wording: Wording) -> Iterator[str]:
    if fairness is None:
        return

    price = wording.decimal(fairness.price_absences, 1)
    if fairness.price_absences < SMALLEST:
        yield wording.say("Fairness reduces the attendance by less than a tenth of a party.")
    elif weighs_evenly(problem):
        yield wording.say("Fairness costs {price} expected absences, counted over all meetings.", price=price)
    else:
        yield wording.say("Fairness costs {price} of the expected attendance, by weight.", price=price)


def _remaining_gap(problem: Problem, answer: Proposals, wording: Wording) -> str:
    if answer.bound is None or answer.maximised is None:
        return wording.say("It is not proven how much better another plan could be.")

    room = format_room(answer.maximised, answer.bound, wording)

    if answer.objective_kind == "attendance" and weighs_evenly(problem):
        return wording.say(
            "It is not proven that no plan is better: another could give at most {room} more parties, counted over "
            "all meetings.",
            room=room,
        )
    return wording.say(
        "It is not proven that no plan is better: at most {room} remains to be gained.",
        room=room,
    )
