"""Who takes the calendars out of a server's answer in XML, of which it follows no definition and no entity."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers.expat import ExpatError, ParserCreate

from api.fetching.errors import NotFetched
from scheduler.errors import Fault

GARBLED = "The server's answer is not XML as CalDAV has it; check the address."
DEFINES = "The server's answer defines entities, which CalDAV never does; it is not read."
IN_PART = "The server keeps a part of the calendar back; give an account that may read all of it."
TOO_MANY = "The server tells of more than 20,000 events; give a calendar that holds fewer."

MAX_RESOURCES = 20_000  # as many as the reader takes events
MAX_DEPTH = 20

DAV = "DAV: "  # expat puts the namespace before the name
CALDAV = "urn:ietf:params:xml:ns:caldav "


@dataclass(slots=True)
class _Response:
    """One resource that a server tells of: RFC 4918, section 14.24."""

    statuses: list[str] = field(default_factory=list)  # every one of them, those of properties too
    calendars: list[str] = field(default_factory=list)
    is_calendar: bool = False


def calendar_objects(body: bytes) -> Iterator[str]:
    """
    Yield the iCalendar text of every resource of a multistatus, in the server's order.

    Raises
    ------
    NotFetched
        When it is none, defines entities, or keeps something back that might make somebody busy.
    """
    for response in _read(body):
        if not response.calendars or any(not _is_good(status) for status in response.statuses):
            raise NotFetched(Fault("", IN_PART))
        for text in response.calendars:
            if not text.lstrip().upper().startswith("BEGIN:VCALENDAR"):
                raise NotFetched(Fault("", GARBLED))
            yield text


def is_calendar(body: bytes) -> bool:
    """Return whether a multistatus tells of a calendar collection: RFC 4791, section 4.2."""
    return any(response.is_calendar for response in _read(body))


def _is_good(status: str) -> bool:
    """Return whether a status line such as ``HTTP/1.1 200 OK`` tells of success."""
    return status.split()[1:2] == ["200"]


def _read(body: bytes) -> list[_Response]:
    reader = _Reader()
    parser = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(body, True)
    except (ExpatError, LookupError, ValueError):  # the latter two for encodings that nobody knows
        raise NotFetched(Fault("", GARBLED)) from None
    if not reader.is_multistatus:
        raise NotFetched(Fault("", GARBLED))
    return reader.responses


class _Reader:
    """Takes the parts of XML as they come."""

    def __init__(self) -> None:
        self.responses: list[_Response] = []
        self.is_multistatus = False
        self._open: list[str] = []
        self._said: list[str] = []

    def refuse(self, *_: object) -> None:
        """Stop at a document type: without one there is no entity that could be expanded or fetched."""
        raise NotFetched(Fault("", DEFINES))

    def start(self, name: str, _: dict[str, str]) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise NotFetched(Fault("", GARBLED))
        if not self._open:
            self.is_multistatus = name == DAV + "multistatus"
        elif name == DAV + "response":
            if len(self.responses) >= MAX_RESOURCES:
                raise NotFetched(Fault("", TOO_MANY))
            self.responses.append(_Response())
        elif name == CALDAV + "calendar" and self._open[-1] == DAV + "resourcetype" and self.responses:
            self.responses[-1].is_calendar = True
        self._open.append(name)
        self._said.clear()

    def text(self, text: str) -> None:
        self._said.append(text)

    def end(self, name: str) -> None:
        self._open.pop()
        if self.responses and name == DAV + "status":
            self.responses[-1].statuses.append("".join(self._said))
        elif self.responses and name == CALDAV + "calendar-data":
            self.responses[-1].calendars.append("".join(self._said))
        self._said.clear()
