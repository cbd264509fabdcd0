"""Parse a calendar into components, and drop the properties that do not bear on time: titles, places, notes, names."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.content_lines import content_lines

MAX_EVENTS = 20_000  # and as many of each other kind of component
MAX_DEPTH = 10
MAX_UID = 255  # octets, RFC 7986, section 5.3; a longer one is known by its digest

ENDS_EARLY = "The file is truncated or a component is not closed; export it again."
NESTED = "Events lie inside other events; export the calendar again."
NO_CALENDAR = "This is not a calendar; export one as an .ics file and give that."
TOO_MANY_EVENTS = "The calendar has more than 20,000 events; export a shorter period."

_EVENTS = frozenset({"VEVENT", "VFREEBUSY", "VAVAILABILITY", "AVAILABLE"})
_KEPT = _EVENTS | {"VCALENDAR", "VTIMEZONE", "STANDARD", "DAYLIGHT"}
_RARE_WORDS = frozenset({"DTSTART", "DTEND", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"})
_OF_TIME = _RARE_WORDS | {"DURATION", "FREEBUSY", "TZOFFSETFROM", "TZOFFSETTO"}
_OF_STATE = frozenset(
    {"UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS"}
    | {"PRIORITY", "BUSYTYPE", "TZID", "X-LIC-LOCATION", "X-WR-TIMEZONE", "METHOD", "CALSCALE"}
)
_NAME = re.compile(rb"[ \t]*([A-Za-z0-9-]+)[ \t]*([;:]?)")
_PARAMETER = re.compile(r';\s*([A-Za-z0-9-]+)\s*=("[^"]*"|[^;"]*)')
_UP_TO_COLON = re.compile(r'(?:[^":]|"[^"]*")*+:')
_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ContentLine:
    """One content line: its name and parameter names in capitals, its value as written."""

    name: str
    parameters: Mapping[str, str]
    value: str


@dataclass(slots=True)
class Component:
    """One component with the lines that were kept; ``parts`` are the components inside it."""

    name: str
    lines: list[ContentLine] = field(default_factory=list)
    parts: list["Component"] = field(default_factory=list)

    def every(self, name: str) -> Iterator[ContentLine]:
        return (line for line in self.lines if line.name == name)

    def has(self, *names: str) -> bool:
        return any(line.name in names for line in self.lines)

    def value(self, name: str) -> str:
        """Return the last value of a property that is a word, in capitals; empty when there is none."""
        return next((line.value.upper() for line in reversed(self.lines) if line.name == name), "")

    @property
    def uid(self) -> str:
        uid = next((line.value for line in self.every("UID")), "")
        return uid if len(uid.encode()) <= MAX_UID else hashlib.sha256(uid.encode()).hexdigest()

    def named(self, name: str) -> Iterator["Component"]:
        return (part for part in self.parts if part.name == name)


@dataclass(frozen=True, slots=True)
class Reduced:
    """What is left of a file: its calendars, and what may have been lost."""

    calendars: tuple[Component, ...]
    losses: tuple[str, ...]


def reduced(raw: bytes, owner: str | None = None) -> Reduced:
    """
    Return the calendars in ``raw``, stripped.

    ``owner`` is the address of the one whose calendar it is; only that person's PARTSTAT is kept.

    Raises
    ------
    UnreadableCalendar
        When it is none, is larger than 10 MiB, has more than 20,000 events or nests them.
    """
    builder = _Builder(owner)
    for line in content_lines(raw):
        builder.take(line)
    return builder.finished()


class _Builder:
    """Puts the kept components together, line by line."""

    def __init__(self, owner: str | None) -> None:
        self._owner = _address(owner) if owner else None
        self._open: list[Component] = []  # from the outermost; those that are not kept are attached to nothing
        self._calendars: list[Component] = []
        self._losses: list[str] = []
        self._num_events = 0

    def take(self, line: bytes) -> None:
        match = _NAME.match(line)
        if match is None:
            return
        name = match[1].upper().decode()
        if name == "BEGIN":
            self._begin(_component_name(line))
        elif name == "END":
            self._end(_component_name(line))
        elif self._open and self._open[-1].name in _KEPT:
            if match[2]:
                self._keep(name, line)
            elif name in _RARE_WORDS:  # no colon: the line must not be lost in silence, though nobody can read it
                self._open[-1].lines.append(ContentLine(name, _NONE, ""))

    def finished(self) -> Reduced:
        if not self._calendars:
            raise UnreadableCalendar(NO_CALENDAR)
        if self._open:
            self._losses.append(ENDS_EARLY)
        return Reduced(tuple(self._calendars), tuple(dict.fromkeys(self._losses)))

    def _begin(self, name: str) -> None:
        component = Component(name)
        if len(self._open) >= MAX_DEPTH:
            raise UnreadableCalendar(NESTED)
        if name in _EVENTS or name == "VTIMEZONE":
            self._count(name)
        if name == "VCALENDAR":
            self._calendars.append(component)
        elif self._open and name in _KEPT and self._open[-1].name in _KEPT:
            self._open[-1].parts.append(component)
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
        self._losses.append(ENDS_EARLY)
        if any(outer.name == name for outer in self._open):  # what lies inside was never closed: close it now
            while self._open.pop().name != name:
                pass

    def _keep(self, name: str, line: bytes) -> None:
        if name in _OF_TIME:
            # no time holds a colon, while careless writers leave "(UTC+01:00)" in a TZID unquoted
            head, _, value = line.decode(errors="replace").rpartition(":")
        elif name in _OF_STATE or (name == "ATTENDEE" and self._owner):
            head, value = _split(line.decode(errors="replace"))
        else:
            return
        found = _PARAMETER.findall(head) if ";" in head else ()
        parameters = {key.upper(): text.strip().strip('"') for key, text in found} if found else _NONE
        if name != "ATTENDEE":
            self._open[-1].lines.append(ContentLine(name, parameters, value.strip()))
        elif self._owner in (_address(value), _address(parameters.get("EMAIL", ""))):
            self._open[-1].lines.append(ContentLine("PARTSTAT", _NONE, parameters.get("PARTSTAT", "NEEDS-ACTION")))


def _component_name(line: bytes) -> str:
    return line.partition(b":")[2].strip().upper().decode(errors="replace")


def _address(written: str) -> str:
    """Return a mail address as it is compared."""
    return written.strip().casefold().removeprefix("mailto:").strip().strip("<>")


def _split(line: str) -> tuple[str, str]:
    """Split at the first colon outside quotation marks; at the first of all where they do not pair."""
    match = _UP_TO_COLON.match(line)
    end = match.end() if match else line.find(":") + 1
    return line[: end - 1], line[end:]
