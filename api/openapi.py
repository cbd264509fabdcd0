"""What OpenAPI says beyond the signatures lives here: every answer, every error, and examples that a test replays."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from api import errors
from api.errors import PROBLEM_JSON, Kind, ProblemDetails
from api.examples import NOTHING_FITS, THREE_PARTIES
from scheduler import Problem, Proposals

Json = dict[str, Any]

TITLE = "Tretton"
SUMMARY = "Finds the meeting dates that most parties can keep, and proves that there are no better ones."
REF = "#/components/schemas/{model}"

EXAMPLES: Json = {
    "one meeting": {"summary": "One meeting of three parties", "value": THREE_PARTIES},
    "nothing fits": {"summary": "No date fits: an answer all the same", "value": NOTHING_FITS},
}


def refused(*kinds: Kind) -> Json:
    """Return the declaration of errors, by their status."""
    declared: Json = {}
    for kind in kinds:
        answer: Json = {
            "description": kind.title,
            "content": {PROBLEM_JSON: {"schema": {"$ref": REF.format(model="ProblemDetails")}}},
        }
        if kind in (errors.BUSY, errors.UNAVAILABLE):
            answer["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "string"}}}
        declared.setdefault(str(kind.status), answer)
    return declared


ANYWHERE = (errors.MISDIRECTED, errors.BROKEN)
PROPOSALS: Json = {
    "summary": "Propose dates",
    "description": "Answers the best dates for what is sought, proven best where time allows. Ask for"
    " text/calendar (the Accept header) to get the best plan as a calendar to import. That no date fits is an answer"
    " too: the status is then infeasible.",
    "response_model": None,
    "responses": {
        200: {
            "description": "The proposals, the best first; or the best plan as a calendar",
            "content": {
                "application/json": {"schema": {"$ref": REF.format(model="Proposals")}},
                "text/calendar": {"schema": {"type": "string"}},
            },
        },
        **refused(
            errors.NOT_ACCEPTABLE,
            errors.TOO_SLOW,
            errors.TOO_LARGE,
            errors.UNSUPPORTED,
            errors.INVALID,
            errors.BUSY,
            errors.UNAVAILABLE,
            *ANYWHERE,
        ),
    },
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "description": "A problem, in UTF-8; it may be compressed with gzip.",
            "content": {"application/json": {"schema": {"$ref": REF.format(model="Problem")}, "examples": EXAMPLES}},
        }
    },
}
HEALTH: Json = {
    "summary": "Is it well?",
    "description": "Tells that the service is well, and which version it is.",
    "response_description": "It is",
    "responses": refused(*ANYWHERE),
}
SCHEMA: Json = {
    "summary": "How a problem is written",
    "description": "Answers the JSON Schema of a problem.",
    "response_description": "The schema",
    "responses": refused(*ANYWHERE),
}


def describe(app: FastAPI) -> Json:
    """Return the OpenAPI 3.1 document of ``app``: what the framework knows, and the models that it does not."""
    document = get_openapi(title=TITLE, version=app.version, summary=SUMMARY, routes=app.routes)
    models = [(Problem, "validation"), (Proposals, "serialization"), (ProblemDetails, "serialization")]
    _, definitions = models_json_schema(models, ref_template=REF)  # type: ignore[arg-type]  # pairs, as it wants
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(definitions["$defs"])
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return document
