"""Who finds the best plan and proves it: the one door to every exact method."""

from collections.abc import Sequence

from scheduler.candidates import MeetingCandidates
from scheduler.planning.search import Cut, Found, Search
from scheduler.problem import Problem


def optimum(problem: Problem, choices: Sequence[MeetingCandidates], search: Search, cuts: Sequence[Cut] = ()) -> Found:
    """
    Return the plan of greatest attendance that obeys every rule between meetings and every cut.

    Of plans that tie, the one with the earliest starts, compared meeting by meeting in the list's order. The same
    problem, seed and limit give the same answer, whatever the load.
    """
    if not all(len(one.slots) for one in choices):
        return Found("infeasible")
    from scheduler.planning.cpsat.model import best_plan  # here, so that reading a problem does not load OR-Tools

    return best_plan(problem, choices, search, cuts)
