"""Invitations to the meetings of a plan: their contents, and the mailboxes that receive them."""

from api.i18n import Wording
from api.invitation_notes import describe_note
from api.presenting.places import describe_place
from api.presenting.recipients import invited_people
from scheduler.ical.write.invitation import Content, Receiver, Role
from scheduler.ical.write.revision_types import mailbox_of
from scheduler.problem import Council, Meeting, Person, Problem
from scheduler.problem.schema import Organizer
from scheduler.proposal import Proposal, ProposedMeeting

_ROLES_BY_RANK: tuple[Role, ...] = ("chair", "member", "substitute")


def build_contents(problem: Problem, plan: Proposal, wording: Wording) -> list[Content]:
    """Return the content of the invitation to each meeting of a plan, for councils that have an organizer."""
    invitations: list[Content] = []
    for planned in plan.meetings:
        meeting = problem.meetings_by_id[planned.meeting]
        council = problem.councils_by_id[meeting.council]
        if council.organizer is not None:
            invitations.append(_content(problem, planned, council, council.organizer, wording))
    return invitations


def list_receivers(problem: Problem, wording: Wording) -> dict[str, list[Receiver]]:
    """Return the receivers of the invitation to each meeting, one for each mailbox."""
    receivers: dict[str, list[Receiver]] = {}
    for meeting in problem.meetings:
        organizer = problem.councils_by_id[meeting.council].organizer
        receivers[meeting.id] = [] if organizer is None else _receivers(problem, meeting, organizer, wording)
    return receivers


def _content(
    problem: Problem, planned: ProposedMeeting, council: Council, organizer: Organizer, wording: Wording
) -> Content:
    meeting = problem.meetings_by_id[planned.meeting]
    meetings = problem.meetings_by_council[council.id]
    title = wording.say(
        "{council}, meeting {number} of {count}",
        council=council.name,
        number=meetings.index(meeting) + 1,
        count=len(meetings),
    )
    return Content(
        meeting=meeting.id,
        summary=title,
        request_summary=wording.say("Invitation: {meeting}", meeting=title),
        description=_describe(meeting, planned, wording),
        location=_place(problem, meeting, wording),
        link=meeting.link,
        timezone=problem.timezone,
        starts_at=planned.starts_at,
        ends_at=planned.ends_at,
        organizer_name=organizer.name,
        organizer_email=organizer.email,
    )


def _place(problem: Problem, meeting: Meeting, wording: Wording) -> str | None:
    """Return the place, for a meeting that may be attended online with its link."""
    place = describe_place(meeting, problem, wording)
    if meeting.link is None or meeting.mode == "in_person" or place is None:
        return place
    return f"{place}, {meeting.link}"


def _describe(meeting: Meeting, planned: ProposedMeeting, wording: Wording) -> str:
    """Return the text for all receivers: the agenda, the link, and the last day to reply if it is still possible."""
    lines: list[str] = []
    if meeting.agenda is not None:
        lines.append(wording.say("Agenda:"))
        lines += [f"{number}. {item}" for number, item in enumerate(meeting.agenda, start=1)]
    if meeting.link is not None:
        lines.append(wording.say("Link to the meeting: {link}", link=meeting.link))
    if meeting.reply_by is not None and meeting.reply_by <= planned.starts_at.date():
        lines.append(wording.say("Reply by {day}.", day=wording.day(meeting.reply_by)))
    return "\n".join(lines)


def _receivers(problem: Problem, meeting: Meeting, organizer: Organizer, wording: Wording) -> list[Receiver]:
    """
    Return a receiver for each mailbox.

    Several people with one mailbox are one receiver: a calendar has one entry for a UID. An organizer who is a member
    is none, since a REQUEST never goes to its organizer (RFC 5546, section 3.2.2).
    """
    council = problem.councils_by_id[meeting.council]
    people_by_mailbox: dict[str, list[Person]] = {}
    for person in invited_people(problem, meeting):
        if person.email is not None and mailbox_of(person.email) != mailbox_of(organizer.email):
            people_by_mailbox.setdefault(mailbox_of(person.email), []).append(person)

    receivers: list[Receiver] = []
    for people in people_by_mailbox.values():
        roles = {person.id: _role(council, meeting, person) for person in people}
        people.sort(key=lambda person: _ROLES_BY_RANK.index(roles[person.id]))
        notes = [describe_note(problem, meeting, organizer, person, roles[person.id], wording) for person in people]
        if len(people) > 1:
            notes = [f"{person.name}: {note}" for person, note in zip(people, notes, strict=True)]
        first = people[0]
        receiver = Receiver(
            person=first.id,
            name=wording.listing(person.name for person in people),
            email=first.email or "",
            role=roles[first.id],
            note="\n".join(notes),
        )
        receivers.append(receiver)
    return receivers


def _role(council: Council, meeting: Meeting, person: Person) -> Role:
    if person.id == council.chair:
        return "chair"
    if any(required.person == person.id for required in meeting.required):
        return "member"
    for seat in council.seats:
        if person.id in seat.substitutes:
            # On a seat without a member the first substitute serves, and is not merely on call.
            return "member" if seat.people[0] == person.id else "substitute"
    return "member"
