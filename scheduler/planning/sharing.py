"""What meetings share lives here: people and rooms, and the sets of slots that therefore exclude each other."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from scheduler.candidates import MeetingCandidates
from scheduler.intervals import Indices, Seconds
from scheduler.problem import Meeting, Problem


@dataclass(frozen=True, slots=True)
class Exclusion:
    """At most ``capacity`` of these slots may be taken; ``meeting`` and ``slot`` are positions, of one length."""

    capacity: int
    meeting: Indices
    slot: Indices


def people_exclusions(problem: Problem, choices: Sequence[MeetingCandidates]) -> Iterator[Exclusion]:
    """
    Yield sets of slots of which one person can take one: together, nobody is in two places.

    Where the minutes between two meetings depend on the pair, the sets for the least minutes of all are followed by
    sets for each pair that needs more.
    """
    tables = {_travel_table(problem, person, meetings) for person, meetings in _bound_people(problem).items()}
    for meetings, minutes in sorted(tables):
        least = min(minutes)
        yield from _exclusions(choices, meetings, 60 * least)
        for pair, needed in zip(combinations(meetings, 2), minutes, strict=True):
            if needed > least:
                yield from _exclusions(choices, pair, 60 * needed)


def room_exclusions(problem: Problem, choices: Sequence[MeetingCandidates]) -> Iterator[Exclusion]:
    """Yield sets of slots of which no more can be taken than the venue has rooms."""
    for venue in problem.venues:
        there = tuple(at for at, one in enumerate(problem.meetings) if one.venue == venue.id and one.mode != "online")
        if len(there) > venue.rooms:
            yield from _exclusions(choices, there, 0, venue.rooms)


def people_bound(problem: Problem, meeting: Meeting) -> frozenset[str]:
    """Return who must be there in person or not at all: members and required people; a substitute is not bound."""
    members = (seat.member for seat in problem.councils_by_id[meeting.council].seats)
    return frozenset({person for person in members if person is not None} | {one.person for one in meeting.required})


def travel_minutes(problem: Problem, person: str, one: Meeting, other: Meeting) -> int:
    """Return the minutes that part two meetings for ``person``: 0 at one venue or when either is not in person."""
    if one.venue == other.venue or one.mode != "in_person" or other.mode != "in_person":
        return 0
    if one.venue is not None and other.venue is not None:
        here, there = problem.venues_by_id[one.venue], problem.venues_by_id[other.venue]
        stated = [here.travel_minutes.get(there.id), there.travel_minutes.get(here.id)]
        if any(minutes is not None for minutes in stated):
            return max(minutes for minutes in stated if minutes is not None)
    own = problem.parties_by_id[problem.people_by_id[person].party].travel_minutes
    return max(own.get(venue, 0) for venue in (one.venue, other.venue) if venue is not None)


def _bound_people(problem: Problem) -> dict[str, list[int]]:
    """Return the positions of the meetings to which each person is bound, for people bound to two or more."""
    bound = defaultdict(list)
    for at, meeting in enumerate(problem.meetings):
        for person in people_bound(problem, meeting):
            bound[person].append(at)
    return {person: meetings for person, meetings in bound.items() if len(meetings) > 1}


def _travel_table(problem: Problem, person: str, meetings: list[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    pairs = combinations(meetings, 2)
    minutes = (travel_minutes(problem, person, problem.meetings[a], problem.meetings[b]) for a, b in pairs)
    return tuple(meetings), tuple(minutes)


def _exclusions(
    choices: Sequence[MeetingCandidates], meetings: Sequence[int], parting_seconds: int, capacity: int = 1
) -> Iterator[Exclusion]:
    """Yield a set per moment at which more meetings would go on than may, where `order` does not forbid it already."""
    meeting = np.concatenate([np.full(len(choices[at].slots), at) for at in meetings])
    slot = np.concatenate([np.arange(len(choices[at].slots)) for at in meetings])
    start = np.concatenate([choices[at].slots.starts for at in meetings])
    end = np.concatenate([choices[at].slots.ends for at in meetings]) + parting_seconds
    day = np.concatenate([choices[at].slots.days for at in meetings])
    names = {council: number for number, council in enumerate(sorted({one.meeting.council for one in choices}))}
    council = np.array([names[one.meeting.council] for one in choices])[meeting]
    for together in overlapping_sets(start, end):
        # order lets a council have one meeting a day: such slots count once, like those of one meeting
        if len(set(zip(council[together].tolist(), day[together].tolist(), strict=True))) > capacity:
            yield Exclusion(capacity, meeting[together], slot[together])


def overlapping_sets(start: Seconds, end: Seconds) -> Iterator[Indices]:
    """
    Yield every maximal set of intervals that share a moment, as positions.

    Two intervals overlap exactly when some set holds both.

    Examples
    --------
    >>> [one.tolist() for one in overlapping_sets(np.array([0, 2, 5]), np.array([4, 6, 9]))]
    [[0, 1], [1, 2]]
    """
    order = np.argsort(start, kind="stable")
    moments = np.unique(start)
    following = np.r_[moments[1:], np.iinfo(np.int64).max]
    begun = np.searchsorted(start[order], moments, side="right")
    active = np.zeros(0, dtype=np.int64)
    last = 0
    for moment, next_moment, upto in zip(moments, following, begun, strict=True):
        active = np.concatenate([active[end[active] > moment], order[last:upto]])
        last = upto
        if (end[active] <= next_moment).any():
            yield np.sort(active)
