"""What is maximised lives here: expected attendance in whole units, and how plans that tie are ranked."""

from collections.abc import Sequence

from ortools.sat.python import cp_model

from scheduler.intervals import Flags, Indices
from scheduler.planning.cpsat.variables import PlanVariables

MAX_RANKS = 2**40  # beyond, its linear relaxation loses digits


def attendance(plan: PlanVariables, gains: Sequence[Indices]) -> cp_model.LinearExpr:
    """Return the plan's weighted expected attendance in whole units."""
    literals: list[cp_model.IntVar] = []
    coefficients: list[int] = []
    for taken, worth in zip(plan.taken, gains, strict=True):
        literals.extend(taken.values())
        coefficients.extend(worth[list(taken)].tolist())
    return cp_model.LinearExpr.weighted_sum(literals, coefficients)


def is_earlier_than(plan: PlanVariables, current: Sequence[int]) -> cp_model.LinearExpr:
    """
    Constrain the plan to start earlier than ``current``, meeting by meeting in the list's order; return its rank.

    ``current`` is a slot per meeting. Exactly one meeting is the first that differs, and it takes an earlier slot.
    The rank is least when that meeting comes first in the list and takes its earliest slot.
    """
    firsts: list[cp_model.IntVar] = []
    ranks: list[int] = []
    width = max(len(one.slots) for one in plan.choices) + 1
    same_so_far: cp_model.IntVar | None = None
    for meeting, now in enumerate(current):
        for slot, literal in plan.taken[meeting].items():
            if slot < now:
                first = plan.model.new_bool_var("")
                plan.model.add_implication(first, literal)
                if same_so_far is not None:
                    plan.model.add_implication(first, same_so_far)
                firsts.append(first)
                ranks.append(meeting * width + slot)
        same = plan.model.new_bool_var("")
        plan.model.add_implication(same, plan.taken[meeting][now])
        if same_so_far is not None:
            plan.model.add_implication(same, same_so_far)
        same_so_far = same
    plan.model.add_exactly_one(firsts)
    return cp_model.LinearExpr.weighted_sum(firsts, ranks)


def meetings_ranked_together(kept: Sequence[Flags], first: int) -> range:
    """Return the meetings from ``first`` on whose starts one objective can compare in turn without overflow."""
    ranks, after = 1, first
    while after < len(kept) and (after == first or ranks * int(kept[after].sum()) <= MAX_RANKS):
        ranks *= int(kept[after].sum())
        after += 1
    return range(first, after)


def starts_in_turn(plan: PlanVariables, meetings: range) -> cp_model.LinearExpr:
    """Return a rank that is least when the first of ``meetings`` starts earliest, then the second, and so on."""
    literals: list[cp_model.IntVar] = []
    ranks: list[int] = []
    weight = 1
    for meeting in reversed(meetings):
        taken = plan.taken[meeting]
        literals.extend(taken.values())
        ranks.extend(weight * rank for rank in range(len(taken)))
        weight *= len(taken)
    return cp_model.LinearExpr.weighted_sum(literals, ranks)
