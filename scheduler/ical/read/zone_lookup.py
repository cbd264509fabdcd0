"""Resolve the TZID of a calendar to a zone: an IANA name, a Windows name, or a valid VTIMEZONE of the calendar."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from scheduler.days import zone_exists
from scheduler.ical.read.redact import Component
from scheduler.ical.timezones import parse_vtimezone

MAX_ONSETS = 500  # lines of one definition, its dates among them
MAX_RULES = 40  # those of New York since 1883 are a dozen

_DATE_TIME = re.compile(r"\d{8}(?:T\d{6})?")
_OFFSET = re.compile(r"[+-](?:0\d|1[0-5])[0-5]\d(?:[0-5]\d)?")
_YEARLY = re.compile(  # once a year and no oftener
    r"(?:(?:FREQ=YEARLY|(?:BYMONTH|BYDAY|BYMONTHDAY|UNTIL|COUNT|INTERVAL|WKST)=[A-Z0-9,+-]+"
    r"|BY(?:HOUR|MINUTE|SECOND)=\d+)(?:;|$))+",
    re.IGNORECASE,
)
_UNESCAPED = re.compile(r"\\([\\,;])")  # a TZID is text in VTIMEZONE and a parameter elsewhere
_REQUIRED = ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO")
_WINDOWS = {name.casefold(): zone for name, zone in WINDOWS_TO_OLSON.items()}
_ALIASES = {
    "tzone://microsoft/utc": "UTC",  # Exchange
    "coordinated universal time": "UTC",
    "western/central europe": "Europe/Berlin",  # Domino
}


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone by the name under which it is parsed; ``definition`` is its VTIMEZONE unless the database knows it."""

    name: str
    rules: tzinfo
    definition: str = ""


class Zones:
    """The zones of one calendar."""

    def __init__(self, calendar: Component, fallback: ZoneInfo) -> None:
        named = known_zone(next((line.value for line in calendar.every("X-WR-TIMEZONE")), ""))
        self._definitions: dict[str, list[Component]] = {}
        for part in calendar.named("VTIMEZONE"):
            for line in part.every("TZID"):
                self._definitions.setdefault(_UNESCAPED.sub(r"\1", line.value).strip('"'), []).append(part)
        self._found: dict[str, Zone | None] = {}
        # where floating times and whole days lie
        self.home = ZoneInfo(named.name) if named else fallback

    def find(self, tzid: str) -> Zone | None:
        """Return the zone that ``tzid`` names, or None when nobody can tell; no name at all is floating time."""
        if tzid not in self._found:
            self._found[tzid] = self._search(tzid)
        return self._found[tzid]

    def _search(self, tzid: str) -> Zone | None:
        if not tzid:
            return Zone(self.home.key, self.home)
        return known_zone(tzid) or _agreed(self._definitions.get(tzid, []))


class GuessedZones(Zones):
    """The same zones, but one that nobody knows is taken to be where the calendar is."""

    def __init__(self, zones: Zones) -> None:
        self._zones = zones
        self.home = zones.home

    def find(self, tzid: str) -> Zone | None:
        return self._zones.find(tzid) or self._zones.find("")


def known_zone(tzid: str) -> Zone | None:
    """
    Return the zone of the database that ``tzid`` means, if any.

    Examples
    --------
    >>> [known_zone(name).name for name in ("W. Europe Standard Time", "/mozilla.org/20070129_1/Europe/Berlin")]
    ['Europe/Berlin', 'Europe/Berlin']
    """
    folded = tzid.strip().casefold()
    tzid = _WINDOWS.get(folded) or _ALIASES.get(folded) or tzid.strip()
    steps = tzid.split("/")
    globally_unique = ["/".join(steps[-depth:]) for depth in (3, 2)] if tzid.startswith("/") else []
    for name in (tzid, *globally_unique):
        if name and zone_exists(name):
            return Zone(name, ZoneInfo(name))
    return None


def _agreed(definitions: list[Component]) -> Zone | None:
    """Return the zone that all definitions of one name mean; of two that contradict each other neither is believed."""
    texts = set(filter(None, map(_definition, definitions)))
    if len(texts) > 1:
        return None
    defined = _zone(texts.pop()) if texts else None
    places = (known_zone(line.value) for part in definitions for line in part.every("X-LIC-LOCATION"))
    found = {zone.name: zone for zone in ((defined,) if defined else places) if zone}
    return next(iter(found.values())) if len(found) == 1 else None


def _definition(definition: Component) -> str:
    """Return what a VTIMEZONE says, without its name; nothing when it is unsound."""
    parts = [part for part in definition.parts if part.name in ("STANDARD", "DAYLIGHT")]
    onsets = [_onset(part) for part in parts]
    lines = [line for onset in onsets for line in onset]
    num_rules = sum(line.startswith("RRULE") for line in lines)
    is_sound = all(onsets) and len(lines) <= MAX_ONSETS and num_rules <= MAX_RULES
    return "\r\n".join(lines) if is_sound else ""


def _zone(body: str) -> Zone | None:
    """
    Return the zone of a definition, or None when the library does not understand it.

    It is named by its content: the library keeps definitions by name for as long as the process lives, so that one
    person's "Customized Time Zone" would otherwise become the next person's too.
    """
    name = f"defined-{hashlib.sha256(body.encode()).hexdigest()[:24]}"
    text = f"BEGIN:VTIMEZONE\r\nTZID:{name}\r\n{body}\r\nEND:VTIMEZONE\r\n"
    rules = _rules(text)
    return Zone(name, rules, text) if rules else None


def _onset(part: Component) -> list[str]:
    """Return the lines of one STANDARD or DAYLIGHT; none when any is missing, twice there or not understood."""
    lines = []
    for name in _REQUIRED:
        values = [line.value for line in part.every(name)]
        form = _DATE_TIME if name == "DTSTART" else _OFFSET
        if len(values) != 1 or not form.fullmatch(values[0]):
            return []
        lines.append(f"{name}:{_with_a_clock(values[0]) if name == 'DTSTART' else values[0]}")
    for rule in (line.value.rstrip(";") for line in part.every("RRULE")):
        if not _YEARLY.fullmatch(rule) or rule.upper().count("FREQ=") != 1:
            return []
        lines.append(f"RRULE:{rule}")
    for moment in (moment for line in part.every("RDATE") for moment in line.value.split(",")):
        if not _DATE_TIME.fullmatch(moment):
            return []
        lines.append(f"RDATE:{_with_a_clock(moment)}")
    return [f"BEGIN:{part.name}", *lines, f"END:{part.name}"]


def _with_a_clock(moment: str) -> str:
    return moment if "T" in moment else f"{moment}T000000"


def _rules(text: str) -> tzinfo | None:
    try:
        rules: tzinfo = parse_vtimezone(text).to_tz(lookup_tzid=False)
        datetime(2027, 7, 1, tzinfo=UTC).astimezone(rules)
    except Exception:  # whatever the library stumbles on, the zone is not understood
        return None
    return rules
