"""The catalogue has a Swedish translation of every sentence that the program prints, and no other entries."""

import ast
import re
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
from api.i18n.catalogue import Translations, load_translations, read_catalogue
from api.settings import Settings

ROOT = Path(__file__).parents[3]
# A module that uses one of these classes has sentences among its constants.
SENTENCE_CLASSES = {
    "Fault",
    "PydanticCustomError",
    "UnreadableCalendar",
    "Failure",
    "ApiError",
    "UnusedFile",
    "InvalidRow",
}
# Attributes that hold such a sentence; a text of the OpenAPI document is looked up by its key.
SENTENCE_ATTRIBUTES = {"sentence", "title"}
# The methods of Wording that translate, and how many of their first arguments are sentences.
TRANSLATING_METHODS = {"say": 1, "say_many": 2}

PERCENT_PLACE = re.compile(r"%(?:\(\w+\))?[a-z]")  # of the texts that argparse fills in

Sentence = str | tuple[str, str]  # a sentence, or its singular and plural


@pytest.fixture(scope="module")
def swedish() -> Catalog:
    with (files("api.i18n") / "sv.po").open("rb") as file:
        return read_po(file, locale="sv")


@pytest.fixture(scope="module")
def sentences() -> set[Sentence]:
    """Return the English text of every sentence that the program prints."""
    return {
        *_sentences_in_python(),
        *_sentences_in_templates(),
        *_sentences_of_errors(),
        *_titles(),
        *_sentences_of_openapi(),
    }


def _trees(package: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((ROOT / package).rglob("*.py")):
        yield path, ast.parse(path.read_text("utf-8"))


def _calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Yield the calls of translating methods, each with the method's name."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if name in TRANSLATING_METHODS:
            yield name, node


def _constants(expressions: list[ast.expr]) -> list[str]:
    return [node.value for node in expressions if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def _sentences_in_python() -> Iterator[Sentence]:
    for _, tree in _trees("api"):
        loops = _constant_loops(tree)
        for name, call in _calls(tree):
            texts = _constants(call.args[: TRANSLATING_METHODS[name]])
            first = call.args[0]
            if texts:
                yield texts[0] if name == "say" else (texts[0], texts[1])
            elif isinstance(first, ast.Name):
                yield from loops.get(first.id, [])


def _constant_loops(tree: ast.Module) -> dict[str, list[str]]:
    """Return the constants of every ``for name in ("…", "…")``, by the name of the variable."""
    loops: dict[str, list[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.For) and isinstance(node.target, ast.Name) and isinstance(node.iter, ast.Tuple):
            loops[node.target.id] = _constants(node.iter.elts)
    return loops


def _sentences_in_templates() -> Iterator[Sentence]:
    for arguments in _template_calls():
        texts = [str(argument.value) for argument in arguments if isinstance(argument, nodes.Const)]
        yield texts[0] if len(texts) == 1 else (texts[0], texts[1])


def _template_calls() -> Iterator[list[nodes.Expr]]:
    """Yield the arguments that must be sentences, for each call of a translating function in a template."""
    grammar = jinja2.Environment()  # noqa: S701 - parses only, never renders
    for path in sorted((ROOT / "api").rglob("*.html")):
        for call in grammar.parse(path.read_text("utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name in TRANSLATING_METHODS:
                yield call.args[: TRANSLATING_METHODS[call.node.name]]


def _sentences_of_errors() -> Iterator[Sentence]:
    for package in ("scheduler", "api"):
        for _, tree in _trees(package):
            names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            if names & SENTENCE_CLASSES:
                yield from filter(_is_sentence, _constants_outside_docstrings(tree))


def _titles() -> Iterator[Sentence]:
    """Yield the title of every ``ErrorKind(status, name, title)`` of error."""
    for _, tree in _trees("api"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ErrorKind":
                yield from _constants(node.args[2:])


def _sentences_of_openapi() -> Iterator[Sentence]:
    """Yield the summaries and descriptions in the OpenAPI document."""
    document = create_app(Settings()).openapi()
    yield document["info"]["summary"]
    for methods in document["paths"].values():
        for operation in methods.values():
            yield operation["summary"]
            yield operation["description"]
            for described in (*operation.get("parameters", ()), *operation["responses"].values()):
                yield described["description"]
            for content in operation.get("requestBody", {}).get("content", {}).values():
                for example in content["examples"].values():
                    yield example["summary"]


def _constants_outside_docstrings(tree: ast.Module) -> Iterator[str]:
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, documented)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in docstrings:
            yield node.value


def _is_sentence(text: str) -> bool:
    has_start = text[:1].isupper() or text.startswith("{")
    return has_start and " " in text and text.endswith((".", ":", "?"))


def _key(message: Message) -> Sentence:
    return message.id if isinstance(message.id, str) else (message.id[0], message.id[1])


def _keys(catalog: Catalog) -> set[Sentence]:
    return {_key(message) for message in catalog if message.id}


def _places(text: str) -> tuple[set[str], list[str]]:
    """Return the places for values: those of ``str.format``, and those of the operator ``%``."""
    named = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    return named, sorted(PERCENT_PLACE.findall(text))


def _forms(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


def test_the_catalogue_is_read_as_babel_reads_it(swedish: Catalog) -> None:
    read = load_translations("sv")
    assert len(read.sentences) + len(read.plurals) == len(_keys(swedish))
    for message in swedish:
        key = _key(message)
        if isinstance(key, tuple):
            assert list(read.plurals[key[0]]) == _forms(message.string)
        elif key:
            assert read.sentences[key] == message.string


@pytest.mark.parametrize(
    ("text", "sentences", "plurals"),
    [
        ('# A note\nmsgid "a \\"b\\""\nmsgstr "å\\nä"\n', {'a "b"': "å\nä"}, {}),
        ('msgid ""\n"in "\n"two"\nmsgstr "i"\n" två"\n', {"in two": "i två"}, {}),
        ('msgid "1"\nmsgid_plural "n"\nmsgstr[0] "en"\nmsgstr[1] "flera"\n', {}, {"1": ("en", "flera")}),
    ],
)
def test_entries_of_a_catalogue(text: str, sentences: dict[str, str], plurals: dict[str, tuple[str, str]]) -> None:
    assert read_catalogue(f'msgid ""\nmsgstr ""\n"Language: sv\\n"\n\n{text}') == Translations(sentences, plurals)


def test_every_sentence_has_a_swedish_translation(swedish: Catalog, sentences: set[Sentence]) -> None:
    assert sentences - _keys(swedish) == set()


def test_the_catalogue_has_no_unused_entries(swedish: Catalog, sentences: set[Sentence]) -> None:
    assert _keys(swedish) - sentences == set()
    assert not swedish.obsolete


def test_no_translation_is_empty_or_fuzzy(swedish: Catalog) -> None:
    for message in swedish:
        assert _forms(message.string), message.id
        assert all(_forms(message.string)), message.id
        assert not message.fuzzy, message.id


def test_translations_have_the_same_places_for_values(swedish: Catalog) -> None:
    for message in swedish:
        if message.id:
            english = [_places(form) for form in _forms(message.id)]
            translated = [_places(form) for form in _forms(message.string)]
            assert english == translated, message.id


def test_translating_methods_are_called_with_constants() -> None:
    for path, tree in _trees("api"):
        variables = set(_constant_loops(tree))
        for name, call in _calls(tree):
            assert _has_known_sentence(name, call, variables), f"{path.name}:{call.lineno}"
    for arguments in _template_calls():
        assert all(isinstance(argument, nodes.Const) for argument in arguments), arguments[0].lineno


def _has_known_sentence(name: str, call: ast.Call, variables: set[str]) -> bool:
    """Return whether the sentences of a call are constants, in the call itself or where the attribute is set."""
    arguments = call.args[: TRANSLATING_METHODS[name]]
    first = arguments[0]
    if isinstance(first, ast.Subscript):  # a text of the OpenAPI document
        return True
    if isinstance(first, ast.Name) and first.id in variables:
        return True
    if any(isinstance(node, ast.Attribute) and node.attr in SENTENCE_ATTRIBUTES for node in ast.walk(first)):
        return True
    return len(_constants(arguments)) == TRANSLATING_METHODS[name]
