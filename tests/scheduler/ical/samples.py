"""Builders of small meetings and calendars: a test states only the fields that it is about."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.ical.isolation.protocol import ReadRequest
from scheduler.ical.read.reader import read_calendar
from scheduler.ical.read.reading import Reading
from scheduler.ical.write.invitation import Content, Receiver, Revision
from scheduler.ical.write.revision import revise
from scheduler.intervals import Interval, union

STOCKHOLM = ZoneInfo("Europe/Stockholm")
TODAY = date(2026, 11, 22)
ODD_ZONE = """\
BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:{offset}
TZOFFSETTO:{offset}
END:STANDARD
END:VTIMEZONE"""
MARCH = Interval(datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC))


def a_time(day: str, clock: str = "09:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=STOCKHOLM)


def a_content(meeting: str = "kultur-1", **changes: Any) -> Content:
    start = changes.pop("starts_at", a_time("2027-03-03"))
    fields = {
        "meeting": meeting,
        "summary": "Rådet för kultur",
        "description": "Dagordning sänds en vecka före.",
        "location": "Regionens hus",
        "timezone": "Europe/Stockholm",
        "starts_at": start,
        "ends_at": start + timedelta(hours=2),
        "organizer_name": "Kansliet",
        "organizer_email": "kansli@example.org",
    }
    return Content(**(fields | changes))


def a_receiver(**changes: Any) -> Receiver:
    fields = {"person": "p1", "name": "ledamot, Lindesberg", "email": "p1@example.org"}
    return Receiver(**(fields | changes))


def a_revision(**changes: Any) -> Revision:
    return revise({}, [a_content(**changes)], {}, TODAY)["kultur-1"]


def an_event(*lines: str, uid: str = "1") -> str:
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT"])


IN_ODD_ZONE = an_event("DTSTART;TZID=Customized Time Zone:20270303T120000", "DURATION:PT1H")


def a_calendar(*parts: str) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//Test//EN", *parts, "END:VCALENDAR", ""]
    return "\r\n".join("\n".join(lines).split("\n")).encode()


def a_zone(tzid: str, standard: str, daylight: str, *, rules: str) -> str:
    """Return a VTIMEZONE with the summer time of the EU or of the United States, or none."""
    onsets = {
        "EU": ("FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"),
        "US": ("FREQ=YEARLY;BYMONTH=11;BYDAY=1SU", "FREQ=YEARLY;BYMONTH=3;BYDAY=2SU"),
    }[rules]
    # The clock turns at 01:00 UTC in the EU, and at 02:00 wall time in the United States.
    spring, autumn = (1 + int(standard[:3]), 1 + int(daylight[:3])) if rules == "EU" else (2, 2)
    return "\n".join(
        [
            *("BEGIN:VTIMEZONE", f"TZID:{tzid}"),
            *("BEGIN:STANDARD", f"DTSTART:20001029T{autumn:02}0000", f"RRULE:{onsets[0]}"),
            *(f"TZOFFSETFROM:{daylight}", f"TZOFFSETTO:{standard}", "END:STANDARD"),
            *("BEGIN:DAYLIGHT", f"DTSTART:20000326T{spring:02}0000", f"RRULE:{onsets[1]}"),
            *(f"TZOFFSETFROM:{standard}", f"TZOFFSETTO:{daylight}", "END:DAYLIGHT", "END:VTIMEZONE"),
        ]
    )


def a_reading(*parts: str, window: Interval = MARCH, owner: str | None = None) -> Reading:
    return read_calendar(a_calendar(*parts), window, STOCKHOLM, owner)


def a_request(*parts: str, raw: bytes | None = None) -> ReadRequest:
    """Return a request to read a calendar of these components, or these bytes, in March."""
    return ReadRequest(a_calendar(*parts) if raw is None else raw, MARCH, STOCKHOLM)


def busy_hours(reading: Reading) -> list[str]:
    """Return each busy time of a reading as ``03-03 08:00-09:00 busy``, in UTC."""
    assert reading.unknown == (), reading.unknown
    return [f"{busy.start:%m-%d %H:%M}-{busy.end:%H:%M} {busy.kind}" for busy in reading.busy]


def stretches(reading: Reading) -> tuple[list[str], list[str]]:
    """Return the busy and the unknown intervals of a reading as ``03-03 08:00 to 03-03 09:00``."""
    busy = union([Interval(time.start, time.end) for time in reading.busy])
    unknown = union([interval for interval, _ in reading.unknown])
    return [_written(interval) for interval in busy], [_written(interval) for interval in unknown]


def _written(interval: Interval) -> str:
    return f"{interval.start:%m-%d %H:%M} to {interval.end:%m-%d %H:%M}"
