"""Parse the WebDAV multistatus documents of CalDAV servers; entities and document types are rejected."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers.expat import ExpatError, ParserCreate

from api.fetching.errors import FetchError
from scheduler.errors import Fault

INVALID_XML = "The response of the server is not a valid CalDAV document; check the address."
HAS_DOCTYPE = "The response of the server declares a document type, which CalDAV does not use; check the address."
INCOMPLETE = "The server returned only a part of the calendar; use an account that may read all of it."
TOO_MANY = "The calendar has more than 20,000 events; use a calendar that has fewer."

MAX_RESOURCES = 20_000  # the limit of events in the calendar reader
MAX_DEPTH = 20

DAV = "DAV: "  # expat separates the namespace from the name by a space
CALDAV = "urn:ietf:params:xml:ns:caldav "


@dataclass(slots=True)
class _ResponseElement:
    """One resource of a multistatus: RFC 4918, section 14.24."""

    statuses: list[str] = field(default_factory=list)  # of the resource and of its properties
    calendars: list[str] = field(default_factory=list)
    is_calendar: bool = False


def calendar_objects(body: bytes) -> Iterator[str]:
    """
    Yield the iCalendar text of every resource of a multistatus, in the server's order.

    Raises
    ------
    FetchError
        When the body is no multistatus, declares a document type, or any resource is missing its calendar: a person
        must not count as free because an event could not be read.
    """
    for response in _parse(body):
        is_complete = all(_is_success(status) for status in response.statuses)
        if not response.calendars or not is_complete:
            raise FetchError(Fault("", INCOMPLETE))
        for text in response.calendars:
            if not text.lstrip().upper().startswith("BEGIN:VCALENDAR"):
                raise FetchError(Fault("", INVALID_XML))
            yield text


def is_calendar(body: bytes) -> bool:
    """Return whether a multistatus describes a calendar collection: RFC 4791, section 4.2."""
    return any(response.is_calendar for response in _parse(body))


def _is_success(status: str) -> bool:
    """Return whether a status line such as ``HTTP/1.1 200 OK`` has the status 200."""
    return status.split()[1:2] == ["200"]


def _parse(body: bytes) -> list[_ResponseElement]:
    reader = _MultistatusReader()
    parser = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.reject_doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(body, True)
    except (ExpatError, LookupError, ValueError):  # the latter two for unknown encodings
        raise FetchError(Fault("", INVALID_XML)) from None
    if not reader.is_multistatus:
        raise FetchError(Fault("", INVALID_XML))
    return reader.responses


class _MultistatusReader:
    """Handlers of an expat parser that collect the resources of a multistatus."""

    def __init__(self) -> None:
        self.responses: list[_ResponseElement] = []
        self.is_multistatus = False
        self._open_elements: list[str] = []
        self._text: list[str] = []

    def reject_doctype(self, *_: object) -> None:
        """Reject a document type: entities can only be declared in one, so none can be expanded or fetched."""
        raise FetchError(Fault("", HAS_DOCTYPE))

    def start(self, name: str, _: dict[str, str]) -> None:
        if len(self._open_elements) >= MAX_DEPTH:
            raise FetchError(Fault("", INVALID_XML))
        if not self._open_elements:
            self.is_multistatus = name == DAV + "multistatus"
        elif name == DAV + "response":
            self._add_response()
        elif name == CALDAV + "calendar" and self.responses:
            # The element names a component type elsewhere; only in DAV:resourcetype does it make a collection.
            is_resource_type = self._open_elements[-1] == DAV + "resourcetype"
            self.responses[-1].is_calendar |= is_resource_type
        self._open_elements.append(name)
        self._text.clear()

    def _add_response(self) -> None:
        if len(self.responses) >= MAX_RESOURCES:
            raise FetchError(Fault("", TOO_MANY))
        self.responses.append(_ResponseElement())

    def text(self, text: str) -> None:
        self._text.append(text)

    def end(self, name: str) -> None:
        self._open_elements.pop()
        text = "".join(self._text)
        self._text.clear()
        if not self.responses:
            return
        if name == DAV + "status":
            self.responses[-1].statuses.append(text)
        elif name == CALDAV + "calendar-data":
            self.responses[-1].calendars.append(text)
