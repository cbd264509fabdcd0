"""The parts of the OpenAPI document that FastAPI cannot derive: responses, errors, examples and descriptions."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from api import errors
from api.errors import PROBLEM_JSON, ErrorKind, ProblemDetails
from api.examples import NO_FEASIBLE_DATE, THREE_PARTIES
from scheduler import Problem, Proposals
from scheduler.explaining.explanation import Asking, Clashes, Conflicts, DateCost, ExplanationKind, Habits, Heatmap
from scheduler.proposal import Relaxation, RuleInstance, Violation

JsonObject = dict[str, Any]

TITLE = "Tretton"
SUMMARY = "Finds the meeting dates that most parties can attend, and proves that no other dates are better."
REF_TEMPLATE = "#/components/schemas/{model}"

_RESPONSE_MODELS = (Proposals, Heatmap, Clashes, Asking, Conflicts, Habits, ProblemDetails)
_SCHEMA_REFS, _SCHEMAS = models_json_schema(
    [(Problem, "validation"), *((model, "serialization") for model in _RESPONSE_MODELS)],
    ref_template=REF_TEMPLATE,
)
# These models leave out unset fields when they are serialised, so only their validation schemas list the fields.
_, _SPARSE_SCHEMAS = models_json_schema(
    [(model, "validation") for model in (DateCost, Relaxation, RuleInstance, Violation)],
    ref_template=REF_TEMPLATE,
)


def schema_ref(model: type[BaseModel]) -> JsonObject:
    """Return the reference to the schema of a model; pydantic qualifies the names of models that share a name."""
    return next(reference for (referenced, _), reference in _SCHEMA_REFS.items() if referenced is model)


def error_responses(*kinds: ErrorKind) -> JsonObject:
    """Return the declaration of error responses by status."""
    responses: JsonObject = {}
    for kind in kinds:
        response: JsonObject = {
            "description": kind.title,
            "content": {PROBLEM_JSON: {"schema": schema_ref(ProblemDetails)}},
        }
        if kind in (errors.BUSY, errors.UNAVAILABLE):
            retry_after = {"description": "Seconds.", "schema": {"type": "string"}}
            response["headers"] = {"Retry-After": retry_after}
        responses.setdefault(str(kind.status), response)
    return responses


_EVERYWHERE = (errors.MISDIRECTED, errors.BROKEN)
_SOLVING_ERRORS = error_responses(
    errors.NOT_ACCEPTABLE,
    errors.TOO_SLOW,
    errors.TOO_LARGE,
    errors.UNSUPPORTED,
    errors.INVALID,
    errors.BUSY,
    errors.UNAVAILABLE,
    *_EVERYWHERE,
)
_EXAMPLES: JsonObject = {
    "one meeting": {"summary": "One meeting of three parties", "value": THREE_PARTIES},
    "nothing fits": {"summary": "No feasible date", "value": NO_FEASIBLE_DATE},
}
_PROBLEM_BODY: JsonObject = {
    "requestBody": {
        "required": True,
        "description": "A problem as JSON in UTF-8, optionally compressed with gzip.",
        "content": {"application/json": {"schema": schema_ref(Problem), "examples": _EXAMPLES}},
    }
}
PROPOSALS: JsonObject = {
    "summary": "Propose dates",
    "description": "Returns plans with the best dates for the given objective, and proves within the time limit that"
    " they are the best. With text/calendar in the Accept header, returns the best plan as a calendar. If no plan"
    " satisfies all rules, the status in the response is infeasible.",
    "response_model": None,
    "responses": {
        200: {
            "description": "The proposals, best first, or the best plan as a calendar",
            "content": {
                "application/json": {"schema": schema_ref(Proposals)},
                "text/calendar": {"schema": {"type": "string"}},
            },
        },
        **_SOLVING_ERRORS,
    },
    "openapi_extra": _PROBLEM_BODY,
}


def _explanation(model: type[BaseModel], summary: str, description: str, result: str) -> JsonObject:
    """Return the declaration of an operation that explains a problem."""
    content = {"application/json": {"schema": schema_ref(model)}}
    return {
        "summary": summary,
        "description": description,
        "response_model": None,
        "responses": {200: {"description": result, "content": content}, **_SOLVING_ERRORS},
        "openapi_extra": _PROBLEM_BODY,
    }


EXPLANATIONS: dict[ExplanationKind, JsonObject] = {
    "heatmap": _explanation(
        Heatmap,
        "Cost of other dates",
        "Returns, for every meeting and date, how many expected parties the best plan loses if the meeting is held"
        " on that date and all rules are satisfied, or the rule that excludes the date.",
        "The dates of every meeting, with their cost in expected parties",
    ),
    "clashes": _explanation(
        Clashes,
        "Clashes worth moving",
        "Returns the events in people's calendars whose removal improves the best plan most, and the pairs of events"
        " that improve it only together.",
        "The events, greatest gain first",
    ),
    "asking": _explanation(
        Asking,
        "Value of unknown calendars",
        "Returns, for each person whose calendar is unknown, the expected gain from knowing it.",
        "The people, greatest expected gain first",
    ),
    "conflicts": _explanation(
        Conflicts,
        "Conflicting rules",
        "Returns a minimal set of rules that cannot be satisfied together, and the cheapest relaxations that make a"
        " plan possible. Both are empty if a plan exists. If the time runs out before the set is proven minimal,"
        " conflict_is_minimal is false.",
        "The conflicting rules, and the cheapest relaxations",
    ),
    "habit": _explanation(
        Habits,
        "Comparison with simpler methods",
        "Returns the plans of the council's usual dates, of a count of yes answers, and of Microsoft's meeting"
        " suggestions for the same problem, for comparison with the best plan.",
        "The methods, each with the value of its plan",
    ),
}
HEALTH: JsonObject = {
    "summary": "Health check",
    "description": "Returns that the service is running, and its version.",
    "response_description": "The status and the version",
    "responses": error_responses(*_EVERYWHERE),
}
READINESS: JsonObject = {
    "summary": "Readiness check",
    "description": "Returns whether a worker process is running; without one no problem can be solved.",
    "response_description": "The status",
    "responses": error_responses(errors.UNAVAILABLE, *_EVERYWHERE),
}
SCHEMA: JsonObject = {
    "summary": "JSON Schema of a problem",
    "description": "Returns the JSON Schema of the request body.",
    "response_description": "The schema",
    "responses": error_responses(*_EVERYWHERE),
}


def build_openapi(app: FastAPI) -> JsonObject:
    """Return the OpenAPI 3.1 document of ``app``, with the models that FastAPI does not know."""
    document = get_openapi(title=TITLE, version=app.version, summary=SUMMARY, routes=app.routes)
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(_SCHEMAS["$defs"] | _SPARSE_SCHEMAS["$defs"])
    # FastAPI adds its own error models, which the service does not use.
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return document
