"""What OpenAPI says beyond the signatures lives here: every answer, every error, and examples that a test replays."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from api import errors
from api.errors import PROBLEM_JSON, ProblemDetails
from api.examples import NOTHING_FITS, THREE_PARTIES
from scheduler import Problem, Proposals
from scheduler.explaining.explanation import Asking, Clashes, Conflicts, DateCost, ExplanationKind, Habits, Heatmap
from scheduler.proposal import Relaxation, RuleInstance, Violation

Json = dict[str, Any]

TITLE = "Tretton"
SUMMARY = "Finds the meeting dates that most parties can keep, and proves that there are no better ones."
REF = "#/components/schemas/{model}"

ANSWERS = (Proposals, Heatmap, Clashes, Asking, Conflicts, Habits, ProblemDetails)
REFS, WRITTEN = models_json_schema(
    [(Problem, "validation"), *((answer, "serialization") for answer in ANSWERS)], ref_template=REF
)
# these leave out what is not set, and only how they are read says what that may be
_, SPARING = models_json_schema(
    [(model, "validation") for model in (DateCost, Relaxation, RuleInstance, Violation)], ref_template=REF
)


def schema_of(model: type[BaseModel]) -> Json:
    """Return where the schema of ``model`` stands: two models may share a name."""
    return next(reference for (one, _), reference in REFS.items() if one is model)


EXAMPLES: Json = {
    "one meeting": {"summary": "One meeting of three parties", "value": THREE_PARTIES},
    "nothing fits": {"summary": "No date fits: an answer all the same", "value": NOTHING_FITS},
}


def refused(*kinds: errors.Kind) -> Json:
    """Return the declaration of errors, by their status."""
    declared: Json = {}
    for kind in kinds:
        answer: Json = {
            "description": kind.title,
            "content": {PROBLEM_JSON: {"schema": schema_of(ProblemDetails)}},
        }
        if kind in (errors.BUSY, errors.UNAVAILABLE):
            answer["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "string"}}}
        declared.setdefault(str(kind.status), answer)
    return declared


ANYWHERE = (errors.MISDIRECTED, errors.BROKEN)
WHILE_WORKING = refused(
    errors.NOT_ACCEPTABLE,
    errors.TOO_SLOW,
    errors.TOO_LARGE,
    errors.UNSUPPORTED,
    errors.INVALID,
    errors.BUSY,
    errors.UNAVAILABLE,
    *ANYWHERE,
)
A_PROBLEM: Json = {
    "requestBody": {
        "required": True,
        "description": "A problem, in UTF-8; it may be compressed with gzip.",
        "content": {"application/json": {"schema": schema_of(Problem), "examples": EXAMPLES}},
    }
}
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
                "application/json": {"schema": schema_of(Proposals)},
                "text/calendar": {"schema": {"type": "string"}},
            },
        },
        **WHILE_WORKING,
    },
    "openapi_extra": A_PROBLEM,
}


def explained(model: type[BaseModel], summary: str, description: str, answers: str) -> Json:
    """Return the declaration of an address that says why."""
    content = {"application/json": {"schema": schema_of(model)}}
    return {
        "summary": summary,
        "description": description,
        "response_model": None,
        "responses": {200: {"description": answers, "content": content}, **WHILE_WORKING},
        "openapi_extra": A_PROBLEM,
    }


EXPLANATIONS: dict[ExplanationKind, Json] = {
    "heatmap": explained(
        Heatmap,
        "What would another date cost?",
        "Answers, for every meeting and date, what the best plan loses when the meeting is held then, all rules kept;"
        " or the rule for which it cannot be.",
        "Every meeting's dates, with their cost in expected parties",
    ),
    "clashes": explained(
        Clashes,
        "Which clash is worth moving?",
        "Answers which events in people's calendars the best plan gains most without, and pairs of them where only"
        " both together help.",
        "The events, the greatest gain first",
    ),
    "asking": explained(
        Asking,
        "Whom is it worth asking?",
        "Answers what it is worth to know the calendar of each person whose time is unknown.",
        "The people, the most worth first",
    ),
    "conflicts": explained(
        Conflicts,
        "Why does nothing fit?",
        "Answers which rules cannot hold together, and what to give up so that a plan exists; nothing when one does.",
        "The rules, and the cheapest ways out",
    ),
    "habit": explained(
        Habits,
        "What would today's habit give?",
        "Answers what the council's habit, counting yes and Microsoft's confidence give on the same problem, beside"
        " the best plan.",
        "The ways, each with what its plan is worth",
    ),
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
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(WRITTEN["$defs"] | SPARING["$defs"])
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return document
