"""Who lays out a series: the components that share a UID go in, every time they are held comes out."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

import recurring_ical_events
from icalendar import Calendar, Event

from scheduler.days import instant
from scheduler.errors import UnreadableCalendar
from scheduler.ical.free_busy import BusyKind
from scheduler.ical.known_zones import Zone, Zones
from scheduler.ical.reduction import Component, Line
from scheduler.intervals import Interval

MAX_DATES = 5000  # RDATEs or EXDATEs of one series
MAX_A_DAY = 24  # occurrences of one rule
MAX_STEPS = 200_000  # from a rule's start to the end of the window; a second or two of work
PADDING = timedelta(days=2)  # the library compares whole days without their zone

NOT_UNDERSTOOD = "An event is not understood; correct it or remove it."
NO_SUCH_TIME = "An event's time is not written as a date and time; correct it."
NO_ZONE = "An event's time zone is not known; choose a known one, as Europe/Stockholm."
ENDS_FIRST = "An event ends before it starts; correct it."
TOO_OFTEN = "An event repeats too often or for too long to follow; give it fewer repetitions."
BAD_RULE = "An event's repetition is not understood; write it anew."

_DATE = re.compile(r"\d{8}")
_DATE_TIME = re.compile(r"\d{8}T\d{6}Z?")
_STEPS_A_DAY = {"HOURLY": 24, "DAILY": 1, "WEEKLY": 1, "MONTHLY": 1, "YEARLY": 1}
_RANGE = ";RANGE=THISANDFUTURE"


def occurrences(
    components: Sequence[Component], kinds: Mapping[int, BusyKind | None], zones: Zones, window: Interval
) -> Iterator[tuple[Interval, BusyKind]]:
    """
    Yield every time, in UTC, that the events of one UID are held and bind somebody, where it overlaps ``window``.

    ``kinds`` says, by the ``id`` of each component, how it binds. A time without length is none.

    Raises
    ------
    UnreadableCalendar
        When they are not understood. The library may raise anything else; no answer may then be concluded.
    """
    for series in _as_they_stand(components, zones):
        raw = _Writer(zones, window).calendar(series)
        for event in _expanded(raw, window):
            kind = kinds[id(series[int(str(event["X-NUMBER"]))])]
            start, end = _moment(event.start, zones), _moment(event.end, zones)
            if kind and start < end and window.overlaps(Interval(start, end)):
                yield Interval(start, end), kind


def is_elsewhere(component: Component, window: Interval) -> bool:
    """Tell, from its dates alone, whether an event that does not repeat lies days outside ``window``."""
    if any(line.name in ("RRULE", "RDATE", "RECURRENCE-ID", "DURATION") for line in component.lines):
        return False
    try:
        days = [_day(line.value) for line in component.lines if line.name in ("DTSTART", "DTEND")]
    except ValueError:
        return False
    near = window.widened(PADDING)
    return bool(days) and (max(days) < near.start.date() or min(days) > near.end.date())


def _as_they_stand(components: Sequence[Component], zones: Zones) -> Iterator[list[Component]]:
    """
    Yield each master with the newest of every override (RFC 5546, section 2.1.5).

    Careless writers give several events one UID: where neither is newer, each is a series of its own.
    """
    newest: dict[str, list[Component]] = {}
    for component in components:
        key = next((_placed(line, line.value, zones) for line in component.every("RECURRENCE-ID")), "")
        rivals = newest.setdefault(key, [])
        if not rivals or _version(component) == _version(rivals[0]):
            rivals.append(component)
        elif _version(component) > _version(rivals[0]):
            newest[key] = [component]
    masters = newest.pop("", [])
    overrides = [override for rivals in newest.values() for override in rivals]
    yield from ([master, *overrides] for master in masters)
    if not masters:
        yield overrides


def _version(component: Component) -> tuple[int, str]:
    sequence = component.value("SEQUENCE")
    return int(sequence) if sequence.isdecimal() else 0, component.value("DTSTAMP")


def _expanded(raw: bytes, window: Interval) -> list[Event]:
    calendar = Calendar.from_ical(raw)
    for event in calendar.events:
        if event.errors:
            raise UnreadableCalendar(NOT_UNDERSTOOD)
        if event.end < event.start:
            raise UnreadableCalendar(ENDS_FIRST)  # the library would swap them
    near = window.widened(PADDING)
    return list(recurring_ical_events.of(calendar).between(near.start, near.end))


def _moment(written: date, zones: Zones) -> datetime:
    if not isinstance(written, datetime):
        written = datetime.combine(written, time())
    return instant(written, zones.home)


def _day(written: str) -> date:
    return date.fromisoformat(written[:8])


def _placed(line: Line, value: str, zones: Zones) -> str:
    """Return the parameters and the value that say one moment without doubt: a date, UTC, or a zone that is known."""
    value = value.strip().upper()
    if _DATE.fullmatch(value):
        return f";VALUE=DATE:{value}"
    if not _DATE_TIME.fullmatch(value):
        raise UnreadableCalendar(NO_SUCH_TIME)
    if value.endswith("Z"):
        return f":{value}"
    return f";TZID={_zone(line, zones).name}:{value}"


def _zone(line: Line, zones: Zones) -> Zone:
    zone = zones.find(line.parameters.get("TZID", ""))
    if zone is None:
        raise UnreadableCalendar(NO_ZONE)
    return zone


class _Writer:
    """Writes a series anew, in the few ways that the library reads right."""

    def __init__(self, zones: Zones, window: Interval) -> None:
        self._zones = zones
        self._window = window
        self._num_dates = 0

    def calendar(self, events: list[Component]) -> bytes:
        names_days = any(_DATE.fullmatch(line.value) for line in events[0].every("DTSTART"))
        body = [line for number, event in enumerate(events) for line in self._event(number, event, names_days)]
        lines = [line for event in events for line in event.lines if "TZID" in line.parameters]
        definitions = sorted({zone.definition for line in lines if (zone := self._zones.find(line.parameters["TZID"]))})
        whole = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *filter(None, definitions), *body, "END:VCALENDAR", ""]
        return "\r\n".join(whole).encode()

    def _event(self, number: int, component: Component, names_days: bool) -> Iterator[str]:
        yield from ("BEGIN:VEVENT", "UID:x", f"X-NUMBER:{number}", f"SEQUENCE:{_version(component)[0]}")
        (start,) = component.every("DTSTART")
        written = _placed(start, start.value, self._zones)
        yield f"DTSTART{written}"
        yield from self._end(component, written)
        for line in component.every("RECURRENCE-ID"):
            is_followed = line.parameters.get("RANGE", "").upper() == "THISANDFUTURE"
            yield f"RECURRENCE-ID{_RANGE if is_followed else ''}{self._like(line, line.value, names_days)}"
        for line in component.every("RRULE"):
            yield f"RRULE:{self._rule(line.value, start, written)}"
        for name in ("RDATE", "EXDATE"):
            for line in component.every(name):
                yield from (f"{name}{text}" for text in self._dates(line, names_days and name == "EXDATE"))
        yield "END:VEVENT"

    def _end(self, component: Component, start: str) -> Iterator[str]:
        for line in component.every("DTEND"):
            written = _placed(line, line.value, self._zones)
            if not (written == start and start.startswith(";VALUE=DATE")):  # a day that ends as it starts is one day
                yield f"DTEND{written}"
        if not any(component.every("DTEND")):  # careless writers give both; readers then go by the end
            for line in component.every("DURATION"):
                if line.value.startswith("-"):
                    raise UnreadableCalendar(ENDS_FIRST)
                yield f"DURATION:{line.value}"

    def _like(self, line: Line, value: str, names_days: bool) -> str:
        """Return a moment that names an occurrence: a date when the series is of whole days."""
        return _placed(line, value.strip()[:8] if names_days else value, self._zones)

    def _dates(self, line: Line, names_days: bool) -> Iterator[str]:
        values = line.value.split(",")
        self._num_dates += len(values)
        if self._num_dates > MAX_DATES:
            raise UnreadableCalendar(TOO_OFTEN)
        for value in filter(None, values):
            start, slash, end = value.partition("/")
            text = self._like(line, start, names_days)
            if slash:
                closing = end if end.startswith("P") else _placed(line, end, self._zones).rpartition(":")[2]
                text = f";VALUE=PERIOD{text}/{closing}"
            yield text

    def _rule(self, rule: str, start: Line, written: str) -> str:
        parts = {}
        for part in filter(None, rule.upper().replace(" ", "").split(";")):
            key, _, value = part.partition("=")
            parts[key] = value
        self._refuse_bombs(parts, written)
        if "UNTIL" in parts:
            parts["UNTIL"] = self._until(parts["UNTIL"], start, written)
        return ";".join(f"{key}={value}" for key, value in parts.items())

    def _refuse_bombs(self, parts: dict[str, str], written: str) -> None:
        interval = parts.get("INTERVAL", "1")
        if not interval.isdecimal() or int(interval) < 1 or parts.get("RSCALE", "GREGORIAN") != "GREGORIAN":
            raise UnreadableCalendar(BAD_RULE)
        steps = _STEPS_A_DAY.get(parts.get("FREQ", ""))
        if steps is None:
            raise UnreadableCalendar(TOO_OFTEN)
        for key in ("BYHOUR", "BYMINUTE", "BYSECOND"):
            steps *= 1 + parts.get(key, "").count(",")
        last_day = min(parts.get("UNTIL", "9999")[:8], f"{self._window.end:%Y%m%d}")
        num_days = (_day(last_day) - _day(written.rpartition(":")[2])).days
        if steps > MAX_A_DAY or num_days * steps > MAX_STEPS:
            raise UnreadableCalendar(TOO_OFTEN)

    def _until(self, until: str, start: Line, written: str) -> str:
        """Return UNTIL as the library wants it; one without Z is wall time where the series starts."""
        if written.startswith(";VALUE=DATE"):
            return until[:8]
        if until.endswith("Z"):
            return until
        # a date is not allowed here (RFC 5545, section 3.3.10); parsers agree to read the midnight that begins it
        last = datetime.fromisoformat(until if "T" in until else f"{until}T000000")
        rules = UTC if written.endswith("Z") else _zone(start, self._zones).rules
        return f"{last.replace(tzinfo=rules).astimezone(UTC):%Y%m%dT%H%M%SZ}"
