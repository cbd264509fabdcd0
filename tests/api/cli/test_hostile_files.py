"""File names, ``calendars.json`` and ``plan.json`` by others: no waiting, no control of the terminal, no traceback."""

import json
import os
import signal
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from api.cli import main
from tests.api.cli.test_propose import run_propose, with_addresses
from tests.builders import Json, a_document
from tests.odd_files import ODD_FILES, make_odd_file

SECONDS = 30  # far more than an answer takes on a loaded machine
NASTY = "a\x1b[2J\x07\x9b31m\u202e\nDen här raden är förfalskad"


class TooSlowError(BaseException):
    """The time limit of a test; no handler of ``Exception`` or ``OSError`` catches it."""


@contextmanager
def a_time_limit() -> Iterator[None]:
    """Raise where the code below waits for ever, as when it opens a pipe."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TooSlowError

    previous = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)


def is_harmless(printed: str) -> bool:
    controls = {"Cc", "Cs", "Zl", "Zp"}
    text = printed.replace("\n", "")
    return not any(unicodedata.category(mark) in controls or mark in "\u202e\u2066" for mark in text)


def write_problem(folder: Path, **changes: Any) -> str:
    path = folder / "problem.json"
    path.write_text(json.dumps(a_document(**changes)))
    return str(path)


def as_problem(folder: Path) -> tuple[list[str], Path]:
    return ["propose", str(folder / "odd")], folder / "odd"


def as_packed_problem(folder: Path) -> tuple[list[str], Path]:
    return ["explain", "--what", "heatmap", str(folder / "odd.gz")], folder / "odd.gz"


def as_published_plan(folder: Path) -> tuple[list[str], Path]:
    return ["propose", write_problem(folder), "--published", str(folder / "odd")], folder / "odd"


def as_plan_of_the_folder(folder: Path) -> tuple[list[str], Path]:
    (folder / "out").mkdir()
    return ["propose", write_problem(folder), "--out", str(folder / "out")], folder / "out" / "plan.json"


def as_list_of_calendars(folder: Path) -> tuple[list[str], Path]:
    (folder / "calendars").mkdir()
    arguments = ["propose", write_problem(folder), "--calendars", str(folder / "calendars")]
    return arguments, folder / "calendars" / "calendars.json"


def as_calendar_to_read(folder: Path) -> tuple[list[str], Path]:
    return ["read", str(folder / "odd.ics")], folder / "odd.ics"


FILES = [
    as_problem,
    as_packed_problem,
    as_published_plan,
    as_plan_of_the_folder,
    as_list_of_calendars,
    as_calendar_to_read,
]


@pytest.mark.parametrize("kind", ODD_FILES)
@pytest.mark.parametrize("place", FILES, ids=lambda place: place.__name__)
def test_what_is_no_file_is_reported_at_once(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    place: Callable[[Path], tuple[list[str], Path]],
    kind: str,
) -> None:
    arguments, path = place(tmp_path)
    make_odd_file(path, kind)
    with a_time_limit():
        assert main(arguments) == 2
    assert capsys.readouterr().err.strip()


@pytest.mark.parametrize("kind", ODD_FILES)
def test_a_calendar_that_is_no_file_leaves_its_person_unknown_and_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    (tmp_path / "calendars").mkdir()
    make_odd_file(tmp_path / "calendars" / "a0.ics", kind)
    with a_time_limit():
        assert main(["propose", write_problem(tmp_path), "--calendars", str(tmp_path / "calendars")]) == 0
    assert "a0.ics" in " ".join(capsys.readouterr())


@pytest.mark.parametrize("name", ["plan.json", "problem.json", "calendars.json"])
def test_a_file_of_gigabytes_is_refused_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    places = {
        "plan.json": as_published_plan,
        "problem.json": as_problem,
        "calendars.json": as_list_of_calendars,
    }
    arguments, path = places[name](tmp_path)
    with path.open("wb") as file:
        os.truncate(file.fileno(), 6 * 2**30)
    start = time.monotonic()
    assert main(arguments) == 2
    assert time.monotonic() - start < 10
    assert "MiB" in capsys.readouterr().err


def test_a_calendar_folder_that_may_not_be_entered_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError

    (tmp_path / "calendars").mkdir()
    problem = write_problem(tmp_path)
    monkeypatch.setattr(Path, "iterdir", refuse)
    assert main(["propose", problem, "--calendars", str(tmp_path / "calendars")]) == 2
    assert f"Mappen {tmp_path / 'calendars'} går inte att läsa" in capsys.readouterr().err


def nasty_calendar_name(folder: Path) -> list[str]:
    (folder / "calendars" / f"{NASTY}.ics").write_text("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    return []


def undecodable_calendar_name(folder: Path) -> list[str]:
    name = os.fsencode(folder / "calendars") + b"/\xff\xfe.ics"
    Path(os.fsdecode(name)).write_text("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    return []


def nasty_list_of_calendars(folder: Path) -> list[str]:
    entry = {"id": "ks", "file": NASTY, "label": "KS", "people": ["a0"]}
    (folder / "calendars" / "calendars.json").write_text(json.dumps([entry]))
    return []


def nasty_published_plan(folder: Path) -> list[str]:
    assert run_propose(folder, with_addresses()) == 0
    path = folder / "out" / "plan.json"
    document = json.loads(path.read_text())
    document["proposals"][0]["meetings"][0]["meeting"] = NASTY
    path.write_text(json.dumps(document))
    return ["--published", str(path)]


def nasty_name_of_a_plan(folder: Path) -> list[str]:
    return ["--published", str(folder / NASTY)]


def nasty_row(folder: Path) -> list[str]:
    (folder / "calendars" / f"{NASTY}.csv").write_text("date;start;end\nnever;09:00;10:00\n")
    entry = {"id": "ks", "file": f"{NASTY}.csv", "label": "KS", "people": ["a0"]}
    (folder / "calendars" / "calendars.json").write_text(json.dumps([entry]))
    return []


def nasty_option(_: Path) -> list[str]:
    return [NASTY]


NASTY_INPUTS = [
    nasty_calendar_name,
    undecodable_calendar_name,
    nasty_list_of_calendars,
    nasty_published_plan,
    nasty_name_of_a_plan,
    nasty_row,
    nasty_option,
]


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("prepare", NASTY_INPUTS, ids=lambda prepare: prepare.__name__)
def test_names_by_others_reach_the_terminal_on_one_line_without_controls(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], prepare: Callable[[Path], list[str]], language: str
) -> None:
    (tmp_path / "calendars").mkdir()
    arguments = prepare(tmp_path)
    problem = write_problem(tmp_path)
    capsys.readouterr()
    with suppress(SystemExit):  # argparse ends the command so
        main(["propose", problem, "--calendars", str(tmp_path / "calendars"), "--lang", language, *arguments])
    printed = capsys.readouterr()
    assert is_harmless(printed.out)
    assert is_harmless(printed.err)
    lines = [line.strip() for line in (printed.out + printed.err).splitlines()]
    assert "Den här raden är förfalskad" not in lines


def test_a_file_name_in_the_answer_as_json_has_no_controls(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "calendars").mkdir()
    nasty_calendar_name(tmp_path)
    undecodable_calendar_name(tmp_path)
    problem = write_problem(tmp_path)
    assert main(["propose", problem, "--calendars", str(tmp_path / "calendars"), "--json"]) == 0
    assert is_harmless(capsys.readouterr().out)


def changed_plan(folder: Path, change: Callable[[Json], None]) -> None:
    """Write a plan's folder and change the first revision in its ``plan.json``."""
    assert run_propose(folder, with_addresses()) == 0
    path = folder / "out" / "plan.json"
    document = json.loads(path.read_text())
    change(document["invitations"]["m1"])
    path.write_text(json.dumps(document))


@pytest.mark.parametrize("field", ["summary", "request_summary", "description", "location", "organizer_name"])
def test_texts_of_a_plan_by_others_reach_no_calendar_with_controls(tmp_path: Path, field: str) -> None:
    changed_plan(
        tmp_path, lambda revision: revision["content"].update({field: f"{NASTY}\r\nATTENDEE:mailto:x@y.example"})
    )
    document = with_addresses()
    document["meetings"] = document["meetings"][1:]
    assert run_propose(tmp_path, document, "--replace") == 0
    for path in (tmp_path / "out").rglob("*.ics"):
        text = path.read_bytes().decode()
        assert is_harmless(text.replace("\r\n", ""))
        assert "\nATTENDEE:mailto:x@y.example" not in text


BAD_VALUES = [
    ("uid", "a\r\nATTENDEE:mailto:x@y.example"),
    ("uid", "a\x1b[2J"),
    ("sequence", -1),
    ("sequence", 2**31),
    ("dtstamp", "9999-12-31T23:59:59-12:00"),
    ("dtstamp", "0001-01-01T00:00:00+12:00"),
    ("content.timezone", "Europe/\x1b[2J"),
    ("content.timezone", "../../etc/passwd"),
    ("content.starts_at", "9999-12-31T23:59:59-12:00"),
    ("content.link", "javascript:alert(1)"),
    ("content.organizer_email", "a?bcc=x@y.example"),
]


@pytest.mark.parametrize(("field", "value"), BAD_VALUES)
def test_a_plan_whose_invitations_cannot_be_written_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], field: str, value: object
) -> None:
    def change(revision: Json) -> None:
        *parts, name = field.split(".")
        for part in parts:
            revision = revision[part]
        revision[name] = value

    changed_plan(tmp_path, change)
    assert run_propose(tmp_path, with_addresses()) == 2
    assert "är ingen plan" in capsys.readouterr().err
