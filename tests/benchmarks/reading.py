"""Throughput of the calendar reader compared with the plain library, and the start-up time of its workers."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar

from scheduler.ical.isolation.pool import CalendarWorkerPool
from scheduler.ical.isolation.protocol import ReadRequest
from scheduler.ical.read.content_lines import MAX_BYTES
from scheduler.ical.read.reader import read_calendar
from scheduler.intervals import Interval

EXAMPLE = Path(__file__).parents[2] / "examples" / "orebro-2027" / "calendars"
STOCKHOLM = ZoneInfo("Europe/Stockholm")
YEAR = Interval(datetime(2026, 12, 31, 23, tzinfo=UTC), datetime(2027, 12, 31, 23, tzinfo=UTC))
NUM_EVENTS = 5000
NUM_WORKERS = 40
NUM_INTERPRETERS = 5


def print_reading() -> None:
    """Print events per second, seconds for the example's folder, and milliseconds for a child."""
    for share, kind in ((0, "each held once"), (5, "every fifth held weekly")):
        _print_speed(a_full_calendar(share), kind)
    files = [file.read_bytes()[:MAX_BYTES] for file in sorted(EXAMPLE.rglob("*.ics"))]
    requests = [ReadRequest(raw, YEAR, STOCKHOLM) for raw in files]
    with CalendarWorkerPool() as pool:
        pool.read(requests[0])  # from here on it is warm
        in_parallel = _seconds(lambda: pool.read_all(requests))
    in_turn = _seconds(lambda: [read_calendar(raw, YEAR, STOCKHOLM) for raw in files])
    print(
        f"{len(files)} calendars of the example: in parallel workers {in_parallel:.1f} s, sequentially {in_turn:.1f} s"
    )
    for name, fork in (("a worker forked from a warm process", True), ("a fresh interpreter", False)):
        print(f"{name}: {1000 * _time_of_a_worker(fork=fork):.0f} ms")


def _print_speed(raw: bytes, kind: str) -> None:
    ours = NUM_EVENTS / _seconds(lambda: read_calendar(raw, YEAR, STOCKHOLM))
    plain = NUM_EVENTS / _seconds(lambda: _read_plainly(raw))
    print(f"{NUM_EVENTS} events, {kind}: {ours:.0f} events a second, by the plain library {plain:.0f}")


def a_full_calendar(share: int) -> bytes:
    """Return a year of events; with a ``share``, one in so many is held every week."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//Test//EN"]
    for number in range(NUM_EVENTS):
        start = datetime(2027, 1, 1, 8, tzinfo=UTC) + timedelta(minutes=97 * number)
        lines += ["BEGIN:VEVENT", f"UID:{number}", "DTSTAMP:20260101T000000Z", f"DTSTART:{start:%Y%m%dT%H%M%SZ}"]
        lines += ["DURATION:PT1H", "SUMMARY:Sammanträde", "LOCATION:Sessionssalen", "DESCRIPTION:Dagordning"]
        lines += ["RRULE:FREQ=WEEKLY;COUNT=20"] if share and number % share == 0 else []
        lines += ["END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def _read_plainly(raw: bytes) -> None:
    list(recurring_ical_events.of(Calendar.from_ical(raw)).between(YEAR.start, YEAR.end))


def _time_of_a_worker(*, fork: bool) -> float:
    """Return the median seconds for an empty calendar; fresh interpreters are started when asked for, not ahead."""
    request = ReadRequest(b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", YEAR, STOCKHOLM)
    with CalendarWorkerPool(max_workers=1, fork=fork) as pool:
        if fork:
            pool.read(request)  # from here on it is warm
        taken = []
        for _ in range(NUM_WORKERS if fork else NUM_INTERPRETERS):
            taken.append(_seconds(lambda: pool.read(request)))
            if not fork:
                pool.close()
    return median(taken)


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
