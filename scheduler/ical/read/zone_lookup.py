"""Resolve the TZID of a calendar to a zone: an IANA name, a Windows name, or a valid VTIMEZONE of the calendar."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from scheduler.days import instant, zone_exists
from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.redact import Component
from scheduler.ical.read.values import NO_SUCH_TIME, DateValue, InvalidValue, TimeValue, UtcTime
from scheduler.ical.timezones import parse_vtimezone

MAX_ONSET_LINES = 500  # of one definition, RDATEs included
MAX_RULES = 40  # of one definition; America/New_York since 1883 has a dozen

NO_ZONE = "An event's time zone is unknown; choose a known time zone, such as Europe/Stockholm."

_DATE_TIME = re.compile(r"\d{8}(?:T\d{6})?")
_OFFSET = re.compile(r"[+-](?:0\d|1[0-5])[0-5]\d(?:[0-5]\d)?")
# A rule that occurs at most once a year. The library expands the rules of a zone for every time in that zone.
_YEARLY_RULE = re.compile(
    r"(?:(?:FREQ=YEARLY|(?:BYMONTH|BYDAY|BYMONTHDAY|UNTIL|COUNT|INTERVAL|WKST)=[A-Z0-9,+-]+"
    r"|BY(?:HOUR|MINUTE|SECOND)=\d+)(?:;|$))+",
    re.IGNORECASE,
)
# TZID is escaped text in VTIMEZONE and a plain parameter elsewhere (RFC 5545, sections 3.8.3.1 and 3.2.19).
_ESCAPED = re.compile(r"\\([\\,;])")
_REQUIRED_PROPERTIES = ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO")
_WINDOWS_ZONES = {name.casefold(): zone for name, zone in WINDOWS_TO_OLSON.items()}
_ALIASES = {
    "tzone://microsoft/utc": "UTC",  # Exchange
    "coordinated universal time": "UTC",
    "western/central europe": "Europe/Berlin",  # Domino
}


class UnknownZone(UnreadableCalendar):
    """A time is written in a zone that is neither known nor defined."""


@dataclass(frozen=True, slots=True)
class Zone:
    """
    A zone by the name under which the recurrence library parses times in it.

    ``definition`` is its VTIMEZONE; empty for zones of the zone database.
    """

    name: str
    rules: tzinfo
    definition: str = ""


class Zones:
    """
    The zones of a calendar.

    Attributes
    ----------
    home
        The zone of floating times and whole days.
    """

    def __init__(self, calendar: Component, fallback: ZoneInfo) -> None:
        # X-WR-TIMEZONE is the zone of the whole calendar in Google's and Apple's exports.
        home_name = next((line.text for line in calendar.lines_named("X-WR-TIMEZONE")), "")
        home = find_known_zone(home_name)
        self.home = ZoneInfo(home.name) if home else fallback
        self._definitions: dict[str, list[Component]] = {}
        for definition in calendar.components_named("VTIMEZONE"):
            for line in definition.lines_named("TZID"):
                tzid = _ESCAPED.sub(r"\1", line.text).strip('"')
                self._definitions.setdefault(tzid, []).append(definition)
        self._resolved: dict[str, Zone | None] = {}

    def find(self, tzid: str) -> Zone | None:
        """Return the zone that ``tzid`` names, or None when it is unknown; an empty ``tzid`` is floating time."""
        if tzid not in self._resolved:
            self._resolved[tzid] = self._resolve(tzid)
        return self._resolved[tzid]

    def _resolve(self, tzid: str) -> Zone | None:
        if not tzid:
            return Zone(self.home.key, self.home)
        return find_known_zone(tzid) or _defined_zone(self._definitions.get(tzid, []))

    def zone_of(self, tzid: str | None) -> Zone:
        """Return the zone that ``tzid`` names; raise :class:`UnknownZone` when it is unknown."""
        zone = self.find(tzid or "")
        if zone is None:
            raise UnknownZone(NO_ZONE)
        return zone

    def instant(self, value: TimeValue) -> datetime:
        """
        Return the instant of a time in UTC; a date is its midnight in the home zone.

        Raises
        ------
        UnreadableCalendar
            When the value is invalid; :class:`UnknownZone` when only its zone is unknown.
        OverflowError
            When the midnight of a date is outside the years 1 to 9999 in UTC.
        """
        if isinstance(value, InvalidValue):
            raise UnreadableCalendar(NO_SUCH_TIME)
        if isinstance(value, UtcTime):
            return value.moment
        if isinstance(value, DateValue):
            return self.midnight(value.day)
        zone = self.zone_of(value.tzid)
        try:
            return value.clock.replace(tzinfo=zone.rules).astimezone(UTC)
        except (ValueError, OverflowError):
            raise UnreadableCalendar(NO_SUCH_TIME) from None

    def midnight(self, day: date) -> datetime:
        """Return the instant at which ``day`` begins in the home zone."""
        return instant(datetime.combine(day, time()), self.home)


class GuessedZones(Zones):
    """The zones of a calendar, with unknown zones taken to be the home zone."""

    def __init__(self, zones: Zones) -> None:
        self._zones = zones
        self.home = zones.home

    def find(self, tzid: str) -> Zone | None:
        return self._zones.find(tzid) or self._zones.find("")


def find_known_zone(tzid: str) -> Zone | None:
    """
    Return the zone of the zone database that ``tzid`` names, directly or as a Windows name or alias.

    Examples
    --------
    >>> names = ("W. Europe Standard Time", "/mozilla.org/20070129_1/Europe/Berlin")
    >>> [find_known_zone(name).name for name in names]
    ['Europe/Berlin', 'Europe/Berlin']
    """
    stripped = tzid.strip()
    folded = stripped.casefold()
    name = _WINDOWS_ZONES.get(folded) or _ALIASES.get(folded) or stripped
    candidates = [name]
    # A leading slash marks a globally unique name, which ends with the IANA name of two or three parts
    # (RFC 5545, section 3.2.19; libical and Mozilla write such names).
    if name.startswith("/"):
        steps = name.split("/")
        candidates += ["/".join(steps[-depth:]) for depth in (3, 2)]
    for candidate in candidates:
        if candidate and zone_exists(candidate):
            return Zone(candidate, ZoneInfo(candidate))
    return None


def _defined_zone(definitions: list[Component]) -> Zone | None:
    """
    Return the zone that all definitions of a TZID agree on; None when they contradict each other.

    When no definition is valid, the zones of their X-LIC-LOCATION count, which libical writes.
    """
    texts = {_definition_text(definition) for definition in definitions} - {""}
    if len(texts) > 1:
        return None
    defined = _parse_zone(texts.pop()) if texts else None
    if defined is not None:
        return defined
    locations = [line.text for definition in definitions for line in definition.lines_named("X-LIC-LOCATION")]
    zones = {zone.name: zone for zone in map(find_known_zone, locations) if zone is not None}
    return next(iter(zones.values())) if len(zones) == 1 else None


def _definition_text(definition: Component) -> str:
    """Return the onsets of a VTIMEZONE, without its name; empty when the definition is invalid or too large."""
    onsets = [_onset_lines(part) for part in definition.components if part.name in ("STANDARD", "DAYLIGHT")]
    lines = [line for onset in onsets for line in onset]
    num_rules = sum(line.startswith("RRULE") for line in lines)
    is_valid = all(onsets) and len(lines) <= MAX_ONSET_LINES and num_rules <= MAX_RULES
    return "\r\n".join(lines) if is_valid else ""


def _parse_zone(onsets: str) -> Zone | None:
    """
    Return the zone with these onsets, or None when the library does not parse them.

    The name is a digest of the content. The library caches definitions by name for the lifetime of the process, so
    with its own name the "Customized Time Zone" of one calendar would be used for the next.
    """
    digest = hashlib.sha256(onsets.encode()).hexdigest()[:24]
    name = f"defined-{digest}"
    text = f"BEGIN:VTIMEZONE\r\nTZID:{name}\r\n{onsets}\r\nEND:VTIMEZONE\r\n"
    rules = _parse_zone_rules(text)
    return Zone(name, rules, text) if rules else None


def _onset_lines(onset: Component) -> list[str]:
    """Return the lines of a STANDARD or DAYLIGHT; none when a property is missing, repeated or invalid."""
    lines = []
    for name in _REQUIRED_PROPERTIES:
        texts = [line.text for line in onset.lines_named(name)]
        syntax = _DATE_TIME if name == "DTSTART" else _OFFSET
        if len(texts) != 1 or not syntax.fullmatch(texts[0]):
            return []
        text = _with_clock(texts[0]) if name == "DTSTART" else texts[0]
        lines.append(f"{name}:{text}")
    for line in onset.lines_named("RRULE"):
        rule = line.text.rstrip(";")
        if not _YEARLY_RULE.fullmatch(rule) or rule.upper().count("FREQ=") != 1:
            return []
        lines.append(f"RRULE:{rule}")
    for line in onset.lines_named("RDATE"):
        for text in line.text.split(","):
            if not _DATE_TIME.fullmatch(text):
                return []
            lines.append(f"RDATE:{_with_clock(text)}")
    return [f"BEGIN:{onset.name}", *lines, f"END:{onset.name}"]


def _with_clock(text: str) -> str:
    """Return a date as the midnight that begins it; some writers give dates as onsets."""
    return text if "T" in text else f"{text}T000000"


def _parse_zone_rules(text: str) -> tzinfo | None:
    try:
        rules: tzinfo = parse_vtimezone(text).to_tz(lookup_tzid=False)
        datetime(2027, 7, 1, tzinfo=UTC).astimezone(rules)
    except Exception:  # the library raises many types of errors for invalid definitions
        return None
    return rules
