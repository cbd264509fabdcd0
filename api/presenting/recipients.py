"""The people whom the invitations of a plan reach, and those who have no address."""

from collections.abc import Iterator

from api.i18n import Wording
from api.presenting.names import list_some
from scheduler.attendance import people_of
from scheduler.problem import Meeting, Person, Problem

MAX_NAMED = 10  # people without an address in a sentence


def invited_people(problem: Problem, meeting: Meeting) -> Iterator[Person]:
    """Yield those who have a seat in the meeting's council, are required at the meeting, or chair it."""
    council = problem.councils_by_id[meeting.council]
    person_ids = list(people_of(council, meeting))
    if council.chair:
        person_ids.append(council.chair)
    for person_id in dict.fromkeys(person_ids):
        yield problem.people_by_id[person_id]


def describe_missing_addresses(problem: Problem, wording: Wording) -> str:
    """Return a sentence that names those who get no invitation for want of an address; empty if there are none."""
    people: dict[str, Person] = {}
    for meeting in problem.meetings:
        # Without an organizer, a council has no invitations at all.
        if problem.councils_by_id[meeting.council].organizer is not None:
            people |= {person.id: person for person in invited_people(problem, meeting)}
    missing = [person.name for person in people.values() if person.email is None]
    if not missing:
        return ""
    if len(missing) == len(people):
        return wording.say("Nobody gets an invitation, because none of those to be invited has an e-mail address.")
    return wording.say_many(
        "{count} person gets no invitation, for want of an e-mail address: {people}.",
        "{count} people get no invitation, for want of an e-mail address: {people}.",
        len(missing),
        people=list_some(missing, MAX_NAMED, wording),
    )
