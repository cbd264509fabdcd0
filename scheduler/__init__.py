"""
Schedules council meetings for the greatest expected attendance, with a proof of optimality.

The modules by layer; a module imports from the layers above it only.

* ``errors``: exceptions; ``isolation``: framing and limits of worker processes
* ``text``: printable text; ``intervals``: half-open intervals and arrays of them; ``days``: time zones and holidays
* ``problem``: the input document, its validation and its JSON
* ``proposal``: the output documents; ``options``: the options of the planner
* ``clashes``: commitments and blackouts as a table
* ``availability``: busy, tentative, free and unknown time per person, as arrays
* ``attendance``: probabilities of persons, parties and quorums
* ``rules``: one file for each rule and preference, and their registry
* ``candidates``: the allowed slots of each meeting and their value
* ``absence_reasons``: causes of a party's possible absence
* ``verify``: an independent check of rules, probabilities and totals
* ``planning``: the exact methods, from longest paths and Lagrangian relaxation to CP-SAT
* ``explaining``: costs of other dates, values of events and of information, infeasibility, baselines
* ``ical``: iCalendar and CSV input, invitations and feeds as output
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scheduler.errors import Fault, InvalidProblem, SchedulerError, UnreadableCalendar, UnsoundPlan
    from scheduler.explaining.explain import explain
    from scheduler.explaining.explanation import Explanation
    from scheduler.planning.propose import propose
    from scheduler.problem import Problem
    from scheduler.proposal import Proposal, Proposals
    from scheduler.verify import score, violations

__all__ = [
    "Explanation",
    "Fault",
    "InvalidProblem",
    "Problem",
    "Proposal",
    "Proposals",
    "SchedulerError",
    "UnreadableCalendar",
    "UnsoundPlan",
    "explain",
    "propose",
    "score",
    "violations",
]

_MODULES = {
    "Explanation": "explaining.explanation",
    "Fault": "errors",
    "InvalidProblem": "errors",
    "Problem": "problem",
    "Proposal": "proposal",
    "Proposals": "proposal",
    "SchedulerError": "errors",
    "UnreadableCalendar": "errors",
    "UnsoundPlan": "errors",
    "explain": "explaining.explain",
    "propose": "planning.propose",
    "score": "verify",
    "violations": "verify",
}


def __getattr__(name: str) -> object:
    """Import a name when it is first used: a command that plans nothing loads no planner (PEP 562)."""
    if name not in _MODULES:
        raise AttributeError(f"module 'scheduler' has no attribute '{name}'")
    value: object = getattr(import_module(f"scheduler.{_MODULES[name]}"), name)
    globals()[name] = value
    return value
