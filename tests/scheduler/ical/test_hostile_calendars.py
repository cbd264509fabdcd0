"""Tests that calendars made to do harm do none: each is answered as is allowed, in time, within its memory."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from scheduler.errors import UnreadableCalendar
from scheduler.ical.isolation.pool import HAS_FORK, Outcome, Sandbox
from scheduler.ical.isolation.protocol import Question
from scheduler.ical.read.reader import Reading
from scheduler.intervals import Interval, union
from tests.scheduler.ical.samples import STOCKHOLM

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
    subprocess.run(made, check=True, capture_output=True)  # noqa: S603  # it writes 21 files into the folder, no more
    return sorted(folder.glob("*.ics"))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(max_children=2) as sandbox:
        yield sandbox


def is_allowed(outcome: Outcome, sentence: str) -> bool:
    """Tell whether a row of ALLOWED.tsv allows the answer; a refusal leaves its owner unknown."""
    if isinstance(outcome, UnreadableCalendar) or any(interval == WEEK for interval, _ in outcome.unknown):
        return "unknown" in sentence.replace("never unknown", "") or "anything" in sentence
    busy = union([Interval(one.start, one.end) for one in outcome.busy])
    if "anything" in sentence or (sentence.startswith("free") and not busy):
        return True
    if "busy throughout" in sentence:
        return any(one.covers(WEEK) for one in busy)
    return "busy" in sentence and (busy == MORNINGS or "as listed" in sentence)


def test_every_hostile_calendar_is_answered_as_is_allowed_in_time_two_at_once(
    hostile: list[Path], allowed: dict[str, str], sandbox: Sandbox
) -> None:
    assert len(hostile) == len(allowed)
    for file in hostile:
        question = Question(file.read_bytes(), WEEK, STOCKHOLM)
        begun = time.monotonic()
        for outcome in sandbox.read_all([question, question]):
            assert is_allowed(outcome, allowed[file.stem]), (file.stem, outcome)
        assert time.monotonic() - begun < MAX_SECONDS, file.stem  # what is promised, not how quick we are


@pytest.mark.skipif(not HAS_FORK or not Path("/proc/self/smaps_rollup").exists(), reason="it looks through /proc")
def test_no_hostile_calendar_takes_much_memory_two_at_once(hostile: list[Path], sandbox: Sandbox) -> None:
    mother: int = vars(sandbox._house)["_process"].pid
    peaks = {file.stem: peak_mib(mother, sandbox, file) for file in hostile}
    assert max(peaks.values()) > 0
    assert {name: peak for name, peak in peaks.items() if peak > MAX_MIB} == {}


def peak_mib(mother: int, sandbox: Sandbox, file: Path) -> float:
    question = Question(file.read_bytes(), WEEK, STOCKHOLM)
    is_over = threading.Event()
    seen = [0.0]

    def look() -> None:
        while not is_over.wait(0.005):
            children = Path(f"/proc/{mother}/task/{mother}/children").read_text().split()
            seen.append(sum(own_mib(int(child)) for child in children))

    looking = threading.Thread(target=look)
    looking.start()
    sandbox.read_all([question, question])
    is_over.set()
    looking.join()
    return max(seen)


def own_mib(process: int) -> float:
    """Return what a process has written to, beyond what it shares with the one that it came from."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0  # it is gone
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty:")) / 1024


def test_the_next_calendar_is_read_as_before(hostile: list[Path], sandbox: Sandbox) -> None:
    good = Question(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261103\nEND:VEVENT\nEND:VCALENDAR\n", WEEK, STOCKHOLM)
    bombs = [Question(file.read_bytes(), WEEK, STOCKHOLM) for file in hostile[:4]]
    for outcome in sandbox.read_all([*bombs, good])[-1:]:
        assert isinstance(outcome, Reading)
        assert (len(outcome.busy), outcome.unknown) == (1, ())
