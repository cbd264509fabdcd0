"""Who writes calendars lives here: the same entries as Outlook, Google or Apple would put them in a file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Literal
from uuid import UUID

Kind = Literal["busy", "tentative", "away", "elsewhere", "free", "cancelled"]

WRITTEN = "20261122T080000Z"  # a fixed moment, so that the same bytes come out each time
MAX_OCTETS = 75  # RFC 5545, section 3.1


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in a calendar: once, or a series; whole days when its times are dates. ``end`` is out."""

    key: str
    title: str
    start: datetime | date
    end: datetime | date
    kind: Kind = "busy"
    rule: str | None = None  # an RRULE without its UNTIL
    until: datetime | None = None
    skipped: tuple[datetime, ...] = ()
    instead_of: datetime | None = None  # the occurrence of the series that this entry replaces


@dataclass(frozen=True, slots=True)
class Dialect:
    """What one program writes differently from the others."""

    name: str
    zone: str  # the TZID as the program spells it in a parameter
    header: tuple[str, ...]
    marks: dict[Kind, tuple[str, ...]]
    single_in_utc: bool = False


_ONSETS = """BEGIN:DAYLIGHT
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD""".splitlines()

_BUSY, _FREE = ("STATUS:CONFIRMED", "TRANSP:OPAQUE"), ("STATUS:CONFIRMED", "TRANSP:TRANSPARENT")
_STANDARD: dict[Kind, tuple[str, ...]] = {
    "busy": _BUSY,
    "tentative": ("STATUS:TENTATIVE", "TRANSP:OPAQUE"),
    "away": _BUSY,
    "elsewhere": _FREE,
    "free": _FREE,
    "cancelled": ("STATUS:CANCELLED", "TRANSP:OPAQUE"),
}
_MICROSOFT: dict[Kind, tuple[str, ...]] = {
    "busy": ("TRANSP:OPAQUE", "X-MICROSOFT-CDO-BUSYSTATUS:BUSY"),
    "tentative": ("TRANSP:OPAQUE", "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE"),
    "away": ("TRANSP:OPAQUE", "X-MICROSOFT-CDO-BUSYSTATUS:OOF"),
    "elsewhere": ("TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE"),
    "free": ("TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"),
    "cancelled": ("STATUS:CANCELLED", "TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"),
}
OUTLOOK = Dialect("Outlook", '"W. Europe Standard Time"', ("METHOD:PUBLISH",), _MICROSOFT)
GOOGLE = Dialect(
    "Google", "Europe/Stockholm", ("METHOD:PUBLISH", "X-WR-TIMEZONE:Europe/Stockholm"), _STANDARD, single_in_utc=True
)
APPLE = Dialect("Apple", "Europe/Stockholm", (), _STANDARD)
DIALECTS = (OUTLOOK, GOOGLE, APPLE)


def calendar(entries: Iterable[Entry], dialect: Dialect) -> bytes:
    """Return a whole calendar file in the words of ``dialect``."""
    zone = dialect.zone.strip('"')
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Tretton//orebro-2027 in the words of {dialect.name}//SV",
        "CALSCALE:GREGORIAN",
        *dialect.header,
        *("BEGIN:VTIMEZONE", f"TZID:{zone}", *_ONSETS, "END:VTIMEZONE"),
    ]
    for entry in entries:
        lines += _event(entry, dialect)
    return b"".join(map(_folded, [*lines, "END:VCALENDAR"]))


def _event(entry: Entry, dialect: Dialect) -> list[str]:
    lines = ["BEGIN:VEVENT", f"UID:{_uid(entry.key, dialect)}", f"DTSTAMP:{WRITTEN}"]
    in_utc = dialect.single_in_utc and entry.rule is None and entry.instead_of is None
    lines += [_time("DTSTART", entry.start, dialect, in_utc), _time("DTEND", entry.end, dialect, in_utc)]
    if entry.rule and entry.until:
        lines.append(f"RRULE:{entry.rule};UNTIL={entry.until.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    lines += [_time("EXDATE", one, dialect, in_utc) for one in entry.skipped]
    if entry.instead_of:
        lines.append(_time("RECURRENCE-ID", entry.instead_of, dialect, in_utc))
    title = entry.title.replace(",", r"\,")
    return [*lines, f"SUMMARY:{title}", *dialect.marks[entry.kind], "END:VEVENT"]


def _time(name: str, when: datetime | date, dialect: Dialect, in_utc: bool) -> str:
    if not isinstance(when, datetime):
        return f"{name};VALUE=DATE:{when:%Y%m%d}"
    if in_utc:
        return f"{name}:{when.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f"{name};TZID={dialect.zone}:{when:%Y%m%dT%H%M%S}"


def _uid(key: str, dialect: Dialect) -> str:
    digest = sha256(key.encode())
    if dialect is OUTLOOK:
        return f"040000008200E00074C5B7101A82E008{digest.hexdigest()[:32].upper()}"
    if dialect is GOOGLE:
        return f"{digest.hexdigest()[:26]}@calendar.example"
    return str(UUID(bytes=digest.digest()[:16], version=4)).upper()


def _folded(line: str) -> bytes:
    """Break a line so that no part exceeds 75 octets, between characters."""
    parts, part = [], b""
    for character in line:
        octets = character.encode()
        if len(part) + len(octets) > MAX_OCTETS:
            parts.append(part)
            part = b" "
        part += octets
    return b"\r\n".join([*parts, part]) + b"\r\n"
