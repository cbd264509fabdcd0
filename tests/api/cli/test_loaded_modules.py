"""A command loads no more than it needs: what is slow to import is imported where it is used."""

import subprocess
import sys

import pytest

HEAVY = {
    "babel",
    "fastapi",
    "holidays",
    "icalendar",
    "jinja2",
    "numpy",
    "openpyxl",
    "ortools",
    "pydantic",
    "recurring_ical_events",
    "rich",
    "uvicorn",
}
RUN = """
import sys
from api.cli import main
try:
    main({arguments!r})
except SystemExit:
    pass
print(*sys.modules, file=sys.stderr)
"""


def loaded_by(code: str) -> set[str]:
    """Return the heavy packages that are loaded once the code has run in an interpreter of its own."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)  # noqa: S603  # ours
    return HEAVY & set(done.stderr.split())


@pytest.mark.parametrize("arguments", [["--help"], ["--lang", "en", "--help"], []])
def test_the_help_loads_nothing_heavy(arguments: list[str]) -> None:
    assert loaded_by(RUN.format(arguments=arguments)) == set()


def test_the_library_loads_nothing_heavy_until_a_name_is_used() -> None:
    assert loaded_by("import scheduler, sys; print(*sys.modules, file=sys.stderr)") == set()


def test_a_problem_is_read_without_a_planner() -> None:
    loaded = loaded_by("from scheduler import Problem; import sys; print(*sys.modules, file=sys.stderr)")
    assert loaded == {"holidays", "numpy", "pydantic"}


def test_reading_a_calendar_loads_no_planner_and_no_server() -> None:
    code = RUN.format(arguments=["read", "no-such-file.ics"])
    assert not loaded_by(code) & {"babel", "fastapi", "jinja2", "openpyxl", "ortools", "uvicorn"}
