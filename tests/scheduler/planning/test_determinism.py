"""The same question gets the same answer: the same bytes but for the seconds, whatever else the machine does."""

import json
import multiprocessing
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scheduler import Problem, propose
from tests.known_answers import load

ASK = """
import sys
from pathlib import Path
import pytest

from scheduler import Problem, propose
print(propose(Problem.read(Path(sys.argv[1]).read_bytes()), seed=7, alternatives=2).model_dump_json())
"""


def timeless(answer: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(answer)
    for stage in document["solver"]["stages"]:
        del stage["seconds"]
    return document


def keep_busy() -> None:
    while True:
        sum(range(10_000))


def test_two_runs_agree_even_when_one_is_under_load(shared: Path) -> None:
    path = shared / "data" / "instances" / "mix.json"
    problem, _ = load(shared, "mix.json")
    here = propose(problem, seed=7, alternatives=2).model_dump_json()
    load_makers = [multiprocessing.get_context("spawn").Process(target=keep_busy, daemon=True) for _ in range(3)]
    for maker in load_makers:
        maker.start()
    try:
        there = subprocess.run(  # noqa: S603  # our own interpreter and script
            [sys.executable, "-c", ASK, str(path)], capture_output=True, text=True, check=True, timeout=600
        ).stdout
    finally:
        for maker in load_makers:
            maker.terminate()
    assert timeless(here) == timeless(there)
    assert Problem.read(path.read_bytes()) == problem


def test_importing_the_library_does_not_load_the_solver() -> None:
    script = "import scheduler, sys; print('ortools' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603  # ours
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("seconds", [0.0001, 0.05, 0.2])
def test_a_search_that_is_cut_short_says_so_and_the_same_each_time(shared: Path, seconds: float) -> None:
    problem, expected = load(shared, "m.json")
    one, other = (propose(problem, time_limit_seconds=seconds) for _ in range(2))
    assert timeless(one.model_dump_json()) == timeless(other.model_dump_json())
    if one.objective is None:
        assert one.status == "unknown"
    else:
        assert one.objective <= expected["objective"] + 1e-6 <= (one.bound or 0) + 2e-6
