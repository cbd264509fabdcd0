"""The command ``demo``: a table, a web page, and invitations that other programs accept."""

import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Judge

pytestmark = pytest.mark.slow

DEMO = [sys.executable, "-c", "import sys; from api.cli import main; sys.exit(main(sys.argv[1:]))", "demo"]
INVITATIONS = 364


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[str], Path]]:
    """Start the demo; yield the address it serves at, the lines it printed, and its folder."""
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
    with urllib.request.urlopen(f"{address}/plan.ics", timeout=60) as answer:  # noqa: S310  # our own server
        assert answer.headers["content-type"].startswith("text/calendar")


def test_the_page_is_served_in_the_other_language_with_its_style(demo: tuple[str, list[str], Path]) -> None:
    address, _, folder = demo
    assert b'<a href="plan.sv.html" lang="sv" hreflang="sv">Svenska</a>' in (folder / "plan.html").read_bytes()
    with urllib.request.urlopen(f"{address}/plan.sv.html", timeout=60) as answer:  # noqa: S310  # our own server
        assert answer.read() == (folder / "plan.sv.html").read_bytes()
        assert "style-src 'sha256-" in answer.headers["content-security-policy"]


def test_every_seat_with_an_address_is_invited_to_every_meeting(demo: tuple[str, list[str], Path]) -> None:
    _, _, folder = demo
    assert len(list((folder / "invitations").glob("*.ics"))) == INVITATIONS


def rejected(check: Judge, files: list[Path]) -> dict[str, str]:
    """Return the complaints of the independent checker, by file name, for the files that it rejects."""
    complaints: dict[str, str] = {}
    for file in files:
        complaint = check(file.read_bytes())
        if complaint:
            complaints[file.name] = complaint
    return complaints


def test_an_invitation_to_each_meeting_and_the_plan_are_accepted_by_other_programs(
    demo: tuple[str, list[str], Path], check_invite: Judge
) -> None:
    _, _, folder = demo
    by_meeting = {file.name.split("--")[0]: file for file in sorted((folder / "invitations").glob("*.ics"))}
    assert len(by_meeting) == 14
    assert rejected(check_invite, [*by_meeting.values(), folder / "plan.ics"]) == {}


@pytest.mark.prove
def test_every_invitation_of_the_example_is_accepted_by_other_programs(
    demo: tuple[str, list[str], Path], check_invite: Judge
) -> None:
    _, _, folder = demo
    assert rejected(check_invite, sorted(folder.rglob("*.ics"))) == {}


def test_a_port_in_use_is_reported_before_any_work(demo: tuple[str, list[str], Path]) -> None:
    address, _, _ = demo
    port = address.rsplit(":", 1)[1].strip("/.")
    done = subprocess.run([*DEMO, "--port", port], capture_output=True, text=True, check=False)  # noqa: S603  # our own command
    assert done.returncode == 1
    assert port in done.stderr
