"""Tests that a calendar's busy time is read as its writer meant it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scheduler.ical.reading import read_calendar, without
from scheduler.intervals import Interval
from tests.scheduler.ical.samples import MARCH, STOCKHOLM, a_reading, an_event, busy_hours

DATA = Path(__file__).parents[2] / "data"
NINE = ("DTSTART:20270303T080000Z", "DTEND:20270303T090000Z")  # nine o'clock in Stockholm
ODD_ZONE = """\
BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:{offset}
TZOFFSETTO:{offset}
END:STANDARD
END:VTIMEZONE"""
IN_ODD_ZONE = an_event("DTSTART;TZID=Customized Time Zone:20270303T120000", "DURATION:PT1H")


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
def test_an_event_binds_as_it_says(lines: tuple[str, ...], kind: str) -> None:
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
def test_an_event_that_takes_no_time_is_free(line: str) -> None:
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
def test_what_the_owner_answered_counts_and_what_others_did_does_not(partstat: str, expected: list[str]) -> None:
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
    ],
    ids=["known", "Windows", "globally unique", "New York", "Z beats TZID", "floating", "odd parameter"],
)
def test_each_way_to_write_nine_in_stockholm_is_nine_in_stockholm(start: str) -> None:
    assert busy_hours(a_reading(an_event(start, "DURATION:PT1H"))) == ["03-03 08:00-09:00 busy"]


def test_floating_time_lies_in_the_zone_that_the_calendar_names() -> None:
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
def test_a_whole_day_lasts_from_midnight_to_midnight_where_the_calendar_is(lines: tuple[str, ...]) -> None:
    (busy,) = a_reading(an_event(*lines)).busy
    assert (busy.start, busy.end) == (
        datetime(2027, 3, 2, 23, tzinfo=UTC),
        datetime(2027, 3, 3, 23, tzinfo=UTC),
    )


@pytest.mark.parametrize("day", ["20270301", "20270331"])
def test_whole_days_at_the_edges_of_the_window_are_found(day: str) -> None:
    assert len(a_reading(an_event(f"DTSTART;VALUE=DATE:{day}")).busy) == 1


def test_a_day_on_which_the_clock_is_turned_has_23_hours() -> None:
    (busy,) = a_reading(an_event("DTSTART;VALUE=DATE:20270328")).busy
    assert busy.end - busy.start == timedelta(hours=23)


def test_occurrences_that_reach_out_of_the_window_are_whole() -> None:
    (busy,) = a_reading(an_event("DTSTART:20270228T220000Z", "DTEND:20270301T020000Z")).busy
    assert busy.end - busy.start == timedelta(hours=4)


def test_an_event_without_length_takes_no_time() -> None:
    assert busy_hours(a_reading(an_event("DTSTART:20270303T080000Z"))) == []


def test_a_series_keeps_its_wall_time_when_the_clock_is_turned() -> None:
    event = an_event("DTSTART;TZID=Europe/Stockholm:20270324T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=2")
    assert busy_hours(a_reading(event)) == ["03-24 08:00-09:00 busy", "03-31 07:00-08:00 busy"]


def test_outlooks_series_is_read_with_its_exception_its_move_and_its_days_away() -> None:
    raw = (DATA / "windows_zone_and_moved_occurrence.ics").read_bytes()
    reading = read_calendar(raw, MARCH, STOCKHOLM)
    assert busy_hours(reading) == [
        "03-04 23:00-23:00 busy_unavailable",
        "03-10 12:00-15:00 busy",
        "03-25 08:00-11:00 busy_tentative",
        "03-31 11:00-14:00 busy",
    ]
    assert reading.num_events == 3
    assert "Canary" not in repr(reading)


def test_a_local_until_includes_the_last_meeting() -> None:
    raw = (DATA / "local_until.ics").read_bytes()
    assert len(read_calendar(raw, MARCH, STOCKHOLM).busy) == 3


def test_the_newest_of_two_versions_counts() -> None:
    new = an_event("DTSTART:20270304T080000Z", "DURATION:PT1H", "SEQUENCE:1")
    old = an_event(*NINE, "SEQUENCE:0")
    assert busy_hours(a_reading(new, old)) == busy_hours(a_reading(old, new)) == ["03-04 08:00-09:00 busy"]


def test_two_events_that_share_a_uid_by_mistake_both_count() -> None:
    reading = a_reading(an_event(*NINE), an_event("DTSTART:20270304T080000Z", "DURATION:PT1H"))
    assert busy_hours(reading) == ["03-03 08:00-09:00 busy", "03-04 08:00-09:00 busy"]


def test_an_occurrence_that_is_cancelled_alone_is_free_alone() -> None:
    series = an_event(*NINE, "RRULE:FREQ=DAILY;COUNT=3")
    override = an_event(
        "RECURRENCE-ID:20270304T080000Z", "DTSTART:20270304T080000Z", "DURATION:PT1H", "STATUS:CANCELLED"
    )
    assert busy_hours(a_reading(series, override)) == ["03-03 08:00-09:00 busy", "03-05 08:00-09:00 busy"]


def test_a_cancelled_invitation_is_free() -> None:
    assert busy_hours(a_reading("METHOD:CANCEL", an_event(*NINE))) == []


def test_dates_that_are_added_and_taken_away_count() -> None:
    event = an_event(
        *NINE,
        "RRULE:FREQ=DAILY;COUNT=2",
        "RDATE;VALUE=PERIOD:20270310T080000Z/PT3H",
        "EXDATE:20270304T080000Z",
    )
    assert busy_hours(a_reading(event)) == ["03-03 08:00-09:00 busy", "03-10 08:00-11:00 busy"]


def test_a_zone_that_the_calendar_defines_itself_is_believed() -> None:
    assert busy_hours(a_reading(ODD_ZONE.format(offset="+0500"), IN_ODD_ZONE)) == ["03-03 07:00-08:00 busy"]


def test_one_calendars_zone_never_becomes_anothers() -> None:
    a_reading(ODD_ZONE.format(offset="+0500"), IN_ODD_ZONE)
    assert busy_hours(a_reading(ODD_ZONE.format(offset="+0900"), IN_ODD_ZONE)) == ["03-03 03:00-04:00 busy"]
    assert [interval for interval, _ in a_reading(IN_ODD_ZONE).unknown] == [MARCH]


def test_free_busy_time_is_read_and_silence_outside_its_range_is_unknown() -> None:
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


def test_a_question_for_free_busy_time_answers_nothing() -> None:
    reading = a_reading(
        "METHOD:REQUEST", "BEGIN:VFREEBUSY", "DTSTART:20270301T000000Z", "DTEND:20270401T000000Z", "END:VFREEBUSY"
    )
    assert [interval for interval, _ in reading.unknown] == [MARCH]


def test_folds_inside_a_character_and_lone_line_feeds_are_understood() -> None:
    event = an_event("SUMMARY:Sk\xc3\n å", "DTSTART:202703\n 03T080000Z", "DURATION:PT1H").encode("latin-1")
    raw = b"\xef\xbb\xbfBEGIN:VCALENDAR\n" + event + b"\nEND:VCALENDAR\n"
    assert busy_hours(read_calendar(raw, MARCH, STOCKHOLM)) == ["03-03 08:00-09:00 busy"]


def test_what_is_left_of_a_window_is_what_nobody_takes() -> None:
    hours = [datetime(2027, 3, 1, hour, tzinfo=UTC) for hour in range(10)]
    taken = [Interval(hours[4], hours[6]), Interval(hours[0], hours[2]), Interval(hours[8], hours[9])]
    assert without(Interval(hours[1], hours[8]), taken) == [
        Interval(hours[2], hours[4]),
        Interval(hours[6], hours[8]),
    ]
    assert without(Interval(hours[4], hours[5]), taken) == []
