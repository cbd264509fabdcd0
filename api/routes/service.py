"""The service itself: health and readiness checks, JSON Schema of a problem, and documentation."""

from functools import cache
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api import errors
from api.dependencies import PoolDep, WordingDep
from api.errors import ApiError
from api.middleware import html_page
from api.openapi import HEALTH, READINESS, SCHEMA
from api.pages.docs import render_docs
from api.workers.pool import RETRY_AFTER
from scheduler import Problem

router = APIRouter()

_NOT_READY = "No worker process is running; try again in a few seconds, or read the log if this lasts."


@router.get("/healthz", **HEALTH)
async def health() -> dict[str, str]:
    """Return the status and the version of the service."""
    return {"status": "ok", "version": version("tretton")}


@router.get("/readyz", **READINESS)
async def readiness(pool: PoolDep) -> dict[str, str]:
    """Return whether a worker process is running, without which no problem can be solved."""
    if not pool.is_ready:
        raise ApiError(errors.UNAVAILABLE, _NOT_READY, headers=RETRY_AFTER)
    return {"status": "ready"}


@router.get("/v1/schema/problem.json", **SCHEMA)
async def problem_schema() -> dict[str, Any]:
    """Return the JSON Schema of a problem."""
    return _problem_schema()


@router.get("/docs", include_in_schema=False)
async def documentation(request: Request, wording: WordingDep) -> HTMLResponse:
    """Return the documentation of the service as an HTML page."""
    document = request.app.openapi()
    return html_page(render_docs(document, wording))


@cache
def _problem_schema() -> dict[str, Any]:
    schema = Problem.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
