"""The same problem and seed give the same bytes, except for measured seconds, whatever the load."""

import json
import multiprocessing
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scheduler import Problem, propose
from tests.known_answers import instance_bytes, load

SCRIPT = """
import sys
from pathlib import Path
import pytest

from scheduler import Problem, propose
print(propose(Problem.read(Path(sys.argv[1]).read_bytes()), seed=7, alternatives=2).model_dump_json())
"""


def without_seconds(answer: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(answer)
    for stage in document["solver"]["stages"]:
        del stage["seconds"]
    return document


def keep_busy() -> None:
    while True:
        sum(range(10_000))


@pytest.mark.slow
def test_a_run_under_load_returns_the_same_answer(tmp_path: Path) -> None:
    path = tmp_path / "mix.json"
    path.write_bytes(instance_bytes("mix.json"))
    problem, _ = load("mix.json")
    idle_answer = propose(problem, seed=7, alternatives=2).model_dump_json()
    load_makers = [multiprocessing.get_context("spawn").Process(target=keep_busy, daemon=True) for _ in range(3)]
    for maker in load_makers:
        maker.start()
    try:
        loaded_answer = subprocess.run(  # noqa: S603  # our own interpreter and script
            [sys.executable, "-c", SCRIPT, str(path)], capture_output=True, text=True, check=True, timeout=600
        ).stdout
    finally:
        for maker in load_makers:
            maker.terminate()
    assert without_seconds(idle_answer) == without_seconds(loaded_answer)
    assert Problem.read(path.read_bytes()) == problem


def test_importing_the_library_does_not_import_ortools() -> None:
    script = "import scheduler, sys; print('ortools' in sys.modules)"
    process = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603  # ours
    assert process.stdout.strip() == "False"


@pytest.mark.parametrize("seconds", [0.0001, 0.05, 0.2])
def test_a_search_that_reaches_its_limit_returns_a_reproducible_status(seconds: float) -> None:
    problem, expected = load("m.json")
    first, second = (propose(problem, time_limit_seconds=seconds) for _ in range(2))
    assert without_seconds(first.model_dump_json()) == without_seconds(second.model_dump_json())
    if first.objective is None:
        assert first.status == "unknown"
    else:
        assert first.objective <= expected["objective"] + 1e-6 <= (first.bound or 0) + 2e-6
