"""
Finds the meeting dates that most parties can keep, and proves that there are no better ones.

The map, from the ground up; each room knows only those before it:

* ``errors`` and ``intervals`` and ``days``: what can go wrong, stretches of time, the calendar's days
* ``problem``: what is asked; ``proposal``: what is answered
* ``availability`` → ``attendance`` → ``candidates``: who is free, who will come, which slots a meeting may take
* ``reasons``: why a party may be missing
* ``verify``: every rule and chance again, in plain Python that shares nothing with the planner
* ``planning``: who chooses, and proves it
* ``explaining``: who says why, each answer a number that planning anew confirms
* ``explaining``: who says why
* ``ical``: calendars in, invitations out
"""

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
