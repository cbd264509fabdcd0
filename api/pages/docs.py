"""The page that documents the service: every address, what it takes, what it answers, and an example to try."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from api.i18n import Wording
from api.pages.templating import environment, stylesheet

Json = dict[str, Any]

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something that may stand in the address, with its default and limits in words."""

    name: str
    says: str
    takes: str


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer: its status, what it means, in which forms it comes."""

    status: str
    says: str
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """What one method does at one address."""

    anchor: str
    method: str
    path: str
    title: str
    says: str
    takes_body: bool
    examples: tuple[tuple[str, str], ...]
    parameters: tuple[Parameter, ...]
    answers: tuple[Answered, ...]


def render_docs(description: Json, wording: Wording) -> str:
    """Return the page for an OpenAPI document."""
    template = environment().get_template("docs.html")
    return template.render(
        title=description["info"]["title"],
        summary=wording.say(description["info"]["summary"]),
        version=description["info"]["version"],
        operations=tuple(_operations(description, wording)),
        language=wording.language,
        stylesheet=stylesheet("docs.css"),
        say=wording.say,
    )


def _operations(description: Json, wording: Wording) -> Iterator[Operation]:
    for path, methods in description["paths"].items():
        for method in METHODS:
            if method in methods:
                yield _operation(path, method, methods[method], wording)


def _operation(path: str, method: str, told: Json, wording: Wording) -> Operation:
    body = told.get("requestBody", {}).get("content", {}).get("application/json", {})
    return Operation(
        anchor=told["operationId"],
        method=method.upper(),
        path=path,
        title=wording.say(told["summary"]),
        says=wording.say(told["description"]),
        takes_body=bool(body),
        examples=tuple(
            (wording.say(one["summary"]), _shown(one["value"])) for one in body.get("examples", {}).values()
        ),
        parameters=tuple(_parameter(one, wording) for one in told.get("parameters", ())),
        answers=tuple(
            Answered(status, wording.say(one["description"]), tuple(one.get("content", ())))
            for status, one in sorted(told["responses"].items())
        ),
    )


def _parameter(told: Json, wording: Wording) -> Parameter:
    schema = told["schema"]
    kinds = schema.get("anyOf", [schema])
    words = [", ".join(_limits(kind)) for kind in kinds if kind.get("type") != "null"]
    return Parameter(told["name"], wording.say(told["description"]), "; ".join([*words, *_default(schema)]))


def _limits(schema: Json) -> Iterator[str]:
    yield " | ".join(map(str, schema["enum"])) if "enum" in schema else str(schema.get("const", schema.get("type", "")))
    if "minimum" in schema:
        yield f"≥ {schema['minimum']}"
    if "maximum" in schema:
        yield f"≤ {schema['maximum']}"


def _default(schema: Json) -> Iterator[str]:
    if schema.get("default") is not None:
        yield f"= {schema['default']}"


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
