"""Tests of the faults that were reported about other readers, each in all its variants."""

import pytest

from tests.scheduler.ical.samples import a_reading, an_event, busy_hours

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


def a_zone(tzid: str, standard: str, daylight: str, *, rules: str) -> str:
    """Return a VTIMEZONE with the summer time of the EU or of the United States, or none."""
    onsets = {
        "EU": ("FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"),
        "US": ("FREQ=YEARLY;BYMONTH=11;BYDAY=1SU", "FREQ=YEARLY;BYMONTH=3;BYDAY=2SU"),
    }[rules]
    return "\n".join(
        [
            *("BEGIN:VTIMEZONE", f"TZID:{tzid}"),
            *("BEGIN:STANDARD", "DTSTART:20001029T020000", f"RRULE:{onsets[0]}"),
            *(f"TZOFFSETFROM:{daylight}", f"TZOFFSETTO:{standard}", "END:STANDARD"),
            *("BEGIN:DAYLIGHT", "DTSTART:20000326T020000", f"RRULE:{onsets[1]}"),
            *(f"TZOFFSETFROM:{standard}", f"TZOFFSETTO:{daylight}", "END:DAYLIGHT", "END:VTIMEZONE"),
        ]
    )


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
