"""Tests against calendars of other programs, and the busy time on which independent parsers agree."""

import json
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from scheduler.ical.read.busy_type import BusyKind
from scheduler.ical.read.reader import read_calendar
from scheduler.ical.read.reading import BusyTime, Reading
from scheduler.intervals import Interval, union

RIGHT_AT_LEAST = 0.99  # of windows with busy time
# The other parsers end these rules a day too early: UNTIL is the UTC time of the midnight that begins the last whole
# day (Outlook, Exchange), or a date for timed events (Google).
ONE_DAY_LONGER = {"icalevents-cest.ics", "icalevents-rrule_until_only_date.ics"}
STRONGEST: list[BusyKind] = ["busy_tentative", "busy", "busy_unavailable"]

Stretch = tuple[datetime, datetime, BusyKind]


def strongest(busy: tuple[BusyTime, ...], window: Interval) -> list[Stretch]:
    """Return the strongest kind at each instant of the window; neighbours of one kind are joined."""
    cut = [(max(one.start, window.start), min(one.end, window.end), one.kind) for one in busy]
    joined: list[Stretch] = []
    for start, end in pairwise(sorted({moment for stretch in cut for moment in stretch[:2]})):
        kinds = [kind for first, last, kind in cut if first <= start and end <= last]
        if kinds:
            kind = max(kinds, key=STRONGEST.index)
            if joined and joined[-1][1:] == (start, kind):
                joined[-1] = (joined[-1][0], end, kind)
            else:
                joined.append((start, end, kind))
    return joined


def expected_windows(shared: Path) -> list[tuple[str, ZoneInfo, Interval, list[Stretch]]]:
    expected: dict[str, list[dict[str, Any]]] = json.loads(
        (shared / "data" / "calendars" / "expected.json").read_text()
    )
    return [
        (
            file,
            ZoneInfo(entry["zone"]),
            Interval(*map(datetime.fromisoformat, entry["window"])),
            [(datetime.fromisoformat(start), datetime.fromisoformat(end), kind) for start, end, kind in entry["busy"]],
        )
        for file, entries in expected.items()
        for entry in entries
    ]


@pytest.fixture(scope="module")
def readings(shared: Path) -> list[tuple[str, Interval, list[Stretch], Reading]]:
    files = shared / "data" / "calendars" / "files"
    return [
        (file, window, busy, read_calendar((files / file).read_bytes(), window, zone))
        for file, zone, window, busy in expected_windows(shared)
    ]


Readings = list[tuple[str, Interval, list[Stretch], Reading]]


def test_a_window_without_unknown_time_is_right(readings: Readings) -> None:
    wrong = [
        file
        for file, window, busy, reading in readings
        if not reading.unknown and strongest(reading.busy, window) != busy
    ]
    assert set(wrong) == ONE_DAY_LONGER


def test_no_busy_time_is_read_as_free(readings: Readings) -> None:
    for file, window, busy, reading in readings:
        intervals = [Interval(busy_time.start, busy_time.end) for busy_time in reading.busy] + [
            interval for interval, _ in reading.unknown
        ]
        covered = union(intervals)
        for start, end, _ in busy:
            assert any(one.covers(Interval(start, end)) for one in covered), (file, window, start)


def test_nearly_all_windows_with_busy_time_are_right(readings: Readings) -> None:
    outcomes = [
        strongest(reading.busy, window) == busy
        for file, window, busy, reading in readings
        if busy and file not in ONE_DAY_LONGER
    ]
    assert len(outcomes) > 100
    assert sum(outcomes) / len(outcomes) >= RIGHT_AT_LEAST
