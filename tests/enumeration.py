"""Plans as starts live here: every one that a small problem allows, tried one by one, and any that was chosen."""

from collections.abc import Sequence
from datetime import datetime
from itertools import product

from scheduler import Problem
from scheduler.candidates import MeetingCandidates
from scheduler.days import days_between, start_on
from scheduler.planning.search import Plan
from scheduler.verify import Checker

Starts = dict[str, datetime]


def allowed_plans(problem: Problem) -> list[Starts]:
    """Every plan without violations, by trying all, in the order of the meetings' starts."""
    checker = Checker(problem)
    ids = [meeting.id for meeting in problem.meetings]
    single = []  # a slot that is forbidden whatever the others do need not be combined
    for meeting, starts in zip(problem.meetings, _every_start(problem), strict=True):
        single.append([start for start in starts if not checker.slot_violations(meeting, start)])
    plans = (dict(zip(ids, chosen, strict=True)) for chosen in product(*single))
    return [plan for plan in plans if not checker.violations(plan)]


def _every_start(problem: Problem) -> list[list[datetime]]:
    """Every start that each meeting could have, allowed or not, earliest first."""
    horizon = list(days_between(problem.horizon.start, problem.horizon.end))
    starts = []
    for meeting in problem.meetings:
        if meeting.pinned is not None:
            starts.append([problem.instant(meeting.pinned)])
        else:
            found = (start_on(day, clock, problem.zone) for day in horizon for clock in meeting.start_clocks)
            starts.append([start for start in found if start is not None])
    return starts


def starts_of(choices: Sequence[MeetingCandidates], plan: Plan, problem: Problem) -> Starts:
    """Return a plan as each meeting's start."""
    return {
        one.meeting.id: datetime.fromtimestamp(int(one.slots.starts[slot]), problem.zone)
        for one, slot in zip(choices, plan, strict=True)
    }
