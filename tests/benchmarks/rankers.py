"""How people choose dates today lives here, to be measured beside the proven plan on the same problem."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np

from scheduler import Problem
from scheduler.availability import Availability
from scheduler.candidates import MeetingCandidates
from scheduler.days import WEEKDAYS
from scheduler.intervals import Chances
from scheduler.planning.instance import Instance
from scheduler.planning.optimum import optimum
from scheduler.planning.search import Plan, Search
from scheduler.problem import Council, Meeting

Starts = dict[str, datetime]


def starts_of(choices: Sequence[MeetingCandidates], plan: Plan, problem: Problem) -> Starts:
    """Return a plan as each meeting's start."""
    return {
        one.meeting.id: datetime.fromtimestamp(int(one.slots.starts[slot]), problem.zone)
        for one, slot in zip(choices, plan, strict=True)
    }


def expected_attendance(problem: Problem, choices: Sequence[MeetingCandidates]) -> Starts:
    """What Tretton does: the plan of greatest expected attendance."""
    found = optimum(Instance(problem, choices), Search())
    assert found.plan is not None
    return starts_of(choices, found.plan, problem)


def counting_yes(problem: Problem, choices: Sequence[MeetingCandidates], *, members_only: bool) -> Starts:
    """
    What a poll does: each date counts those who say yes, and the plan of most is taken.

    Yes says who is known to be free; who is unknown has not answered, and does not count. With ``members_only`` the
    members are asked, else a party counts when its member or a substitute says yes.
    """
    availability = Availability(problem)
    counted = [
        replace(one, gains=_yes(availability, one, members_only=members_only).sum(axis=0, dtype=np.float64))
        for one in choices
    ]
    return expected_attendance(problem, counted)


def _yes(availability: Availability, one: MeetingCandidates, *, members_only: bool) -> Chances:
    """Return 1 where a party says yes and 0 elsewhere, shape ``(seats, slots)``."""
    problem = availability.problem
    council = problem.councils_by_id[one.meeting.council]
    people = list(dict.fromkeys(person for seat in council.seats for person in seat.people))
    slots = one.slots
    free = availability.is_known(one.meeting, people, slots)
    person, slot, _ = availability.overlapping(one.meeting, people, slots)
    free[person, slot] = False
    says = dict(zip(people, free, strict=True))
    nobody = np.zeros(len(slots), dtype=np.bool_)
    asked = [(seat.member,) if members_only else seat.people for seat in council.seats]
    rows = [
        np.any([says[person] if person is not None else nobody for person in seat] or [nobody], axis=0)
        for seat in asked
    ]
    return np.array(rows, dtype=np.float64)


def fixed_weekday(problem: Problem, choices: Sequence[MeetingCandidates]) -> Starts:
    """
    What a habit does: the council's weekday of the month, by default the third Thursday, at the first start.

    Taken from the first month of the window that has such a day in it, and moved to the next day that the meeting's
    own rules, order and spacing allow. Nobody's calendar is asked; other councils are not looked at.
    """
    starts: Starts = {}
    for council in problem.councils:
        earliest = problem.horizon.start
        for one in (choice for choice in choices if choice.meeting.council == council.id):
            starts[one.meeting.id] = start = _habitual(problem, council, one, earliest)
            earliest = start.date() + timedelta(days=_least_spacing(council))
    return starts


def _habitual(problem: Problem, council: Council, one: MeetingCandidates, earliest: date) -> datetime:
    wanted = next(_habitual_days(problem, council, one.meeting, earliest), earliest)
    late_enough = one.slots.days >= max(wanted, earliest).toordinal()
    if not late_enough.any():  # the habit leads out of the window: back to its first day
        late_enough = one.slots.days >= earliest.toordinal()
    day = one.slots.days[late_enough].min()
    return datetime.fromtimestamp(int(one.slots.starts[one.slots.days == day].min()), problem.zone)


def _habitual_days(problem: Problem, council: Council, meeting: Meeting, earliest: date) -> Iterator[date]:
    weekday = WEEKDAYS.index(council.habit.weekday if council.habit else "TH")
    ordinal = council.habit.ordinal if council.habit else 3
    first, last = problem.window(meeting)
    for day in (first + timedelta(days=offset) for offset in range((last - first).days + 1)):
        if day >= earliest and day.weekday() == weekday and _ordinal_fits(day, ordinal):
            yield day


def _ordinal_fits(day: date, ordinal: int) -> bool:
    if ordinal == -1:
        return (day + timedelta(days=7)).month != day.month
    return (day.day - 1) // 7 + 1 == ordinal


def _least_spacing(council: Council) -> int:
    spacing = council.spacing_days
    return max(1, spacing.min or 1) if spacing is not None else 1
