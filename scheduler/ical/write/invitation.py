"""Render an invitation to a meeting, and its cancellation, for one receiver; the same revision gives the same bytes."""

import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event, Timezone, vCalAddress
from pydantic import AfterValidator, AwareDatetime, Field

from scheduler.ical.timezones import to_written_times, vtimezone
from scheduler.problem.field_types import Email, Frozen

PRODUCT = "-//Tretton//Tretton//SV"

Role = Literal["chair", "member", "substitute"]

_ROLES: dict[Role, str] = {"chair": "CHAIR", "member": "REQ-PARTICIPANT", "substitute": "OPT-PARTICIPANT"}
_FORBIDDEN_CATEGORIES = ("Cc", "Cs", "Zl", "Zp")  # controls, lone surrogates, line and paragraph separators


# Normalised to UTC: in local time, two instants of the hour that the clock repeats would compare as equal.
UtcDatetime = Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(UTC))]


class Content(Frozen):
    """The content of a meeting's invitation, which is the same for all receivers."""

    meeting: str
    summary: str
    description: str = ""
    location: str | None = None
    timezone: str
    starts_at: UtcDatetime
    ends_at: UtcDatetime
    organizer_name: str
    organizer_email: Email
    status: Literal["confirmed", "tentative"] = "confirmed"

    def has_same_schedule(self, other: "Content") -> bool:
        """Return whether time, place and organizer are the same; otherwise receivers have to reply again."""
        return (
            self.starts_at == other.starts_at
            and self.ends_at == other.ends_at
            and self.location == other.location
            and self.organizer_email == other.organizer_email
        )


class Receiver(Frozen):
    """A person who is invited, with their own address."""

    person: str
    name: str
    email: Email
    role: Role = "member"


class Revision(Frozen):
    """
    A state of a meeting as it was sent; ``sequence`` and ``dtstamp`` order the states (RFC 5546, section 2.1.5).

    ``withdrawn`` maps the address of each receiver who was removed to the SEQUENCE of their cancellation.
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
    Return the UID of a meeting, derived from its organizer and id. It does not change when the meeting moves.

    Examples
    --------
    >>> meeting_uid("kansli@example.org", "kultur-1") == meeting_uid("Kansli@example.org", "kultur-1")
    True
    """
    return str(uuid5(NAMESPACE_URL, f"mailto:{organizer_email.casefold()}\n{meeting_id}"))


def request(revision: Revision, receiver: Receiver) -> bytes:
    """Return the invitation (METHOD:REQUEST; RFC 5546, section 3.2.2) for one receiver, without other addresses."""
    return _render_message("REQUEST", render_vevent(revision), revision, receiver)


def cancel(revision: Revision, receiver: Receiver) -> bytes:
    """
    Return the cancellation (METHOD:CANCEL; RFC 5546, section 3.2.5) for one receiver.

    For a revision that is not cancelled, it withdraws the invitation of this receiver alone. Its SEQUENCE is then
    higher than that of the request, since clients ignore a cancellation that does not outrank the request.
    """
    is_withdrawal = not revision.is_cancelled
    cancelled = revision.model_copy(update={"is_cancelled": True, "sequence": revision.sequence + is_withdrawal})
    return _render_message("CANCEL", render_vevent(cancelled), revision, receiver)


def render_vevent(revision: Revision) -> Event:
    """Return the meeting as a VEVENT, without attendees."""
    content = revision.content
    start, end = written_times(content)
    event = Event()
    event.add("UID", revision.uid)
    event.add("SEQUENCE", revision.sequence)
    event.add("DTSTAMP", revision.dtstamp)
    event.add("DTSTART", start)
    event.add("DTEND", end)
    event.add("SUMMARY", single_line(content.summary))
    location = single_line(content.location or "")
    if location:
        event.add("LOCATION", location)
    description = clean_text(content.description)
    if description:
        event.add("DESCRIPTION", description)
    event["ORGANIZER"] = _calendar_address(content.organizer_email, content.organizer_name)
    _add_status(event, revision)
    # Outlook offers "propose a new time" unless this property is TRUE. Counter-proposals by mail are not processed.
    event.add("X-MICROSOFT-DISALLOW-COUNTER", "TRUE")
    return event


def written_times(content: Content) -> tuple[datetime, ...]:
    """Return start and end in the zone in which they are written."""
    return to_written_times(content.timezone, content.starts_at, content.ends_at)


def vtimezones_for(contents: Iterable[Content]) -> list[Timezone]:
    """Return the VTIMEZONE of each zone in which times are written, in the order of their names."""
    names = {content.timezone for content in contents if written_times(content)[0].tzinfo is not UTC}
    components = [vtimezone(name) for name in sorted(names)]
    return [component for component in components if component is not None]


def new_calendar(method: str) -> Calendar:
    """Return an empty calendar with this METHOD."""
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", method)
    return calendar


def render_calendar(calendar: Calendar) -> bytes:
    """Return the calendar in UTF-8, folded at 75 octets (RFC 5545, section 3.1)."""
    raw: bytes = calendar.to_ical()
    return raw


def clean_text(text: str) -> str:
    """
    Return ``text`` without control characters and line separators other than line feeds.

    Leading and trailing spaces are removed, since some parsers drop leading spaces of a value.
    """
    spaced = text.replace("\t", " ")
    kept = [mark for mark in spaced if mark == "\n" or unicodedata.category(mark) not in _FORBIDDEN_CATEGORIES]
    return "".join(kept).strip()


def single_line(text: str) -> str:
    """Return ``text`` cleaned, on a single line."""
    return clean_text(text).replace("\n", " ")


def parameter_text(text: str) -> str:
    """
    Return ``text`` on one line without quotation marks and backslashes.

    Parsers disagree on both in a parameter: RFC 5545, section 3.2, allows no quotation mark, and RFC 6868 escapes it
    in a way that older clients show as it stands.
    """
    return single_line(text).replace('"', "'").replace("\\", "/")


def _render_message(method: str, event: Event, revision: Revision, receiver: Receiver) -> bytes:
    event["ATTENDEE"] = _attendee(receiver)
    calendar = new_calendar(method)
    for component in vtimezones_for([revision.content]):
        calendar.add_component(component)
    calendar.add_component(event)
    return render_calendar(calendar)


def _attendee(receiver: Receiver) -> vCalAddress:
    attendee = _calendar_address(receiver.email, receiver.name)
    attendee.params["CUTYPE"] = "INDIVIDUAL"
    attendee.params["ROLE"] = _ROLES[receiver.role]
    attendee.params["PARTSTAT"] = "NEEDS-ACTION"
    attendee.params["RSVP"] = "TRUE"
    return attendee


def _calendar_address(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    address.params["CN"] = parameter_text(name)
    return address


def _add_status(event: Event, revision: Revision) -> None:
    """
    Add STATUS, TRANSP and Microsoft's busy status.

    Clients read one of the three properties or another to decide whether the time is busy, so the three must agree.
    """
    transparency = "OPAQUE"
    if revision.is_cancelled:
        status, transparency, busy_status = "CANCELLED", "TRANSPARENT", "FREE"
    elif revision.content.status == "tentative":
        status, busy_status = "TENTATIVE", "TENTATIVE"
    else:
        status, busy_status = "CONFIRMED", "BUSY"
    event.add("STATUS", status)
    event.add("TRANSP", transparency)
    event.add("X-MICROSOFT-CDO-BUSYSTATUS", busy_status)
