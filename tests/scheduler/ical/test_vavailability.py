"""Tests that the hours of availability are read, and that the other time is busy (RFC 7953)."""

from datetime import UTC, datetime

from scheduler.intervals import Interval
from tests.scheduler.ical.samples import MARCH, a_reading, an_event, busy_hours

TWO_DAYS = Interval(datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 3, 3, tzinfo=UTC))
DAY = ("DTSTART:20270301T000000Z", "DTEND:20270302T000000Z")


def availability(*lines: str, hours: tuple[str, ...] = ()) -> str:
    available = ("BEGIN:AVAILABLE", "UID:a", *hours, "END:AVAILABLE") if hours else ()
    return "\n".join(["BEGIN:VAVAILABILITY", "UID:v", *lines, *available, "END:VAVAILABILITY"])


def office_hours(*lines: str, start: str = "T080000Z", end: str = "T160000Z") -> str:
    return availability(*lines, hours=(f"DTSTART:20270301{start}", f"DTEND:20270301{end}", "RRULE:FREQ=DAILY"))


def test_outside_the_hours_the_owner_is_away_and_inside_free() -> None:
    assert busy_hours(a_reading(office_hours(), window=TWO_DAYS)) == [
        "03-01 00:00-08:00 busy_unavailable",
        "03-01 16:00-08:00 busy_unavailable",
        "03-02 16:00-00:00 busy_unavailable",
    ]


def test_the_time_outside_has_the_stated_type() -> None:
    assert busy_hours(a_reading(availability("BUSYTYPE:BUSY-TENTATIVE", *DAY))) == ["03-01 00:00-00:00 busy_tentative"]
    assert busy_hours(a_reading(availability("BUSYTYPE:BUSY", *DAY))) == ["03-01 00:00-00:00 busy"]


def test_the_time_before_the_start_and_after_the_end_is_not_covered() -> None:
    for lines, expected in (
        (DAY, "03-01 00:00-00:00 busy_unavailable"),
        (("DTSTART:20270331T000000Z",), "03-31 00:00-00:00 busy_unavailable"),
        (("DTEND:20270302T000000Z",), "03-01 00:00-00:00 busy_unavailable"),
        (("DTSTART:20270303T000000Z", "DURATION:PT1H"), "03-03 00:00-01:00 busy_unavailable"),
        (("DTSTART:20260303T000000Z", "DURATION:PT1H"), None),
    ):
        assert busy_hours(a_reading(availability(*lines))) == ([expected] if expected else [])


def test_the_higher_priority_applies_within_its_time() -> None:
    usual = office_hours("PRIORITY:9", *DAY)
    travels = office_hours(
        "PRIORITY:1", "DTSTART:20270301T060000Z", "DTEND:20270301T120000Z", start="T070000Z", end="T090000Z"
    )
    expected = [
        "03-01 00:00-06:00 busy_unavailable",
        "03-01 06:00-07:00 busy_unavailable",
        "03-01 09:00-12:00 busy_unavailable",
        "03-01 16:00-00:00 busy_unavailable",
    ]
    assert busy_hours(a_reading(usual, travels)) == expected
    assert busy_hours(a_reading(travels, usual)) == expected


def test_no_priority_is_the_lowest() -> None:
    always = availability("PRIORITY:9", *DAY, hours=DAY)
    for lines in ((), ("PRIORITY:0",), ("PRIORITY:x",)):
        assert busy_hours(a_reading(availability(*lines, *DAY), always)) == []


def test_of_two_with_the_same_priority_the_busy_one_applies() -> None:
    always = availability(*DAY, hours=DAY)
    assert busy_hours(a_reading(availability(*DAY), always)) == ["03-01 00:00-00:00 busy_unavailable"]


def test_an_event_within_the_hours_is_busy() -> None:
    event = an_event("DTSTART:20270301T090000Z", "DURATION:PT1H")
    assert "03-01 09:00-10:00 busy" in busy_hours(a_reading(office_hours(*DAY), event))


def test_hours_of_a_single_day_may_be_moved() -> None:
    hours = ("DTSTART:20270301T080000Z", "DTEND:20270301T160000Z", "RRULE:FREQ=DAILY;COUNT=2")
    moved = (
        "BEGIN:AVAILABLE\nUID:a\nRECURRENCE-ID:20270302T080000Z\n"
        "DTSTART:20270302T120000Z\nDTEND:20270302T160000Z\nEND:AVAILABLE"
    )
    text = availability("DTSTART:20270301T000000Z", "DTEND:20270303T000000Z", hours=hours)
    reading = a_reading(text.replace("END:VAVAILABILITY", f"{moved}\nEND:VAVAILABILITY"))
    assert busy_hours(reading) == [
        "03-01 00:00-08:00 busy_unavailable",
        "03-01 16:00-12:00 busy_unavailable",
        "03-02 16:00-00:00 busy_unavailable",
    ]


def test_invalid_hours_leave_the_window_unknown() -> None:
    reading = a_reading(availability(*DAY, hours=("DTSTART:then",)))
    assert [interval for interval, _ in reading.unknown] == [MARCH]
