"""The people who cannot be elsewhere during a meeting."""

from collections import defaultdict
from collections.abc import Mapping

from scheduler.problem import Meeting, Problem


def people_bound(problem: Problem, meeting: Meeting) -> frozenset[str]:
    """Return the people who cannot be elsewhere during a meeting: members and required people, no substitutes."""
    seats = problem.councils_by_id[meeting.council].seats
    members = {seat.member for seat in seats if seat.member is not None}
    required = {person.person for person in meeting.required}
    return frozenset(members | required)


def bound_people(problem: Problem) -> Mapping[str, list[int]]:
    """Return the indices of the meetings to which a person is bound, for people bound to two or more."""
    members = {
        council.id: frozenset(seat.member for seat in council.seats if seat.member is not None)
        for council in problem.councils
    }
    bound: dict[str, list[int]] = defaultdict(list)
    for index, meeting in enumerate(problem.meetings):
        required = (person.person for person in meeting.required)
        for person in members[meeting.council].union(required):
            bound[person].append(index)
    return {person: meetings for person, meetings in bound.items() if len(meetings) > 1}
