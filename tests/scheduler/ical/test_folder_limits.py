"""Tests that a folder of calendars takes a bounded amount of memory, whatever its files contain."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scheduler import Problem
from scheduler.ical.folder import attach_calendars
from scheduler.ical.isolation import pool as pool_module
from scheduler.ical.isolation.pool import TOO_MANY_TOGETHER
from scheduler.problem import DateRange, TimeRange
from tests.builders import a_person, a_problem
from tests.scheduler.ical.samples import a_calendar, an_event
from tests.scheduler.ical.test_folder import SHARED, a_folder, a_problem_without_known_time

MEASURE = """
import re, sys
from pathlib import Path
from scheduler.ical.folder import attach_calendars
from tests.builders import a_problem
attach_calendars(a_problem(), Path(sys.argv[1]))
peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())  # ru_maxrss counts the parent's, too
print(int(peak[1]) // 1024)
"""


def events(number: int, *lines: str) -> bytes:
    """Return a calendar with so many busy times on 3 March."""
    starts = [f"DTSTART:20270303T{8 + i // 60:02d}{i % 60:02d}00Z" for i in range(number)]
    return a_calendar(*(an_event(start, "DURATION:PT30S", *lines, uid=str(i)) for i, start in enumerate(starts)))


def known_people(problem: Problem) -> set[str]:
    """Return the people whose time is known throughout the first days of the horizon."""
    day = datetime(2027, 3, 3, 12, tzinfo=UTC)
    return {person.id for person in problem.people if any(contains(known, day) for known in person.known)}


def contains(known: DateRange | TimeRange, moment: datetime) -> bool:
    if isinstance(known, DateRange):
        return known.start <= moment.date() <= known.end
    return known.start <= moment < known.end


@pytest.mark.skipif(sys.platform != "linux", reason="the memory is measured in /proc")
def test_the_contents_of_all_files_are_not_in_memory_at_once(tmp_path: Path) -> None:
    for i in range(60):
        with (tmp_path / f"p{i}.ics").open("wb") as file:
            file.truncate(10 * 2**20)
    measured = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-c", MEASURE, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert int(measured.stdout) < 300


def test_the_times_of_a_shared_calendar_count_for_each_of_its_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = a_folder(tmp_path, {"boards/ks.ics": events(3)}, [SHARED])
    monkeypatch.setattr(pool_module, "MAX_TOTAL", 6)
    within, _ = attach_calendars(a_problem(), folder)
    assert len(within.commitments) == 6

    monkeypatch.setattr(pool_module, "MAX_TOTAL", 5)
    beyond, evidence = attach_calendars(a_problem(), folder)
    assert beyond.commitments == ()
    assert known_people(beyond) == {"b0", "b1", "c0", "c1"}
    assert TOO_MANY_TOGETHER in repr(evidence)


def test_a_file_that_several_entries_name_counts_for_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = a_folder(tmp_path, {"boards/ks.ics": events(3)}, [SHARED, {**SHARED, "id": "kf", "people": ["b0"]}])
    monkeypatch.setattr(pool_module, "MAX_TOTAL", 8)
    problem, _ = attach_calendars(a_problem(), folder)
    assert problem.commitments == ()


def test_calendars_beyond_the_sum_are_unknown_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"a0.ics": events(4), "a1.ics": events(4), "b0.ics": events(1)}
    monkeypatch.setattr(pool_module, "MAX_TOTAL", 6)
    problem, _ = attach_calendars(a_problem_without_known_time(), a_folder(tmp_path, files))
    assert [commitment.person for commitment in problem.commitments] == ["a0"] * 4 + ["b0"]
    assert known_people(problem) == {"a0", "b0"}


def test_a_calendar_of_many_times_for_many_people_is_unknown(tmp_path: Path) -> None:
    people = [a_person(f"p{i}", "a") for i in range(300)]
    others = [a_person(f"{party}{i}", party) for party in ("a", "b", "c") for i in (0, 1)]
    problem = a_problem(people=[*people, *others])
    shared = {**SHARED, "people": [person["id"] for person in people]}
    every_hour = "RRULE:FREQ=HOURLY;COUNT=200"
    folder = a_folder(tmp_path, {"boards/ks.ics": events(20, every_hour)}, [shared])
    attached, _ = attach_calendars(problem, folder)
    assert attached.commitments == ()
    assert known_people(attached) == {person["id"] for person in others}
