"""Tests of the faults that were reported about other readers, each in all its variants."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from scheduler.ical.read.reader import read_calendar
from scheduler.intervals import Interval
from tests.scheduler.ical.samples import MARCH, ODD_ZONE, a_calendar, a_reading, a_zone, an_event, busy_hours, stretches

NINE = ("DTSTART:20270303T080000Z", "DTEND:20270303T090000Z")  # nine o'clock in Stockholm


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (("STATUS:CONFIRMED", "STATUS:CANCELLED"), "busy"),
        (("STATUS:CANCELLED", "STATUS:TENTATIVE"), "busy_tentative"),
        (("STATUS:TENTATIVE", "STATUS:CONFIRMED"), "busy"),
        (("TRANSP:OPAQUE", "TRANSP:TRANSPARENT"), "busy"),
        (("X-MICROSOFT-CDO-BUSYSTATUS:OOF", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"), "busy_unavailable"),
        (("STATUS:CANCELLED", "STATUS:CANCELED"), None),
        (("STATUS:CANCELED",), None),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
@pytest.mark.parametrize("order", [1, -1])
def test_of_two_values_the_one_that_keeps_the_owner_busy_applies(
    lines: tuple[str, ...], kind: str | None, order: int
) -> None:
    expected = [f"03-03 08:00-09:00 {kind}"] if kind else []
    assert busy_hours(a_reading(an_event(*NINE, *lines[::order]))) == expected


@pytest.mark.parametrize(
    ("tzid", "zone", "expected"),
    [
        ("GMT", ("+0000", "+0100", "EU"), "08:00-09:00"),
        ("Greenwich Standard Time", ("+0000", "+0100", "EU"), "08:00-09:00"),
        ("EST", ("-0500", "-0400", "US"), "13:00-14:00"),
        ("MST", ("-0700", "-0600", "US"), "15:00-16:00"),
        ("UTC", ("+0100", "+0200", "EU"), "07:00-08:00"),
        ("EST", ("-0500", "-0500", "US"), "14:00-15:00"),
        ("Europe/Moscow", ("+0300", "+0400", "EU"), "06:00-07:00"),  # it did turn its clock, until 2011
        ("Europe/London", ("+0300", "+0400", "EU"), "08:00-09:00"),
    ],
)
def test_a_zone_that_never_turns_its_clock_is_the_one_that_the_file_defines(
    tzid: str, zone: tuple[str, str, str], expected: str
) -> None:
    definition = a_zone(tzid, zone[0], zone[1], rules=zone[2])
    event = an_event(f"DTSTART;TZID={tzid}:20270330T090000", "DURATION:PT1H")
    assert busy_hours(a_reading(definition, event)) == [f"03-30 {expected} busy"]
    winter = an_event(f"DTSTART;TZID={tzid}:20270301T090000", "DURATION:PT1H")
    assert len(a_reading(definition, winter).busy) == 1


@pytest.mark.parametrize("zone", ["America/Vancouver", "Asia/Tokyo", "UTC", "Europe/Stockholm"])
@pytest.mark.parametrize("rule", [(), ("RRULE:FREQ=YEARLY",)], ids=["once", "repeated"])
def test_a_whole_day_is_a_day_of_the_reader_in_a_calendar_of_any_zone(zone: str, rule: tuple[str, ...]) -> None:
    reading = a_reading(f"X-WR-TIMEZONE:{zone}", an_event("DTSTART;VALUE=DATE:20270303", *rule))
    assert busy_hours(reading) == ["03-02 23:00-23:00 busy"]


START = "DTSTART:20270303T080000Z"
DAY = "DTSTART;VALUE=DATE:20270303"


@pytest.mark.parametrize(
    ("lines", "busy", "unknown"),
    [
        ((START,), [], ["03-03 08:00 to 03-03 14:00"]),
        ((START, "DTEND:20270303T080000Z"), [], ["03-03 08:00 to 03-03 14:00"]),
        ((START, "DURATION:P"), [], ["03-03 08:00 to 03-03 14:00"]),
        ((START, "DURATION:PT1W"), ["03-03 08:00 to 03-10 08:00"], []),
        ((START, "DTEND:None"), [], ["03-03 08:00 to 03-04 08:00"]),
        ((START, "DTEND:None", "DURATION:PT1H"), ["03-03 08:00 to 03-03 09:00"], []),
        ((START, "DTEND:20270303T1000"), ["03-03 08:00 to 03-03 09:00"], []),
        ((START, "DTEND:20270303T100000Z", "DTEND:20270303T090000Z"), ["03-03 08:00 to 03-03 10:00"], []),
        ((START, "DTEND:20270303T"), [], ["03-03 08:00 to 03-03 23:00"]),
        ((START, "DTEND:20270303T070000Z"), [], ["03-03 07:00 to 03-04 08:00"]),
        ((START, "DTEND:20260303T090000Z"), [], ["03-03 08:00 to 03-04 08:00"]),
        ((START, "DURATION:-PT1H"), [], ["03-03 08:00 to 03-04 08:00"]),
        ((START, "DTEND;VALUE=DATE:20270303"), ["03-03 08:00 to 03-03 23:00"], []),
        ((DAY, "DTEND:20270303T230000Z"), ["03-02 23:00 to 03-03 23:00"], []),
        ((DAY, "DTEND:20270304T000000"), ["03-02 23:00 to 03-03 23:00"], []),
        ((DAY, "DTEND:20270303T100000Z"), [], ["03-02 23:00 to 03-03 10:00"]),
        ((DAY, "DURATION:PT36H"), [], ["03-02 23:00 to 03-04 11:00"]),
        ((DAY, "DURATION:PT48H"), ["03-02 23:00 to 03-04 23:00"], []),
        ((DAY, "DTEND;VALUE=DATE:20270302"), [], ["03-01 23:00 to 03-03 23:00"]),
        (("DTSTART:20270303T", "DTEND:20270303T100000Z"), [], ["03-02 23:00 to 03-03 10:00"]),
        (("DTSTART:20270303T", "DURATION:PT1H"), [], ["03-02 23:00 to 03-04 00:00"]),
        (("DTSTART:20270303T0800Z", "DURATION:PT1H"), ["03-03 08:00 to 03-03 09:00"], []),
        ((START, "DTSTART:20270304T080000Z", "DURATION:PT1H"), [], ["03-03 08:00 to 03-04 09:00"]),
        ((DAY, "RRULE:FREQ=DAILY;COUNT=0;UNTIL=20270304T230000Z"), [], ["03-02 23:00 to 03-05 23:00"]),
        ((*NINE, "RRULE:FREQ=DAILY;COUNT=0;UNTIL=20270304T080000Z"), [], ["03-03 08:00 to 03-04 09:00"]),
        ((*NINE, "RRULE:FREQ=DAILY;BYEASTER=0;UNTIL=20270304"), [], ["03-03 08:00 to 03-05 00:00"]),
        ((*NINE, "RRULE:FREQ=DAILY;UNTIL=then"), [], ["03-03 08:00 to 04-01 00:00"]),
        ((*NINE, "RDATE:20270310T"), ["03-03 08:00 to 03-03 09:00"], ["03-09 23:00 to 03-10 23:00"]),
        ((*NINE, "RDATE:20270310T080000Z/then"), ["03-03 08:00 to 03-03 09:00"], ["03-09 23:00 to 03-10 23:00"]),
        ((*NINE, "RDATE:then"), ["03-03 08:00 to 03-03 09:00"], ["03-01 00:00 to 04-01 00:00"]),
        ((*NINE, "EXDATE:20270303T99"), [], ["03-03 08:00 to 03-03 09:00"]),
        ((*NINE, "EXDATE:then"), ["03-03 08:00 to 03-03 09:00"], []),
        ((*NINE, "EXDATE;TZID=Nowhere:20270303T080000"), [], ["03-03 08:00 to 03-03 09:00"]),
        ((DAY, "RDATE:20270303Z"), ["03-02 23:00 to 03-03 23:00"], []),
        ((*NINE, "RECURRENCE-ID:then"), ["03-03 08:00 to 03-03 09:00"], []),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_the_doubt_about_an_event_is_no_wider_than_the_event(
    lines: tuple[str, ...], busy: list[str], unknown: list[str]
) -> None:
    reading = a_reading(an_event(*lines), an_event("DTSTART:20270320T080000Z", "DURATION:PT1H", uid="other"))
    assert stretches(reading) == ([*busy, "03-20 08:00 to 03-20 09:00"], unknown)


@pytest.mark.parametrize("reader", ["Europe/Stockholm", "America/New_York", "Asia/Tokyo", "UTC"])
def test_a_limit_that_may_be_a_midnight_elsewhere_leaves_the_next_day_in_doubt(reader: str) -> None:
    zone = ZoneInfo(reader)
    event = an_event(DAY, "RRULE:FREQ=DAILY;UNTIL=20270305T133000Z")
    reading = read_calendar(a_calendar(event), MARCH, zone)
    assert [time.start.astimezone(zone).day for time in reading.busy] == [3, 4, 5]
    assert [interval.start.astimezone(zone).day for interval, _ in reading.unknown] == [6]


def test_a_zone_of_the_file_tells_which_day_its_midnight_begins() -> None:
    kolkata = ODD_ZONE.format(offset="+0530").replace("Customized Time Zone", "India Time")
    event = an_event(DAY, "RRULE:FREQ=DAILY;UNTIL=20270304T183000Z", "EXDATE:20270303T183000Z")
    assert busy_hours(a_reading(kolkata, event)) == ["03-02 23:00-23:00 busy", "03-04 23:00-23:00 busy"]


def test_a_newer_event_of_the_same_uid_hides_no_event_of_another_time() -> None:
    events = [
        an_event(*NINE).replace("20260101", f"2026010{number}").replace("20270303", f"2027030{number}")
        for number in (3, 4, 5)
    ]
    cancelled = events[2].replace("END:VEVENT", "SEQUENCE:7\nSTATUS:CANCELLED\nEND:VEVENT")
    assert [time.start.day for time in a_reading(*events).busy] == [3, 4, 5]
    assert [time.start.day for time in a_reading(*events[:2], cancelled).busy] == [3, 4]


def test_a_newer_revision_of_the_same_event_replaces_it() -> None:
    old = an_event(*NINE)
    new = old.replace("20260101", "20260102")
    assert busy_hours(a_reading(old, new.replace("T09", "T10"))) == ["03-03 08:00-10:00 busy"]
    assert busy_hours(a_reading(old, new.replace("END:VEVENT", "STATUS:CANCELLED\nEND:VEVENT"))) == []
    assert len(a_reading(old.replace("END:VEVENT", "STATUS:CANCELLED\nEND:VEVENT"), new).busy) == 1


BETWEEN = "\nEND:VCALENDAR\nBEGIN:VCALENDAR\n"


@pytest.mark.parametrize("order", [1, -1])
def test_an_event_is_cancelled_and_moved_by_other_calendars_of_its_file(order: int) -> None:
    series = an_event("DTSTART;TZID=Own:20270303T090000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3")
    zone = a_zone("Own", "+0100", "+0200", rules="EU")
    other = a_zone("Own", "-0500", "-0400", rules="US")  # the same name means another zone there
    moved = an_event("RECURRENCE-ID;TZID=Own:20270304T030000", "DTSTART;TZID=Own:20270304T060000", "DURATION:PT1H")
    cancelled = an_event("RECURRENCE-ID:20270305T080000Z", "SEQUENCE:1")
    parts = ["\n".join([zone, series]), "\n".join([other, moved]), "\n".join(["METHOD:CANCEL", cancelled])]
    reading = a_reading(BETWEEN.join(parts[::order]))
    assert busy_hours(reading) == ["03-03 08:00-09:00 busy", "03-04 11:00-12:00 busy"]


def test_a_cancellation_of_a_whole_event_needs_no_time() -> None:
    cancelled = "\n".join(["METHOD:CANCEL", an_event("SEQUENCE:1")])
    assert busy_hours(a_reading(BETWEEN.join([an_event(*NINE), cancelled]))) == []
    older = cancelled.replace("SEQUENCE:1", "SEQUENCE:0").replace("20260101", "20250101")
    assert len(a_reading(BETWEEN.join([an_event(*NINE), older])).busy) == 1


def test_an_exception_in_another_zone_excludes_the_same_instant_only() -> None:
    series = ("DTSTART;TZID=America/New_York:20270303T090000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2")
    same_clock = an_event(*series, "EXDATE;TZID=Asia/Tokyo:20270304T090000")
    same_instant = an_event(*series, "EXDATE;TZID=Asia/Tokyo:20270304T230000")
    assert len(a_reading(same_clock).busy) == 2
    assert len(a_reading(same_instant).busy) == 1


def test_an_end_in_utc_keeps_the_length_of_a_series_when_the_clock_turns() -> None:
    event = an_event("DTSTART;TZID=Europe/Stockholm:20260701T090000", "DTEND:20260701T080000Z", "RRULE:FREQ=WEEKLY")
    assert busy_hours(a_reading(event))[0] == "03-03 08:00-09:00 busy"


def test_one_bad_period_leaves_only_its_own_time_in_doubt() -> None:
    periods = "20270303T080000Z/PT1H,20270304T120000Z/20270304T080000Z,20270305T080000Z/then,20270307T080000Z"
    lines = ("DTSTART:20270301T000000Z", "DTEND:20270401T000000Z", f"FREEBUSY:{periods}")
    reading = a_reading("BEGIN:VFREEBUSY", *lines, "FREEBUSY;FBTYPE=FREE:then/PT1H", "END:VFREEBUSY")
    unknown = ["03-04 08:00 to 03-04 12:00", "03-05 08:00 to 03-06 08:00", "03-07 08:00 to 03-08 08:00"]
    assert stretches(reading) == (["03-03 08:00 to 03-03 09:00"], unknown)


@pytest.mark.parametrize(
    ("tzid", "clock", "expected"),
    [
        ("GMT", "20270328T013000", "01:30-02:30"),  # 01:30 in London does not exist on that day
        ("Europe/London", "20270328T013000", "01:30-02:30"),
        ("GMT", "20271031T013000", "00:30-01:30"),  # 01:30 in London occurs twice on that day
        ("Europe/London", "20271031T013000", "00:30-01:30"),
    ],
)
@pytest.mark.parametrize("rule", [(), ("RRULE:FREQ=DAILY;COUNT=1",)], ids=["once", "repeated"])
def test_a_time_that_the_clock_skips_or_repeats_has_the_offset_before_the_change(
    tzid: str, clock: str, expected: str, rule: tuple[str, ...]
) -> None:
    zone = a_zone("GMT", "+0000", "+0100", rules="EU")
    year = Interval(datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))
    event = an_event(f"DTSTART;TZID={tzid}:{clock}", "DURATION:PT1H", *rule)
    (busy,) = busy_hours(a_reading(zone, event, window=year))
    assert busy.split()[1] == expected


@pytest.mark.parametrize(
    ("end", "spring", "autumn"),
    [
        ("DURATION:PT8H", "21:00-05:00", "20:00-04:00"),
        ("DTEND;TZID=Europe/Stockholm:20270102T060000", "21:00-05:00", "20:00-05:00"),
        ("DTEND:20270102T050000Z", "21:00-05:00", "20:00-04:00"),
    ],
)
def test_every_night_has_the_same_length_when_the_clock_turns(end: str, spring: str, autumn: str) -> None:
    event = an_event("DTSTART;TZID=Europe/Stockholm:20270101T220000", end, "RRULE:FREQ=DAILY")
    year = Interval(datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))
    nights = dict(night.removesuffix(" busy").split() for night in busy_hours(a_reading(event, window=year)))
    assert (nights["03-27"], nights["10-30"]) == (spring, autumn)


def test_an_event_whose_end_may_lie_far_off_is_found_from_the_window_on() -> None:
    event = an_event("DTSTART:20270215T080000Z", "DURATION:P999999999W", "RRULE:FREQ=MONTHLY")
    assert stretches(a_reading(event)) == ([], ["03-01 00:00 to 04-01 00:00"])


def test_a_day_of_25_hours_is_in_doubt_to_its_end() -> None:
    event = an_event(
        "DTSTART;VALUE=DATE:20270328", "DTEND;VALUE=DATE:20270329", "RRULE:FREQ=DAILY;COUNT=0;UNTIL=20271031"
    )
    year = Interval(datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))
    assert stretches(a_reading(event, window=year)) == ([], ["03-27 23:00 to 10-31 23:00"])


ALL_DAY = "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"


@pytest.mark.parametrize(
    ("lines", "busy", "unknown"),
    [
        (("DTSTART;TZID=W. Europe Standard Time:20270303T000000", ALL_DAY), "03-02 23:00 to 03-03 23:00", ""),
        (("DTSTART:20270303T000000", "DTEND:20270303T000000", ALL_DAY), "03-02 23:00 to 03-03 23:00", ""),
        (("DTSTART:20270302T230000Z", ALL_DAY), "03-02 23:00 to 03-03 23:00", ""),
        (("DTSTART:20270303T000000Z", "DTEND:20270304T000000Z", ALL_DAY), "03-02 23:00 to 03-03 23:00", ""),
        (("DTSTART;TZID=Asia/Tokyo:20270303T000000", "DURATION:P1D", ALL_DAY), "03-02 23:00 to 03-03 23:00", ""),
        (("DTSTART:20270303T000000", "DURATION:PT0S", ALL_DAY), "03-02 23:00 to 03-03 23:00", ""),
        (("DTSTART:20270303T000000", "X-FUNAMBOL-ALLDAY:1"), "03-02 23:00 to 03-03 23:00", ""),
        (("DTSTART:20270327T000000", "DTEND:20270329T000000", ALL_DAY), "03-26 23:00 to 03-28 22:00", ""),
        (("DTSTART:20270303T000000", "DTEND:20270303T235900", ALL_DAY), "03-02 23:00 to 03-03 22:59", ""),
        (("DTSTART:20270303T090000", "DTEND:20270303T100000", ALL_DAY), "03-03 08:00 to 03-03 09:00", ""),
        (("DTSTART:20270303T050000Z", ALL_DAY), "", "03-03 05:00 to 03-04 05:00"),
        (("DTSTART:20270303T000000", ALL_DAY.replace("TRUE", "FALSE")), "", "03-02 23:00 to 03-03 05:00"),
        (("DTSTART;VALUE=DATE:20270303T000000",), "03-02 23:00 to 03-03 23:00", ""),
        (("DTSTART;VALUE=DATE:20270303T000000Z",), "03-02 23:00 to 03-03 23:00", ""),
        (("DTSTART;VALUE=DATE:20270302T230000Z",), "03-02 23:00 to 03-03 23:00", ""),
        (
            ("DTSTART;VALUE=DATE:20270303T0000", "DTEND;VALUE=DATE:20270305T000000"),
            "03-02 23:00 to 03-04 23:00",
            "",
        ),
        (("DTSTART;VALUE=DATE:20270303T090000", "DTEND:20270303T100000"), "03-03 08:00 to 03-03 09:00", ""),
        ((START, "DTEND;VALUE=DATE:20270303T000000"), "03-03 08:00 to 03-03 23:00", ""),
    ],
)
def test_a_whole_day_that_is_written_as_a_midnight_is_the_day(lines: tuple[str, ...], busy: str, unknown: str) -> None:
    assert stretches(a_reading(an_event(*lines))) == ([busy] if busy else [], [unknown] if unknown else [])


def test_marked_whole_days_are_repeated_moved_and_excluded_by_their_days() -> None:
    series = an_event(
        "DTSTART;TZID=Asia/Tokyo:20270303T000000", ALL_DAY, "RRULE:FREQ=DAILY;COUNT=4", "EXDATE:20270304T000000"
    )
    moved = an_event(
        "RECURRENCE-ID;VALUE=DATE:20270305T000000",
        "DTSTART;VALUE=DATE:20270310T000000",
        "SEQUENCE:1",
        "STATUS:TENTATIVE",
    )
    expected = ["03-02 23:00-23:00 busy", "03-05 23:00-23:00 busy", "03-09 23:00-23:00 busy_tentative"]
    assert busy_hours(a_reading(series, moved)) == expected


def test_an_exception_or_an_added_date_with_a_midnight_is_a_date() -> None:
    weekly = (*NINE, "RRULE:FREQ=WEEKLY;COUNT=2", "EXDATE;VALUE=DATE:20270310T000000")
    added = "RDATE;VALUE=DATE:20270320T000000,20270321"
    expected = ["03-03 08:00-09:00 busy", "03-20 08:00-09:00 busy", "03-21 08:00-09:00 busy"]
    assert busy_hours(a_reading(an_event(*weekly, added))) == expected
