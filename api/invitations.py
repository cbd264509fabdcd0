"""Who words an invitation: what is said of each meeting of a plan, and to whom it goes."""

from collections.abc import Iterator

from api.i18n import Wording
from api.presenting.places import describe_place
from scheduler.attendance import people_of
from scheduler.ical.write.invitation import Content, Receiver, Role
from scheduler.problem import Council, Meeting, Problem
from scheduler.proposal import Proposal, ProposedMeeting


def contents(problem: Problem, plan: Proposal, wording: Wording) -> list[Content]:
    """Return what the invitation to each meeting says, for the councils that have somebody to send it."""
    councils = problem.councils_by_id
    held = [(one, problem.meetings_by_id[one.meeting]) for one in plan.meetings]
    return [
        _content(problem, one, meeting, councils[meeting.council], wording)
        for one, meeting in held
        if councils[meeting.council].organizer is not None
    ]


def receivers(problem: Problem) -> dict[str, list[Receiver]]:
    """Return who is invited to each meeting: everybody with a seat, or required, who has an address."""
    return {meeting.id: list(_receivers(problem, meeting)) for meeting in problem.meetings}


def _receivers(problem: Problem, meeting: Meeting) -> Iterator[Receiver]:
    council = problem.councils_by_id[meeting.council]
    required = {one.person for one in meeting.required}
    substitutes = {person for seat in council.seats for person in seat.substitutes}
    invited = dict.fromkeys((*people_of(council, meeting), *([council.chair] if council.chair else [])))
    for person_id in invited:
        person = problem.people_by_id[person_id]
        if person.email is not None:
            is_on_call = person_id in substitutes and person_id not in required
            role: Role = "substitute" if is_on_call else "member"
            if person_id == council.chair:
                role = "chair"
            yield Receiver(person=person.id, name=person.name, email=person.email, role=role)


def _content(problem: Problem, one: ProposedMeeting, meeting: Meeting, council: Council, wording: Wording) -> Content:
    organizer = council.organizer
    assert organizer is not None
    return Content(
        meeting=meeting.id,
        summary=council.name,
        description=_description(problem, meeting, council, wording),
        location=describe_place(meeting, problem, wording),
        timezone=problem.timezone,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        organizer_name=organizer.name,
        organizer_email=organizer.email,
    )


def _description(problem: Problem, meeting: Meeting, council: Council, wording: Wording) -> str:
    organizer = council.organizer
    assert organizer is not None
    meetings = problem.meetings_by_council[council.id]
    sentences = [
        wording.say(
            "Meeting {number} of {count} of {council}.",
            number=meetings.index(meeting) + 1,
            count=len(meetings),
            council=council.name,
        ),
        wording.say(
            "If you are unable to attend, tell {organizer} ({address}) as soon as you know,"
            " so that your substitute can be called.",
            organizer=organizer.name,
            address=organizer.email,
        ),
    ]
    return "\n".join(sentences)
