"""Runs the fuzzer of the calendar reader, for ten minutes in `make prove`, and reads again all that it ever found."""

import os
import random
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from scheduler.ical.read import reader
from tests.scheduler.ical.fuzzing import WINDOWS, check, mutated
from tests.scheduler.ical.samples import a_calendar, an_event

ROOT = Path(__file__).parents[3]
DATA = ROOT / "tests" / "data"
SECONDS = 300  # for each of the two ways; twice as long for one where the other is not available
HAS_ATHERIS = find_spec("atheris") is not None

needs_alarm = pytest.mark.skipif(not hasattr(signal, "SIGPROF"), reason="the fuzzer needs interval timers")


@pytest.mark.parametrize("file", sorted(DATA.rglob("*.ics")), ids=lambda file: file.stem)
def test_a_calendar_that_failed_before_is_read(file: Path) -> None:
    for window in WINDOWS:
        check(file.read_bytes(), window)


def test_mutated_calendars_are_read_or_rejected_and_hide_no_busy_time() -> None:
    seeds = [file.read_bytes() for file in sorted(DATA.rglob("*.ics"))]
    chance = random.Random(13)  # noqa: S311  # not used for secrets
    for _ in range(200):
        check(mutated(chance.choice(seeds), chance, seeds), chance.choice(WINDOWS))


def test_the_fuzzer_reports_a_busy_time_that_is_read_as_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "busy_kind", lambda _: None)
    with pytest.raises(AssertionError, match="read as free"):
        check(a_calendar(an_event("DTSTART:20270303T080000Z")), WINDOWS[0])


@needs_alarm
@pytest.mark.prove
@pytest.mark.parametrize("way", [[], ["--guided"]], ids=["blind", "guided"])
def test_ten_minutes_of_mutated_calendars_find_no_failure(way: list[str], shared: Path, tmp_path: Path) -> None:
    if way and not HAS_ATHERIS:
        pytest.skip("atheris is not installed; its wheels are for Linux on x86-64 only")
    corpus = [*DATA.rglob("*.ics"), *(shared / "data" / "calendars").glob("[fh]*/*.ics")]
    seconds = int(os.environ.get("FUZZ_SECONDS", SECONDS if HAS_ATHERIS else 2 * SECONDS))
    seed = random.SystemRandom().randrange(2**31)
    command = [sys.executable, "-m", "tests.scheduler.ical.fuzzing", *way, str(seconds), str(seed), str(tmp_path)]
    done = subprocess.run([*command, *map(str, corpus)], capture_output=True, text=True, check=False, cwd=ROOT)  # noqa: S603  # ourselves
    assert done.returncode == 0, (tmp_path, done.stdout[-4000:], done.stderr[-4000:])
