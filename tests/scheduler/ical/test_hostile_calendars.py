"""Tests that hostile calendars give an allowed result within the limits of time and memory."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from scheduler.errors import UnreadableCalendar
from scheduler.ical.isolation.pool import HAS_FORK, CalendarWorkerPool
from scheduler.ical.isolation.protocol import ReadOutcome, ReadRequest
from scheduler.ical.read.reading import Reading
from scheduler.intervals import Interval, union
from tests.scheduler.ical.samples import STOCKHOLM, a_calendar

WEEK = Interval(datetime.fromisoformat("2026-11-02T00:00:00Z"), datetime.fromisoformat("2026-11-09T00:00:00Z"))
MAX_SECONDS = 10
MAX_MIB = 200
MORNINGS = [
    Interval(start, start + timedelta(hours=1))
    for start in (WEEK.start + timedelta(days=day, hours=8) for day in range(7))
]


@pytest.fixture(scope="module")
def allowed(shared: Path) -> dict[str, str]:
    rows = (shared / "data" / "calendars" / "hostile" / "ALLOWED.tsv").read_text().splitlines()[1:]
    return {row.split("\t")[0]: row.split("\t")[2] for row in rows}


@pytest.fixture(scope="module")
def hostile(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("hostile")
    made = [sys.executable, str(shared / "data" / "calendars" / "make-hostile"), str(folder)]
    subprocess.run(made, check=True, capture_output=True)  # noqa: S603  # the script writes 21 files into the folder
    return sorted(folder.glob("*.ics"))


@pytest.fixture(scope="module")
def pool() -> Iterator[CalendarWorkerPool]:
    with CalendarWorkerPool(max_workers=2) as pool:
        yield pool


def is_allowed(outcome: ReadOutcome, sentence: str) -> bool:
    """Return whether a row of ALLOWED.tsv allows the outcome; an unreadable calendar leaves its owner unknown."""
    if isinstance(outcome, UnreadableCalendar) or any(interval == WEEK for interval, _ in outcome.unknown):
        return "unknown" in sentence.replace("never unknown", "") or "anything" in sentence
    busy = union([Interval(one.start, one.end) for one in outcome.busy])
    if "anything" in sentence or (sentence.startswith("free") and not busy):
        return True
    if "busy throughout" in sentence:
        return any(one.covers(WEEK) for one in busy)
    return "busy" in sentence and (busy == MORNINGS or "as listed" in sentence)


def test_every_hostile_calendar_gives_an_allowed_outcome_in_time_two_in_parallel(
    hostile: list[Path], allowed: dict[str, str], pool: CalendarWorkerPool
) -> None:
    assert len(hostile) == len(allowed)
    for file in hostile:
        request = ReadRequest(file.read_bytes(), WEEK, STOCKHOLM)
        begun = time.monotonic()
        for outcome in pool.read_all([request, request]):
            assert is_allowed(outcome, allowed[file.stem]), (file.stem, outcome)
        assert time.monotonic() - begun < MAX_SECONDS, file.stem  # the promised limit, not the usual time


@pytest.mark.skipif(not HAS_FORK or not Path("/proc/self/smaps_rollup").exists(), reason="it reads /proc")
def test_no_hostile_calendar_exceeds_the_memory_limit_two_in_parallel(
    hostile: list[Path], pool: CalendarWorkerPool
) -> None:
    pool.read(ReadRequest(a_calendar(), WEEK, STOCKHOLM))  # starts the fork server
    server: int = vars(pool._workers)["_process"].pid
    peaks = {file.stem: peak_mib(server, pool, file) for file in hostile}
    assert max(peaks.values()) > 0
    assert {name: peak for name, peak in peaks.items() if peak > MAX_MIB} == {}


def peak_mib(server: int, pool: CalendarWorkerPool, file: Path) -> float:
    request = ReadRequest(file.read_bytes(), WEEK, STOCKHOLM)
    is_over = threading.Event()
    seen = [0.0]

    def look() -> None:
        while not is_over.wait(0.005):
            workers = Path(f"/proc/{server}/task/{server}/children").read_text().split()
            seen.append(sum(own_mib(int(worker)) for worker in workers))

    looking = threading.Thread(target=look)
    looking.start()
    pool.read_all([request, request])
    is_over.set()
    looking.join()
    return max(seen)


def own_mib(process: int) -> float:
    """Return the memory that a process has written to and does not share with its fork server."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0  # the process has exited
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty:")) / 1024


def test_a_calendar_after_hostile_ones_is_read_as_before(hostile: list[Path], pool: CalendarWorkerPool) -> None:
    good = ReadRequest(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261103\nEND:VEVENT\nEND:VCALENDAR\n", WEEK, STOCKHOLM)
    bombs = [ReadRequest(file.read_bytes(), WEEK, STOCKHOLM) for file in hostile[:4]]
    for outcome in pool.read_all([*bombs, good])[-1:]:
        assert isinstance(outcome, Reading)
        assert (len(outcome.busy), outcome.unknown) == (1, ())
