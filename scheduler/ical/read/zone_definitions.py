"""Validate the VTIMEZONEs of a calendar and turn them into zones."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import lru_cache

from scheduler.ical.read.redact import Component
from scheduler.ical.timezones import parse_vtimezone

MAX_ONSET_LINES = 500  # of one definition, RDATEs included
MAX_RULES = 40  # of one definition; America/New_York since 1883 has a dozen

_DATE_TIME = re.compile(r"\d{8}(?:T\d{6})?")
_OFFSET = re.compile(r"[+-](?:0\d|1[0-5])[0-5]\d(?:[0-5]\d)?")
# A rule that occurs at most once a year. The library expands the rules of a zone for every time in that zone.
_YEARLY_RULE = re.compile(
    r"(?:(?:FREQ=YEARLY|(?:BYMONTH|BYDAY|BYMONTHDAY|UNTIL|COUNT|INTERVAL|WKST)=[A-Z0-9,+-]+"
    r"|BY(?:HOUR|MINUTE|SECOND)=\d+)(?:;|$))+",
    re.IGNORECASE,
)
_REQUIRED_PROPERTIES = ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO")


@dataclass(frozen=True, slots=True)
class Zone:
    """
    A zone by the name under which the recurrence library parses times in it.

    ``definition`` is its VTIMEZONE; empty for zones of the zone database.
    """

    name: str
    rules: tzinfo
    definition: str = ""


def onsets_of(definitions: list[Component]) -> set[str]:
    """Return the different onsets of VTIMEZONEs, without their names; invalid definitions are left out."""
    return {_definition_text(definition) for definition in definitions} - {""}


def _definition_text(definition: Component) -> str:
    """Return the onsets of a VTIMEZONE, without its name; empty when the definition is invalid or too large."""
    onsets = [_onset_lines(part) for part in definition.components if part.name in ("STANDARD", "DAYLIGHT")]
    lines = [line for onset in onsets for line in onset]
    num_rules = sum(line.startswith("RRULE") for line in lines)
    is_valid = all(onsets) and len(lines) <= MAX_ONSET_LINES and num_rules <= MAX_RULES
    return "\r\n".join(lines) if is_valid else ""


@lru_cache(maxsize=256)  # a file may repeat a definition for each of its events
def parse_zone(onsets: str) -> Zone | None:
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
