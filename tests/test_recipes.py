"""The recipes of CONTRIBUTING work: applied to a copy of the source, each adds what it says, in few files."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
CONTRIBUTING = ROOT / ".github" / "CONTRIBUTING.md"
MAX_FILES = 4
STEP = re.compile(
    r"<!-- (?P<recipe>\w+): (?P<action>create|edit|replace) (?P<path>\S+)"
    r"(?: (?P<where>after|before|line) `(?P<anchor>[^`]+)`)? -->\s*"
    r"```\w+\n(?P<code>.*?)^ *```",
    re.DOTALL | re.MULTILINE,
)


def apply(recipe: str, top: Path) -> set[str]:
    """Carry out the steps of a recipe in a copy of the source; return the files that they touch."""
    touched = set()
    for step in STEP.finditer(CONTRIBUTING.read_text("utf-8")):
        if step["recipe"] != recipe:
            continue
        path = top / step["path"]
        touched.add(step["path"])
        code = dedented(step["code"])
        if step["action"] == "create":
            path.write_text(code, "utf-8")
            continue
        text = path.read_text("utf-8")
        anchor = step["anchor"].replace("\\n", "\n")
        if step["action"] == "replace":
            anchor = next(line for line in text.splitlines(keepends=True) if line.startswith(anchor))
        assert text.count(anchor) == 1, f"{anchor!r} is in {step['path']} {text.count(anchor)} times"

        before, after = text.split(anchor)
        gap = "\n\n" if code.startswith("def ") else ""
        changed = {
            "after": f"{anchor}{gap}{code}",
            "before": f"{code}{anchor}",
            "line": code,
        }[step["where"]]
        path.write_text(f"{before}{changed}{after}", "utf-8")
    return touched


def dedented(code: str) -> str:
    """Return the code without the indentation of the list item that it is part of."""
    lines = code.splitlines(keepends=True)
    return "".join(line[3:] if line.startswith("   ") else line for line in lines)


def copied(top: Path) -> Path:
    for folder in ("scheduler", "api", "tests"):
        shutil.copytree(ROOT / folder, top / folder, ignore=shutil.ignore_patterns("__pycache__", "data", "benchmarks"))
    shutil.copy(ROOT / "pyproject.toml", top)  # pytest finds its configuration there
    return top


def run(top: Path, *arguments: str) -> str:
    environment: Mapping[str, str] = {**os.environ, "PYTHONPATH": str(top), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, *arguments]
    finished = subprocess.run(  # noqa: S603  # our own modules
        command, cwd=top, env=environment, capture_output=True, text=True, timeout=600, check=False
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@pytest.mark.parametrize(
    ("recipe", "checks"),
    [("rule", "tests.recipes.max_meetings_per_week"), ("preference", "tests.recipes.friday_cost")],
)
def test_a_rule_and_a_preference_are_added_in_four_files(recipe: str, checks: str, tmp_path: Path) -> None:
    top = copied(tmp_path)
    touched = apply(recipe, top)
    assert 2 <= len(touched) <= MAX_FILES
    assert "problems" in run(top, "-m", checks)


def test_a_route_is_added_as_the_recipe_says(tmp_path: Path) -> None:
    top = copied(tmp_path)
    assert apply("route", top)
    assert "200 422" in run(top, "-m", "tests.recipes.published_route")
    run(top, "-m", "pytest", "-q", "tests/api/i18n/test_catalogue.py")
