"""Ctrl-C while a plan is sought: the first shows the best found so far, the second ends the command."""

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
from api.cli.interrupt import heeding_ctrl_c
from scheduler import Proposals
from tests.api.pages.handmade import a_proposal, an_answer, no_plan
from tests.builders import a_commitment, a_council, a_document, a_meeting

COMMAND = [sys.executable, "-c", "import sys; from api.cli import main; sys.exit(main(sys.argv[1:]))", "propose"]
PARTIES = ("a", "b", "c", "d", "e")


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Hold every test to leave Ctrl-C as it was."""
    before = signal.getsignal(signal.SIGINT)
    yield
    assert signal.getsignal(signal.SIGINT) is before


def pressed_once(answer: Proposals) -> Callable[..., Proposals]:
    """A planner that is interrupted, and answers what it has."""

    def propose(*_: object, is_cancelled: Callable[[], bool], **__: object) -> Proposals:
        assert not is_cancelled()
        signal.raise_signal(signal.SIGINT)
        assert is_cancelled()
        return answer

    return propose


def ask(folder: Path, *options: str) -> int:
    (folder / "problem.json").write_text(json.dumps(a_document()))
    return main(["propose", str(folder / "problem.json"), "--lang", "en", *options])


def test_the_best_so_far_is_shown_with_its_gap_and_told_as_such(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = an_answer(a_proposal(), status="feasible", bound=3.11, gap=0.07)
    monkeypatch.setattr("api.cli.propose.propose", pressed_once(found))
    assert ask(tmp_path, "--out", str(tmp_path / "out")) == 0
    printed = capsys.readouterr()
    assert "Stopped. This is the best plan found until then, gap 0.200." in printed.err
    assert "Thursday 4 March" in printed.out
    assert "It is not proven that no plan is better" in printed.out
    assert (tmp_path / "out" / "plan.json").is_file()
    assert "Working out" not in printed.err


def test_what_was_proven_before_is_shown_as_proven(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.cli.propose.propose", pressed_once(an_answer(a_proposal())))
    assert ask(tmp_path, "--json") == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["status"] == "optimal"
    assert "Stopped. What follows was worked out before." in printed.err


def test_when_nothing_was_found_yet_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.cli.propose.propose", pressed_once(no_plan(status="unknown")))
    assert ask(tmp_path, "--out", str(tmp_path / "out")) == 130
    printed = capsys.readouterr()
    assert "Stopped before any plan was found" in printed.err
    assert printed.out == ""
    assert not (tmp_path / "out").exists()


def test_a_second_time_ends_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def propose(*_: object, **__: object) -> Proposals:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        raise AssertionError

    monkeypatch.setattr("api.cli.propose.propose", propose)
    assert ask(tmp_path) == 130
    assert capsys.readouterr().out == ""


def test_nobody_who_lets_it_plan_hears_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(tmp_path) == 0
    assert "Stopped" not in capsys.readouterr().err


def test_in_the_background_ctrl_c_stays_somebody_else_s() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with heeding_ctrl_c() as is_stopped:
            signal.raise_signal(signal.SIGINT)
            assert not is_stopped()
    finally:
        signal.signal(signal.SIGINT, before)


def a_long_search() -> dict[str, Any]:
    """Ten councils of the same people, who are busy at odd hours: a plan is soon found, its proof takes long."""
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


def test_a_person_at_a_terminal_gets_the_best_so_far(tmp_path: Path) -> None:
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
        told = _read(terminal)
        printed, _ = process.communicate(timeout=60)
    os.close(terminal)
    assert process.returncode == 0, told
    assert "Stopped. This is the best plan found until then, gap 0." in told
    assert "40 meetings" in printed
    assert "It is not proven that no plan is better" in printed


def _read(terminal: int, until: str | None = None) -> str:
    """Return what a terminal shows until these words, or until nobody writes to it any more."""
    shown = b""
    with suppress(OSError):  # which is how a terminal ends
        while until is None or until.encode() not in shown:
            shown += os.read(terminal, 65536)
    return shown.decode(errors="replace")
