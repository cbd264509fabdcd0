"""What was sent for a date before today: held by the next run, and never written again."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.api.cli.test_propose import run_propose, snapshot, with_addresses
from tests.api.cli.test_repair import starts
from tests.builders import Json, a_commitment


def test_a_meeting_of_the_folder_that_is_over_is_held(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_propose(tmp_path, with_addresses()) == 0
    published = starts(tmp_path)
    out = tmp_path / "out"
    before = snapshot(out / "kallelser")
    capsys.readouterr()
    document = with_addresses(today="2027-03-03")
    document["people"][1]["email"] = "ny@a.example"
    document["councils"][0]["seats"][2]["substitutes"] = []
    assert run_propose(tmp_path, document) == 0
    printed = capsys.readouterr().out
    assert "redan hållet" in printed
    assert "sammanträde 1, " not in printed
    assert "sammanträde 2, ny adress: kallelser/m2--a1.ics" in printed
    assert starts(tmp_path) == published
    after = snapshot(out / "kallelser")
    changed = {name for name in after if after[name] != before.get(name)}
    assert {"m2--a1.ics", "m2--c1.ics"} <= changed
    assert all(name.startswith("m2--") for name in changed)
    assert before.keys() <= after.keys()
    assert "redan hållet" in (out / "plan.html").read_text()


def check_files(first: Json, second: Json, objective: str) -> None:
    """Write a plan, then another one on a later day: nothing sent for a date before it may change."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        assert run_propose(folder, first, "--alternatives", "1") == 0
        before = snapshot(folder / "out" / "kallelser")
        published = dict(zip(("m1", "m2"), starts(folder), strict=True))
        run_propose(folder, second, "--objective", objective, "--replace", "--alternatives", "1")
        after = snapshot(folder / "out" / "kallelser")
    held = {meeting for meeting, start in published.items() if start[:10] < second["today"]}
    for meeting in held:
        prefix = f"{meeting}--"
        assert {name: after[name] for name in after if name.startswith(prefix)} == {
            name: before[name] for name in before if name.startswith(prefix)
        }


@st.composite
def changed_documents(draw: st.DrawFn) -> Json:
    """The problem on any day of its horizon, with other people, addresses, events, and windows."""
    today = date(2027, 3, 1) + timedelta(draw(st.integers(0, 11)))
    hour = draw(st.sampled_from(["09", "13"]))
    days = draw(st.lists(st.integers(1, 12), max_size=4, unique=True))
    document = with_addresses(
        today=today.isoformat(),
        commitments=[
            a_commitment(
                f"c{day}",
                draw(st.sampled_from(["a0", "b0"])),
                f"2027-03-{day:02d}T{hour}:00",
                f"2027-03-{day:02d}T15:00",
            )
            for day in days
        ],
    )
    changes: list[Callable[[Json], Any]] = [
        lambda document: document["people"][0].update(email="ny@a.example"),
        lambda document: document["councils"][0]["seats"][2].update(substitutes=[]),
        lambda document: document["councils"][0].update(name="Rådet för musik"),
        lambda document: document["meetings"][0].pop("window", None),
        lambda document: document["meetings"][1].pop("window", None),
        lambda document: document["meetings"].pop(0),
        lambda document: document["meetings"][-1].update(duration_minutes=60, venue="v1", starts=["10:00"]),
    ]
    document["venues"] = [{"id": "v1", "name": "huset"}]
    for change in draw(st.lists(st.sampled_from(changes), max_size=5, unique=True)):
        if len(document["meetings"]) > 1 or change is not changes[4]:
            change(document)
    return document


@settings(max_examples=12)
@given(changed_documents(), st.sampled_from(["attendance", "fair", "repair"]))
def test_no_file_of_a_held_meeting_is_rewritten(document: Json, objective: str) -> None:
    check_files(with_addresses(), document, objective)


@pytest.mark.prove
@settings(max_examples=300)
@given(changed_documents(), st.sampled_from(["attendance", "fair", "repair"]))
def test_no_file_of_a_held_meeting_is_rewritten_many_times(document: Json, objective: str) -> None:
    check_files(with_addresses(), document, objective)


@pytest.mark.parametrize(
    "changes",
    [
        {"meetings": 3},
        {"meetings": [7, {"id": ["m1"]}]},
        {"today": 5},
        {"published": []},
        {"timezone": "../zone"},
        {"timezone": 3},
    ],
)
def test_a_document_with_faults_has_the_same_faults_beside_a_published_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changes: Json
) -> None:
    faulty = with_addresses(today="2027-03-09") | changes
    assert run_propose(tmp_path, faulty) == 2
    without = capsys.readouterr().err
    assert run_propose(tmp_path, with_addresses()) == 0
    capsys.readouterr()
    assert run_propose(tmp_path, faulty) == 2
    assert capsys.readouterr().err == without


def test_a_plan_that_rests_on_nothing_was_not_published(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = with_addresses()
    document["people"] = [{**person, "known": []} for person in document["people"]]
    assert run_propose(tmp_path, document) == 0
    assert run_propose(tmp_path, {**document, "today": "2027-03-04"}) == 0
    assert "redan hållet" not in capsys.readouterr().out
