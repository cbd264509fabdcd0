"""Every fault that pydantic can find is described in the language of the client, without any words in English."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel
from pydantic_core import ErrorTypeInfo
from pydantic_core._pydantic_core import list_all_errors

from api.i18n import Wording
from api.i18n.wording import Language
from api.routes.explanations import ExplainOptions
from api.routes.proposals import ProposeOptions
from scheduler import InvalidProblem, Problem
from scheduler.errors import Choices, Fault
from scheduler.problem.faults import OTHER_SENTENCE, SENTENCES, faults_of
from tests.builders import a_document, a_meeting

MODELS: tuple[type[BaseModel], ...] = (Problem, ProposeOptions, ExplainOptions)
ALL_ERRORS: dict[str, ErrorTypeInfo] = {details["type"]: details for details in list_all_errors()}

# The error types of each kind of node in a core schema, and those of each of its constraints. JSON has string keys
# only, and validators that run before a node give it a value of its own type (date, time, datetime).
ERRORS_BY_NODE: dict[str, set[str]] = {
    "date": set(),
    "datetime": set(),
    "default": set(),
    "definitions": set(),
    "dict": {"dict_type"},
    "float": {"float_type", "float_parsing", "finite_number"},
    "function-after": set(),
    "function-before": set(),
    "function-wrap": set(),
    "int": {"int_type", "int_parsing", "int_from_float", "int_parsing_size"},
    "literal": {"literal_error"},
    "model": {"model_type", "model_attributes_type"},
    "model-fields": {"missing", "extra_forbidden"},
    "nullable": set(),
    "str": {"string_type"},
    "tagged-union": set(),
    "time": set(),
    "tuple": {"tuple_type"},
}
ERRORS_BY_CONSTRAINT = {
    ("str", "min_length"): "string_too_short",
    ("str", "max_length"): "string_too_long",
    ("tuple", "min_length"): "too_short",
    ("tuple", "max_length"): "too_long",
    ("int", "ge"): "greater_than_equal",
    ("int", "le"): "less_than_equal",
    ("float", "ge"): "greater_than_equal",
    ("float", "le"): "less_than_equal",
}
CONSTRAINTS = {"ge", "gt", "le", "lt", "multiple_of", "pattern", "min_length", "max_length"}


def nodes_of(schema: Any) -> Iterator[dict[str, Any]]:
    """Yield every node of a core schema."""
    if isinstance(schema, dict):
        if isinstance(schema.get("type"), str):
            yield schema
        for key, part in schema.items():
            if key not in ("metadata", "serialization", "config", "json_schema_input_schema"):
                yield from nodes_of(part)
    elif isinstance(schema, list | tuple):
        for part in schema:
            yield from nodes_of(part)


def possible_errors(model: type[BaseModel]) -> set[str]:
    """Return the error types that validation by a model can raise."""
    error_types: set[str] = set()
    for node in nodes_of(model.__pydantic_core_schema__):
        kind = node["type"]
        error_types |= ERRORS_BY_NODE.get(kind, set())
        error_types |= {
            error for (name, bound), error in ERRORS_BY_CONSTRAINT.items() if name == kind and bound in node
        }
    return error_types


def example_fault(details: ErrorTypeInfo) -> Fault:
    """Return the fault of an error with the values of pydantic's own example."""
    error: Any = {
        "type": details["type"],
        "loc": ("meetings", 0),
        "msg": details["message_template_python"],
        "ctx": details.get("example_context") or {},
    }
    (fault,) = faults_of([error])
    return fault


@pytest.mark.parametrize("model", MODELS)
def test_the_kinds_of_nodes_in_the_schema_are_known(model: type[BaseModel]) -> None:
    kinds = {node["type"] for node in nodes_of(model.__pydantic_core_schema__)}
    structural = {"model-field", "dict-keys", "definition-ref", "no-info", "with-info", "include-exclude-sequence"}
    assert kinds - ERRORS_BY_NODE.keys() - structural == set()
    assert {"str", "int", "float", "literal"} & kinds


@pytest.mark.parametrize("model", MODELS)
def test_the_constraints_in_the_schema_are_known(model: type[BaseModel]) -> None:
    nodes = nodes_of(model.__pydantic_core_schema__)
    constraints = {(node["type"], name) for node in nodes for name in CONSTRAINTS & node.keys()}
    assert constraints - ERRORS_BY_CONSTRAINT.keys() == set()


@pytest.mark.parametrize("model", MODELS)
def test_every_possible_error_has_a_sentence_of_its_own(model: type[BaseModel]) -> None:
    assert possible_errors(model) - SENTENCES.keys() == set()


@pytest.mark.parametrize("error_type", sorted(ALL_ERRORS))
def test_every_error_type_of_pydantic_is_described_in_swedish(error_type: str) -> None:
    fault = example_fault(ALL_ERRORS[error_type])
    assert fault.sentence in (SENTENCES.get(error_type), OTHER_SENTENCE)
    swedish = Wording("sv").say(fault.sentence, **fault.values)
    assert swedish != fault.message
    used = [value for name, value in fault.values.items() if f"{{{name}}}" in fault.sentence and name != "value"]
    assert all(isinstance(value, int | float | Choices) or value == fault.values["key"] for value in used)


@pytest.mark.parametrize(
    ("language", "detail"),
    [
        ("sv", '"XX" är inte tillåtet här; välj MO, TU, WE, TH, FR, SA eller SU.'),
        ("en", '"XX" is not allowed here; choose MO, TU, WE, TH, FR, SA or SU.'),
    ],
)
def test_allowed_values_are_listed_in_the_language_of_the_client(language: Language, detail: str) -> None:
    document = a_document(meetings=[a_meeting(weekdays=["XX"])])
    with pytest.raises(InvalidProblem) as raised:
        Problem.of(document)
    fault = raised.value.faults[0]
    assert Wording(language).say(fault.sentence, **fault.values) == detail


@pytest.mark.parametrize("model", MODELS)
def test_every_list_of_allowed_values_is_complete(model: type[BaseModel]) -> None:
    for node in nodes_of(model.__pydantic_core_schema__):
        if node["type"] == "literal":
            allowed = [str(value) for value in node["expected"]]
            expected = re.sub(r"(.*), ", r"\1 or ", ", ".join(map(repr, node["expected"])))
            error: Any = {"type": "literal_error", "loc": (), "msg": "", "ctx": {"expected": expected}}
            (fault,) = faults_of([error])
            assert fault.values["expected"] == Choices(tuple(allowed))
