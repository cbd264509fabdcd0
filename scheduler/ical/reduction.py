"""Who strips a calendar to what bears on time: titles, places, notes and names are left on the doorstep."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from scheduler.errors import UnreadableCalendar

MAX_BYTES = 10 * 1024 * 1024
MAX_EVENTS = 20_000
MAX_DEPTH = 10

ENDS_EARLY = "The file is cut off or its parts do not close; export it again."
NESTED = "Events lie inside other events; export the calendar again."
NO_CALENDAR = "This is not a calendar; export one as an .ics file and give that."
TOO_LARGE = "The calendar is larger than 10 MiB; export a shorter period."
TOO_MANY_EVENTS = "The calendar has more than 20,000 events; export a shorter period."

_KEPT = frozenset({"VCALENDAR", "VEVENT", "VFREEBUSY", "VAVAILABILITY", "VTIMEZONE", "STANDARD", "DAYLIGHT"})
_OF_TIME = frozenset(
    {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "FREEBUSY"}
    | {"TZOFFSETFROM", "TZOFFSETTO"}
)
_OF_STATE = frozenset(
    {"UID", "SEQUENCE", "DTSTAMP", "STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS"}
    | {"TZID", "X-WR-TIMEZONE", "METHOD", "CALSCALE"}
)
_FOLD = re.compile(rb"\r*\n[ \t]")  # RFC 5545, section 3.1; undone on bytes, since a fold may split a character
_LINE_END = re.compile(r"[\r\n]+")
_NAME = re.compile(r"[A-Za-z0-9-]+(?=[;:])")
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=("[^"]*"|[^;"]*)')


@dataclass(frozen=True, slots=True)
class Line:
    """One content line: its name and parameter names in capitals, its value as written."""

    name: str
    parameters: dict[str, str]
    value: str


@dataclass(slots=True)
class Component:
    """One component with the lines that were kept; ``parts`` are the components inside it."""

    name: str
    lines: list[Line] = field(default_factory=list)
    parts: list["Component"] = field(default_factory=list)

    def every(self, name: str) -> Iterator[Line]:
        return (line for line in self.lines if line.name == name)

    def value(self, name: str) -> str:
        """Return the last value of a property that is a word, in capitals; empty when there is none."""
        return next((line.value.upper() for line in reversed(self.lines) if line.name == name), "")

    @property
    def uid(self) -> str:
        return next((line.value for line in self.every("UID")), "")

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
    if len(raw) > MAX_BYTES:
        raise UnreadableCalendar(TOO_LARGE)
    builder = _Builder(owner)
    for line in _unfolded(raw):
        builder.take(line)
    return builder.finished()


def _unfolded(raw: bytes) -> Iterator[str]:
    text = _FOLD.sub(b"", raw.removeprefix(b"\xef\xbb\xbf")).decode("utf-8", errors="replace")
    return (line for line in _LINE_END.split(text) if line)


class _Builder:
    """Puts the kept components together, line by line."""

    def __init__(self, owner: str | None) -> None:
        self._owner = f"mailto:{owner}".casefold() if owner else None
        self._open: list[Component] = []  # from the outermost; those that are not kept are attached to nothing
        self._calendars: list[Component] = []
        self._losses: list[str] = []
        self._num_events = 0

    def take(self, line: str) -> None:
        match = _NAME.match(line)
        name = match.group().upper() if match else ""
        if name == "BEGIN":
            self._begin(line.partition(":")[2].strip().upper())
        elif name == "END":
            self._end(line.partition(":")[2].strip().upper())
        elif self._open and self._open[-1].name in _KEPT:
            self._keep(name, line)

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
        if name == "VEVENT":
            self._num_events += 1
            if self._num_events > MAX_EVENTS:
                raise UnreadableCalendar(TOO_MANY_EVENTS)
            if any(outer.name == "VEVENT" for outer in self._open):
                raise UnreadableCalendar(NESTED)
        if name == "VCALENDAR":
            self._calendars.append(component)
        elif self._open and name in _KEPT and self._open[-1].name in _KEPT:
            self._open[-1].parts.append(component)
        elif name == "VEVENT":
            self._losses.append(NESTED)
        self._open.append(component)

    def _end(self, name: str) -> None:
        if self._open and self._open[-1].name == name:
            self._open.pop()
        else:
            self._losses.append(ENDS_EARLY)

    def _keep(self, name: str, line: str) -> None:
        if name in _OF_TIME:
            # no time holds a colon, while careless writers leave "(UTC+01:00)" in a TZID unquoted
            head, _, value = line.rpartition(":")
        elif name in _OF_STATE or (name == "ATTENDEE" and self._owner):
            head, value = _split(line)
        else:
            return
        parameters = {key.upper(): text.strip('"') for key, text in _PARAMETER.findall(head)}
        if name != "ATTENDEE":
            self._open[-1].lines.append(Line(name, parameters, value.strip()))
        elif value.strip().casefold() == self._owner:
            self._open[-1].lines.append(Line("PARTSTAT", {}, parameters.get("PARTSTAT", "NEEDS-ACTION")))


def _split(line: str) -> tuple[str, str]:
    """Split at the first colon outside quotation marks."""
    match = re.match(r'(?:[^":]|"[^"]*")*:', line)
    end = match.end() if match else len(line)
    return line[: end - 1], line[end:]
