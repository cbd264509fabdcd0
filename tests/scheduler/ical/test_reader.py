"""Tests that a calendar's busy time is read as its author meant it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scheduler.ical.read.reader import read_calendar
from scheduler.intervals import Interval
from tests.scheduler.ical.samples import (
    IN_ODD_ZONE,
    MARCH,
    ODD_ZONE,
    STOCKHOLM,
    a_calendar,
    a_reading,
    an_event,
    busy_hours,
)

DATA = Path(__file__).parents[2] / "data"
NINE = ("DTSTART:20270303T080000Z", "DTEND:20270303T090000Z")  # nine o'clock in Stockholm


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ((), "busy"),
        (("STATUS:TENTATIVE",), "busy_tentative"),
        (("X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE",), "busy_tentative"),
        (("X-MICROSOFT-CDO-BUSYSTATUS:OOF",), "busy_unavailable"),
        (("TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:BUSY"), "busy"),
        (("STATUS:TENTATIVE", "X-MICROSOFT-CDO-BUSYSTATUS:BUSY"), "busy"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_an_event_has_the_kind_of_its_status(lines: tuple[str, ...], kind: str) -> None:
    assert busy_hours(a_reading(an_event(*NINE, *lines))) == [f"03-03 08:00-09:00 {kind}"]


@pytest.mark.parametrize(
    "line",
    [
        "STATUS:CANCELLED",
        "TRANSP:TRANSPARENT",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
        "X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE",
    ],
)
def test_an_event_marked_as_free_is_free(line: str) -> None:
    assert busy_hours(a_reading(an_event(*NINE, line))) == []


def test_a_cancelled_event_is_free_whatever_outlook_says() -> None:
    assert busy_hours(a_reading(an_event(*NINE, "STATUS:CANCELLED", "X-MICROSOFT-CDO-BUSYSTATUS:BUSY"))) == []


@pytest.mark.parametrize(
    ("partstat", "expected"),
    [
        ("DECLINED", []),
        ("NEEDS-ACTION", ["03-03 08:00-09:00 busy_tentative"]),
        ("ACCEPTED", ["03-03 08:00-09:00 busy"]),
    ],
)
def test_only_the_reply_of_the_owner_counts(partstat: str, expected: list[str]) -> None:
    event = an_event(
        *NINE,
        "ATTENDEE;CN=Other;PARTSTAT=DECLINED:mailto:other@example.org",
        f"ATTENDEE;PARTSTAT={partstat}:MAILTO:P1@example.org",
    )
    assert busy_hours(a_reading(event, owner="p1@example.org")) == expected
    assert busy_hours(a_reading(event)) == ["03-03 08:00-09:00 busy"]


@pytest.mark.parametrize(
    "start",
    [
        "DTSTART;TZID=Europe/Stockholm:20270303T090000",
        "DTSTART;TZID=W. Europe Standard Time:20270303T090000",
        'DTSTART;TZID="/mozilla.org/20070129_1/Europe/Stockholm":20270303T090000',
        "DTSTART;TZID=America/New_York:20270303T030000",
        "DTSTART;TZID=America/New_York:20270303T080000Z",
        "DTSTART:20270303T090000",
        'DTSTART;VALUE=DATE-TIME;X-A="b:c;d":20270303T080000Z',
        "DTSTART;TZID=Western/Central Europe:20270303T090000",
        "DTSTART;TZID=tzone://Microsoft/Utc:20270303T080000",
        "dtstart;tzid=w. europe standard time:20270303t090000",
    ],
    ids=[
        *("known", "Windows", "globally unique", "New York", "Z beats TZID", "floating", "odd parameter"),
        *("Domino", "Exchange", "small letters"),
    ],
)
def test_every_notation_of_nine_in_stockholm_is_read_as_that_time(start: str) -> None:
    assert busy_hours(a_reading(an_event(start, "DURATION:PT1H"))) == ["03-03 08:00-09:00 busy"]


def test_a_zone_with_an_unknown_name_is_resolved_by_its_location() -> None:
    zone = "BEGIN:VTIMEZONE\nTZID:Own\nX-LIC-LOCATION:Asia/Tokyo\nEND:VTIMEZONE"
    event = an_event("DTSTART;TZID=Own:20270303T170000", "DURATION:PT1H")
    assert busy_hours(a_reading(zone, event)) == ["03-03 08:00-09:00 busy"]


def test_a_definition_of_a_known_zone_is_ignored() -> None:
    zone = ODD_ZONE.replace("Customized Time Zone", "Europe/Stockholm").format(offset="-0900")
    event = an_event("DTSTART;TZID=Europe/Stockholm:20270303T090000", "DURATION:PT1H")
    assert busy_hours(a_reading(zone, event)) == ["03-03 08:00-09:00 busy"]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("DTSTART;TZID=America/New_York:20270303T090000", "DTEND:20270303T100000", "14:00-15:00"),
        ("DTSTART;TZID=Asia/Tokyo:20270303T090000", "DTEND:20270303T100000", "00:00-09:00"),
        ("DTSTART:20270303T080000Z", "DTEND;VALUE=DATE:20270304", "08:00-23:00"),
    ],
    ids=["the end in the start's zone", "the end where the calendar is", "a day for an end"],
)
@pytest.mark.parametrize("rule", [(), ("RRULE:FREQ=DAILY;COUNT=1",)], ids=["once", "repeated"])
def test_an_ambiguous_end_is_the_later_of_two_readings(
    start: str, end: str, expected: str, rule: tuple[str, ...]
) -> None:
    assert busy_hours(a_reading(an_event(start, end, *rule))) == [f"03-03 {expected} busy"]


def test_hours_are_exact_and_days_follow_the_clock_when_summer_time_begins() -> None:
    hours = an_event("DTSTART;TZID=Europe/Stockholm:20270328T010000", "DURATION:PT3H")
    days = an_event("DTSTART;TZID=Europe/Stockholm:20270327T120000", "DURATION:P1D", uid="2")
    assert busy_hours(a_reading(hours)) == ["03-28 00:00-03:00 busy"]
    assert busy_hours(a_reading(days)) == ["03-27 11:00-10:00 busy"]


def test_floating_time_is_in_the_zone_that_the_calendar_names() -> None:
    reading = a_reading("X-WR-TIMEZONE:Europe/London", an_event("DTSTART:20270303T090000", "DURATION:PT1H"))
    assert busy_hours(reading) == ["03-03 09:00-10:00 busy"]


@pytest.mark.parametrize(
    "lines",
    [
        ("DTSTART;VALUE=DATE:20270303",),
        ("DTSTART:20270303",),
        ("DTSTART;VALUE=DATE:20270303", "DTEND;VALUE=DATE:20270304"),
        ("DTSTART;VALUE=DATE:20270303", "DTEND;VALUE=DATE:20270303"),
        ("DTSTART;VALUE=DATE:20270303", "DURATION:P1D"),
    ],
)
def test_a_whole_day_lasts_from_midnight_to_midnight_in_the_home_zone(lines: tuple[str, ...]) -> None:
    (busy,) = a_reading(an_event(*lines)).busy
    assert (busy.start, busy.end) == (
        datetime(2027, 3, 2, 23, tzinfo=UTC),
        datetime(2027, 3, 3, 23, tzinfo=UTC),
    )


@pytest.mark.parametrize("day", ["20270301", "20270331"])
def test_whole_days_at_the_edges_of_the_window_are_found(day: str) -> None:
    assert len(a_reading(an_event(f"DTSTART;VALUE=DATE:{day}")).busy) == 1


def test_the_day_on_which_summer_time_begins_has_23_hours() -> None:
    (busy,) = a_reading(an_event("DTSTART;VALUE=DATE:20270328")).busy
    assert busy.end - busy.start == timedelta(hours=23)


def test_occurrences_that_extend_beyond_the_window_are_whole() -> None:
    (busy,) = a_reading(an_event("DTSTART:20270228T220000Z", "DTEND:20270301T020000Z")).busy
    assert busy.end - busy.start == timedelta(hours=4)


def test_a_cancelled_invitation_is_free() -> None:
    assert busy_hours(a_reading("METHOD:CANCEL", an_event(*NINE))) == []


def test_a_zone_defined_by_the_calendar_is_used() -> None:
    assert busy_hours(a_reading(ODD_ZONE.format(offset="+0500"), IN_ODD_ZONE)) == ["03-03 07:00-08:00 busy"]


def test_zones_defined_by_calendars_do_not_mix() -> None:
    a_reading(ODD_ZONE.format(offset="+0500"), IN_ODD_ZONE)
    assert busy_hours(a_reading(ODD_ZONE.format(offset="+0900"), IN_ODD_ZONE)) == ["03-03 03:00-04:00 busy"]
    assert a_reading(IN_ODD_ZONE).unknown


def test_zones_defined_by_calendars_do_not_mix_in_threads() -> None:
    offsets = [f"+{hours:02d}00" for hours in (5, 9)] * 20
    raws = [a_calendar(ODD_ZONE.format(offset=offset), IN_ODD_ZONE) for offset in offsets]
    with ThreadPoolExecutor(8) as readers:
        readings = list(readers.map(lambda raw: read_calendar(raw, MARCH, STOCKHOLM), raws))
    assert [reading.busy[0].start.hour for reading in readings] == [7, 3] * 20
    assert a_reading(IN_ODD_ZONE).unknown


def test_free_busy_time_is_read_and_time_outside_its_range_is_unknown() -> None:
    reading = a_reading(
        "BEGIN:VFREEBUSY",
        "UID:fb",
        "DTSTART:20270301T000000Z",
        "DTEND:20270315T000000Z",
        "FREEBUSY:20270303T080000Z/PT1H,20270303T100000Z/20270303T110000Z",
        "FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20270304T080000Z/PT1H",
        "FREEBUSY;FBTYPE=FREE:20270305T080000Z/PT1H",
        "END:VFREEBUSY",
    )
    assert [busy.kind for busy in reading.busy] == ["busy", "busy", "busy_unavailable"]
    assert [interval for interval, _ in reading.unknown] == [Interval(datetime(2027, 3, 15, tzinfo=UTC), MARCH.end)]


def test_a_request_for_free_busy_time_states_none() -> None:
    reading = a_reading(
        "METHOD:REQUEST", "BEGIN:VFREEBUSY", "DTSTART:20270301T000000Z", "DTEND:20270401T000000Z", "END:VFREEBUSY"
    )
    assert [interval for interval, _ in reading.unknown] == [MARCH]


@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n", "\r\r\n", "\n\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_calendar_is_read_in_any_encoding_and_with_any_line_ends(encoding: str, line_end: str) -> None:
    event = an_event(
        *NINE, "SUMMARY:Sammanträde i Örebro", "RDATE:20270304T080000Z,", " 20270305T080000Z", "X-PAD:\0\0"
    )
    raw = line_end.join(["BEGIN:VCALENDAR", *event.split("\n"), "END:VCALENDAR", ""]).encode(encoding)
    assert [busy.start.day for busy in read_calendar(raw, MARCH, STOCKHOLM).busy] == [3, 4, 5]


def test_a_reading_has_the_time_of_its_newest_component() -> None:
    reading = a_reading(an_event(*NINE), an_event(*NINE, "LAST-MODIFIED:20270102T030405Z", uid="2"))
    assert reading.written_at == datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert a_reading().written_at is None


def test_an_owner_is_recognised_by_the_email_parameter() -> None:
    event = an_event(*NINE, "ATTENDEE;EMAIL=p1@example.org;PARTSTAT=DECLINED:urn:uuid:0000")
    assert busy_hours(a_reading(event, owner="P1@example.org")) == []


def test_a_long_uid_is_replaced_by_its_digest() -> None:
    (busy,) = a_reading(an_event(*NINE, uid="x" * 1000)).busy
    assert len(busy.uid) == 64


def test_folds_inside_a_character_and_single_line_feeds_are_read() -> None:
    event = an_event("SUMMARY:Sk\xc3\n å", "DTSTART:202703\n 03T080000Z", "DURATION:PT1H").encode("latin-1")
    raw = b"\xef\xbb\xbfBEGIN:VCALENDAR\n" + event + b"\nEND:VCALENDAR\n"
    assert busy_hours(read_calendar(raw, MARCH, STOCKHOLM)) == ["03-03 08:00-09:00 busy"]
