"""Standard streams that are closed, full or of another encoding end no command with a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from api.cli import main
from api.cli.standard_streams import EXIT_BROKEN_PIPE
from tests.builders import a_document

COMMAND = [sys.executable, "-c", "import sys; from api.cli import main; sys.exit(main(sys.argv[1:]))"]
CALENDAR = "2027-03-02;09:00;12:00\n"
ASCII = [
    {"PYTHONIOENCODING": "ascii"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
]


def shell(folder: Path, redirection: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a shell that redirects its streams; the status is the command's, not that of a pipe."""
    script = f'{{ "$@"; echo $? >"$STATUS"; }} {redirection}'
    status = folder / "status"
    finished = subprocess.run(  # noqa: S603  # our own command
        ["/bin/sh", "-c", script, "sh", *COMMAND, *arguments],
        env={**os.environ, "STATUS": str(status), **environment},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    finished.returncode = int(status.read_text())
    return finished


@pytest.fixture
def problem(tmp_path: Path) -> str:
    path = tmp_path / "problem.json"
    document = a_document(title="Rådet för ålar")
    path.write_text(json.dumps(document))
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / f"{document['people'][0]['id']}.csv").write_text(CALENDAR)
    return str(path)


@pytest.fixture
def calendar(tmp_path: Path) -> str:
    path = tmp_path / "calendar.csv"
    path.write_text(CALENDAR)
    return str(path)


def change_dates(path: str) -> None:
    """Have the problem allow none of the dates before."""
    document = json.loads(Path(path).read_text())
    for meeting in document["meetings"]:
        meeting["starts"] = ["15:00"]
    Path(path).write_text(json.dumps(document))


@pytest.mark.parametrize("redirection", ["<&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_terminal(redirection: str, problem: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    # Calendars, since a plan that rests on nothing is not published.
    calendars = ["--calendars", str(tmp_path / "calendars")]
    assert main(["propose", problem, "--out", str(out), *calendars]) == 0
    before = (out / "plan.json").read_bytes()
    change_dates(problem)
    finished = shell(tmp_path, redirection, "propose", problem, "--out", str(out), *calendars, "--lang", "en")
    assert finished.returncode == 2
    assert "Traceback" not in finished.stderr
    assert "2>&-" in redirection or "Nothing was written to the folder" in finished.stderr
    assert (out / "plan.json").read_bytes() == before


def test_closed_standard_input_is_no_calendar(tmp_path: Path) -> None:
    finished = shell(tmp_path, "<&-", "read", "-", "--lang", "en")
    assert (finished.returncode, "Traceback" in finished.stderr) == (2, False)


@pytest.mark.parametrize("environment", ASCII, ids=["encoding", "locale"])
def test_characters_that_the_output_cannot_encode_are_replaced(
    environment: dict[str, str], problem: str, tmp_path: Path
) -> None:
    finished = shell(tmp_path, "", "propose", problem, "--out", str(tmp_path / "plån"), **environment)
    assert (finished.returncode, "Traceback" in finished.stderr) == (0, False)
    assert "R?det f?r ?lar" in finished.stdout
    assert finished.stdout.isascii()
    assert (tmp_path / "plån" / "plan.json").is_file()


def test_json_is_complete_in_every_encoding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "calendar.csv"
    path.write_text(CALENDAR + "2027-03-03 😀 ål;09:00;12:00\n", "utf-8")
    assert main(["read", str(path), "--json"]) == 0
    printed = capsys.readouterr().out
    assert "😀" in printed
    finished = shell(tmp_path, "", "read", str(path), "--json", PYTHONIOENCODING="ascii")
    assert finished.stdout.isascii()
    assert json.loads(finished.stdout) == json.loads(printed)


@pytest.mark.parametrize("environment", ASCII, ids=["encoding", "locale"])
def test_a_new_folder_is_written_in_every_encoding(environment: dict[str, str], tmp_path: Path) -> None:
    finished = shell(tmp_path, "", "new", str(tmp_path / "Rådet"), **environment)
    assert (finished.returncode, "Traceback" in finished.stderr) == (0, False)
    assert (tmp_path / "Rådet" / "README.md").is_file()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
def test_a_full_device_is_told_in_a_sentence(calendar: str, tmp_path: Path) -> None:
    finished = shell(tmp_path, ">/dev/full", "read", calendar, "--lang", "en")
    assert finished.returncode == 1
    assert finished.stderr == "The output could not be written; check whether the disk is full.\n"
    assert shell(tmp_path, ">/dev/full 2>&1", "read", calendar).returncode == 1


@pytest.mark.parametrize("redirection", ["| true", "2>&1 | true"])
def test_a_closed_pipe_does_not_keep_the_folder_from_being_written(
    redirection: str, problem: str, tmp_path: Path
) -> None:
    finished = shell(tmp_path, redirection, "propose", problem, "--out", str(tmp_path / "out"))
    assert finished.returncode == EXIT_BROKEN_PIPE
    assert (tmp_path / "out" / "plan.html").is_file()
    assert "Traceback" not in finished.stderr
    assert "Exception ignored" not in finished.stderr
