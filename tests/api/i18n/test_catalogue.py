"""The catalogue holds the Swedish of every sentence that people may meet, and nothing else."""

import ast
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from string import Formatter

import jinja2
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from jinja2 import nodes

from api.app import create_app
from api.settings import Settings

ROOT = Path(__file__).parents[3]
# A module that knows one of these has sentences for people among its constants, and these attributes carry them on.
BEARERS = {"Fault", "PydanticCustomError", "UnreadableCalendar", "Failure", "ApiError"}
CARRIERS = {"sentence", "title", "troubles"}  # or a key of the OpenAPI document
SPEAKERS = {"say": 1, "say_many": 2}  # and how many of the first arguments are sentences

Sentence = str | tuple[str, str]  # one, or one and many


@pytest.fixture(scope="module")
def swedish() -> Catalog:
    with (files("api.i18n") / "sv.po").open("rb") as written:
        return read_po(written, locale="sv")


@pytest.fixture(scope="module")
def sentences() -> set[Sentence]:
    """Every sentence that is said anywhere, by its English."""
    return {*_said_in_python(), *_said_in_templates(), *_borne(), *_titles(), *_documented()}


def _trees(package: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((ROOT / package).rglob("*.py")):
        yield path, ast.parse(path.read_text("utf-8"))


def _calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in SPEAKERS:
                yield called, node


def _constants(nodes: list[ast.expr]) -> list[str]:
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def _said_in_python() -> Iterator[Sentence]:
    for _, tree in _trees("api"):
        rows = _rows(tree)
        for called, node in _calls(tree):
            said = _constants(node.args[: SPEAKERS[called]])
            if said:
                yield said[0] if called == "say" else (said[0], said[1])
            elif isinstance(node.args[0], ast.Name):
                yield from rows.get(node.args[0].id, [])


def _rows(tree: ast.Module) -> dict[str, list[str]]:
    """Return the sentences of every ``for one in ("…", "…")``, by the variable's name."""
    return {
        node.target.id: _constants(node.iter.elts)
        for node in ast.walk(tree)
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name) and isinstance(node.iter, ast.Tuple)
    }


def _carried(tree: ast.Module) -> set[str]:
    """Return the variables of every ``for one in report.troubles``: what they hold was written out elsewhere."""
    return {
        node.target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.For)
        and isinstance(node.target, ast.Name)
        and isinstance(node.iter, ast.Attribute)
        and node.iter.attr in CARRIERS
    }


def _said_in_templates() -> Iterator[Sentence]:
    for arguments in _template_calls():
        said = [str(argument.value) for argument in arguments if isinstance(argument, nodes.Const)]
        yield said[0] if len(said) == 1 else (said[0], said[1])


def _template_calls() -> Iterator[list[nodes.Expr]]:
    """Yield what stands in the place of sentences wherever a template says something."""
    grammar = jinja2.Environment()  # noqa: S701 - parses only, never renders
    for path in sorted((ROOT / "api").rglob("*.html")):
        for node in grammar.parse(path.read_text("utf-8")).find_all(nodes.Call):
            if isinstance(node.node, nodes.Name) and node.node.name in SPEAKERS:
                yield node.args[: SPEAKERS[node.node.name]]


def _borne() -> Iterator[Sentence]:
    for package in ("scheduler", "api"):
        for _, tree in _trees(package):
            if BEARERS & {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}:
                yield from filter(_is_sentence, _constants_outside_docstrings(tree))


def _titles() -> Iterator[Sentence]:
    """Yield the title of every ``ErrorKind(status, name, title)`` of error."""
    for _, tree in _trees("api"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ErrorKind":
                yield from _constants(node.args[2:])


def _documented() -> Iterator[Sentence]:
    """Yield what the OpenAPI document says of each address, each option, each example and each answer."""
    described = create_app(Settings()).openapi()
    yield described["info"]["summary"]
    for operation in (one for methods in described["paths"].values() for one in methods.values()):
        yield from (operation["summary"], operation["description"])
        yield from (one["description"] for one in (*operation.get("parameters", ()), *operation["responses"].values()))
        content = operation.get("requestBody", {}).get("content", {}).values()
        yield from (one["summary"] for body in content for one in body["examples"].values())


def _constants_outside_docstrings(tree: ast.Module) -> Iterator[str]:
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, documented)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in docstrings:
            yield node.value


def _is_sentence(text: str) -> bool:
    return (text[:1].isupper() or text.startswith("{")) and " " in text and text.endswith((".", ":"))


def _key(message: Message) -> Sentence:
    return message.id if isinstance(message.id, str) else (message.id[0], message.id[1])


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _forms(said: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [said] if isinstance(said, str) else list(said or ())


def test_every_sentence_has_its_swedish(swedish: Catalog, sentences: set[Sentence]) -> None:
    assert sentences - {_key(message) for message in swedish if message.id} == set()


def test_the_catalogue_holds_nothing_that_is_never_said(swedish: Catalog, sentences: set[Sentence]) -> None:
    assert {_key(message) for message in swedish if message.id} - sentences == set()
    assert not swedish.obsolete


def test_no_translation_is_empty_or_a_guess(swedish: Catalog) -> None:
    for message in swedish:
        assert _forms(message.string), message.id
        assert all(_forms(message.string)), message.id
        assert not message.fuzzy, message.id


def test_translations_keep_their_places_for_values(swedish: Catalog) -> None:
    for message in swedish:
        if message.id:
            english, translated = _forms(message.id), _forms(message.string)
            assert list(map(_places, english)) == list(map(_places, translated)), message.id


def test_sentences_are_written_out_where_they_are_said() -> None:
    for path, tree in _trees("api"):
        rows = {*_rows(tree), *_carried(tree)}
        for called, node in _calls(tree):
            first = node.args[: SPEAKERS[called]]
            is_carried = any(isinstance(part, ast.Attribute) and part.attr in CARRIERS for part in ast.walk(first[0]))
            is_documented = isinstance(first[0], ast.Subscript)
            is_in_a_row = isinstance(first[0], ast.Name) and first[0].id in rows
            is_written_out = len(_constants(first)) == SPEAKERS[called]
            assert is_carried or is_documented or is_in_a_row or is_written_out, f"{path.name}:{node.lineno}"
    for arguments in _template_calls():
        assert all(isinstance(argument, nodes.Const) for argument in arguments), arguments[0].lineno
