"""The invitations in a plan's folder: whom they reach, what they say, and which file each of them is."""

import re
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from tests.api.cli.test_propose import field, run_propose, snapshot, with_addresses
from tests.builders import Json
from tests.conftest import Judge


def with_emails(**emails: str | None) -> Json:
    """Return the problem of two meetings with other addresses for some people."""
    document = with_addresses()
    for person in document["people"]:
        if person["id"] in emails:
            person["email"] = emails[person["id"]]
    return document


def the_event(folder: Path, name: str) -> Any:
    calendar = Calendar.from_ical((folder / "out" / "kallelser" / f"{name}.ics").read_bytes())
    assert isinstance(calendar, Calendar)
    (event,) = calendar.events
    return event


def invitation_names(folder: Path, language_folder: str = "kallelser") -> set[str]:
    return {path.stem for path in (folder / "out" / language_folder).iterdir()}


def test_an_address_in_other_letter_case_changes_no_file(tmp_path: Path) -> None:
    assert run_propose(tmp_path, with_addresses()) == 0
    before = snapshot(tmp_path / "out" / "kallelser")
    assert run_propose(tmp_path, with_emails(c1="C1@C.Example")) == 0
    assert snapshot(tmp_path / "out" / "kallelser") == before


def test_a_cancellation_to_an_old_address_is_no_other_persons_file(tmp_path: Path) -> None:
    document = with_addresses()
    ids = {"a0": "p0", "a1": "p0-old"}
    for person in document["people"]:
        person["id"] = ids.get(person["id"], person["id"])
    document["councils"][0]["chair"] = "p0"
    document["councils"][0]["seats"][0].update(member="p0", substitutes=["p0-old"])
    assert run_propose(tmp_path, document) == 0
    other = the_event(tmp_path, "m1--p0-old")
    document["people"][0]["email"] = "new@a.example"
    assert run_propose(tmp_path, document) == 0
    assert the_event(tmp_path, "m1--p0-old") == other
    assert len(invitation_names(tmp_path)) == 14


def test_a_former_address_that_is_invited_again_has_no_cancellation_left(tmp_path: Path) -> None:
    for email in ("c1@c.example", "new@c.example", "c1@c.example"):
        assert run_propose(tmp_path, with_emails(c1=email)) == 0
    assert {name for name in invitation_names(tmp_path) if name.startswith("m1--c1_")} == set()
    assert any(name.startswith("m1--new_c_example--") for name in invitation_names(tmp_path))
    assert the_event(tmp_path, "m1--c1")["SEQUENCE"] > 2


def test_two_people_with_one_mailbox_get_one_invitation(tmp_path: Path) -> None:
    assert run_propose(tmp_path, with_emails(c0="kommun@c.example", c1="Kommun@c.example")) == 0
    assert len(invitation_names(tmp_path)) == 10
    event = the_event(tmp_path, "m1--c0")
    assert event["ATTENDEE"].params["CN"] == "ledamot c0 och ledamot c1"
    assert event["ATTENDEE"].params["ROLE"] == "REQ-PARTICIPANT"
    assert event["TRANSP"] == "OPAQUE"
    assert "ledamot c0: Du kallas som ledamot." in event["DESCRIPTION"]
    assert "ledamot c1: Du är ersättare för ledamot c0" in event["DESCRIPTION"]


def test_when_one_of_two_people_leaves_their_mailbox_the_other_stays_invited(tmp_path: Path) -> None:
    document = with_emails(c0="kommun@c.example", c1="kommun@c.example")
    assert run_propose(tmp_path, document) == 0
    document["councils"][0]["seats"][2].update(member=None)
    assert run_propose(tmp_path, document) == 0
    assert len(invitation_names(tmp_path)) == 10
    assert "m1--c0" not in invitation_names(tmp_path)
    assert the_event(tmp_path, "m1--c1")["ATTENDEE"] == "mailto:kommun@c.example"


@pytest.mark.parametrize("email", ["kansli@region.example", "Kansli@Region.example"])
def test_an_organizer_who_is_a_member_is_not_invited(tmp_path: Path, email: str) -> None:
    assert run_propose(tmp_path, with_emails(b0=email)) == 0
    assert len(invitation_names(tmp_path)) == 10
    assert "m1--b0" not in invitation_names(tmp_path)


def test_a_member_who_becomes_the_organizer_keeps_the_meeting(tmp_path: Path) -> None:
    document = with_addresses()
    assert run_propose(tmp_path, document) == 0
    document["councils"][0]["organizer"]["email"] = "b0@b.example"
    assert run_propose(tmp_path, document) == 0
    assert "m1--b0" not in invitation_names(tmp_path)
    assert len(invitation_names(tmp_path)) == 10


NOTES = [
    ("a0", "Du kallas som ordförande. Anmäl förhinder till Kansliet (kansli@region.example) så snart som möjligt,"
           " så att din ersättare kan kallas in och någon annan kan leda sammanträdet."),
    ("b0", "Du kallas som ledamot. Anmäl förhinder till Kansliet (kansli@region.example) så snart som möjligt,"
           " så att din ersättare kan kallas in."),
    ("b1", "Du är ersättare för ledamot b0 och kan bli inkallad: kom bara om Kansliet kallar in dig."
           " Meddela Kansliet (kansli@region.example) så snart som möjligt om du inte kan tjänstgöra den dagen."),
]  # fmt: skip


@pytest.mark.parametrize(("person", "note"), NOTES)
def test_chair_member_and_substitute_are_told_what_is_expected_of_them(tmp_path: Path, person: str, note: str) -> None:
    assert run_propose(tmp_path, with_addresses()) == 0
    assert the_event(tmp_path, f"m1--{person}")["DESCRIPTION"] == note


def test_the_text_names_no_substitute_where_there_is_none(tmp_path: Path) -> None:
    document = with_addresses()
    for seat in document["councils"][0]["seats"]:
        seat["substitutes"] = []
    assert run_propose(tmp_path, document) == 0
    assert "ersättare" not in the_event(tmp_path, "m1--a0")["DESCRIPTION"]
    assert "ersättare" not in the_event(tmp_path, "m1--b0")["DESCRIPTION"]


def test_a_substitute_on_a_seat_without_a_member_serves(tmp_path: Path) -> None:
    document = with_addresses()
    document["councils"][0]["seats"][1].update(member=None)
    assert run_propose(tmp_path, document) == 0
    event = the_event(tmp_path, "m1--b1")
    assert event["DESCRIPTION"].startswith("Du kallas som ersättare och ska tjänstgöra vid sammanträdet.")
    assert (event["TRANSP"], event["ATTENDEE"].params["ROLE"]) == ("OPAQUE", "REQ-PARTICIPANT")


def test_a_substitute_on_call_is_not_busy(tmp_path: Path) -> None:
    assert run_propose(tmp_path, with_addresses()) == 0
    event = the_event(tmp_path, "m1--b1")
    assert (event["STATUS"], event["TRANSP"]) == ("TENTATIVE", "TRANSPARENT")
    assert the_event(tmp_path, "m1--b0")["STATUS"] == "CONFIRMED"


@pytest.mark.parametrize(
    ("language", "path", "title"),
    [
        ("sv", "kallelser/m2--a0.ics", "Kallelse: rådet för kultur\\, sammanträde 2 av 2"),
        ("en", "invitations/m2--a0.ics", "Invitation: rådet för kultur\\, meeting 2 of 2"),
        ("sv", "sammantradesplan.ics", "rådet för kultur\\, sammanträde 2 av 2"),
        ("en", "plan.ics", "rådet för kultur\\, meeting 2 of 2"),
    ],
)
def test_the_title_says_which_meeting_of_the_council_it_is(
    tmp_path: Path, language: str, path: str, title: str
) -> None:
    assert run_propose(tmp_path, with_addresses(), "--lang", language) == 0
    unfolded = (tmp_path / "out" / path).read_bytes().replace(b"\r\n ", b"")
    assert field("SUMMARY", unfolded) == f"SUMMARY:{title}"


def test_agenda_link_and_last_day_to_reply_stand_in_the_invitation(tmp_path: Path, check_invite: Judge) -> None:
    document = with_addresses()
    said = {"agenda": ["Val av justerare", "Budget 2028"], "link": "https://example.org/m?id=1", "mode": "online"}
    document["meetings"][0] |= {**said, "reply_by": "2027-02-15"}
    assert run_propose(tmp_path, document) == 0
    event = the_event(tmp_path, "m1--b0")
    assert event["DESCRIPTION"].startswith(
        "Dagordning:\n1. Val av justerare\n2. Budget 2028\nLänk till sammanträdet: https://example.org/m?id=1\n"
        "Svara senast måndag 15 februari 2027.\nDu kallas som ledamot."
    )
    assert event["LOCATION"] == "Digitalt möte, https://example.org/m?id=1"
    assert (event["URL"], event["CONFERENCE"]) == (said["link"], said["link"])
    for path in (*(tmp_path / "out" / "kallelser").glob("m1--b*.ics"), tmp_path / "out" / "sammantradesplan.ics"):
        assert check_invite(path.read_bytes()) == ""


def test_a_last_day_to_reply_after_the_meeting_is_left_out(tmp_path: Path) -> None:
    document = with_addresses()
    document["meetings"][0] |= {"pinned": "2027-03-01T09:00", "reply_by": "2027-03-02"}
    assert run_propose(tmp_path, document) == 0
    assert "Svara senast" not in the_event(tmp_path, "m1--b0")["DESCRIPTION"]


def test_cancellations_to_former_addresses_are_accepted_by_other_programs(tmp_path: Path, check_invite: Judge) -> None:
    assert run_propose(tmp_path, with_addresses()) == 0
    assert run_propose(tmp_path, with_emails(c1="new@c.example")) == 0
    (withdrawal,) = (tmp_path / "out" / "kallelser").glob("m1--c1_c_example--*.ics")
    assert check_invite(withdrawal.read_bytes()) == ""
    assert check_invite((tmp_path / "out" / "kallelser" / "m1--c1.ics").read_bytes()) == ""


MISSING = [
    ({"b0": None}, "sv", "1 person får ingen kallelse, eftersom e-postadress saknas: ledamot b0."),
    ({"b0": None, "c1": None}, "en",
     "2 people get no invitation, for want of an e-mail address: ledamot b0; ledamot c1."),
    (dict.fromkeys(["a0", "a1", "b0", "b1", "c0", "c1"]), "sv",
     "Ingen får någon kallelse, eftersom ingen av dem som ska kallas har en e-postadress."),
]  # fmt: skip


@pytest.mark.parametrize(("emails", "language", "sentence"), MISSING)
def test_those_without_an_address_are_named_by_the_command_and_the_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], emails: dict[str, Any], language: str, sentence: str
) -> None:
    assert run_propose(tmp_path, with_emails(**emails), "--lang", language) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert sentence in printed
    page = (tmp_path / "out" / "plan.html").read_text()
    assert re.search(f"<li>{re.escape(sentence)}</li>", page)


def test_with_every_address_nobody_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_propose(tmp_path, with_addresses()) == 0
    assert "kallelse, eftersom" not in capsys.readouterr().out
