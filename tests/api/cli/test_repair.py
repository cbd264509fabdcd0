"""Repairing a published plan: where the plan is found, and how its moves are printed."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from api.cli import main
from tests.api.cli.test_propose import field, run_propose, with_addresses
from tests.builders import a_commitment

Json = dict[str, Any]


def with_a_board_day(**changes: Any) -> Json:
    """Return a problem in which both people of party b are busy on the day of the second meeting."""
    board = [
        a_commitment(f"board-{person}", person, "2027-03-08T08:00", "2027-03-08T17:00", importance=5)
        for person in ("b0", "b1")
    ]
    return with_addresses(commitments=board, **changes)


@pytest.fixture
def published(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Write a plan with both meetings on Mondays at nine; return the path of its plan.json."""
    assert run_propose(tmp_path, with_addresses()) == 0
    assert "måndag 8 mars" in capsys.readouterr().out
    return tmp_path / "out" / "plan.json"


def answer_of(folder: Path) -> Json:
    answer: Json = json.loads((folder / "out" / "plan.json").read_text())
    return answer


def starts(folder: Path) -> list[str]:
    return [meeting["starts_at"][:16] for meeting in answer_of(folder)["proposals"][0]["meetings"]]


def test_the_plan_in_the_folder_is_repaired_and_its_moves_are_printed(
    tmp_path: Path, published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_propose(tmp_path, with_a_board_day(), "--objective", "repair") == 0
    printed = capsys.readouterr()
    assert f"Planen i mappen {published.parent} räknas som publicerad" in printed.err
    assert "1 av 2 sammanträden flyttas" in printed.out
    assert re.search(
        r"sammanträde 2 +mån 8 mars kl\.\s09\.00 +tis 9 mars kl\.\s09\.00 +\+0,\d parter +Ledamot b0 har",
        printed.out,
    )
    assert "1 sammanträde ligger kvar på sitt publicerade datum." in printed.out
    assert starts(tmp_path) == ["2027-03-01T09:00", "2027-03-09T09:00"]


def test_moves_are_printed_in_english_too(tmp_path: Path, published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = with_a_board_day()
    options = ["--objective", "repair", "--published", str(published), "--lang", "en", "--replace"]
    assert run_propose(tmp_path, document, *options) == 0
    assert re.search(
        r"meeting 2 +Mon 8 Mar at 09:00 +Tue 9 Mar at 09:00 +\+0\.\d parties +Ledamot b0 has", capsys.readouterr().out
    )


def test_only_the_moved_meeting_is_invited_again(tmp_path: Path, published: Path) -> None:
    assert run_propose(tmp_path, with_a_board_day(), "--objective", "repair") == 0
    invitations = published.parent / "kallelser"
    assert field("SEQUENCE", (invitations / "m1--a0.ics").read_bytes()) == "SEQUENCE:0"
    assert field("SEQUENCE", (invitations / "m2--a0.ics").read_bytes()) == "SEQUENCE:1"


@pytest.mark.usefixtures("published")
def test_a_move_that_costs_more_than_it_gains_is_not_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_propose(tmp_path, with_a_board_day(), "--objective", "repair", "--move-cost", "2") == 0
    printed = capsys.readouterr().out
    assert "Inget sammanträde flyttas från sitt publicerade datum." in printed
    assert "2 sammanträden ligger kvar" in printed
    assert "Publicerat" not in printed


@pytest.mark.usefixtures("published")
def test_the_rule_that_forces_a_move_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    closed = [{"start": "2027-03-08", "end": "2027-03-08", "reason": "ombyggnad"}]
    assert run_propose(tmp_path, with_addresses(blackouts=closed), "--objective", "repair") == 0
    words = " ".join(capsys.readouterr().out.split())
    assert "Kan inte ligga kvar: sammanträdesfritt (ombyggnad)." in words


@pytest.mark.usefixtures("published")
def test_a_meeting_whose_notice_was_due_is_frozen_and_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = with_a_board_day(today="2027-02-26")
    for meeting in document["meetings"]:
        meeting["notice_days"] = 7
    assert run_propose(tmp_path, document, "--objective", "repair") == 0
    words = " ".join(capsys.readouterr().out.split())
    assert "1 av dem är låst, eftersom kallelsen skulle ha gått ut före den 26 februari 2027:" in words
    assert "• Rådet för kultur, sammanträde 1: mån 1 mars kl. 09.00" in words


def test_a_named_plan_gives_the_same_answer_as_one_in_the_problem(
    tmp_path: Path, published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published_starts = {"m1": "2027-03-01T09:00:00+01:00", "m2": "2027-03-08T09:00:00+01:00"}
    answers = []
    for document, options in (
        (with_a_board_day(), ["--published", str(published)]),
        (with_a_board_day(published=published_starts), []),
    ):
        (tmp_path / "problem.json").write_text(json.dumps(document))
        assert main(["propose", str(tmp_path / "problem.json"), "--objective", "repair", "--json", *options]) == 0
        answers.append({**json.loads(capsys.readouterr().out), "solver": None})
    assert answers[0] == answers[1]


@pytest.mark.usefixtures("published")
def test_the_published_plan_of_the_problem_precedes_that_of_the_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published_starts = {"m1": "2027-03-02T09:00:00+01:00", "m2": "2027-03-10T09:00:00+01:00"}
    assert run_propose(tmp_path, with_addresses(published=published_starts), "--objective", "repair") == 0
    assert "räknas som publicerad" not in capsys.readouterr().err
    assert starts(tmp_path) == ["2027-03-02T09:00", "2027-03-10T09:00"]


@pytest.mark.usefixtures("published")
def test_a_removed_meeting_is_left_out_of_the_plan_in_the_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = with_a_board_day()
    document["meetings"].pop(0)
    assert run_propose(tmp_path, document, "--objective", "repair") == 2
    assert "Lägg till --replace för att ersätta den publicerade planen" in capsys.readouterr().err
    assert run_propose(tmp_path, document, "--objective", "repair", "--replace") == 0
    assert answer_of(tmp_path)["proposals"][0]["moved"] == ["m2"]


@pytest.mark.usefixtures("published")
def test_a_new_meeting_is_counted_separately(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = with_addresses()
    document["meetings"].append({**document["meetings"][1], "id": "m3"})
    assert run_propose(tmp_path, document, "--objective", "repair") == 0
    assert "1 sammanträde hade inget publicerat datum." in capsys.readouterr().out


@pytest.mark.usefixtures("published")
def test_after_an_infeasible_run_the_last_invitations_are_repaired(tmp_path: Path) -> None:
    blackouts = [{"start": "2027-03-01", "end": "2027-03-12", "reason": "ombyggnad"}]
    assert run_propose(tmp_path, with_addresses(blackouts=blackouts), "--replace") == 0
    assert answer_of(tmp_path)["proposals"] == []
    assert run_propose(tmp_path, with_a_board_day(), "--objective", "repair") == 0
    assert answer_of(tmp_path)["proposals"][0]["moved"] == ["m2"]


def test_without_a_published_plan_the_ways_to_name_one_are_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_propose(tmp_path, with_addresses(), "--objective", "repair", "--lang", "en") == 2
    message = capsys.readouterr().err
    assert all(way in message for way in ("--published", "published in the problem", "--out"))
    assert not (tmp_path / "out").exists()


def test_meetings_of_the_plan_that_are_not_in_the_problem_are_named(
    tmp_path: Path, published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = with_addresses()
    document["meetings"][1]["id"] = "m9"
    assert run_propose(tmp_path, document, "--published", str(published)) == 2
    message = capsys.readouterr().err
    assert str(published) in message
    assert "m2" in message
    assert "m1" not in message


def test_a_file_that_is_no_plan_is_rejected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "list.json").write_text('{"milk": 2}')
    for name, message in (
        ("list.json", "ingen plan från det här programmet"),
        ("nowhere.json", "finns inte"),
        (".", "ingen plan"),
    ):
        assert run_propose(tmp_path, with_addresses(), "--published", str(tmp_path / name)) == 2
        assert message in capsys.readouterr().err


def test_a_plan_without_dates_is_rejected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blackouts = [{"start": "2027-03-01", "end": "2027-03-12", "reason": "ombyggnad"}]
    assert run_propose(tmp_path, with_addresses(blackouts=blackouts)) == 0
    assert run_propose(tmp_path, with_addresses(), "--published", str(tmp_path / "out" / "plan.json")) == 2
    assert "innehåller ingen plan" in capsys.readouterr().err


@pytest.mark.parametrize("objective", ["attendance", "fair"])
def test_the_objective_is_stored_in_the_answer(tmp_path: Path, objective: str) -> None:
    assert run_propose(tmp_path, with_addresses(), "--objective", objective, "--give-up", "0.01") == 0
    assert answer_of(tmp_path)["objective_kind"] == objective


def test_alternatives_differ_by_the_required_days(tmp_path: Path) -> None:
    assert run_propose(tmp_path, with_addresses(), "--alternatives", "2", "--min-days", "2", "--min-moved", "2") == 0
    best, alternative = (
        [int(meeting["starts_at"][8:10]) for meeting in plan["meetings"]] for plan in answer_of(tmp_path)["proposals"]
    )
    assert all(abs(day - other_day) >= 2 for day, other_day in zip(best, alternative, strict=True))


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("--give-up=1.5", "write a share from 0 to 1"),
        ("--give-up=nan", "write a share from 0 to 1"),
        ("--move-cost=-0.1", "write a number of parties from 0 to 1000000"),
        ("--move-cost=inf", "write a number of parties from 0 to 1000000"),
        ("--move-cost=dear", "write a number of parties from 0 to 1000000"),
        ("--min-days=-1", "write a whole number from 0 to 366"),
        ("--min-moved=1.5", "write a whole number from 1 to 3000"),
        ("--seed=-1", "write a whole number from 0 to 2147483647"),
        ("--time-limit=0", "write a number above 0"),
        ("--alternatives=11", "write a whole number from 1 to 10"),
        ("--objective=luck", "invalid choice: 'luck'"),
    ],
)
def test_an_option_out_of_range_says_what_to_write(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, message: str
) -> None:
    with pytest.raises(SystemExit) as exit_info:
        run_propose(tmp_path, with_addresses(), option, "--lang=en")
    assert exit_info.value.code == 2
    assert message in capsys.readouterr().err
