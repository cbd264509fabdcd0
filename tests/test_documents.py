"""Check the documents: length of the README, relative links, and the keys of the problem document in the model."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.problem import document, schema
from scheduler.problem.field_types import Frozen

ROOT = Path(__file__).parents[1]
MAX_README_LINES = 180
DOCUMENTS = (
    ".github/CHANGELOG.md",
    ".github/CONTRIBUTING.md",
    ".github/DECISIONS.md",
    "README.md",
    "api/OPERATIONS.md",
    "examples/orebro-2027/README.md",
    "scheduler/MODEL.md",
    "scheduler/planning/METHODS.md",
    "tests/benchmarks/RESULTS.md",
)
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def _text(path: Path) -> str:
    return path.read_text("utf-8")


def _anchors(path: Path) -> set[str]:
    """Return the anchors that GitHub derives from the headings of a document."""
    headings = HEADING.findall(_text(path))
    words_only = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in words_only}


def _keys() -> Iterator[str]:
    """Yield every key of the problem document."""
    for module in (document, schema):
        for _, model in inspect.getmembers(module, inspect.isclass):
            if issubclass(model, Frozen):
                for name, field in model.model_fields.items():
                    yield field.alias or name


def test_the_readme_is_short() -> None:
    assert len(_text(ROOT / "README.md").splitlines()) <= MAX_README_LINES


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_relative_link_has_a_target(name: str) -> None:
    path = ROOT / name
    for link in LINK.findall(_text(path)):
        if link.startswith("http"):
            continue
        target, _, anchor = link.partition("#")
        linked = path.parent / target if target else path
        assert linked.exists(), link
        if anchor:
            assert anchor in _anchors(linked), link


def test_the_model_names_every_key_of_the_problem() -> None:
    model = _text(ROOT / "scheduler" / "MODEL.md")
    named = set(re.findall(r"\w+", model))
    assert set(_keys()) <= named
