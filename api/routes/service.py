"""What tells of the service itself: whether it is well, how a problem is written, and its documentation."""

from functools import cache
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.dependencies import WordingDep
from api.middleware import styled
from api.openapi import HEALTH, SCHEMA
from api.pages.docs import render_docs
from scheduler import Problem

router = APIRouter()


@router.get("/healthz", **HEALTH)
async def health() -> dict[str, str]:
    """Tell that the service is well, and which version it is."""
    return {"status": "ok", "version": version("tretton")}


@router.get("/v1/schema/problem.json", **SCHEMA)
async def problem_schema() -> dict[str, Any]:
    """Return the JSON Schema of a problem."""
    return _schema()


@router.get("/docs", include_in_schema=False)
async def documentation(request: Request, wording: WordingDep) -> HTMLResponse:
    """Show what there is to ask."""
    return styled(render_docs(request.app.openapi(), wording))


@cache
def _schema() -> dict[str, Any]:
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Problem.model_json_schema()}
