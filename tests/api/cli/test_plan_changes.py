"""A folder with a published plan: no meeting moves unasked, what was held stays, what to send again is listed."""

import io
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest

from tests.api.cli.test_propose import run_propose, snapshot, with_addresses
from tests.api.cli.test_repair import starts, with_a_board_day
from tests.builders import Json, a_meeting

KEPT = ["2027-03-01T09:00", "2027-03-08T09:00"]
MOVED = ["2027-03-01T09:00", "2027-03-09T09:00"]


class Terminal(io.StringIO):
    """A stream of text that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Write a plan with both meetings on Mondays at nine; return its folder."""
    assert run_propose(tmp_path, with_addresses()) == 0
    capsys.readouterr()
    return tmp_path / "out"


@pytest.mark.parametrize("objective", ["attendance", "fair"])
def test_a_plan_that_moves_a_published_meeting_is_refused(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str], objective: str
) -> None:
    before = snapshot(out)
    assert run_propose(tmp_path, with_a_board_day(), "--objective", objective) == 2
    message = capsys.readouterr().err
    assert "sammanträde 2: från mån 8 mars kl.\xa009.00 till tis 9 mars kl.\xa009.00" in message
    assert "sammanträde 1:" not in message
    assert "--objective repair" in message
    assert "--replace" in message
    assert snapshot(out) == before


@pytest.mark.parametrize(
    ("document", "options", "planned"),
    [
        (with_a_board_day(), ["--replace"], MOVED),
        (with_a_board_day(), ["--objective", "repair"], MOVED),
        (with_addresses(), [], KEPT),
    ],
)
@pytest.mark.usefixtures("out")
def test_a_plan_is_replaced_where_that_is_allowed_or_nothing_moves(
    tmp_path: Path, document: Json, options: list[str], planned: list[str]
) -> None:
    assert run_propose(tmp_path, document, *options) == 0
    assert starts(tmp_path) == planned


@pytest.mark.parametrize(("reply", "status"), [("ja\n", 0), ("Y\n", 0), ("nej\n", 1), ("\n", 1), ("", 1)])
def test_a_terminal_is_asked(
    tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch, reply: str, status: int
) -> None:
    before = snapshot(out)
    monkeypatch.setattr(sys, "stdin", Terminal(reply))
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert run_propose(tmp_path, with_a_board_day()) == status
    assert "Ska den publicerade planen ersättas?" in terminal.getvalue()
    assert (snapshot(out) == before) == bool(status)


def test_a_meeting_that_is_missing_from_the_problem_is_not_cancelled_unasked(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = with_addresses()
    document["meetings"].pop()
    before = snapshot(out)
    assert run_propose(tmp_path, document, "--lang", "en") == 2
    assert "m2, Mon 8 Mar at 09:00: cancelled" in capsys.readouterr().err
    assert snapshot(out) == before


@pytest.mark.parametrize("objective", ["attendance", "repair"])
def test_an_infeasible_run_leaves_the_published_plan_as_it_is(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str], objective: str
) -> None:
    before = snapshot(out)
    closed = [{"start": "2027-03-01", "end": "2027-03-12", "reason": "ombyggnad"}]
    assert run_propose(tmp_path, with_addresses(blackouts=closed), "--objective", objective) == 0
    assert "Ingen plan hittades, så den publicerade planen i mappen" in capsys.readouterr().err
    assert snapshot(out) == before


def test_the_published_dates_survive_an_infeasible_run_without_invitations(tmp_path: Path) -> None:
    document = with_addresses()
    del document["councils"][0]["organizer"]
    closed = {"blackouts": [{"start": "2027-03-01", "end": "2027-03-12", "reason": "ombyggnad"}]}
    board = {"commitments": with_a_board_day()["commitments"]}
    assert run_propose(tmp_path, document) == 0
    assert run_propose(tmp_path, {**document, **closed}, "--replace") == 0
    assert run_propose(tmp_path, {**document, **board}) == 2


def with_changes(change: Callable[[Json], object]) -> Json:
    document = deepcopy(with_addresses())
    change(document)
    return document


@pytest.mark.parametrize(
    ("document", "lines"),
    [
        (with_addresses(), ["Ingen kallelse har ändrats."]),
        (
            with_a_board_day(),
            [
                "sammanträde 2, flyttat: kallelser/m2--a0.ics till a0@a.example",
                "flyttat: kallelser/m2--b0.ics till b0@b.example",
            ],
        ),
        (
            with_changes(lambda document: document["meetings"][0].update(duration_minutes=90)),
            ["sammanträde 1, flyttat: kallelser/m1--a0.ics"],
        ),
        (
            with_changes(lambda document: document["meetings"][0].update(mode="online")),
            ["sammanträde 1, ny plats: kallelser/m1--a0.ics"],
        ),
        (
            with_changes(lambda document: document["people"][0].update(email="ny@a.example")),
            [
                "sammanträde 1, ny adress: kallelser/m1--a0.ics till ny@a.example\n",
                "sammanträde 1, avbokning till den tidigare adressen: kallelser/m1--a0_a_example--",
                "sammanträde 2, ny adress: kallelser/m2--a0.ics till ny@a.example\n",
            ],
        ),
        (
            with_changes(lambda document: document["councils"][0]["seats"][2].update(substitutes=[])),
            ["sammanträde 1, avbokning, inte längre kallad: kallelser/m1--c1.ics till c1@c.example\n"],
        ),
        (
            with_changes(lambda document: document["councils"][0].update(chair="b0")),
            [
                "nytt namn eller ny roll: kallelser/m1--a0.ics till",
                "nytt namn eller ny roll: kallelser/m1--b0.ics till",
            ],
        ),
        (
            with_changes(lambda document: document["councils"][0].update(name="Rådet för musik")),
            ["sammanträde 1, ny text: kallelser/m1--a0.ics"],
        ),
        (
            with_changes(lambda document: document["councils"][0]["organizer"].update(email="ny@region.example")),
            ["sammanträde 1, ny avsändare: kallelser/m1--a0.ics"],
        ),
        (with_changes(lambda document: document["meetings"].pop()), ["m2, inställt: kallelser/m2--a0.ics"]),
        (
            with_changes(
                lambda document: document["meetings"].append({**a_meeting("m3"), "pinned": "2027-03-12T09:00"})
            ),
            ["sammanträde 3, nytt sammanträde: kallelser/m3--a0.ics"],
        ),
    ],
)
@pytest.mark.usefixtures("out")
def test_the_files_that_have_to_be_sent_again_are_listed_with_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], document: Json, lines: list[str]
) -> None:
    assert run_propose(tmp_path, document, "--replace") == 0
    printed = capsys.readouterr().out
    assert all(line in printed for line in lines)
    assert ("Att skicka:" in printed) == (lines[0] not in ("Ingen kallelse har ändrats.",))


@pytest.mark.usefixtures("out")
def test_who_returns_and_what_takes_place_after_all_is_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = with_addresses()
    fewer = deepcopy(document)
    fewer["meetings"].pop()
    fewer["councils"][0]["seats"][2]["substitutes"] = []
    assert run_propose(tmp_path, fewer, "--replace") == 0
    capsys.readouterr()
    assert run_propose(tmp_path, document, "--lang", "en", "--replace") == 0
    printed = capsys.readouterr().out
    assert "meeting 1, newly invited: invitations/m1--c1.ics to c1@c.example\n" in printed
    assert "meeting 1, new text: invitations/m1--a0.ics" in printed
    assert "meeting 2, takes place after all: invitations/m2--a0.ics" in printed


@pytest.mark.parametrize(("place", "options"), [("out", ["--replace"]), ("out/kallelser", []), ("out/deeper", [])])
def test_a_file_in_the_place_of_the_folder_is_told_before_planning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], place: str, options: list[str]
) -> None:
    if place == "out":
        (tmp_path / "out").write_text("a file")
    else:
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "kallelser").write_text("a file")
    assert run_propose(tmp_path, with_addresses(), *options) == 1
    printed = capsys.readouterr()
    assert "en fil ligger där en mapp ska vara" in printed.err
    assert printed.out == ""


def test_a_folder_without_permission_is_told_before_planning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)  # the superuser may write everywhere
    assert run_propose(tmp_path, with_addresses()) == 1
    printed = capsys.readouterr()
    assert "Det går inte att skriva i mappen" in printed.err
    assert printed.out == ""


def test_a_second_infeasible_run_is_written(tmp_path: Path) -> None:
    closed = [{"start": "2027-03-01", "end": "2027-03-12", "reason": "ombyggnad"}]
    for _ in range(2):
        assert run_propose(tmp_path, with_addresses(blackouts=closed)) == 0
    assert (tmp_path / "out" / "plan.html").is_file()


def test_the_list_of_files_to_send_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_propose(tmp_path, with_addresses()) == 0
    document = with_addresses()
    document["people"][0]["email"] = "ny@a.example"
    assert run_propose(tmp_path, document) == 0
    document["people"][1]["email"] = "ny2@a.example"
    assert run_propose(tmp_path, document) == 0
    kept = (tmp_path / "out" / "att-skicka.txt").read_text("utf-8")
    newest, earlier = kept.strip().split("\n\n")
    assert "m1--a1.ics" in newest
    assert "m1--a0.ics" in earlier
    capsys.readouterr()
    assert run_propose(tmp_path, document) == 0
    assert "Inget har ändrats sedan den senaste listan" in capsys.readouterr().out
    assert (tmp_path / "out" / "att-skicka.txt").read_text("utf-8") == kept


def test_a_list_that_was_saved_in_another_encoding_is_kept(tmp_path: Path) -> None:
    assert run_propose(tmp_path, with_addresses()) == 0
    kept = tmp_path / "out" / "att-skicka.txt"
    kept.write_bytes("Ej skickat till Örebro än".encode("cp1252"))
    document = with_addresses()
    document["people"][0]["email"] = "ny@a.example"
    assert run_propose(tmp_path, document) == 0
    newest, earlier = kept.read_text("utf-8").strip().split("\n\n")
    assert "m1--a0.ics" in newest
    assert earlier == "Ej skickat till Örebro än"


@pytest.mark.usefixtures("out")
@pytest.mark.parametrize("options", [["--replace"], ["--objective", "repair"], []])
def test_a_plan_that_rests_on_nothing_leaves_a_folder_with_invitations_alone(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    document = with_addresses()
    document["people"] = [{**person, "known": []} for person in document["people"]]
    before = snapshot(out)
    assert run_propose(tmp_path, document, *options) == 2
    assert "Kontrollera --calendars" in capsys.readouterr().err
    assert snapshot(out) == before


@pytest.mark.usefixtures("out")
@pytest.mark.parametrize("options", [[], ["--objective", "repair"]])
def test_invitations_are_not_cancelled_unasked_because_the_organizer_is_missing(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    document = with_addresses()
    del document["councils"][0]["organizer"]
    before = snapshot(out)
    assert run_propose(tmp_path, document, *options) == 2
    assert "ställs in för alla" in capsys.readouterr().err
    assert snapshot(out) == before


@pytest.mark.usefixtures("out")
def test_a_held_meeting_keeps_the_date_of_its_invitations(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = with_addresses(today="2027-03-04", published={"m1": "2027-03-03T09:00"})
    before = snapshot(out)
    assert run_propose(tmp_path, document, "--replace") == 2
    assert "enligt kallelserna i mappen" in capsys.readouterr().err
    assert snapshot(out) == before


def test_invitations_without_their_plan_are_not_continued(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (out / "plan.json").unlink()
    before = snapshot(out)
    assert run_propose(tmp_path, with_addresses(), "--replace") == 2
    assert "ingen plan.json" in capsys.readouterr().err
    assert snapshot(out) == before


def test_a_today_of_long_ago_is_warned_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = with_addresses(today="2020-01-01")
    assert run_propose(tmp_path, document) == 0
    assert "today" not in capsys.readouterr().err
    assert run_propose(tmp_path, document) == 0
    assert "ändra today till dagens datum" in capsys.readouterr().err
