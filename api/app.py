"""Where the parts of the service are put together, and nowhere else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api import errors
from api.dependencies import Bodies, wording_of
from api.errors import PROBLEM_JSON, Refusal, headers_in, refusal_of
from api.middleware import Guard
from api.openapi import describe
from api.routes import explanations, proposals, service
from api.settings import Settings
from api.static_plan import show
from api.workers.pool import WorkerPool
from scheduler.errors import Fault
from scheduler.problem.parse import faults_of

_INVALID_OPTIONS = "Mend the options listed under errors."


def create_app(settings: Settings | None = None, folder: Path | None = None) -> FastAPI:
    """
    Return the service.

    Parameters
    ----------
    folder
        A plan's folder to show at ``/``, as `tretton demo` does.
    """
    settings = settings or Settings.of()
    pool = WorkerPool(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        pool.start()
        yield
        await pool.stop()

    app = FastAPI(title="Tretton", version=version("tretton"), lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.settings, app.state.pool, app.state.bodies = settings, pool, Bodies(settings)
    app.openapi = _describe_once(app)  # type: ignore[method-assign]  # as FastAPI's own documentation does it
    app.include_router(proposals.router)
    app.include_router(explanations.router)
    app.include_router(service.router)
    if folder is not None:
        show(app, folder)
    app.add_exception_handler(Refusal, _refuse)
    app.add_exception_handler(RequestValidationError, _refuse_options)
    app.add_exception_handler(HTTPException, _refuse_route)
    app.add_middleware(Guard, settings=settings)
    return app


def _describe_once(app: FastAPI) -> Any:
    def description() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = describe(app)
        return app.openapi_schema

    return description


def _answer(request: Request, refusal: Refusal) -> Response:
    wording = wording_of(request)
    headers = {**headers_in(wording.language), **refusal.headers}
    return Response(refusal.document(wording), refusal.kind.status, headers=headers, media_type=PROBLEM_JSON)


async def _refuse(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    return _answer(request, refusal)


async def _refuse_options(request: Request, invalid: Exception) -> Response:
    assert isinstance(invalid, RequestValidationError)
    faults = [
        Fault(fault.pointer.removeprefix("/query"), fault.sentence, fault.values)
        for fault in faults_of(invalid.errors())  # type: ignore[arg-type]  # pydantic's own, passed through
    ]
    return _answer(request, Refusal(errors.INVALID, _INVALID_OPTIONS, faults=faults))


async def _refuse_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _answer(request, refusal_of(error.status_code, error.headers or {}))
