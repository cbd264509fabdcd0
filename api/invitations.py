"""Invitations to the meetings of a plan: their contents, and the people who receive them."""

from collections.abc import Iterator

from api.i18n import Wording
from api.presenting.places import describe_place
from scheduler.attendance import people_of
from scheduler.ical.write.invitation import Content, Receiver, Role
from scheduler.problem import Council, Meeting, Problem
from scheduler.problem.schema import Organizer
from scheduler.proposal import Proposal


def build_contents(problem: Problem, plan: Proposal, wording: Wording) -> list[Content]:
    """Return the content of the invitation to each meeting of a plan, for councils that have an organizer."""
    invitations: list[Content] = []
    for planned in plan.meetings:
        meeting = problem.meetings_by_id[planned.meeting]
        council = problem.councils_by_id[meeting.council]
        organizer = council.organizer
        if organizer is None:
            continue
        content = Content(
            meeting=meeting.id,
            summary=council.name,
            description=_describe(problem, meeting, council, organizer, wording),
            location=describe_place(meeting, problem, wording),
            timezone=problem.timezone,
            starts_at=planned.starts_at,
            ends_at=planned.ends_at,
            organizer_name=organizer.name,
            organizer_email=organizer.email,
        )
        invitations.append(content)
    return invitations


def list_receivers(problem: Problem) -> dict[str, list[Receiver]]:
    """Return the receivers of the invitation to each meeting: those with a seat, or required, who have an address."""
    return {meeting.id: list(_receivers(problem, meeting)) for meeting in problem.meetings}


def _receivers(problem: Problem, meeting: Meeting) -> Iterator[Receiver]:
    council = problem.councils_by_id[meeting.council]
    required = {requirement.person for requirement in meeting.required}
    substitutes = {person for seat in council.seats for person in seat.substitutes}

    person_ids = list(people_of(council, meeting))
    if council.chair:
        person_ids.append(council.chair)
    for person_id in dict.fromkeys(person_ids):
        person = problem.people_by_id[person_id]
        if person.email is None:
            continue
        role: Role = "member"
        if person_id == council.chair:
            role = "chair"
        elif person_id in substitutes and person_id not in required:
            role = "substitute"
        yield Receiver(person=person.id, name=person.name, email=person.email, role=role)


def _describe(problem: Problem, meeting: Meeting, council: Council, organizer: Organizer, wording: Wording) -> str:
    meetings = problem.meetings_by_council[council.id]
    position = wording.say(
        "Meeting {number} of {count} of {council}.",
        number=meetings.index(meeting) + 1,
        count=len(meetings),
        council=council.name,
    )
    contact = wording.say(
        "If you are unable to attend, tell {organizer} ({address}) as soon as you know,"
        " so that your substitute can be called.",
        organizer=organizer.name,
        address=organizer.email,
    )
    return f"{position}\n{contact}"
