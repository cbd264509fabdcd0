"""Who finds the best plan and proves it: the one door to every exact method."""

from collections.abc import Sequence
from datetime import datetime

from scheduler.candidates import MeetingCandidates
from scheduler.planning.search import Cut, Found, Plan, Search
from scheduler.planning.series import best_series
from scheduler.planning.units import rounding, units_per_party, whole_gains
from scheduler.problem import Problem
from scheduler.verify import Checker


def optimum(problem: Problem, choices: Sequence[MeetingCandidates], search: Search, cuts: Sequence[Cut] = ()) -> Found:
    """
    Return the plan of greatest attendance that obeys every rule between meetings and every cut.

    Of plans that tie, the one with the earliest starts, compared meeting by meeting in the list's order. The same
    problem, seed and limit give the same answer, whatever the load.
    """
    if not all(len(one.slots) for one in choices):
        return Found("infeasible")
    series = best_series(problem, choices)
    if series is None:
        return Found("infeasible")  # some council's own order and spacing cannot be kept
    if not cuts and _keeps_every_rule(problem, choices, series):
        return _proven(choices, series, search)
    from scheduler.planning.cpsat.model import best_plan  # here, so that what the path decides never loads OR-Tools

    return best_plan(problem, choices, search, cuts)


def _keeps_every_rule(problem: Problem, choices: Sequence[MeetingCandidates], plan: Plan) -> bool:
    """Tell whether the rules that the path does not know, between councils, happen to be kept too."""
    starts = {
        one.meeting.id: datetime.fromtimestamp(int(one.slots.starts[slot]), problem.zone)
        for one, slot in zip(choices, plan, strict=True)
    }
    return not Checker(problem).between_meetings(starts)


def _proven(choices: Sequence[MeetingCandidates], plan: Plan, search: Search) -> Found:
    """Return the path's plan: nothing beats it, since it was found with fewer rules and keeps them all."""
    scale = units_per_party(choices)
    gains = whole_gains(choices, scale)
    value = float(sum(one.gains[slot] for one, slot in zip(choices, plan, strict=True)))
    whole = sum(int(one[slot]) for one, slot in zip(gains, plan, strict=True))
    bound = max(value, whole / scale + rounding(choices, gains, scale))
    if search.progress is not None:
        search.progress(value, bound)
    return Found("optimal", plan, value, bound)
