"""A greedy heuristic by expected attendance, meeting by meeting, without backtracking."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scheduler import Problem
from scheduler.candidates import MeetingCandidates
from scheduler.intervals import BoolArray, IntArray
from scheduler.planning.search_types import Plan
from scheduler.problem import Council
from scheduler.rules import spacing_range
from scheduler.verify.rules import minutes_between
from tests.benchmarks.together import bound_people

DAY = 86_400


@dataclass(frozen=True)
class _Placed:
    """A placed meeting: its index, start and end."""

    at: int
    start: int
    end: int


def greedy(problem: Problem, choices: Sequence[MeetingCandidates]) -> Plan:
    """
    Place council by council and meeting by meeting at the slot of greatest expected attendance that is still free.

    Order and spacing within the council are respected in advance, so that its later meetings stay feasible. A council
    that has no feasible dates left is moved to the front, and the heuristic starts again.
    """
    waiting = list(problem.councils)
    for _ in problem.councils:
        plan, stuck = _placed_in_turn(problem, choices, waiting)
        if stuck is None:
            return plan
        waiting.remove(stuck)
        waiting.insert(0, stuck)
    raise AssertionError("every order of councils that was tried leaves one of them without a day")


def _placed_in_turn(
    problem: Problem, choices: Sequence[MeetingCandidates], councils: Sequence[Council]
) -> tuple[Plan, Council | None]:
    position = {meeting.id: at for at, meeting in enumerate(problem.meetings)}
    bound = [bound_people(problem, at) for at in range(len(choices))]
    placed: list[_Placed] = []
    slots: dict[int, int] = {}
    for council in councils:
        meetings = [position[meeting.id] for meeting in problem.meetings_by_council[council.id]]
        free = [_unblocked(problem, choices, at, placed, bound) for at in meetings]
        taken = _best_in_turn([choices[at] for at in meetings], free, council)
        if taken is None:
            return (), council
        for at, slot in zip(meetings, taken, strict=True):
            slots[at] = slot
            placed.append(_Placed(at, int(choices[at].slots.starts[slot]), int(choices[at].slots.ends[slot])))
    return tuple(slots[at] for at in range(len(choices))), None


def _unblocked(
    problem: Problem,
    choices: Sequence[MeetingCandidates],
    at: int,
    placed: Sequence[_Placed],
    bound: Sequence[frozenset[str]],
) -> BoolArray:
    """Tell which slots neither people nor rooms shut out, given what is placed."""
    slots, meeting = choices[at].slots, choices[at].meeting
    free = np.ones(len(slots), dtype=np.bool_)
    if not len(slots):
        return free
    near = [one for one in placed if slots.starts[0] - DAY < one.end and one.start < slots.ends[-1] + DAY]
    for one in near:
        shared = bound[at] & bound[one.at]
        other = problem.meetings[one.at]
        if shared:
            seconds = 60 * max(minutes_between(problem, person, meeting, other) for person in shared)
            free &= (slots.ends + seconds <= one.start) | (slots.starts - seconds >= one.end)
    venue = next((venue for venue in problem.venues if venue.id == meeting.venue), None)
    if venue is None or meeting.mode == "online":
        return free
    there = [one for one in near if _takes_room(problem, one.at, venue.id)]
    for moment in (*(one.start for one in there), *np.unique(slots.starts).tolist()):
        if sum(one.start <= moment < one.end for one in there) >= venue.rooms:
            free &= (slots.starts > moment) | (slots.ends <= moment)
    return free


def _takes_room(problem: Problem, at: int, venue: str) -> bool:
    return problem.meetings[at].venue == venue and problem.meetings[at].mode != "online"


def _best_in_turn(
    choices: Sequence[MeetingCandidates], free: Sequence[BoolArray], council: Council
) -> list[int] | None:
    """Return the best slot of each meeting from which the rest of the row still fits; None where there is no row."""
    least, upper = spacing_range(council)
    most = DAY if upper is None else upper
    open_ = _with_a_rest(choices, free, least, most)
    taken: list[int] = []
    first, last = 0, DAY * DAY
    for one, flags in zip(choices, open_, strict=True):
        fits = flags & (one.slots.days >= first) & (one.slots.days <= last)
        if not fits.any():
            return None
        taken.append(int(np.where(fits, one.attendance, -1.0).argmax()))  # the first of equals is the earliest
        day = int(one.slots.days[taken[-1]])
        first, last = day + least, day + most
    return taken


def _with_a_rest(
    choices: Sequence[MeetingCandidates], free: Sequence[BoolArray], least: int, most: int
) -> list[BoolArray]:
    """Return each meeting's slots from which every later meeting of the council can still be held."""
    open_: list[BoolArray] = []
    after: IntArray | None = None
    for one, flags in zip(reversed(choices), reversed(free), strict=True):
        here = flags.copy()
        if after is not None:
            following = np.searchsorted(after, one.slots.days + least)
            reached = np.append(after, np.iinfo(np.int64).max)[following]
            here &= reached <= one.slots.days + most
        open_.insert(0, here)
        after = np.unique(one.slots.days[here])
    return open_
