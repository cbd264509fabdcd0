"""Ctrl-C during a search: the first prints the best plan found so far, the second ends the command."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest

from api.cli import main
from api.cli.interrupt import catch_interrupt
from scheduler import Proposals
from tests.api.pages.handmade import a_proposal, an_answer, no_plan
from tests.builders import a_commitment, a_council, a_document, a_meeting

COMMAND = [sys.executable, "-c", "import sys; from api.cli import main; sys.exit(main(sys.argv[1:]))", "propose"]
PARTIES = ("a", "b", "c", "d", "e")


@pytest.fixture(autouse=True)
def _handler_is_restored() -> Iterator[None]:
    """Check that a test leaves the handler of SIGINT as it was."""
    before = signal.getsignal(signal.SIGINT)
    yield
    assert signal.getsignal(signal.SIGINT) is before


def interrupted_once(answer: Proposals) -> Callable[..., Proposals]:
    """Return a planner that is interrupted and returns ``answer``."""

    def propose(*_: object, is_cancelled: Callable[[], bool], **__: object) -> Proposals:
        assert not is_cancelled()
        signal.raise_signal(signal.SIGINT)
        assert is_cancelled()
        return answer

    return propose


def run_propose(folder: Path, *options: str) -> int:
    (folder / "problem.json").write_text(json.dumps(a_document()))
    return main(["propose", str(folder / "problem.json"), "--lang", "en", *options])


def test_the_best_plan_so_far_is_printed_with_its_distance_to_the_bound(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = an_answer(a_proposal(), status="feasible", bound=3.11, gap=0.07)
    monkeypatch.setattr("api.cli.propose.propose", interrupted_once(answer))
    assert run_propose(tmp_path, "--out", str(tmp_path / "out")) == 0
    printed = capsys.readouterr()
    assert (
        "Stopped. This is the best plan found by then; at most 0.2 more expected parties are possible." in printed.err
    )
    assert "Thursday 4 March" in printed.out
    assert "It is not proven that no plan is better" in printed.out
    assert (tmp_path / "out" / "plan.json").is_file()
    assert "Working out" not in printed.err


def test_a_plan_that_was_proven_before_is_printed_as_proven(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.cli.propose.propose", interrupted_once(an_answer(a_proposal())))
    assert run_propose(tmp_path, "--json") == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["status"] == "optimal"
    assert "Stopped. This is what had been worked out by then." in printed.err


def test_without_a_plan_the_command_ends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.cli.propose.propose", interrupted_once(no_plan(status="unknown")))
    assert run_propose(tmp_path, "--out", str(tmp_path / "out")) == 130
    printed = capsys.readouterr()
    assert "Stopped before any plan was found" in printed.err
    assert printed.out == "The plan rests on the stated time of 6 people.\n"
    assert not (tmp_path / "out").exists()


def test_a_second_ctrl_c_ends_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def propose(*_: object, **__: object) -> Proposals:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        raise AssertionError

    monkeypatch.setattr("api.cli.propose.propose", propose)
    assert run_propose(tmp_path) == 130
    assert capsys.readouterr().out == "The plan rests on the stated time of 6 people.\n"


def test_without_ctrl_c_no_interruption_is_mentioned(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_propose(tmp_path) == 0
    assert "Stopped" not in capsys.readouterr().err


def test_in_the_background_ctrl_c_is_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with catch_interrupt() as is_interrupted:
            signal.raise_signal(signal.SIGINT)
            assert not is_interrupted()
    finally:
        signal.signal(signal.SIGINT, before)


def a_long_search() -> dict[str, Any]:
    """Return a problem whose plan is found soon but proven late: ten councils of the same people, often busy."""
    draw = Random(1)  # noqa: S311  # a made-up year, no secret
    commitments = [
        a_commitment(f"{person}-{day}", person, f"{day}T{hour:02}:00", f"{day}T{hour + 3:02}:00", importance=importance)
        for person in (f"{party}{i}" for party in PARTIES for i in (0, 1))
        for day in (f"2027-{month:02}-{date:02}" for month in (2, 3) for date in range(1, 29))
        for hour, importance, is_busy in [(draw.choice([8, 10, 12, 14]), draw.randint(1, 5), draw.random() < 0.6)]
        if is_busy
    ]
    starts = {"from": "08:00", "to": "15:00", "step_minutes": 30}
    meetings = [
        a_meeting(f"m{i}-{j}", f"c{i}", starts=starts, duration_minutes=draw.choice([60, 120, 180]))
        for i in range(10)
        for j in range(4)
    ]
    councils = [a_council(f"c{i}", PARTIES, spacing_days={"min": 10, "max": 14}) for i in range(10)]
    horizon = {"start": "2027-02-01", "end": "2027-03-31"}
    return a_document(PARTIES, horizon=horizon, commitments=commitments, councils=councils, meetings=meetings)


def test_at_a_terminal_the_best_plan_so_far_is_printed(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    (tmp_path / "problem.json").write_text(json.dumps(a_long_search()))
    terminal, line = pty.openpty()
    with subprocess.Popen(  # noqa: S603  # our own command
        [*COMMAND, str(tmp_path / "problem.json"), "--lang", "en"],
        stdout=subprocess.PIPE,
        stderr=line,
        text=True,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "200"},
    ) as process:
        os.close(line)
        _read(terminal, until="Best so far")
        process.send_signal(signal.SIGINT)
        messages = _read(terminal)
        printed, _ = process.communicate(timeout=60)
    os.close(terminal)
    assert process.returncode == 0, messages
    assert "Stopped. This is the best plan found by then; at most" in messages
    assert "40 meetings" in printed
    assert "It is not proven that no plan is better" in printed


def _read(terminal: int, until: str | None = None) -> str:
    """Return the output of a terminal until it contains ``until``, or until the terminal is closed."""
    output = b""
    with suppress(OSError):  # reading fails when the terminal is closed
        while until is None or until.encode() not in output:
            output += os.read(terminal, 65536)
    return output.decode(errors="replace")
