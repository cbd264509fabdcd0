"""
Slots that shut each other out live here, read off the rules a second time so that the engines can be compared.

Day by day, and by kinds of slot: a council, a place and an hour. Meetings of one day touch no meeting of the next.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from scheduler.candidates import MeetingCandidates
from scheduler.problem import Problem
from scheduler.verify.rules import minutes_between


class Kind(NamedTuple):
    """What slots of one day have in common that shut out the same others; ``meeting`` stands for its like."""

    council: str
    venue: str | None
    mode: str
    start: int
    end: int


class Exclusion(NamedTuple):
    """At most ``capacity`` of these (meeting, slot) may be taken."""

    capacity: int
    taken: list[tuple[int, int]]


Day = dict[Kind, list[tuple[int, int]]]


def conflict_sets(problem: Problem, choices: Sequence[MeetingCandidates]) -> Iterator[Exclusion]:
    """Yield every largest set of slots of which a person can take one, or a venue no more than it has rooms."""
    for person, meetings in _meetings_by_person(problem).items():
        known: dict[frozenset[Kind], list[frozenset[Kind]]] = {}
        for day in _days(choices, meetings).values():
            if len({kind.council for kind in day}) > 1:
                kinds = frozenset(day)
                if kinds not in known:
                    known[kinds] = list(_cliques(_clashing(problem, person, day)))
                for clique in known[kinds]:
                    if len({kind.council for kind in clique}) > 1:
                        yield Exclusion(1, [taken for kind in clique for taken in day[kind]])
    for venue in problem.venues:
        there = [at for at, one in enumerate(problem.meetings) if one.venue == venue.id and one.mode != "online"]
        for day in _days(choices, there).values():
            for moment in {kind.start for kind in day}:
                held = [kind for kind in day if kind.start <= moment < kind.end]
                if len({kind.council for kind in held}) > venue.rooms:
                    yield Exclusion(venue.rooms, [taken for kind in held for taken in day[kind]])


def bound_people(problem: Problem, at: int) -> frozenset[str]:
    """Return who must be at a meeting in person or not at all: members, and people required."""
    meeting = problem.meetings[at]
    members = {seat.member for seat in problem.councils_by_id[meeting.council].seats} - {None}
    return frozenset(person for person in members if person) | {one.person for one in meeting.required}


def _meetings_by_person(problem: Problem) -> dict[str, list[int]]:
    meetings = defaultdict(list)
    for at in range(len(problem.meetings)):
        for person in sorted(bound_people(problem, at)):
            meetings[person].append(at)
    councils = {person: {problem.meetings[at].council for at in held} for person, held in meetings.items()}
    return {person: held for person, held in meetings.items() if len(councils[person]) > 1}


def _days(choices: Sequence[MeetingCandidates], meetings: Sequence[int]) -> dict[int, Day]:
    days: dict[int, Day] = defaultdict(lambda: defaultdict(list))
    for at in meetings:
        meeting, slots = choices[at].meeting, choices[at].slots
        columns = zip(slots.days.tolist(), slots.starts.tolist(), slots.ends.tolist(), strict=True)
        for slot, (day, start, end) in enumerate(columns):
            midnight = start - start % 86_400
            kind = Kind(meeting.council, meeting.venue, meeting.mode, start - midnight, end - midnight)
            days[day][kind].append((at, slot))
    return days


def _clashing(problem: Problem, person: str, day: Day) -> dict[Kind, set[Kind]]:
    """Return, for every kind of slot, the kinds that overlap it for this person."""
    neighbours: dict[Kind, set[Kind]] = {kind: set() for kind in day}
    for one, other in combinations(day, 2):
        pair = (problem.meetings[day[kind][0][0]] for kind in (one, other))
        seconds = 60 * minutes_between(problem, person, *pair)
        is_close = one.start < other.end + seconds and other.start < one.end + seconds
        if one.council == other.council or is_close:  # a council meets once a day
            neighbours[one].add(other)
            neighbours[other].add(one)
    return neighbours


def _cliques(
    neighbours: dict[Kind, set[Kind]],
    chosen: frozenset[Kind] = frozenset(),
    open_: set[Kind] | None = None,
    shut: set[Kind] | None = None,
) -> Iterator[frozenset[Kind]]:
    """Yield every largest set whose kinds all clash, by Bron and Kerbosch (1973)."""
    open_, shut = set(neighbours) if open_ is None else open_, shut or set()
    if not open_ and not shut:
        yield chosen
    for kind in sorted(open_, key=repr):
        yield from _cliques(neighbours, chosen | {kind}, open_ & neighbours[kind], shut & neighbours[kind])
        open_ = open_ - {kind}
        shut = shut | {kind}
