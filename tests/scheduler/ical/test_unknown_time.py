"""Tests that what cannot be read, or followed to its end, is unknown and never free."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.errors import UnreadableCalendar
from scheduler.ical.reading import read_calendar
from scheduler.ical.reduction import MAX_BYTES, MAX_EVENTS
from scheduler.intervals import Interval
from tests.scheduler.ical.samples import MARCH, STOCKHOLM, a_calendar, a_reading, an_event

DATA = Path(__file__).parents[2] / "data"
NINE = ("DTSTART:20270303T080000Z", "DTEND:20270303T090000Z")


def test_a_broken_series_makes_the_window_unknown_and_leaves_the_rest_busy() -> None:
    reading = read_calendar((DATA / "one_broken_series.ics").read_bytes(), MARCH, STOCKHOLM)
    assert [busy.uid for busy in reading.busy] == ["good"]
    assert [interval for interval, _ in reading.unknown] == [MARCH]
    assert len(reading.skipped) == 1


@pytest.mark.parametrize(
    "lines",
    [
        (*NINE, "RRULE:FREQ=SECONDLY"),
        (*NINE, "RRULE:FREQ=MINUTELY;COUNT=3"),
        (*NINE, "RRULE:FREQ=DAILY;INTERVAL=0"),
        (*NINE, "RRULE:FREQ=DAILY;INTERVAL=-1"),
        (*NINE, "RRULE:FREQ=FORTNIGHTLY"),
        (*NINE, "RRULE:nonsense"),
        (*NINE, f"RRULE:FREQ=DAILY;BYMINUTE={','.join(map(str, range(60)))};BYSECOND={','.join(map(str, range(60)))}"),
        (*NINE, "RDATE:" + ",".join(["20270303T080000Z"] * 5001)),
        ("DTSTART:00010101T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY"),
        ("DTSTART:20270303T090000Z", "DTEND:20270303T080000Z"),
        ("DTSTART:20270303T080000Z", "DURATION:-PT1H"),
        ("DTSTART:20270303T080000Z", "DTEND;VALUE=DATE:20270304"),
        ("DTSTART:20271303T080000Z", "DURATION:PT1H"),
        ("DTSTART:tomorrow", "DURATION:PT1H"),
        ("DTSTART;TZID=Nowhere:20270303T080000", "DURATION:PT1H"),
        ("DTSTART:20270303T080000Z", "DTSTART:20270304T080000Z", "DURATION:PT1H"),
        ("DURATION:PT1H",),
    ],
    ids=lambda lines: " ".join(lines).removeprefix(" ".join(NINE))[:50].strip(),
)
def test_what_cannot_be_followed_is_unknown_and_never_free(lines: tuple[str, ...]) -> None:
    reading = a_reading(an_event(*lines))
    assert reading.busy == ()
    assert [interval for interval, _ in reading.unknown] == [MARCH]


@pytest.mark.parametrize(
    "parts",
    [
        ("CALSCALE:HEBREW", an_event(*NINE)),
        ("BEGIN:VAVAILABILITY", "BEGIN:AVAILABLE", "END:AVAILABLE", "END:VAVAILABILITY"),
        ("BEGIN:X-UNHEARD-OF", an_event(*NINE), "END:X-UNHEARD-OF"),
        ("END:VEVENT", an_event(*NINE)),
    ],
    ids=["another calendar scale", "working hours", "an event in what is not read", "an end without a beginning"],
)
def test_a_calendar_of_which_something_is_lost_is_unknown(parts: tuple[str, ...]) -> None:
    assert [interval for interval, _ in a_reading(*parts).unknown] == [MARCH]


def test_a_calendar_that_is_cut_off_is_unknown() -> None:
    raw = a_calendar(an_event(*NINE), an_event(*NINE, uid="2"))
    reading = read_calendar(raw[: raw.rindex(b"END:VEVENT")], MARCH, STOCKHOLM)
    assert [interval for interval, _ in reading.unknown] == [MARCH]


@pytest.mark.parametrize(
    ("raw", "advice"),
    [
        (b"", "export one as an .ics file"),
        (b"<html>Log in</html>", "export one as an .ics file"),
        (b"/etc/passwd", "export one as an .ics file"),
        (b"BEGIN:VCALENDAR" + b" " * MAX_BYTES, "10 MiB"),
        (a_calendar(*["BEGIN:VEVENT\nEND:VEVENT"] * (MAX_EVENTS + 1)), "20,000 events"),
        (a_calendar("BEGIN:VEVENT", "BEGIN:VEVENT", "END:VEVENT", "END:VEVENT"), "inside other events"),
    ],
    ids=["nothing", "a web page", "a path", "too large", "too many", "nested"],
)
def test_what_is_no_calendar_is_refused_with_advice(raw: bytes, advice: str) -> None:
    with pytest.raises(UnreadableCalendar, match=advice):
        read_calendar(raw, MARCH, STOCKHOLM)


@given(raw=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: a_calendar(text, an_event(text))))
def test_any_bytes_are_read_or_refused_and_nothing_else(raw: bytes) -> None:
    try:
        reading = read_calendar(raw, MARCH, STOCKHOLM)
    except UnreadableCalendar:
        return
    assert reading.busy == ()


@given(
    lines=st.lists(
        st.builds(
            lambda name, parameter, value: f"{name}{parameter}:{value}",
            st.sampled_from(["DTSTART", "DTEND", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "DURATION"]),
            st.sampled_from(["", ";TZID=Europe/Oslo", ";TZID=Nowhere", ";VALUE=DATE"]),
            st.sampled_from(
                ["20270303", "20270303T080000", "20270304T080000Z", "PT1H", "FREQ=DAILY;COUNT=3", "", "x", "P1W"]
            ),
        ),
        max_size=6,
    )
)
def test_any_heap_of_lines_gives_busy_times_in_order_or_says_that_it_does_not_know(lines: list[str]) -> None:
    reading = a_reading(an_event(*lines))
    assert list(reading.busy) == sorted(reading.busy)
    assert all(busy.start < busy.end and MARCH.overlaps(Interval(busy.start, busy.end)) for busy in reading.busy)
    assert bool(reading.unknown) == bool(reading.skipped)
