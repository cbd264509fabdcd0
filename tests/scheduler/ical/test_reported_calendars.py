"""Tests against small calendars written after public reports about other readers, each with the time it means."""

import csv
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from scheduler.days import instant
from scheduler.ical.read.reader import read_calendar
from scheduler.ical.read.timeline import busy_timeline, unknown_timeline
from scheduler.intervals import Interval, union, without

DATA = Path(__file__).parents[2] / "data" / "reports"


def cases() -> list[dict[str, str]]:
    with (DATA / "expected.tsv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, delimiter="\t"))


def window_and_zone(arguments: str) -> tuple[Interval, ZoneInfo]:
    words = arguments.split()
    options = dict(zip(words[::2], words[1::2], strict=True))
    zone = ZoneInfo(options.get("--zone", "Europe/Stockholm"))
    days = [datetime.combine(date.fromisoformat(options[name]), datetime.min.time()) for name in ("--from", "--to")]
    start, end = (instant(day, zone) for day in days)
    return Interval(start, end), zone


def stated(text: str) -> list[tuple[str, ...]]:
    return [tuple(stretch) for stretch in json.loads(text)]


def written(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def intervals(stretches: Sequence[tuple[str, ...]]) -> list[Interval]:
    return [Interval(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end, *_ in stretches]


@pytest.mark.parametrize("case", cases(), ids=lambda case: Path(case["file"]).stem)
def test_a_reported_calendar_is_read_as_its_author_meant_it(case: dict[str, str]) -> None:
    window, zone = window_and_zone(case["args"])
    reading = read_calendar((DATA / case["file"]).read_bytes(), window, zone)
    busy = [(written(time.start), written(time.end), kind) for time, kind in busy_timeline(reading, window)]
    unknown = [(written(time.start), written(time.end)) for time, _ in unknown_timeline(reading, window)]
    expected_busy = stated(case["expected_busy"])
    expected_unknown = stated(case["expected_unknown"])
    if case["mode"] == "exact":
        assert (busy, unknown) == (expected_busy, expected_unknown)
        return
    allowed = union(intervals(expected_busy) + intervals(expected_unknown))
    read = intervals(busy) + intervals(unknown)
    assert without(intervals(expected_busy), read) == [], "read as free"
    assert without(read, allowed) == [], "too wide"
