"""The folder of a plan: the summary of its files, and their names in each language."""

import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import uvicorn

from api.app import create_app
from api.settings import Settings
from tests.api.cli.test_propose import field, run_propose, with_addresses
from tests.builders import a_document

CLOSED = [{"start": "2027-03-01", "end": "2027-03-12", "reason": "ombyggnad"}]
SWEDISH_NAMES = ["kallelser", "plan.en.html", "plan.html", "plan.json", "sammantradesplan.ics"]
ENGLISH_NAMES = ["invitations", "plan.html", "plan.ics", "plan.json", "plan.sv.html"]


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("documents", "summary"),
    [
        ([with_addresses()], "Planen, webbsidan och kallelserna finns i mappen {folder}."),
        ([a_document()], "Planen och webbsidan finns i mappen {folder}."),
        ([with_addresses(blackouts=CLOSED)], "Svaret och webbsidan finns i mappen {folder}."),
        (
            [with_addresses(), with_addresses(blackouts=CLOSED)],
            "Svaret och webbsidan finns i mappen {folder}; kallelserna där är oförändrade.",
        ),
    ],
)
def test_the_last_line_names_the_files_in_the_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], documents: list[dict[str, Any]], summary: str
) -> None:
    for document in documents:
        assert run_propose(tmp_path, document, "--replace") == 0
    assert capsys.readouterr().out.endswith(summary.format(folder=tmp_path / "out") + "\n")


@pytest.mark.parametrize(("language", "names"), [("sv", SWEDISH_NAMES), ("en", ENGLISH_NAMES)])
def test_file_names_are_in_the_language_of_the_run(tmp_path: Path, language: str, names: list[str]) -> None:
    assert run_propose(tmp_path, with_addresses(), "--lang", language) == 0
    assert names_in(tmp_path / "out") == names


@pytest.mark.parametrize(
    ("first", "second", "names", "invitations"),
    [("sv", "en", ENGLISH_NAMES, "invitations"), ("en", "sv", SWEDISH_NAMES, "kallelser")],
)
def test_a_run_in_another_language_continues_the_plan_and_leaves_no_outdated_files(
    tmp_path: Path, first: str, second: str, names: list[str], invitations: str
) -> None:
    document = with_addresses()
    document["councils"][0]["seats"][2]["substitutes"] = ["c1"]
    assert run_propose(tmp_path, document, "--lang", first) == 0
    document["councils"][0]["seats"][2]["substitutes"] = []
    document["meetings"][1]["pinned"] = "2027-03-11T13:00"
    assert run_propose(tmp_path, document, "--lang", second, "--replace") == 0

    folder = tmp_path / "out"
    to_send = {"sv": "att-skicka.txt", "en": "to-send.txt"}[second]
    assert names_in(folder) == sorted([*names, to_send])
    assert len(names_in(folder / invitations)) == 12
    moved = (folder / invitations / "m2--a0.ics").read_bytes()
    withdrawn = (folder / invitations / "m2--c1.ics").read_bytes()
    assert (field("METHOD", moved), field("SEQUENCE", moved)) == ("METHOD:REQUEST", "SEQUENCE:1")
    assert field("METHOD", withdrawn) == "METHOD:CANCEL"


def test_a_plan_in_another_language_is_repaired(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_propose(tmp_path, with_addresses(), "--lang", "sv") == 0
    assert run_propose(tmp_path, with_addresses(), "--lang", "en", "--objective", "repair") == 2
    assert "--lang sv keeps them" in capsys.readouterr().err
    assert run_propose(tmp_path, with_addresses(), "--lang", "en", "--objective", "repair", "--replace") == 0
    printed = capsys.readouterr()
    assert f"The plan in the folder {tmp_path / 'out'} counts as published and is repaired." in printed.err
    assert "No meeting moves from its published date." in printed.out


@pytest.mark.parametrize(
    ("language", "path"),
    [
        ("sv", "sammantradesplan.ics"),
        ("sv", "kallelser/m1--a0.ics"),
        ("en", "plan.ics"),
        ("en", "invitations/m1--a0.ics"),
    ],
)
def test_the_files_are_served_under_their_names(tmp_path: Path, language: str, path: str) -> None:
    other_language = "en" if language == "sv" else "sv"
    assert run_propose(tmp_path, with_addresses(), "--lang", other_language) == 0
    assert run_propose(tmp_path, with_addresses(), "--lang", language, "--replace") == 0
    with a_server(tmp_path / "out") as address, urllib.request.urlopen(f"{address}/{path}", timeout=60) as response:  # noqa: S310  # our own server
        assert response.headers["content-type"].startswith("text/calendar")
        assert response.read() == (tmp_path / "out" / path).read_bytes()


@contextmanager
def a_server(folder: Path) -> Iterator[str]:
    """Serve the folder of a plan; yield the address."""
    server = uvicorn.Server(uvicorn.Config(create_app(Settings(), folder), port=0, log_config=None))
    thread = Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=60)


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("sv", "Det går inte att skriva i mappen {folder}: en fil ligger där en mapp ska vara."),
        ("en", "Cannot write into the folder {folder}: a file is where a folder should be."),
    ],
)
def test_the_reason_why_a_folder_cannot_be_written_is_translated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, message: str
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / {"sv": "kallelser", "en": "invitations"}[language]).write_text("a file")
    assert run_propose(tmp_path, with_addresses(), "--lang", language) == 1
    assert message.format(folder=tmp_path / "out") in capsys.readouterr().err
