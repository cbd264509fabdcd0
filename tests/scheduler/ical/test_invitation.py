"""Tests that clients read an invitation in the same way, and that a user's text stays text."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from scheduler.ical.write.invitation import Revision, cancel, request
from scheduler.ical.write.text import clean_text, parameter_text, single_line
from tests.conftest import Judge
from tests.scheduler.ical.samples import a_content, a_receiver, a_revision, a_time

NASTY = [chr(code) for code in range(0x20)] + [
    "\x7f",
    "\x85",
    "\u2028",
    "\u2029",
    "\x9b",
    "\u202e",
    "\u2066",
    ";",
    ",",
    "\\",
    '"',
    "^",
    ":",
    "å",
]
nasty_texts = st.lists(st.sampled_from([*NASTY, "\r\nATTENDEE:mailto:x@example.org", "END:VEVENT", "n"])).map("".join)


def the_event(raw: bytes) -> Event:
    calendar = Calendar.from_ical(raw)
    assert isinstance(calendar, Calendar)
    (event,) = calendar.events
    assert not event.errors
    return event


def the_parameters(event: Event, name: str) -> dict[str, str]:
    return {key: str(value) for key, value in event[name].params.items()}


def a_cancelled(revision: Revision) -> Revision:
    return revision.model_copy(update={"is_cancelled": True, "sequence": revision.sequence + 1})


def test_a_request_has_one_attendee_with_a_requested_reply() -> None:
    event = the_event(request(a_revision(), a_receiver()))
    assert event["ATTENDEE"] == "mailto:p1@example.org"
    assert the_parameters(event, "ATTENDEE") == {
        "CN": "ledamot, Lindesberg",
        "CUTYPE": "INDIVIDUAL",
        "PARTSTAT": "NEEDS-ACTION",
        "ROLE": "REQ-PARTICIPANT",
        "RSVP": "TRUE",
    }


@pytest.mark.parametrize(
    ("role", "written"),
    [("chair", "CHAIR"), ("member", "REQ-PARTICIPANT"), ("substitute", "OPT-PARTICIPANT")],
)
def test_each_role_has_its_name_in_the_standard(role: str, written: str) -> None:
    event = the_event(request(a_revision(), a_receiver(role=role)))
    assert the_parameters(event, "ATTENDEE")["ROLE"] == written


def test_a_request_names_the_organizer_as_the_address_of_replies() -> None:
    event = the_event(request(a_revision(), a_receiver()))
    assert event["ORGANIZER"] == "mailto:kansli@example.org"
    assert the_parameters(event, "ORGANIZER") == {"CN": "Kansliet"}


@pytest.mark.parametrize(
    ("status", "expected"),
    [("confirmed", ["CONFIRMED", "OPAQUE", "BUSY"]), ("tentative", ["TENTATIVE", "OPAQUE", "TENTATIVE"])],
)
def test_status_and_busy_status_agree(status: str, expected: list[str]) -> None:
    event = the_event(request(a_revision(status=status), a_receiver()))
    assert [event[name] for name in ("STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS")] == expected


def test_a_cancellation_frees_the_time_by_the_property_of_every_client() -> None:
    event = the_event(cancel(a_cancelled(a_revision()), a_receiver()))
    said = [event[name] for name in ("STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "SEQUENCE")]
    assert said == ["CANCELLED", "TRANSPARENT", "FREE", 1]


def test_withdrawing_one_invitation_outranks_its_request() -> None:
    event = the_event(cancel(a_revision(), a_receiver()))
    assert event["SEQUENCE"] == 1


def test_withdrawing_one_invitation_frees_the_time_without_cancelling_the_meeting_of_others() -> None:
    event = the_event(cancel(a_revision(), a_receiver()))
    assert "STATUS" not in event
    assert (event["TRANSP"], event["X-MICROSOFT-CDO-BUSYSTATUS"]) == ("TRANSPARENT", "FREE")


@pytest.mark.parametrize("status", ["confirmed", "tentative"])
def test_the_meeting_is_tentative_and_free_for_a_substitute_on_call(status: str) -> None:
    event = the_event(request(a_revision(status=status), a_receiver(role="substitute")))
    said = [event[name] for name in ("STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS")]
    assert said == ["TENTATIVE", "TRANSPARENT", "FREE"]


def test_an_invitation_has_the_note_for_its_receiver_and_its_own_title() -> None:
    revision = a_revision(request_summary="Kallelse: Rådet för kultur, sammanträde 1 av 2")
    receiver = a_receiver(note="Du kallas som ledamot.")
    event = the_event(request(revision, receiver))
    assert event["SUMMARY"] == "Kallelse: Rådet för kultur, sammanträde 1 av 2"
    assert event["DESCRIPTION"] == "Dagordning sänds en vecka före.\nDu kallas som ledamot."
    withdrawn = the_event(cancel(revision, receiver))
    assert (withdrawn["SUMMARY"], withdrawn["DESCRIPTION"]) == ("Rådet för kultur", "Dagordning sänds en vecka före.")


def test_the_link_of_a_meeting_is_a_url_and_a_conference() -> None:
    link = "https://example.org/mote?id=1;2,3"
    event = the_event(request(a_revision(link=link), a_receiver()))
    assert (event["URL"], event["CONFERENCE"]) == (link, link)


def test_times_are_wall_time_with_their_zone_defined() -> None:
    raw = request(a_revision(), a_receiver())
    assert b"DTSTART;TZID=Europe/Stockholm:20270303T090000\r\n" in raw
    assert raw.count(b"BEGIN:VTIMEZONE") == 1


def test_times_of_a_zone_without_the_eus_rule_are_in_utc_with_no_zone_defined() -> None:
    raw = request(a_revision(timezone="Asia/Tokyo"), a_receiver())
    assert b"DTSTART:20270303T080000Z\r\n" in raw
    assert b"VTIMEZONE" not in raw


def test_a_place_or_note_that_is_empty_is_left_out() -> None:
    event = the_event(request(a_revision(location="\x00", description=""), a_receiver()))
    assert not {"LOCATION", "DESCRIPTION"} & set(event)


def test_the_same_revision_gives_the_same_bytes() -> None:
    assert request(a_revision(), a_receiver()) == request(a_revision(), a_receiver())


@pytest.mark.parametrize("email", ["x", "a@b\r\nATTENDEE:mailto:c@d", "a b@example.org", "<a@example.org>"])
def test_an_invalid_address_is_rejected(email: str) -> None:
    with pytest.raises(ValueError, match=r"name@example\.org"):
        a_receiver(email=email)


def test_lines_are_at_most_75_octets_and_fold_between_characters() -> None:
    long = "åäö" * 100
    raw = request(a_revision(summary=long, description=long, location=long), a_receiver(name=long))
    for line in raw.split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")
    assert the_event(raw)["SUMMARY"] == long


@given(text=nasty_texts, note=nasty_texts, place=nasty_texts, name=nasty_texts, office=nasty_texts)
def test_nasty_texts_stay_texts(text: str, note: str, place: str, name: str, office: str) -> None:
    revision = a_revision(summary=text, description=note, location=place, organizer_name=office)
    raw = request(revision, a_receiver(name=name))
    assert not any(code in raw.replace(b"\r\n", b"") for code in [*range(0x20), 0x7F])
    assert not set("\x85\x9b\u2028\u2029\u202e\u2066") & set(raw.decode())
    event = the_event(raw)
    assert event["ATTENDEE"] == "mailto:p1@example.org"
    assert event["SUMMARY"] == single_line(text)
    assert event.get("DESCRIPTION", "") == clean_text(note)
    assert event.get("LOCATION", "") == single_line(place)
    assert the_parameters(event, "ATTENDEE").get("CN", "") == parameter_text(name)
    assert the_parameters(event, "ORGANIZER").get("CN", "") == parameter_text(office)


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_at": a_time("2027-06-16")},
        {"starts_at": a_time("2027-01-20")},
        {"timezone": "Asia/Tokyo"},
        {"timezone": "Europe/Helsinki"},
        {"status": "tentative"},
        {"link": "https://example.org/mote?id=1;2,3", "request_summary": "Kallelse: rådet"},
        {"summary": "".join(NASTY) * 3, "description": "".join(NASTY) * 3, "location": "".join(NASTY)},
    ],
    ids=["summer", "winter", "in UTC", "Helsinki", "a hold", "a link", "nasty"],
)
def test_a_request_passes_the_independent_checker(check_invite: Judge, changes: dict[str, Any]) -> None:
    assert check_invite(request(a_revision(**changes), a_receiver(name='ledamot "Å", \\ Lindesberg; ^'))) == ""


def test_a_request_is_accepted_by_calendar_servers(check_invite: Judge) -> None:
    assert check_invite(request(a_revision(), a_receiver()), with_servers=True) == ""


def test_a_cancel_passes_the_independent_checker(check_invite: Judge) -> None:
    assert check_invite(cancel(a_cancelled(a_revision()), a_receiver())) == ""


def test_a_withdrawn_invitation_passes_the_independent_checker(check_invite: Judge) -> None:
    assert check_invite(cancel(a_revision(), a_receiver())) == ""


def test_contents_with_naive_times_are_rejected() -> None:
    with pytest.raises(ValueError, match="timezone"):
        a_content(starts_at=a_time("2027-03-03").replace(tzinfo=None))
