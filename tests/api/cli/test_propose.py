"""The command ``propose``: a table, a folder, and messages about invalid input."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from api.cli import main
from tests.builders import a_council, a_document, a_meeting, a_person

Snapshot = dict[str, tuple[bytes, int]]


def with_addresses(**changes: Any) -> dict[str, Any]:
    """Return a problem with two meetings of a council; its six people and its organizer have addresses."""
    organizer = {"name": "Kansliet", "email": "kansli@region.example"}
    meetings = [
        a_meeting("m1", window={"start": "2027-03-01", "end": "2027-03-05"}),
        a_meeting("m2", window={"start": "2027-03-08", "end": "2027-03-12"}),
    ]
    people = [a_person(f"{party}{i}", party, email=f"{party}{i}@{party}.example") for party in "abc" for i in (0, 1)]
    councils = [{**a_council(), "organizer": organizer, "chair": "a0", "quorum": 2}]
    return a_document(councils=councils, meetings=meetings, people=people, **changes)


def run_propose(folder: Path, document: dict[str, Any], *more: str) -> int:
    problem = folder / "problem.json"
    problem.write_text(json.dumps(document))
    return main(["propose", str(problem), "--out", str(folder / "out"), *more])


def snapshot(folder: Path) -> Snapshot:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def field(name: str, calendar: bytes) -> str:
    """Return the last line with this name: the lines of the time zone come before those of the meeting."""
    *_, match = re.finditer(rf"^{name}[;:].*?$", calendar.decode(), re.MULTILINE)
    return match.group().strip()


def test_a_table_is_printed_and_a_folder_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_propose(tmp_path, with_addresses()) == 0
    printed = capsys.readouterr()
    assert "måndag 1 mars" in printed.out
    assert "nästan 3 av 3" in printed.out
    assert "Bäst hittills" in printed.err
    names = sorted(snapshot(tmp_path / "out"))
    invitations = [
        f"kallelser/{meeting}--{party}{i}.ics" for meeting in ("m1", "m2") for party in "abc" for i in (0, 1)
    ]
    assert names == sorted([*invitations, "plan.en.html", "plan.html", "plan.json", "sammantradesplan.ics"])


def test_english_is_an_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_propose(tmp_path, with_addresses(), "--lang", "en") == 0
    assert "Monday 1 March" in capsys.readouterr().out
    assert '<html lang="en"' in (tmp_path / "out" / "plan.html").read_text()


def test_a_second_run_leaves_every_file_as_it_is(tmp_path: Path) -> None:
    assert run_propose(tmp_path, with_addresses()) == 0
    before = snapshot(tmp_path / "out")
    assert run_propose(tmp_path, with_addresses()) == 0
    assert snapshot(tmp_path / "out") == before


def test_the_same_problem_gives_the_same_bytes_in_another_folder_but_for_the_seconds(tmp_path: Path) -> None:
    seconds = re.compile(rb'"seconds": [0-9.]+')
    snapshots = []
    for place in ("first", "second"):
        (tmp_path / place).mkdir()
        assert run_propose(tmp_path / place, with_addresses()) == 0
        files = snapshot(tmp_path / place / "out")
        snapshots.append({name: seconds.sub(b"", content) for name, (content, _) in files.items()})
    assert snapshots[0] == snapshots[1]


def test_only_a_moved_meeting_gets_a_higher_sequence_and_keeps_its_uid(tmp_path: Path) -> None:
    document = with_addresses()
    assert run_propose(tmp_path, document) == 0
    before = snapshot(tmp_path / "out" / "kallelser")
    document["meetings"][1]["pinned"] = "2027-03-11T13:00"
    assert run_propose(tmp_path, document, "--replace") == 0
    after = snapshot(tmp_path / "out" / "kallelser")
    assert after.keys() == before.keys()
    for name in before:
        old, new = before[name][0], after[name][0]
        if name.startswith("m1"):
            assert new == old
        else:
            assert field("UID", new) == field("UID", old)
            assert (field("SEQUENCE", old), field("SEQUENCE", new)) == ("SEQUENCE:0", "SEQUENCE:1")
            assert field("DTSTAMP", new) > field("DTSTAMP", old)
            assert "T130000" in field("DTSTART", new)


def test_a_removed_meeting_is_cancelled_and_stays_cancelled(tmp_path: Path) -> None:
    document = with_addresses()
    assert run_propose(tmp_path, document) == 0
    document["meetings"].pop()
    for options in (["--replace"], []):
        assert run_propose(tmp_path, document, *options) == 0
        cancelled = (tmp_path / "out" / "kallelser" / "m2--a0.ics").read_bytes()
        assert field("METHOD", cancelled) == "METHOD:CANCEL"
        assert field("SEQUENCE", cancelled) == "SEQUENCE:1"
    assert b"STATUS:CANCELLED" in (tmp_path / "out" / "sammantradesplan.ics").read_bytes()


def test_a_person_who_left_gets_a_cancellation(tmp_path: Path) -> None:
    document = with_addresses()
    assert run_propose(tmp_path, document) == 0
    document["councils"][0]["seats"][2]["substitutes"] = []
    assert run_propose(tmp_path, document) == 0
    folder = tmp_path / "out" / "kallelser"
    assert field("METHOD", (folder / "m1--c1.ics").read_bytes()) == "METHOD:CANCEL"
    assert field("SEQUENCE", (folder / "m1--c0.ics").read_bytes()) == "SEQUENCE:0"


def test_a_person_who_returns_is_invited_with_a_higher_sequence(tmp_path: Path) -> None:
    document = with_addresses()
    assert run_propose(tmp_path, document) == 0
    seat = document["councils"][0]["seats"][2]
    seat["substitutes"] = []
    assert run_propose(tmp_path, document) == 0
    seat["substitutes"] = ["c1"]
    assert run_propose(tmp_path, document) == 0
    back = (tmp_path / "out" / "kallelser" / "m1--c1.ics").read_bytes()
    assert (field("METHOD", back), field("SEQUENCE", back)) == ("METHOD:REQUEST", "SEQUENCE:2")


def test_a_new_address_is_invited_and_the_old_address_gets_a_cancellation(tmp_path: Path) -> None:
    document = with_addresses()
    assert run_propose(tmp_path, document) == 0
    document["people"][5]["email"] = "new@c.example"
    assert run_propose(tmp_path, document) == 0
    folder = tmp_path / "out" / "kallelser"
    invited = (folder / "m1--c1.ics").read_bytes()
    (withdrawal,) = folder.glob("m1--c1_c_example--*.ics")
    withdrawn = withdrawal.read_bytes()
    assert (field("METHOD", invited), field("SEQUENCE", invited)) == ("METHOD:REQUEST", "SEQUENCE:2")
    assert (field("METHOD", withdrawn), field("SEQUENCE", withdrawn)) == ("METHOD:CANCEL", "SEQUENCE:1")
    assert b"new@c.example" not in withdrawn
    assert field("SEQUENCE", (folder / "m1--a0.ics").read_bytes()) == "SEQUENCE:0"


def test_a_meeting_that_was_held_is_not_cancelled(tmp_path: Path) -> None:
    document = with_addresses()
    assert run_propose(tmp_path, document) == 0
    before = snapshot(tmp_path / "out" / "kallelser")
    document["meetings"].pop(0)
    document.update(today="2027-03-06", horizon={"start": "2027-03-08", "end": "2027-03-12"})
    assert run_propose(tmp_path, document) == 0
    after = snapshot(tmp_path / "out" / "kallelser")
    assert {name: after[name] for name in after if name.startswith("m1")} == {
        name: before[name] for name in before if name.startswith("m1")
    }


def test_each_person_gets_an_own_invitation_with_the_right_role(tmp_path: Path) -> None:
    assert run_propose(tmp_path, with_addresses()) == 0
    folder = tmp_path / "out" / "kallelser"
    for person, role in (("a0", "CHAIR"), ("b0", "REQ-PARTICIPANT"), ("b1", "OPT-PARTICIPANT")):
        invitation = (folder / f"m1--{person}.ics").read_text().replace("\n ", "")
        assert f"ROLE={role}" in invitation
        assert invitation.count("ATTENDEE") == 1
        assert f"mailto:{person}@{person[0]}.example" in invitation


def test_without_an_organizer_there_is_a_plan_and_no_invitations(tmp_path: Path) -> None:
    assert run_propose(tmp_path, a_document()) == 0
    assert sorted(snapshot(tmp_path / "out")) == ["plan.en.html", "plan.html", "plan.json"]


def test_ids_that_are_no_file_names_give_distinct_file_names(tmp_path: Path) -> None:
    document = with_addresses()
    document["meetings"][0]["id"], document["meetings"][1]["id"] = "../m/1", "../m:1"
    assert run_propose(tmp_path, document) == 0
    assert len(list((tmp_path / "out" / "kallelser").iterdir())) == 12
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "problem.json"]


def test_a_gzipped_problem_is_read(tmp_path: Path) -> None:
    (tmp_path / "problem.json.gz").write_bytes(gzip.compress(json.dumps(a_document()).encode()))
    assert main(["propose", str(tmp_path / "problem.json.gz")]) == 0


def test_with_json_only_json_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_propose(tmp_path, a_document(), "--json") == 0
    assert json.loads(capsys.readouterr().out)["status"] == "optimal"


def test_faults_are_listed_and_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_propose(tmp_path, {**with_addresses(), "colour": "blue", "timezone": "Mars"}) == 2
    printed = capsys.readouterr()
    assert "/colour: Nyckeln 'colour' är okänd" in printed.err
    assert "/timezone: " in printed.err
    assert printed.out == ""
    assert not (tmp_path / "out").exists()


def test_the_choices_of_a_value_are_listed_without_english_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    meetings = [a_meeting("m1", weekdays=["måndag"])]
    assert run_propose(tmp_path, a_document(meetings=meetings)) == 2
    fault = '/meetings/0/weekdays/0: "måndag" är inte tillåtet här; välj MO, TU, WE, TH, FR, SA eller SU.'
    assert fault in capsys.readouterr().err


def test_many_faults_are_counted_but_not_all_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_propose(tmp_path, a_document(answers=[{"person": "a0"}] * 200), "--lang", "en") == 2
    lines = capsys.readouterr().err.splitlines()
    assert "600 faults" in lines[0]
    assert len(lines) == 101


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"not json", "must begin with a brace"), (b"", "is empty"), (b"\xff\xfe", "UTF-8"), (b'{"a": NaN}', "/a: NaN")],
)
def test_a_file_that_is_not_json_is_rejected_with_a_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, message: str
) -> None:
    (tmp_path / "p.json").write_bytes(content)
    assert main(["propose", str(tmp_path / "p.json"), "--lang", "en"]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("name", ["missing.json", "folder", "broken.json.gz"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "broken.json.gz").write_bytes(gzip.compress(b"{}" * 9)[:-9])
    assert main(["propose", str(tmp_path / name)]) == 2
    assert name in capsys.readouterr().err


def test_an_infeasible_problem_is_no_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blackouts = [{"start": "2027-03-01", "end": "2027-03-12", "reason": "ombyggnad"}]
    assert run_propose(tmp_path, with_addresses(blackouts=blackouts)) == 0
    printed = capsys.readouterr().out
    assert "Den här regeln går inte att följa:\n  • Inga sammanträden 1–12 mars 2027 (ombyggnad)." in printed
    assert printed.index("Detta skulle hjälpa:") < printed.index("  • Tillåt sammanträden")
    assert "ombyggnad" in (tmp_path / "out" / "plan.html").read_text()


def test_when_the_problem_becomes_infeasible_the_invitations_stay(tmp_path: Path) -> None:
    assert run_propose(tmp_path, with_addresses()) == 0
    before = snapshot(tmp_path / "out" / "kallelser")
    blackouts = [{"start": "2027-03-01", "end": "2027-03-12", "reason": "ombyggnad"}]
    assert run_propose(tmp_path, with_addresses(blackouts=blackouts), "--replace") == 0
    assert snapshot(tmp_path / "out" / "kallelser") == before


def test_a_foreign_plan_json_is_not_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "plan.json").write_text("my shopping list")
    assert run_propose(tmp_path, with_addresses()) == 2
    assert "plan.json" in capsys.readouterr().err
    assert sorted(snapshot(tmp_path / "out")) == ["plan.json"]


def test_a_folder_that_cannot_be_written_is_reported_and_left_unchanged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "kallelser").write_text("a file where a folder should be")
    assert run_propose(tmp_path, with_addresses()) == 1
    assert "out" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["kallelser"]


def test_calendars_are_attached_and_their_errors_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    calendars = tmp_path / "calendars"
    calendars.mkdir()
    (calendars / "a0.ics").write_bytes(b"<html>")
    assert run_propose(tmp_path, with_addresses(), "--calendars", str(calendars)) == 0
    assert "a0.ics" in capsys.readouterr().out
    assert run_propose(tmp_path, with_addresses(), "--calendars", str(tmp_path / "nowhere")) == 2
    assert "nowhere" in capsys.readouterr().err


def explained_sections(folder: Path) -> list[str]:
    return re.findall(r'<section id="(heatmap|clashes|habit)"', (folder / "out" / "plan.html").read_text())


def test_the_page_has_explanations_and_their_progress_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_propose(tmp_path, with_addresses()) == 0
    assert explained_sections(tmp_path) == ["clashes", "heatmap", "habit"]
    assert "Räknar ut vad andra datum innebär" in capsys.readouterr().err


@pytest.mark.parametrize("more", [("--objective", "fair"), ("--json",)])
def test_only_the_page_of_the_greatest_attendance_has_explanations(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...]
) -> None:
    problem = tmp_path / "problem.json"
    problem.write_text(json.dumps(with_addresses()))
    out = [] if "--json" in more else ["--out", str(tmp_path / "out")]
    assert main(["propose", str(problem), *more, *out]) == 0
    assert "Räknar ut" not in capsys.readouterr().err
    assert not out or explained_sections(tmp_path) == []
