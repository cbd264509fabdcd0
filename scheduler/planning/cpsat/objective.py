"""What is maximised lives here: worth in whole units, and how plans that tie are ranked."""

from ortools.sat.python import cp_model

from scheduler.intervals import IntArray
from scheduler.planning.cpsat.variables import PlanVariables

MAX_RANKS = 2**40  # beyond, its linear relaxation loses digits


def worth(plan: PlanVariables) -> cp_model.LinearExpr:
    """Return the plan's worth in whole units."""
    gains = plan.instance.gains[list(plan.taken)].tolist()
    return cp_model.LinearExpr.weighted_sum(list(plan.taken.values()), gains)


def is_worth(plan: PlanVariables, least: int) -> None:
    """Demand that the plan is worth ``least`` whole units or more."""
    plan.model.add(worth(plan) >= least)


def is_earlier_than(plan: PlanVariables, current: IntArray) -> cp_model.LinearExpr:
    """
    Constrain the plan to start earlier than ``current``, meeting by meeting in the list's order; return its rank.

    ``current`` gives each of the problem's meetings a position. Exactly one meeting is the first that differs, and it
    takes an earlier slot. The rank is least when that meeting comes first in the list and takes its earliest slot.
    """
    firsts: list[cp_model.IntVar] = []
    ranks: list[int] = []
    same_so_far: cp_model.IntVar | None = None
    for meeting in plan.meetings:
        for position in plan.open[meeting][plan.open[meeting] < current[meeting]].tolist():
            first = plan.model.new_bool_var("")
            plan.model.add_implication(first, plan.taken[position])
            if same_so_far is not None:
                plan.model.add_implication(first, same_so_far)
            firsts.append(first)
            ranks.append(position)  # positions rise with the meeting and its start
        same = plan.model.new_bool_var("")
        plan.model.add_implication(same, plan.taken[int(current[meeting])])
        if same_so_far is not None:
            plan.model.add_implication(same, same_so_far)
        same_so_far = same
    plan.model.add_exactly_one(firsts)
    return cp_model.LinearExpr.weighted_sum(firsts, ranks)


def starts_in_turn(plan: PlanVariables, first: int) -> tuple[cp_model.LinearExpr, int]:
    """
    Return a rank of the plan's meetings from the ``first``-th on, and how many of them it could take in.

    It is least when the first of these starts earliest, then the second, and so on.
    """
    num_ranks, after = 1, first
    while after < len(plan.meetings):
        num_ranks *= len(plan.open[plan.meetings[after]])
        if num_ranks > MAX_RANKS and after > first:
            break
        after += 1
    literals: list[cp_model.IntVar] = []
    ranks: list[int] = []
    weight = 1
    for meeting in reversed(plan.meetings[first:after]):
        mine = plan.of(meeting)
        literals.extend(mine)
        ranks.extend(weight * rank for rank in range(len(mine)))
        weight *= len(mine)
    return cp_model.LinearExpr.weighted_sum(literals, ranks), after
