"""Parse a calendar into components, and drop the properties that do not bear on time: titles, places, notes, names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.component import SINGLE_TIMES, WHOLE_DAY_MARKS, Component, ContentLine, PropertyValue
from scheduler.ical.read.content_lines import content_lines
from scheduler.ical.read.rrule import parse_rule
from scheduler.ical.read.values import parse_duration, parse_time, parse_timestamp

MAX_EVENTS = 20_000  # components of all kinds that are kept, time zones included
MAX_DEPTH = 10

TRUNCATED = "The file is truncated or a component is not closed; export it again."
NESTED = "Events lie inside other events; export the calendar again."
NO_CALENDAR = (
    "This is neither a calendar nor a list of rows date;start;end; export the calendar as an .ics file, or correct the "
    "list."
)
TOO_MANY_EVENTS = "The calendar has more than 20,000 events; export a shorter period."

_EVENTS = frozenset({"VEVENT", "VFREEBUSY", "VAVAILABILITY", "AVAILABLE"})
_KEPT_COMPONENTS = _EVENTS | {"VCALENDAR", "VTIMEZONE", "STANDARD", "DAYLIGHT"}
_EXPORT_RANGE = frozenset({"X-CLIPSTART", "X-CLIPEND"})
_TIMESTAMPS = frozenset({"DTSTAMP", "LAST-MODIFIED"})
_ESSENTIAL = SINGLE_TIMES | _EXPORT_RANGE | {"RRULE", "RDATE", "EXDATE", "DURATION", "FREEBUSY"}
_UNREADABLE = "?"  # the value of an essential property that has no delimiter before its value
_TIME_PROPERTIES = _ESSENTIAL | {"TZOFFSETFROM", "TZOFFSETTO"}
_STATE_PROPERTIES = _TIMESTAMPS | {
    "UID",
    "SEQUENCE",
    "STATUS",
    "TRANSP",
    "X-MICROSOFT-CDO-BUSYSTATUS",
    *WHOLE_DAY_MARKS,
    "PRIORITY",
    "BUSYTYPE",
    "TZID",
    "X-LIC-LOCATION",
    "X-WR-TIMEZONE",
    "METHOD",
    "CALSCALE",
}
_NAME = re.compile(rb"[ \t]*([A-Za-z0-9-]+)[ \t]*([;:]?)")
_PARAMETER = re.compile(r';\s*([A-Za-z0-9-]+)\s*=("[^"]*"|[^;"]*)')
_UP_TO_COLON = re.compile(r'(?:[^":]|"[^"]*")*+:')
_NO_PARAMETERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RedactedFile:
    """The redacted calendars of a file, and the reasons why a part of it may be lost."""

    calendars: tuple[Component, ...]
    losses: tuple[str, ...]


def redact(raw: bytes, owner: str | None = None) -> RedactedFile:
    """
    Return the calendars in ``raw``, redacted.

    Parameters
    ----------
    owner
        The address of the calendar's owner: of all attendees, only the owner's PARTSTAT is kept. In a reply to an
        invitation, the attendee who sends it is kept.

    Raises
    ------
    UnreadableCalendar
        When ``raw`` is not a calendar, is larger than 10 MiB, or has more than 20,000 or nested events.
    """
    builder = _ComponentBuilder(owner)
    for line in content_lines(raw):
        builder.add(line)
    return builder.finish()


class _ComponentBuilder:
    """Builds the kept components line by line."""

    def __init__(self, owner: str | None) -> None:
        self._owner = _normalise_address(owner) if owner else None
        self._open: list[Component] = []  # from the outermost; components that are not kept have no parent
        self._calendars: list[Component] = []
        self._losses: list[str] = []
        self._num_events = 0

    def add(self, line: bytes) -> None:
        match = _NAME.match(line)
        if match is None:
            return
        name = match[1].upper().decode()
        if name == "BEGIN":
            self._begin(_component_name(line))
        elif name == "END":
            self._end(_component_name(line))
        elif self._open and self._open[-1].name in _KEPT_COMPONENTS:
            has_delimiter = bool(match[2])
            if has_delimiter:
                self._add_property(name, line)
            elif name in _ESSENTIAL:
                # "RRULE FREQ=DAILY": dropping a broken rule would leave the other occurrences free, so it is kept as an
                # invalid value.
                self._open[-1].lines.append(_typed_line(self._open[-1], name, _NO_PARAMETERS, _UNREADABLE))

    def finish(self) -> RedactedFile:
        if not self._calendars:
            raise UnreadableCalendar(NO_CALENDAR)
        if self._open:
            self._losses.append(TRUNCATED)
        return RedactedFile(tuple(self._calendars), tuple(dict.fromkeys(self._losses)))

    @property
    def _is_reply(self) -> bool:
        """Whether the calendar that is open is a reply to an invitation, whose attendee is its sender."""
        return bool(self._open) and self._open[0].keyword("METHOD") == "REPLY"

    def _begin(self, name: str) -> None:
        component = Component(name)
        if len(self._open) >= MAX_DEPTH:
            raise UnreadableCalendar(NESTED)
        if name in _EVENTS or name == "VTIMEZONE":
            self._count(name)
        if name == "VCALENDAR":
            self._calendars.append(component)
        elif self._open and name in _KEPT_COMPONENTS and self._open[-1].name in _KEPT_COMPONENTS:
            self._open[-1].components.append(component)
        elif name == "VEVENT":
            self._losses.append(NESTED)
        self._open.append(component)

    def _count(self, name: str) -> None:
        self._num_events += 1
        if self._num_events > MAX_EVENTS:
            raise UnreadableCalendar(TOO_MANY_EVENTS)
        if name == "VEVENT" and any(outer.name == "VEVENT" for outer in self._open):
            raise UnreadableCalendar(NESTED)

    def _end(self, name: str) -> None:
        if self._open and self._open[-1].name == name:
            self._open.pop()
            return
        self._losses.append(TRUNCATED)
        # Components inside the one that ends were never closed: they end here too, so that the next event is not lost.
        if any(outer.name == name for outer in self._open):
            while self._open.pop().name != name:
                pass

    def _add_property(self, name: str, line: bytes) -> None:
        if name in _TIME_PROPERTIES:
            # No time contains a colon, while some writers leave a TZID such as "(UTC+01:00) Berlin" unquoted.
            head, _, text = line.decode(errors="replace").rpartition(":")
        elif name in _STATE_PROPERTIES or (name == "ATTENDEE" and (self._owner or self._is_reply)):
            head, text = _split_at_colon(line.decode(errors="replace"))
        else:
            return
        component = self._open[-1]
        parameters = _parse_parameters(head)
        if name != "ATTENDEE":
            component.lines.append(_typed_line(component, name, parameters, text.strip()))
        elif self._is_reply:
            address = parameters.get("EMAIL") or text
            status = {"PARTSTAT": parameters.get("PARTSTAT", "")}
            component.lines.append(ContentLine("ATTENDEE", status, _normalise_address(address)))
        # Exchange and CalDAV servers may put an id into the value and the mail address into EMAIL (RFC 7986, 6.2).
        elif self._owner in (_normalise_address(text), _normalise_address(parameters.get("EMAIL", ""))):
            reply = parameters.get("PARTSTAT", "NEEDS-ACTION")
            component.lines.append(ContentLine("PARTSTAT", _NO_PARAMETERS, reply))


def _typed_line(component: Component, name: str, parameters: Mapping[str, str], text: str) -> ContentLine:
    """Return a property with its value. The times of zones stay text: the library parses the whole definition."""
    line = ContentLine(name, parameters, text)
    if component.name in _EVENTS or name in _TIMESTAMPS | _EXPORT_RANGE:
        return replace(line, value=_parse_value(line))
    return line


def _parse_value(line: ContentLine) -> PropertyValue | None:
    name, text = line.name, line.text
    if name in SINGLE_TIMES | _EXPORT_RANGE:
        return parse_time(text, line.tzid, is_date=line.has_dates)
    if name in _TIMESTAMPS:
        return parse_timestamp(text)
    if name == "DURATION":
        return parse_duration(text)
    if name == "RRULE":
        return parse_rule(text)
    return None


def _parse_parameters(head: str) -> Mapping[str, str]:
    if ";" not in head:
        return _NO_PARAMETERS
    parameters = _PARAMETER.findall(head)
    return {name.upper(): text.strip().strip('"') for name, text in parameters} or _NO_PARAMETERS


def _component_name(line: bytes) -> str:
    return line.partition(b":")[2].strip().upper().decode(errors="replace")


def _normalise_address(address: str) -> str:
    """Return a mail address in the form in which addresses are compared."""
    return address.strip().casefold().removeprefix("mailto:").strip().strip("<>")


def _split_at_colon(line: str) -> tuple[str, str]:
    """Split at the first colon outside quotation marks; at the first colon when the quotation marks do not pair."""
    match = _UP_TO_COLON.match(line)
    end = match.end() if match else line.find(":") + 1
    return line[: end - 1], line[end:]
