"""The minimum minutes between two meetings for a person, and which meetings need none."""

from collections.abc import Sequence

from scheduler.problem import Meeting, Problem

Place = tuple[str, str | bool]  # a council, and a venue where the meeting is held in person


def place_of(meeting: Meeting) -> Place:
    """Return the key of a meeting's location: meetings with equal keys have equal travel times."""
    is_in_person = meeting.mode == "in_person"
    return meeting.council, is_in_person and (meeting.venue or True)


def is_one_place(meetings: Sequence[Meeting]) -> bool:
    """Tell whether all meetings are one council's, without travel between them."""
    return len(set(map(place_of, meetings))) == 1


def travel_minutes(
    problem: Problem,
    person: str,
    meeting: Meeting,
    other: Meeting,
) -> int:
    """
    Return the minimum minutes between two meetings for a person.

    They are 0 at one venue and when either meeting is not in person. Else the venues' own minutes decide, and where
    these are not stated the larger of the party's travel times to the two venues.
    """
    if meeting.venue == other.venue or meeting.mode != "in_person" or other.mode != "in_person":
        return 0

    if meeting.venue is not None and other.venue is not None:
        here = problem.venues_by_id[meeting.venue]
        there = problem.venues_by_id[other.venue]
        either_way = (here.travel_minutes.get(there.id), there.travel_minutes.get(here.id))
        stated = [minutes for minutes in either_way if minutes is not None]
        if stated:
            return max(stated)

    party = problem.people_by_id[person].party
    minutes = problem.parties_by_id[party].travel_minutes
    return max(minutes.get(venue, 0) for venue in (meeting.venue, other.venue) if venue is not None)
