"""Render calendar entries as iCalendar files in the dialects of Outlook, Google Calendar and Apple Calendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Literal
from uuid import UUID

Kind = Literal["busy", "tentative", "away", "elsewhere", "free", "cancelled"]

DTSTAMP = "20261122T080000Z"  # constant, so that a rebuild gives the same bytes
MAX_OCTETS = 75  # RFC 5545, section 3.1


@dataclass(frozen=True, slots=True)
class Entry:
    """
    An event or a series of events.

    The entry is an all-day event when ``start`` and ``end`` are dates. ``end`` is exclusive.
    """

    key: str
    title: str
    start: datetime | date
    end: datetime | date
    kind: Kind = "busy"
    rule: str | None = None  # RRULE without the UNTIL part
    until: datetime | None = None
    excluded: tuple[datetime, ...] = ()  # EXDATE
    recurrence_id: datetime | None = None  # start of the occurrence that this entry replaces


@dataclass(frozen=True, slots=True)
class Dialect:
    """Properties and parameters in which a calendar program differs from the others."""

    name: str
    zone: str  # value of the TZID parameter, quoted where the program quotes it
    header: tuple[str, ...]
    status_lines: dict[Kind, tuple[str, ...]]
    single_in_utc: bool = False  # times of events without recurrence are in UTC


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


def render_calendar(entries: Iterable[Entry], dialect: Dialect) -> bytes:
    """Return the bytes of an iCalendar file with ``entries``, as the program of ``dialect`` writes them."""
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
    return b"".join(map(_fold, [*lines, "END:VCALENDAR"]))


def _event(entry: Entry, dialect: Dialect) -> list[str]:
    lines = ["BEGIN:VEVENT", f"UID:{_uid(entry.key, dialect)}", f"DTSTAMP:{DTSTAMP}"]
    in_utc = dialect.single_in_utc and entry.rule is None and entry.recurrence_id is None
    lines += [_time("DTSTART", entry.start, dialect, in_utc), _time("DTEND", entry.end, dialect, in_utc)]
    if entry.rule and entry.until:
        lines.append(f"RRULE:{entry.rule};UNTIL={entry.until.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    lines += [_time("EXDATE", start, dialect, in_utc) for start in entry.excluded]
    if entry.recurrence_id:
        lines.append(_time("RECURRENCE-ID", entry.recurrence_id, dialect, in_utc))
    title = entry.title.replace(",", r"\,")
    return [*lines, f"SUMMARY:{title}", *dialect.status_lines[entry.kind], "END:VEVENT"]


def _time(name: str, value: datetime | date, dialect: Dialect, in_utc: bool) -> str:
    if not isinstance(value, datetime):
        return f"{name};VALUE=DATE:{value:%Y%m%d}"
    if in_utc:
        return f"{name}:{value.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f"{name};TZID={dialect.zone}:{value:%Y%m%dT%H%M%S}"


def _uid(key: str, dialect: Dialect) -> str:
    digest = sha256(key.encode())
    if dialect is OUTLOOK:
        return f"040000008200E00074C5B7101A82E008{digest.hexdigest()[:32].upper()}"
    if dialect is GOOGLE:
        return f"{digest.hexdigest()[:26]}@calendar.example"
    return str(UUID(bytes=digest.digest()[:16], version=4)).upper()


def _fold(line: str) -> bytes:
    """Fold a content line (RFC 5545, section 3.1): at most 75 octets a line, UTF-8 sequences not split."""
    lines = []
    current = b""
    for character in line:
        octets = character.encode()
        if len(current) + len(octets) > MAX_OCTETS:
            lines.append(current)
            current = b" "
        current += octets
    return b"\r\n".join([*lines, current]) + b"\r\n"
