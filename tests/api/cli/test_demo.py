"""The example as a stranger meets it: one command, a table, a page, and invitations that other programs accept."""

import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Judge

DEMO = [sys.executable, "-c", "import sys; from api.cli import main; sys.exit(main(sys.argv[1:]))", "demo"]
INVITATIONS = 364


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[str], Path]]:
    """The demo while it serves: its address, what it printed, and its folder."""
    folder = tmp_path_factory.mktemp("demo")
    command = [*DEMO, "--port", "0", "--out", str(folder), "--lang", "en"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # our own command
        assert process.stdout is not None
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line)
            if "http://127.0.0.1:" in line:
                break
        address = next(word for word in lines[-1].split() if word.startswith("http"))
        yield address, lines, folder
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0


def test_the_demo_ends_with_a_table_of_proven_dates(demo: tuple[str, list[str], Path]) -> None:
    _, lines, _ = demo
    text = "".join(lines)
    assert "14 meetings" in text
    assert "Proven" in text
    assert sum(" of 13" in line for line in lines) >= 14


def test_the_page_is_served(demo: tuple[str, list[str], Path]) -> None:
    address, _, folder = demo
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310  # our own server
        assert answer.read() == (folder / "plan.html").read_bytes()
    with urllib.request.urlopen(f"{address}/sammantradesplan.ics", timeout=60) as answer:  # noqa: S310
        assert answer.headers["content-type"].startswith("text/calendar")


def test_every_seat_with_an_address_is_invited_to_every_meeting(demo: tuple[str, list[str], Path]) -> None:
    _, _, folder = demo
    assert len(list((folder / "kallelser").glob("*.ics"))) == INVITATIONS


def refused(judge: Judge, files: list[Path]) -> dict[str, str]:
    """Ask the independent checker of each file; return what it blames, by the file's name."""
    blamed = {file.name: judge(file.read_bytes()) for file in files}
    return {name: blame for name, blame in blamed.items() if blame}


def test_an_invitation_to_each_meeting_and_the_plan_are_accepted_by_other_programs(
    demo: tuple[str, list[str], Path], check_invite: Judge
) -> None:
    _, _, folder = demo
    by_meeting = {file.name.split("--")[0]: file for file in sorted((folder / "kallelser").glob("*.ics"))}
    assert len(by_meeting) == 14
    assert refused(check_invite, [*by_meeting.values(), folder / "sammantradesplan.ics"]) == {}


@pytest.mark.prove
def test_every_invitation_of_the_example_is_accepted_by_other_programs(
    demo: tuple[str, list[str], Path], check_invite: Judge
) -> None:
    _, _, folder = demo
    assert refused(check_invite, sorted(folder.rglob("*.ics"))) == {}


def test_a_port_in_use_is_said_before_any_work(demo: tuple[str, list[str], Path]) -> None:
    address, _, _ = demo
    port = address.rsplit(":", 1)[1].strip("/.")
    done = subprocess.run([*DEMO, "--port", port], capture_output=True, text=True, check=False)  # noqa: S603  # ours
    assert done.returncode == 1
    assert port in done.stderr
