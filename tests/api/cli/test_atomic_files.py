"""Files written together: their modes, leftovers of killed runs, and two runs at once."""

import fcntl
import os
import stat
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from api.cli import atomic_files, propose
from api.cli.atomic_files import lock_folder, remove_leftovers, replace_files
from api.cli.explain import explain_for_page
from api.cli.invitation_files import FOLDER_NAMES
from api.pages.plan import ExplanationSet
from tests.api.cli.test_plan_folder import a_server, names_in
from tests.api.cli.test_propose import run_propose, snapshot, with_addresses
from tests.odd_files import ODD_FILES, make_odd_file

LEFTOVER = ".abcd_12x.part"


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def status_of(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=60) as response:  # noqa: S310  # our own server
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


@contextmanager
def the_umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664), (0o027, 0o640)])
def test_a_new_file_has_the_mode_that_the_umask_leaves(tmp_path: Path, mask: int, mode: int) -> None:
    with the_umask(mask):
        replace_files(tmp_path, {"a": b"1"})
        assert os.umask(mask) == mask
    assert mode_of(tmp_path / "a") == mode


@pytest.mark.parametrize(("before", "after"), [(0o600, 0o600), (0o640, 0o640), (0o444, 0o444), (0o666, 0o644)])
def test_a_replaced_file_keeps_its_stricter_mode(tmp_path: Path, before: int, after: int) -> None:
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "a").chmod(before)
    with the_umask(0o022):
        replace_files(tmp_path, {"a": b"2"})
    assert ((tmp_path / "a").read_bytes(), mode_of(tmp_path / "a")) == (b"2", after)


@pytest.mark.parametrize("kind", [kind for kind in ODD_FILES if kind != "folder"])
def test_what_is_no_file_is_replaced_without_being_read(tmp_path: Path, kind: str) -> None:
    make_odd_file(tmp_path / "a", kind)
    replace_files(tmp_path, {"a": b"1"})
    assert (tmp_path / "a").read_bytes() == b"1"
    assert not (tmp_path / "a").is_symlink()


def test_a_large_file_of_the_same_name_is_not_compared(tmp_path: Path) -> None:
    with (tmp_path / "a").open("wb") as file:
        os.truncate(file.fileno(), 2**40)
    replace_files(tmp_path, {"a": b"1"})
    assert (tmp_path / "a").read_bytes() == b"1"


def test_a_failed_run_leaves_no_temporary_file(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_bytes(b"")
    with pytest.raises(OSError, match="folder"):
        replace_files(tmp_path, {"a": b"1", "folder": b"2"})
    assert not [name for name in names_in(tmp_path) if name.endswith(".part")]


def test_only_leftovers_are_removed(tmp_path: Path) -> None:
    kept = [".part", "plan.part", ".my notes.part", ".abcd_12x.part.txt"]
    for name in (LEFTOVER, *kept):
        (tmp_path / name).write_bytes(b"")
    remove_leftovers([tmp_path, tmp_path / "missing", tmp_path / "plan.part"])
    assert names_in(tmp_path) == sorted(kept)


def test_the_next_run_removes_the_leftovers_of_a_killed_run_in_both_languages(tmp_path: Path) -> None:
    folders = [tmp_path / "out", *(tmp_path / "out" / names.invitations for names in FOLDER_NAMES.values())]
    for folder in folders:
        folder.mkdir(exist_ok=True)
        (folder / LEFTOVER).write_bytes(b"half")
    assert run_propose(tmp_path, with_addresses()) == 0
    assert not [name for name in snapshot(tmp_path / "out") if name.endswith(".part")]


def test_hidden_files_are_not_served(tmp_path: Path) -> None:
    assert run_propose(tmp_path, with_addresses()) == 0
    for path in (LEFTOVER, f"kallelser/{LEFTOVER}"):
        (tmp_path / "out" / path).write_bytes(b"half")
    with a_server(tmp_path / "out") as address:
        assert status_of(f"{address}/{LEFTOVER}") == 404
        assert status_of(f"{address}/kallelser/{LEFTOVER}") == 404
        assert status_of(f"{address}/kallelser/m1--a0.ics") == 200


def test_a_run_waits_for_another_that_is_writing(tmp_path: Path) -> None:
    order: list[str] = []

    def write_second() -> None:
        with lock_folder(tmp_path):
            order.append("second")

    with lock_folder(tmp_path):
        thread = Thread(target=write_second)
        thread.start()
        thread.join(timeout=0.3)
        order.append("first")
    thread.join(timeout=30)
    assert order == ["first", "second"]
    assert names_in(tmp_path) == []


def test_a_run_that_has_waited_in_vain_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atomic_files, "LOCK_SECONDS", 0.2)
    (tmp_path / "out").mkdir()
    descriptor = os.open(tmp_path / "out", os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    assert run_propose(tmp_path, with_addresses()) == 1
    assert "En annan körning skriver i mappen" in capsys.readouterr().err
    assert names_in(tmp_path / "out") == []
    os.close(descriptor)
    assert run_propose(tmp_path, with_addresses()) == 0


def test_a_plan_that_another_run_wrote_meanwhile_is_not_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_meanwhile(*arguments: Any, **options: Any) -> ExplanationSet:
        monkeypatch.undo()
        assert run_propose(tmp_path, with_addresses(title="Den andra körningen")) == 0
        return explain_for_page(*arguments, **options)

    monkeypatch.setattr(propose, "explain_for_page", write_meanwhile)
    assert run_propose(tmp_path, with_addresses(title="Den första körningen")) == 1
    assert "En annan körning har skrivit en plan i mappen" in capsys.readouterr().err
    assert "Den andra körningen" in (tmp_path / "out" / "plan.html").read_text()
