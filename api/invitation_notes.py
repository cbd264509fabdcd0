"""The text of an invitation for one receiver: in which capacity the person is invited, and what to do if unable."""

from api.i18n import Wording
from scheduler.ical.write.invitation import Role
from scheduler.problem import Meeting, Person, Problem, Seat
from scheduler.problem.schema import Organizer


def describe_note(
    problem: Problem, meeting: Meeting, organizer: Organizer, person: Person, role: Role, wording: Wording
) -> str:
    """Return the text for one person."""
    council = problem.councils_by_id[meeting.council]
    seat = next((seat for seat in council.seats if person.id in seat.people), None)
    capacity = _capacity(problem, seat, person, role, organizer, wording)
    return f"{capacity} {_if_unable(organizer, seat, person, role, wording)}"


def _capacity(
    problem: Problem, seat: Seat | None, person: Person, role: Role, organizer: Organizer, wording: Wording
) -> str:
    if role == "chair":
        return wording.say("You are invited as the chair.")
    if seat is None:
        return wording.say("You are invited to the meeting.")
    if seat.member == person.id:
        return wording.say("You are invited as a member.")
    if role == "member":
        return wording.say("You are invited as a substitute and serve at this meeting.")
    if seat.member is None:
        return wording.say(
            "You are on call as a substitute: come only if {organizer} calls you in.", organizer=organizer.name
        )
    return wording.say(
        "You are on call as a substitute for {member}: come only if {organizer} calls you in.",
        member=problem.people_by_id[seat.member].name,
        organizer=organizer.name,
    )


def _if_unable(organizer: Organizer, seat: Seat | None, person: Person, role: Role, wording: Wording) -> str:
    contact = {"contact": _contact(organizer)}
    has_substitute = seat is not None and person.id in seat.people[:-1]
    match role, has_substitute:
        case "substitute", _:
            return wording.say("If you could not serve that day, tell {contact} as soon as possible.", **contact)
        case "chair", True:
            return wording.say(
                "If you are unable to attend, tell {contact} as soon as possible, so that your"
                " substitute can be called in and somebody else can chair the meeting.",
                **contact,
            )
        case "chair", False:
            return wording.say(
                "If you are unable to attend, tell {contact} as soon as possible, so that somebody else"
                " can chair the meeting.",
                **contact,
            )
        case _, True:
            return wording.say(
                "If you are unable to attend, tell {contact} as soon as possible, so that your"
                " substitute can be called in.",
                **contact,
            )
        case _:
            return wording.say("If you are unable to attend, tell {contact} as soon as possible.", **contact)


def _contact(organizer: Organizer) -> str:
    """Return the name and the address of the organizer; the address alone when it is the name, too."""
    if organizer.name == organizer.email:
        return organizer.email
    return f"{organizer.name} ({organizer.email})"
