"""The same problem and seed give the same bytes, except for measured seconds, whatever the load."""

import json
import multiprocessing
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scheduler import Problem, propose
from tests.benchmarks.dense import dense_document
from tests.known_answers import instance_bytes, load

SCRIPT = """
import sys
from pathlib import Path

from scheduler import Problem, propose

problem = Problem.read(Path(sys.argv[1]).read_bytes())
print(propose(problem, seed=7, alternatives=2, time_limit_seconds=float(sys.argv[2])).model_dump_json())
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
@pytest.mark.parametrize(
    ("content", "seconds"),
    [
        pytest.param(instance_bytes("mix.json"), 60, id="mix"),
        # Two threads: the first proves a plan, or both reach their limit.
        pytest.param(json.dumps(dense_document("conference", "50 sessions", 2)).encode(), 60, id="dense"),
        pytest.param(json.dumps(dense_document("conference", "50 sessions", 3)).encode(), 4, id="dense, unproven"),
    ],
)
def test_a_run_under_load_returns_the_same_answer(content: bytes, seconds: float, tmp_path: Path) -> None:
    path = tmp_path / "problem.json"
    path.write_bytes(content)
    problem = Problem.read(content)
    idle_answer = propose(problem, seed=7, alternatives=2, time_limit_seconds=seconds).model_dump_json()
    load_makers = [multiprocessing.get_context("spawn").Process(target=keep_busy, daemon=True) for _ in range(3)]
    for maker in load_makers:
        maker.start()
    try:
        loaded_answer = subprocess.run(  # noqa: S603  # our own interpreter and script
            [sys.executable, "-c", SCRIPT, str(path), str(seconds)],
            capture_output=True,
            text=True,
            check=True,
            timeout=600,
        ).stdout
    finally:
        for maker in load_makers:
            maker.terminate()
    assert without_seconds(idle_answer) == without_seconds(loaded_answer)


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
