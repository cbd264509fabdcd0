"""Objectives of the CP-SAT model: the total gain in units, and lexicographic ranks that break ties."""

from ortools.sat.python import cp_model

from scheduler.intervals import IntArray
from scheduler.planning.cpsat.variables import PlanVariables

MAX_RANKS = 2**40  # of one objective: with larger coefficients the linear relaxation loses precision


def total_gain(plan: PlanVariables) -> cp_model.LinearExpr:
    """Return the plan's value in units."""
    positions = list(plan.selected)
    gains = plan.instance.gains[positions].tolist()
    literals = list(plan.selected.values())
    return cp_model.LinearExpr.weighted_sum(literals, gains)


def require_value(plan: PlanVariables, minimum: int) -> None:
    """Constrain the plan's value to ``minimum`` units or more."""
    plan.model.add(total_gain(plan) >= minimum)


def rank_among_earlier(plan: PlanVariables, current: IntArray) -> cp_model.LinearExpr:
    """
    Constrain the plan to be lexicographically earlier than ``current``, and return its rank.

    ``current`` has the shape ``(meetings,)``, positions. Exactly one meeting is the first that differs; it takes an
    earlier position. The rank is that position: it is minimal when the first difference is in the first possible
    meeting, at its earliest position, as positions ascend with the meeting and the start.
    """
    literals: list[cp_model.IntVar] = []
    ranks: list[int] = []
    is_equal_so_far: cp_model.IntVar | None = None
    for meeting in plan.meetings:
        candidates = plan.candidates[meeting]
        earlier = candidates[candidates < current[meeting]]
        for position in earlier.tolist():
            # True when this meeting is the first that differs, and takes this position.
            is_first_difference = plan.model.new_bool_var("")
            plan.model.add_implication(is_first_difference, plan.selected[position])
            if is_equal_so_far is not None:
                plan.model.add_implication(is_first_difference, is_equal_so_far)
            literals.append(is_first_difference)
            ranks.append(position)

        # One-sided implications suffice: a difference may be claimed only where all meetings before are equal.
        is_equal = plan.model.new_bool_var("")
        plan.model.add_implication(is_equal, plan.selected[int(current[meeting])])
        if is_equal_so_far is not None:
            plan.model.add_implication(is_equal, is_equal_so_far)
        is_equal_so_far = is_equal
    plan.model.add_exactly_one(literals)
    return cp_model.LinearExpr.weighted_sum(literals, ranks)


def lexicographic_rank(plan: PlanVariables, first: int) -> tuple[cp_model.LinearExpr, int]:
    """
    Return the lexicographic rank of the starts of the plan's meetings from index ``first`` on.

    Returns
    -------
    rank
        Minimal when the meeting at ``first`` starts earliest, then the next one, and so on.
    end
        The index of the first meeting that the rank does not cover, to keep it below `MAX_RANKS`.
    """
    num_ranks = 1
    end = first
    while end < len(plan.meetings):
        num_ranks *= len(plan.candidates[plan.meetings[end]])
        if num_ranks > MAX_RANKS and end > first:
            break
        end += 1

    # A number in a mixed radix: each meeting's candidates, by start, are the digits; the first meeting's is highest.
    literals: list[cp_model.IntVar] = []
    ranks: list[int] = []
    weight = 1
    for meeting in reversed(plan.meetings[first:end]):
        digits = plan.literals(meeting)
        literals.extend(digits)
        ranks.extend(weight * digit for digit in range(len(digits)))
        weight *= len(digits)
    return cp_model.LinearExpr.weighted_sum(literals, ranks), end
