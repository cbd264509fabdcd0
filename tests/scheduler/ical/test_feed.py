"""Tests of the plan as a calendar to subscribe to."""

from icalendar import Calendar

from scheduler.ical.write.feed import plan_calendar
from scheduler.ical.write.invitation import Revision, request
from scheduler.ical.write.revision import revise
from tests.conftest import Judge
from tests.scheduler.ical.samples import TODAY, a_content, a_receiver, a_time


def a_plan() -> list[Revision]:
    """Two planned meetings, the later first, and a cancelled meeting."""
    contents = [a_content("b", starts_at=a_time("2027-09-08")), a_content("a"), a_content("c", timezone="Asia/Tokyo")]
    invited = {"a": [a_receiver()]}
    return list(revise(revise({}, contents, invited, TODAY), contents[:2], invited, TODAY).values())


def published(raw: bytes) -> Calendar:
    calendar = Calendar.from_ical(raw)
    assert isinstance(calendar, Calendar)
    return calendar


def test_a_feed_holds_every_meeting_in_the_order_of_time() -> None:
    events = published(plan_calendar(a_plan(), "Plan 2027")).events
    assert [event.start for event in events] == sorted(event.start for event in events)
    assert {event["UID"] for event in events} == {revision.uid for revision in a_plan()}


def test_a_feed_and_the_invitation_are_the_same_revision() -> None:
    revision = a_plan()[1]
    (invited,) = published(request(revision, a_receiver())).events
    (followed,) = [event for event in published(plan_calendar(a_plan(), "x")).events if event["UID"] == revision.uid]
    for name in ("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY"):
        assert invited[name].to_ical() == followed[name].to_ical()


def test_a_cancelled_meeting_stays_and_is_marked_cancelled() -> None:
    statuses = {str(event["UID"]): str(event["STATUS"]) for event in published(plan_calendar(a_plan(), "x")).events}
    assert [statuses[revision.uid] for revision in a_plan()] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


def test_a_feed_has_no_address_but_the_organizers() -> None:
    raw = plan_calendar(a_plan(), "x")
    assert b"ATTENDEE" not in raw
    assert b"p1@example.org" not in raw
    assert b"mailto:kansli@example.org" in raw


def test_a_feed_has_a_name_and_asks_to_be_fetched_every_hour() -> None:
    raw = plan_calendar(a_plan(), "Rådet; 2027")
    for line in ("NAME:Rådet\\; 2027", "X-WR-CALNAME:Rådet\\; 2027", "X-PUBLISHED-TTL:PT1H"):
        assert f"\r\n{line}\r\n".encode() in raw
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in raw


def test_a_name_with_control_characters_stays_on_its_line() -> None:
    raw = plan_calendar(a_plan(), "x\r\nMETHOD:CANCEL\x00\n\u2028END:VCALENDAR")
    assert b"\r\nX-WR-CALNAME:x METHOD:CANCEL END:VCALENDAR\r\n" in raw
    assert published(raw)["METHOD"] == "PUBLISH"


def test_zones_are_defined_once_and_only_those_in_use() -> None:
    assert plan_calendar(a_plan(), "x").count(b"BEGIN:VTIMEZONE") == 1


def test_the_same_plan_gives_the_same_bytes_in_any_order() -> None:
    assert plan_calendar(a_plan(), "x") == plan_calendar(reversed(a_plan()), "x")


def test_a_feed_passes_the_independent_checker(check_invite: Judge) -> None:
    assert check_invite(plan_calendar(a_plan(), 'Plan, "2027"; å')) == ""
