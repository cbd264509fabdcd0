"""The documentation page of the service: every operation with its parameters, responses and examples."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from api.i18n import Wording
from api.openapi import JsonObject
from api.pages.templating import environment, stylesheet

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A query parameter: its name, its meaning, and its type with limits and default."""

    name: str
    description: str
    value: str


@dataclass(frozen=True, slots=True)
class DocumentedResponse:
    """A response: its status, its meaning, and its media types."""

    status: str
    description: str
    media_types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """An example of a request body."""

    summary: str
    text: str


@dataclass(frozen=True, slots=True)
class RequestDocs:
    """The request of an operation."""

    has_body: bool
    examples: tuple[Example, ...]
    parameters: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class OperationDocs:
    """A method of a resource."""

    anchor: str
    method: str
    path: str
    title: str
    description: str
    request: RequestDocs
    responses: tuple[DocumentedResponse, ...]


def render_docs(document: JsonObject, wording: Wording) -> str:
    """Return the page for an OpenAPI document, as HTML."""
    template = environment().get_template("docs.html")
    return template.render(
        title=document["info"]["title"],
        summary=wording.say(document["info"]["summary"]),
        version=document["info"]["version"],
        operations=tuple(_operations(document, wording)),
        language=wording.language,
        stylesheet=stylesheet("docs.css"),
        say=wording.say,
    )


def _operations(document: JsonObject, wording: Wording) -> Iterator[OperationDocs]:
    for path, path_item in document["paths"].items():
        for method in METHODS:
            if method in path_item:
                yield _operation(path, method, path_item[method], wording)


def _operation(path: str, method: str, operation: JsonObject, wording: Wording) -> OperationDocs:
    responses = sorted(operation["responses"].items())
    return OperationDocs(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        title=wording.say(operation["summary"]),
        description=wording.say(operation["description"]),
        request=_request(operation, wording),
        responses=tuple(_response(status, response, wording) for status, response in responses),
    )


def _request(operation: JsonObject, wording: Wording) -> RequestDocs:
    content = operation.get("requestBody", {}).get("content", {})
    body = content.get("application/json", {})
    examples = body.get("examples", {}).values()
    parameters = operation.get("parameters", ())
    return RequestDocs(
        has_body=bool(body),
        examples=tuple(_example(example, wording) for example in examples),
        parameters=tuple(_parameter(parameter, wording) for parameter in parameters),
    )


def _example(example: JsonObject, wording: Wording) -> Example:
    text = json.dumps(example["value"], ensure_ascii=False, indent=2)
    return Example(wording.say(example["summary"]), text)


def _response(status: str, response: JsonObject, wording: Wording) -> DocumentedResponse:
    media_types = tuple(response.get("content", ()))
    return DocumentedResponse(status, wording.say(response["description"]), media_types)


def _parameter(parameter: JsonObject, wording: Wording) -> Parameter:
    schema = parameter["schema"]
    alternatives = schema.get("anyOf", [schema])
    values = [_type_and_limits(alternative) for alternative in alternatives if alternative.get("type") != "null"]
    if schema.get("default") is not None:
        values.append(f"= {schema['default']}")
    return Parameter(parameter["name"], wording.say(parameter["description"]), "; ".join(values))


def _type_and_limits(schema: JsonObject) -> str:
    parts = [_type_of(schema)]
    if "minimum" in schema:
        parts.append(f"≥ {schema['minimum']}")
    if "maximum" in schema:
        parts.append(f"≤ {schema['maximum']}")
    return ", ".join(parts)


def _type_of(schema: JsonObject) -> str:
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    constant_or_type: Any = schema.get("const", schema.get("type", ""))
    return str(constant_or_type)
