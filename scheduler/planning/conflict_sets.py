"""What meetings share lives here: people and rooms, and the sets of slots that therefore exclude each other."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from scheduler.candidates import MeetingCandidates
from scheduler.intervals import BoolArray, IntArray, Seconds, ascending, expand_ranges
from scheduler.problem import Meeting, Problem


@dataclass(frozen=True, slots=True)
class ConflictSets:
    """
    Sets of slots, of which at most ``capacity`` may be taken.

    ``capacity`` has shape ``(sets,)``; ``row`` (the set), ``meeting`` and ``slot`` say what is in them, sorted by set.
    """

    capacity: IntArray
    row: IntArray
    meeting: IntArray
    slot: IntArray

    def __len__(self) -> int:
        return len(self.capacity)

    @classmethod
    def none(cls) -> "ConflictSets":
        """Return no sets at all."""
        nothing = np.zeros(0, dtype=np.int64)
        return cls(nothing, nothing, nothing, nothing)

    @classmethod
    def of(cls, several: Sequence["ConflictSets"]) -> "ConflictSets":
        """Return all sets of several collections."""
        if not several:
            return cls.none()
        before = np.cumsum([0, *(len(one) for one in several)])
        return cls(
            np.concatenate([one.capacity for one in several]),
            np.concatenate([one.row + offset for one, offset in zip(several, before[:-1], strict=True)]),
            np.concatenate([one.meeting for one in several]),
            np.concatenate([one.slot for one in several]),
        )


@dataclass(frozen=True, slots=True)
class _Pool:
    """The slots of some meetings in one row; ``unit`` numbers (council, day): `order` lets one of a unit be taken."""

    meeting: IntArray
    slot: IntArray
    start: Seconds
    end: Seconds
    unit: IntArray
    place: IntArray  # numbers (council, venue): within one no way has to be gone

    @classmethod
    def of(cls, choices: Sequence[MeetingCandidates], meetings: Sequence[int]) -> "_Pool":
        held = [choices[at] for at in meetings]
        sizes = [len(one.slots) for one in held]
        councils = {
            council: number for number, council in enumerate(dict.fromkeys(one.meeting.council for one in held))
        }
        places = {place: number for number, place in enumerate(dict.fromkeys(_place(one.meeting) for one in held))}
        day = np.concatenate([one.slots.days for one in held])
        council = np.repeat([councils[one.meeting.council] for one in held], sizes)
        return cls(
            meeting=np.repeat(np.array(meetings, dtype=np.int64), sizes),
            slot=np.concatenate([np.arange(size) for size in sizes]),
            start=np.concatenate([one.slots.starts for one in held]),
            end=np.concatenate([one.slots.ends for one in held]),
            unit=day * len(councils) + council,
            place=np.repeat([places[_place(one.meeting)] for one in held], sizes),
        )

    def __getitem__(self, chosen: BoolArray) -> "_Pool":
        return _Pool(
            self.meeting[chosen],
            self.slot[chosen],
            self.start[chosen],
            self.end[chosen],
            self.unit[chosen],
            self.place[chosen],
        )


def people_conflict_sets(
    problem: Problem, choices: Sequence[MeetingCandidates], *, is_day_by_day: bool
) -> Iterator[ConflictSets]:
    """
    Yield sets of slots of which one person can take one: together, nobody is in two places.

    Where the minutes between two meetings depend on the pair, the sets for the least minutes of all are followed by
    sets for the pairs of places that need more. ``is_day_by_day`` tells that slots of different days never overlap.
    """
    ways = _ways(problem)
    for meetings, way_minutes in sorted(ways.items()):
        if is_day_by_day and is_one_place([problem.meetings[at] for at in meetings]):
            continue  # `order` says it all
        others = [(set(wider), minutes) for wider, minutes in ways.items() if len(wider) > len(meetings)]
        least_said = max((minutes for wider, minutes in others if wider.issuperset(meetings)), default=None)
        if least_said is not None and least_said >= way_minutes:
            continue  # somebody is bound to these and more, with as long a way
        pool = _Pool.of(choices, meetings)
        entries = _overlapping(pool, way_minutes)
        if not way_minutes or _are_sound(pool, *entries):
            yield _sets(pool, *entries, capacity=1)
            continue
        if least_said is None:
            yield _sets(pool, *_overlapping(pool, 0), capacity=1)
        for here, there in combinations(range(1 + int(pool.place.max())), 2):
            yield from _parted(pool[(pool.place == here) | (pool.place == there)], here, way_minutes)


def _ways(problem: Problem) -> dict[tuple[int, ...], int]:
    """Return which meetings somebody is bound to all of, and the minutes that part any two of their places at least."""
    ways: dict[tuple[int, ...], int] = {}
    for meetings, minutes in {_travel_table(problem, *bound) for bound in bound_people(problem).items()}:
        places = [_place(problem.meetings[at]) for at in meetings]
        least = min(minutes, default=0)
        ways[meetings] = max(least, ways.get(meetings, 0))
        for pair, needed in zip(combinations(dict.fromkeys(places), 2), minutes, strict=True):
            if needed > least:
                both = tuple(at for at, place in zip(meetings, places, strict=True) if place in pair)
                ways[both] = max(needed, ways.get(both, 0))
    return ways


def _parted(both: _Pool, here: int, way_minutes: int) -> Iterator[ConflictSets]:
    """Yield sets that put the way between two places' slots, and demand nothing of either place alone."""
    entries = _overlapping(both, way_minutes)
    if _are_sound(both, *entries):
        yield _sets(both, *entries, capacity=1)
        return
    for one in np.unique(both.meeting[both.place == here]):
        for other in np.unique(both.meeting[both.place != here]):
            pair = both[(both.meeting == one) | (both.meeting == other)]
            yield _sets(pair, *_overlapping(pair, way_minutes), capacity=1)


def room_conflict_sets(
    problem: Problem, choices: Sequence[MeetingCandidates], *, is_day_by_day: bool
) -> Iterator[ConflictSets]:
    """Yield sets of slots of which no more can be taken than the venue has rooms."""
    meetings_by_venue = defaultdict(list)
    for at, one in enumerate(problem.meetings):
        if one.venue is not None and one.mode != "online":
            meetings_by_venue[one.venue].append(at)
    for venue in problem.venues:
        there = meetings_by_venue[venue.id]
        num_at_once = len({problem.meetings[at].council for at in there}) if is_day_by_day else len(there)
        if num_at_once > venue.rooms:
            pool = _Pool.of(choices, there)
            yield _sets(pool, *_overlapping(pool, 0), capacity=venue.rooms)


def _overlapping(pool: _Pool, way_minutes: int) -> tuple[IntArray, IntArray]:
    return overlapping_sets(pool.start, pool.end + 60 * way_minutes)


def _are_sound(pool: _Pool, row: IntArray, member: IntArray) -> bool:
    """Tell whether slots of one place stand in one set only where they exclude each other even without the way."""
    where = row * (1 + int(pool.place.max())) + pool.place[member]
    order = ascending(where)
    where, unit = where[order], pool.unit[member][order]
    return bool((unit[1:] == unit[:-1])[where[1:] == where[:-1]].all())


def _sets(pool: _Pool, row: IntArray, member: IntArray, *, capacity: int) -> ConflictSets:
    """Return the sets that forbid more than `order` does: it lets a council have one meeting a day."""
    span = int(pool.unit.max()) + 1 if len(pool.unit) else 1
    num_units = np.bincount(_distinct(row * span + pool.unit[member]) // span)
    matters = num_units > capacity
    kept = matters[row]
    number = np.cumsum(matters) - 1
    return ConflictSets(
        np.full(int(matters.sum()), capacity), number[row[kept]], pool.meeting[member[kept]], pool.slot[member[kept]]
    )


def overlapping_sets(start: Seconds, end: Seconds) -> tuple[IntArray, IntArray]:
    """
    Return every maximal set of intervals that share a moment, as ``(set, position)`` pairs sorted by set.

    Two intervals overlap exactly when some set holds both.

    Examples
    --------
    >>> sets, position = overlapping_sets(np.array([0, 2, 5]), np.array([4, 6, 9]))
    >>> sets.tolist(), position.tolist()
    ([0, 0, 1, 1], [0, 1, 1, 2])
    """
    moments = _distinct(start)
    begins, ends = np.searchsorted(moments, start), np.searchsorted(moments, end)
    is_maximal = np.zeros(len(moments) + 1, dtype=np.bool_)
    is_maximal[ends] = True  # somebody leaves before the next moment, so that no later set holds all of this one
    is_maximal = is_maximal[1:]
    position, moment = expand_ranges(begins, ends)
    kept = is_maximal[moment]
    position, moment = position[kept], moment[kept]
    order = ascending(moment)
    return (np.cumsum(is_maximal) - 1)[moment[order]], position[order]


def _distinct(numbers: IntArray) -> IntArray:
    """Return each number once, in order; on arrays of this size quicker than `numpy.unique`."""
    ordered = np.sort(numbers)
    return ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])] if len(ordered) else ordered


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


def is_one_place(meetings: Sequence[Meeting]) -> bool:
    """Tell whether all are one council's, with no way to go between them."""
    return len(set(map(_place, meetings))) == 1


def _place(meeting: Meeting) -> tuple[str, str | bool]:
    """Return what the way to other meetings depends on."""
    return meeting.council, meeting.mode == "in_person" and (meeting.venue or True)


def bound_people(problem: Problem) -> dict[str, list[int]]:
    """Return the positions of the meetings to which each person is bound, for people bound to two or more."""
    members = {
        council.id: frozenset(seat.member for seat in council.seats if seat.member is not None)
        for council in problem.councils
    }
    bound = defaultdict(list)
    for at, meeting in enumerate(problem.meetings):
        for person in members[meeting.council].union(one.person for one in meeting.required):
            bound[person].append(at)
    return {person: meetings for person, meetings in bound.items() if len(meetings) > 1}


def _travel_table(problem: Problem, person: str, meetings: list[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the meetings, and the minutes between every two of their places in the order met."""
    places: dict[tuple[str, str | bool], Meeting] = {}
    for at in meetings:
        places.setdefault(_place(problem.meetings[at]), problem.meetings[at])
    pairs = combinations(places.values(), 2)
    return tuple(meetings), tuple(travel_minutes(problem, person, one, other) for one, other in pairs)
