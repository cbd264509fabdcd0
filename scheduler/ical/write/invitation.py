"""Render an invitation to a meeting, and its cancellation, for one receiver; the same revision gives the same bytes."""

from collections.abc import Iterable
from datetime import UTC, datetime

from icalendar import Calendar, Event, Timezone, vCalAddress

from scheduler.ical.timezones import to_written_times, vtimezone
from scheduler.ical.write.revision_types import Content as Content
from scheduler.ical.write.revision_types import Receiver as Receiver
from scheduler.ical.write.revision_types import Revision as Revision
from scheduler.ical.write.revision_types import Role as Role
from scheduler.ical.write.revision_types import meeting_uid as meeting_uid
from scheduler.ical.write.text import clean_text, parameter_text, single_line

PRODUCT = "-//Tretton//Tretton//SV"

_ROLES: dict[Role, str] = {"chair": "CHAIR", "member": "REQ-PARTICIPANT", "substitute": "OPT-PARTICIPANT"}


def request(revision: Revision, receiver: Receiver) -> bytes:
    """Return the invitation (METHOD:REQUEST; RFC 5546, section 3.2.2) for one receiver, without other addresses."""
    content = revision.content
    personal = content.model_copy(
        update={
            "summary": content.request_summary or content.summary,
            "description": f"{content.description}\n{receiver.note}",
            "status": "tentative" if receiver.role == "substitute" else content.status,
        }
    )
    stamps = {"sequence": revision.sequence_for(receiver), "dtstamp": revision.dtstamp_for(receiver)}
    event = render_vevent(revision.model_copy(update={"content": personal, **stamps}))
    if receiver.role == "substitute":
        # A substitute on call is busy only once called in.
        _set_free(event)
    return _render_message("REQUEST", event, content, receiver)


def cancel(revision: Revision, receiver: Receiver) -> bytes:
    """
    Return the cancellation (METHOD:CANCEL; RFC 5546, section 3.2.5) for one receiver.

    For a revision that is not cancelled, it withdraws the invitation of this receiver alone, and has no STATUS: that
    would cancel the meeting for all. Its SEQUENCE is then higher than that of the request, since clients ignore a
    cancellation that does not outrank the request.
    """
    if revision.is_cancelled:
        return _render_message("CANCEL", render_vevent(revision), revision.content, receiver)
    sequence = revision.withdrawn.get(receiver.mailbox, revision.sequence_for(receiver) + 1)
    event = render_vevent(revision.model_copy(update={"sequence": sequence}))
    del event["STATUS"]
    _set_free(event)
    return _render_message("CANCEL", event, revision.content, receiver)


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
    if content.link is not None:
        event.add("URL", content.link)
        event.add("CONFERENCE", content.link, parameters={"VALUE": "URI"})  # RFC 7986, section 5.11
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


def _render_message(method: str, event: Event, content: Content, receiver: Receiver) -> bytes:
    event["ATTENDEE"] = _attendee(receiver)
    calendar = new_calendar(method)
    for component in vtimezones_for([content]):
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
    status = "CANCELLED" if revision.is_cancelled else revision.content.status.upper()
    event.add("STATUS", status)
    event.add("TRANSP", "OPAQUE")
    event.add("X-MICROSOFT-CDO-BUSYSTATUS", "TENTATIVE" if status == "TENTATIVE" else "BUSY")
    if revision.is_cancelled:
        _set_free(event)


def _set_free(event: Event) -> None:
    """Mark the time of an event as free, in the properties of all clients."""
    for name, value in (("TRANSP", "TRANSPARENT"), ("X-MICROSOFT-CDO-BUSYSTATUS", "FREE")):
        del event[name]
        event.add(name, value)
