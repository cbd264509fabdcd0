"""Who writes an invitation to one meeting for one receiver, and its cancelling: the same revision, the same bytes."""

import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event, Timezone, vCalAddress
from pydantic import AfterValidator, AwareDatetime, Field

from scheduler.ical.timezones import vtimezone, written_in
from scheduler.problem.types import Email, Frozen

PRODUCT = "-//Tretton//Tretton//SV"

Role = Literal["chair", "member", "substitute"]

_ROLES: dict[Role, str] = {"chair": "CHAIR", "member": "REQ-PARTICIPANT", "substitute": "OPT-PARTICIPANT"}
_NO_CHARACTERS = ("Cc", "Cs", "Zl", "Zp")  # controls, lone surrogates, line and paragraph separators


# in UTC, where two moments of the hour that clocks repeat are two
Moment = Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(UTC))]


class Content(Frozen):
    """What a meeting's invitation says, whoever receives it."""

    meeting: str
    summary: str
    description: str = ""
    location: str | None = None
    timezone: str
    starts_at: Moment
    ends_at: Moment
    organizer_name: str
    organizer_email: Email
    status: Literal["confirmed", "tentative"] = "confirmed"

    def is_held_like(self, other: "Content") -> bool:
        """Tell whether time, place and organizer are the same: else those invited are asked anew."""
        mine, theirs = ((one.starts_at, one.ends_at, one.location, one.organizer_email) for one in (self, other))
        return mine == theirs


class Receiver(Frozen):
    """One who is invited, by an address of their own."""

    person: str
    name: str
    email: Email
    role: Role = "member"


class Revision(Frozen):
    """
    One state of a meeting as it was sent; ``sequence`` and ``dtstamp`` order the states (RFC 5546, section 2.1.5).

    ``withdrawn`` keeps, by address, the SEQUENCE with which somebody's invitation was withdrawn.
    """

    uid: str
    sequence: int
    dtstamp: AwareDatetime
    is_cancelled: bool = False
    content: Content
    receivers: tuple[Receiver, ...] = ()
    withdrawn: dict[str, int] = Field(default_factory=dict)


def meeting_uid(organizer_email: str, meeting_id: str) -> str:
    """
    Return the UID that a meeting keeps for life, made from who sends and the meeting's id, never from its time.

    Examples
    --------
    >>> meeting_uid("kansli@example.org", "kultur-1") == meeting_uid("Kansli@example.org", "kultur-1")
    True
    """
    return str(uuid5(NAMESPACE_URL, f"mailto:{organizer_email.casefold()}\n{meeting_id}"))


def request(revision: Revision, receiver: Receiver) -> bytes:
    """Return the invitation (METHOD:REQUEST; RFC 5546, section 3.2.2) for one receiver, and no other's address."""
    return _sent("REQUEST", vevent(revision), revision, receiver)


def cancel(revision: Revision, receiver: Receiver) -> bytes:
    """
    Return the cancelling (METHOD:CANCEL; RFC 5546, section 3.2.5) for one receiver.

    Of a revision that is not cancelled it withdraws this receiver's invitation alone, with a higher SEQUENCE than
    that of the request, which is what makes clients believe it.
    """
    is_withdrawal = not revision.is_cancelled
    cancelled = revision.model_copy(update={"is_cancelled": True, "sequence": revision.sequence + is_withdrawal})
    return _sent("CANCEL", vevent(cancelled), revision, receiver)


def vevent(revision: Revision) -> Event:
    """Return the meeting as a component, without attendees."""
    content = revision.content
    event = Event()
    event.add("UID", revision.uid)
    event.add("SEQUENCE", revision.sequence)
    event.add("DTSTAMP", revision.dtstamp)
    for name, moment in zip(("DTSTART", "DTEND"), times_as_written(content), strict=True):
        event.add(name, moment)
    event.add("SUMMARY", one_line(content.summary))
    if location := one_line(content.location or ""):
        event.add("LOCATION", location)
    if description := clean(content.description):
        event.add("DESCRIPTION", description)
    event["ORGANIZER"] = _address(content.organizer_email, content.organizer_name)
    _add_status(event, revision)
    # Outlook offers "propose a new time" unless told not to; a counter-proposal has nowhere to go by mail
    event.add("X-MICROSOFT-DISALLOW-COUNTER", "TRUE")
    return event


def times_as_written(content: Content) -> tuple[datetime, ...]:
    """Return start and end in the zone in which they are written."""
    return written_in(content.timezone, content.starts_at, content.ends_at)


def zones_as_written(contents: Iterable[Content]) -> list[Timezone]:
    """Return the definition of each zone in which a time is written, once, by name."""
    local = {content.timezone for content in contents if times_as_written(content)[0].tzinfo is not UTC}
    return [zone for name in sorted(local) if (zone := vtimezone(name)) is not None]


def calendar_of(method: str) -> Calendar:
    """Return an empty calendar that does ``method``."""
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", method)
    return calendar


def written(calendar: Calendar) -> bytes:
    """Return the calendar as it is sent: in UTF-8, folded at 75 octets (RFC 5545, section 3.1)."""
    raw: bytes = calendar.to_ical()
    return raw


def clean(text: str) -> str:
    """
    Return ``text`` without the characters that end a line or a parser's patience; line feeds stay.

    Space around it goes too: some parsers drop what leads a value.
    """
    spaced = text.replace("\t", " ")
    kept = (mark for mark in spaced if mark == "\n" or unicodedata.category(mark) not in _NO_CHARACTERS)
    return "".join(kept).strip()


def one_line(text: str) -> str:
    """Return ``text`` cleaned, on a single line."""
    return clean(text).replace("\n", " ")


def in_a_parameter(text: str) -> str:
    """Return ``text`` on one line without what parsers disagree on in a parameter: quotation marks and backslashes."""
    return one_line(text).replace('"', "'").replace("\\", "/")


def _sent(method: str, event: Event, revision: Revision, receiver: Receiver) -> bytes:
    event["ATTENDEE"] = _attendee(receiver)
    calendar = calendar_of(method)
    for zone in zones_as_written([revision.content]):
        calendar.add_component(zone)
    calendar.add_component(event)
    return written(calendar)


def _attendee(receiver: Receiver) -> vCalAddress:
    attendee = _address(receiver.email, receiver.name)
    attendee.params["CUTYPE"] = "INDIVIDUAL"
    attendee.params["ROLE"] = _ROLES[receiver.role]
    attendee.params["PARTSTAT"] = "NEEDS-ACTION"
    attendee.params["RSVP"] = "TRUE"
    return attendee


def _address(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    address.params["CN"] = in_a_parameter(name)
    return address


def _add_status(event: Event, revision: Revision) -> None:
    """Say the same thrice, since clients believe STATUS, TRANSP or Microsoft's property: nobody may get two answers."""
    is_tentative = revision.content.status == "tentative"
    if revision.is_cancelled:
        status, transparency, busy = "CANCELLED", "TRANSPARENT", "FREE"
    else:
        status, busy = ("TENTATIVE", "TENTATIVE") if is_tentative else ("CONFIRMED", "BUSY")
        transparency = "OPAQUE"
    event.add("STATUS", status)
    event.add("TRANSP", transparency)
    event.add("X-MICROSOFT-CDO-BUSYSTATUS", busy)
