"""Compares the reader of calendars with a plain reader of definitions, over the notations that programs use."""

import pytest
from hypothesis import given, note, settings

from scheduler.ical.read.reader import read_calendar
from scheduler.intervals import Interval, union, without
from tests.scheduler.ical.plain_series import Stretch, plain_reading
from tests.scheduler.ical.written_series import WINDOW, Written, calendars

IN_WINDOW = Interval(*WINDOW)


def clipped(stretches: list[Stretch]) -> list[Interval]:
    cut = [(max(start, WINDOW[0]), min(end, WINDOW[1])) for start, end in stretches]
    return union([Interval(start, end) for start, end in cut if start < end])


def check(written: Written) -> None:
    note(written.text)
    reading = read_calendar(written.text.encode(), IN_WINDOW, written.reader)
    busy = clipped([(time.start, time.end) for time in reading.busy])
    unknown = clipped([(interval.start, interval.end) for interval, _ in reading.unknown])
    plain = [plain_reading(definition, WINDOW) for definition in written.definitions]
    meant = clipped([stretch for one in plain for stretch in one.busy])
    doubtful = clipped([stretch for one in plain for stretch in one.doubtful])
    assert without(meant, busy + unknown) == [], "busy time is read as free"
    assert without(doubtful, busy + unknown) == [], "time in doubt is read as free"
    assert without(busy, meant + doubtful) == [], "free time is read as busy"
    assert without(unknown, meant + doubtful) == [], "the doubt is too wide"


@given(calendars())
def test_no_busy_time_is_read_as_free_and_no_doubt_is_wider_than_its_event(written: Written) -> None:
    check(written)


@pytest.mark.prove
@settings(max_examples=2000)
@given(calendars())
def test_two_thousand_calendars_are_read_as_they_are_meant(written: Written) -> None:
    check(written)
