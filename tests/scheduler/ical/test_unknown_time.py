"""Tests that time which cannot be read or expanded is unknown and never free."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.days import ONE_DAY
from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.content_lines import MAX_BYTES
from scheduler.ical.read.reader import read_calendar
from scheduler.ical.read.reading import Reading
from scheduler.ical.read.redact import MAX_EVENTS
from scheduler.intervals import Interval, union
from tests.scheduler.ical.samples import IN_ODD_ZONE, MARCH, ODD_ZONE, STOCKHOLM, a_calendar, a_reading, an_event

DATA = Path(__file__).parents[2] / "data"
NINE = ("DTSTART:20270303T080000Z", "DTEND:20270303T090000Z")
SIXTY = ",".join(map(str, range(60)))


FROM_START = Interval(datetime(2027, 3, 3, 8, tzinfo=UTC), MARCH.end)


def unknown_intervals(reading: Reading) -> list[Interval]:
    return union([interval for interval, _ in reading.unknown])


def test_an_invalid_series_makes_its_time_unknown_and_leaves_the_rest_busy() -> None:
    reading = read_calendar((DATA / "one_broken_series.ics").read_bytes(), MARCH, STOCKHOLM)
    assert [busy.uid for busy in reading.busy] == ["good"]
    assert unknown_intervals(reading) == [Interval(datetime(2027, 3, 1, 8, tzinfo=UTC), MARCH.end)]
    assert len(reading.skipped) == 1


@pytest.mark.parametrize(
    ("lines", "unknown"),
    [
        ((*NINE, "RRULE:FREQ=SECONDLY"), FROM_START),
        ((*NINE, "RRULE:FREQ=MINUTELY"), FROM_START),
        ((*NINE, "RRULE:FREQ=SECONDLY;COUNT=1000000000"), FROM_START),
        ((*NINE, "RRULE:FREQ=DAILY;INTERVAL=0"), FROM_START),
        ((*NINE, "RRULE:FREQ=DAILY;INTERVAL=-1"), FROM_START),
        ((*NINE, "RRULE:FREQ=FORTNIGHTLY"), FROM_START),
        ((*NINE, "RRULE:nonsense"), FROM_START),
        ((*NINE, f"RRULE:FREQ=DAILY;BYMINUTE={SIXTY};BYSECOND={SIXTY}"), FROM_START),
        ((*NINE, "RDATE:" + ",".join(["20270303T080000Z"] * 5001)), FROM_START),
        (("DTSTART:00010101T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY"), MARCH),
        ((*NINE, "RRULE:FREQ=DAILY;BYEASTER=1"), FROM_START),
        ((*NINE, "RRULE:FREQ=DAILY;COUNT=0"), FROM_START),
        ((*NINE, "RRULE FREQ=DAILY"), FROM_START),
        (("DTSTART:20270303T080000Z", "DURATION:P99999999W", "RRULE:FREQ=DAILY"), FROM_START),
        (("DTSTART:20271303T080000Z", "DURATION:PT1H"), MARCH),
        (("DTSTART:tomorrow", "DURATION:PT1H"), MARCH),
        (("DURATION:PT1H",), MARCH),
    ],
    ids=lambda value: " ".join(value).removeprefix(" ".join(NINE))[:50].strip() if isinstance(value, tuple) else "",
)
def test_an_invalid_or_too_large_series_is_unknown_and_never_free(lines: tuple[str, ...], unknown: Interval) -> None:
    reading = a_reading(an_event(*lines))
    assert reading.busy == ()
    assert unknown_intervals(reading) == [unknown]


@pytest.mark.parametrize(
    "parts",
    [
        ("CALSCALE:HEBREW", an_event(*NINE)),
        ("BEGIN:VAVAILABILITY", "BEGIN:AVAILABLE", "END:AVAILABLE", "END:VAVAILABILITY"),
        ("BEGIN:VFREEBUSY", "FREEBUSY:20270303T080000Z/then", "END:VFREEBUSY"),
        ("BEGIN:X-UNHEARD-OF", an_event(*NINE), "END:X-UNHEARD-OF"),
        ("END:VEVENT", an_event(*NINE)),
    ],
    ids=[
        "another calendar scale",
        "working hours",
        "free-busy time",
        "an event in what is not read",
        "an end without a beginning",
    ],
)
def test_a_calendar_with_an_unread_part_is_unknown(parts: tuple[str, ...]) -> None:
    assert unknown_intervals(a_reading(*parts)) == [MARCH]


def test_a_calendar_that_is_cut_off_is_unknown() -> None:
    raw = a_calendar(an_event(*NINE), an_event(*NINE, uid="2"))
    reading = read_calendar(raw[: raw.rindex(b"END:VEVENT")], MARCH, STOCKHOLM)
    assert [interval for interval, _ in reading.unknown] == [MARCH]


@pytest.mark.parametrize(
    ("raw", "advice"),
    [
        (b"", "export the calendar as an .ics file"),
        (b"<html>Log in</html>", "export the calendar as an .ics file"),
        (b"/etc/passwd", "export the calendar as an .ics file"),
        (b"BEGIN:VCALENDAR" + b" " * MAX_BYTES, "10 MiB"),
        (a_calendar(*["BEGIN:VEVENT\nEND:VEVENT"] * (MAX_EVENTS + 1)), "20,000 events"),
        (b"PK\x03\x04" + bytes(100), "export the calendar as an .ics file"),
        ("<html>".encode("utf-16"), "export the calendar as an .ics file"),
        (b"2027-03-03;09:00;10:00\n" * 20_001, "20,000 rows"),
        (a_calendar("BEGIN:VEVENT", "BEGIN:VEVENT", "END:VEVENT", "END:VEVENT"), "inside other events"),
    ],
    ids=[
        *("nothing", "a web page", "a path", "too large", "too many"),
        *("zipped", "a web page in UTF-16", "too many rows", "nested"),
    ],
)
def test_content_that_is_not_a_calendar_is_rejected_with_advice(raw: bytes, advice: str) -> None:
    with pytest.raises(UnreadableCalendar, match=advice):
        read_calendar(raw, MARCH, STOCKHOLM)


def test_a_path_is_rejected_and_never_opened(tmp_path: Path) -> None:
    (tmp_path / "busy.ics").write_bytes(a_calendar(an_event(*NINE)))
    for path in (tmp_path / "busy.ics", Path("/etc/passwd")):
        with pytest.raises(UnreadableCalendar, match=r"\.ics file"):
            read_calendar(str(path).encode(), MARCH, STOCKHOLM)


def test_an_event_in_an_unknown_zone_makes_all_time_in_which_it_may_lie_unknown() -> None:
    reading = a_reading(an_event("DTSTART;TZID=Nowhere:20270303T120000", "DURATION:PT1H"))
    ((interval, sentence),) = reading.unknown
    assert "time zone" in sentence
    easternmost, westernmost = datetime(2027, 3, 2, 22, tzinfo=UTC), datetime(2027, 3, 4, 1, tzinfo=UTC)
    assert interval == Interval(easternmost, westernmost)
    # read in the home zone, as other clients show it
    assert [busy.start for busy in reading.busy] == [datetime(2027, 3, 3, 11, tzinfo=UTC)]


def test_a_series_in_an_unknown_zone_is_unknown_near_the_edges_too() -> None:
    reading = a_reading(an_event("DTSTART;TZID=Nowhere:20270228T180000", "DURATION:PT1H", "RRULE:FREQ=YEARLY"))
    assert reading.busy == ()
    assert [interval.end for interval, _ in reading.unknown] == [datetime(2027, 3, 1, 7, tzinfo=UTC)]


def test_an_invalid_event_of_another_year_is_reported_and_leaves_the_window_known() -> None:
    reading = a_reading(an_event("DTSTART:20060303T090000Z", "DTEND:20060303T080000Z"))
    assert reading.unknown == ()
    assert [(skipped.sentence[:13], skipped.day) for skipped in reading.skipped] == [
        ("An event ends", date(2006, 3, 3))
    ]


def test_a_component_that_is_not_closed_does_not_affect_valid_events() -> None:
    reading = a_reading(an_event(*NINE, "BEGIN:VALARM", "TRIGGER:-PT15M"), an_event(*NINE, uid="2"))
    assert [busy.uid for busy in reading.busy] == ["1", "2"]
    assert [interval for interval, _ in reading.unknown] == [MARCH]


def test_a_zone_with_two_different_definitions_is_unknown() -> None:
    zones = [ODD_ZONE.format(offset=offset) for offset in ("+0500", "+0900")]
    assert a_reading(*zones, IN_ODD_ZONE).unknown
    assert not a_reading(zones[0], zones[0], IN_ODD_ZONE).unknown


@given(raw=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: a_calendar(text, an_event(text))))
def test_any_bytes_are_read_or_rejected(raw: bytes) -> None:
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
def test_any_lines_give_busy_times_in_order_or_unknown_time(lines: list[str]) -> None:
    reading = a_reading(an_event(*lines))
    assert list(reading.busy) == sorted(reading.busy)
    assert all(busy.start < busy.end and MARCH.overlaps(Interval(busy.start, busy.end)) for busy in reading.busy)
    assert reading.skipped or not reading.unknown


@pytest.mark.parametrize(
    ("lines", "unknown"),
    [
        ((NINE[0], "DURATION PT9H"), Interval(FROM_START.start, FROM_START.start + ONE_DAY)),
        ((NINE[0], "DURATION=PT9H"), Interval(FROM_START.start, FROM_START.start + ONE_DAY)),
        ((NINE[0], "DTEND 20270303T170000Z"), Interval(FROM_START.start, FROM_START.start + ONE_DAY)),
        ((*NINE, "RRULE FREQ=DAILY"), FROM_START),
        ((*NINE, "RDATE 20270310T080000Z"), MARCH),
        (("DTSTART 20270303T080000Z", NINE[1]), MARCH),
    ],
)
def test_a_property_without_a_delimiter_leaves_its_time_unknown(lines: tuple[str, ...], unknown: Interval) -> None:
    assert unknown_intervals(a_reading(an_event(*lines))) == [unknown]


def test_a_text_that_begins_like_a_property_leaves_an_event_with_an_end_known() -> None:
    for text in ("Duration about an hour", "DTEND is not yet decided", "EXDATE none"):
        reading = a_reading(an_event(*NINE, text))
        assert (len(reading.busy), reading.unknown) == (1, ())


def test_free_busy_time_or_an_export_range_without_a_delimiter_is_unknown() -> None:
    free_busy = ["BEGIN:VFREEBUSY", "DTSTART:20270301T000000Z", "DTEND:20270401T000000Z", "END:VFREEBUSY"]
    free_busy.insert(3, "FREEBUSY 20270303T080000Z/PT2H")
    assert unknown_intervals(a_reading(*free_busy)) == [MARCH]
    assert unknown_intervals(a_reading("X-CLIPEND 20270310T000000Z", an_event(*NINE))) == [MARCH]


@pytest.mark.parametrize("events", [(), (an_event(*NINE),)], ids=["alone", "with events"])
def test_the_time_that_free_busy_time_does_not_cover_is_unknown(events: tuple[str, ...]) -> None:
    free_busy = "\n".join(["BEGIN:VFREEBUSY", "DTSTART:20270302T000000Z", "DTEND:20270305T000000Z", "END:VFREEBUSY"])
    reading = a_reading(free_busy, *events)
    covered = Interval(datetime(2027, 3, 2, tzinfo=UTC), datetime(2027, 3, 5, tzinfo=UTC))
    assert unknown_intervals(reading) == [Interval(MARCH.start, covered.start), Interval(covered.end, MARCH.end)]
    assert len(reading.busy) == len(events)


def test_free_busy_time_without_a_range_leaves_a_calendar_with_events_known() -> None:
    free_busy = "BEGIN:VFREEBUSY\nFREEBUSY:20270310T080000Z/PT2H\nEND:VFREEBUSY"
    reading = a_reading(free_busy, an_event(*NINE))
    assert (len(reading.busy), reading.unknown) == (2, ())
