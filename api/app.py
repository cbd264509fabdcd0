"""Create the ASGI application of the service."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from api import errors
from api.dependencies import BodyReceiver, get_wording
from api.errors import PROBLEM_JSON, ApiError, error_for_status, language_headers
from api.middleware import (
    AccessLogMiddleware,
    HostCheckMiddleware,
    InternalErrorMiddleware,
    RequestBodyMiddleware,
    RequestIdMiddleware,
    SecurityHeadersMiddleware,
)
from api.openapi import build_openapi
from api.plan_mount import mount_plan
from api.routes import explanations, proposals, service
from api.settings import Settings
from api.workers.pool import WorkerPool
from scheduler.errors import Fault
from scheduler.problem.faults import faults_of

CLIENT_CLOSED_REQUEST = 499  # no status of HTTP; nginx writes it in its log for the same event

_INVALID_PARAMETERS = "Some query parameters are invalid; correct those listed under errors."


def create_app(settings: Settings | None = None, folder: Path | None = None) -> FastAPI:
    """
    Return the application.

    Parameters
    ----------
    settings
        Limits and host names; from the environment by default.
    folder
        The folder of a plan to serve at ``/``, for `tretton demo`.
    """
    settings = settings or Settings.from_environment()
    pool = WorkerPool(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        pool.start()
        yield
        await pool.stop()

    app = FastAPI(
        title="Tretton",
        version=version("tretton"),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings = settings
    app.state.pool = pool
    app.state.body_receiver = BodyReceiver(settings)
    app.openapi = _cached_openapi(app)  # type: ignore[method-assign]  # the way that FastAPI documents

    app.include_router(proposals.router)
    app.include_router(explanations.router)
    app.include_router(service.router)
    if folder is not None:
        mount_plan(app, folder)
    _add_exception_handlers(app)
    _add_middleware(app, settings)
    return app


def _add_exception_handlers(app: FastAPI) -> None:
    app.add_exception_handler(ApiError, _respond_to_api_error)
    app.add_exception_handler(RequestValidationError, _respond_to_invalid_parameters)
    app.add_exception_handler(HTTPException, _respond_to_http_exception)
    app.add_exception_handler(ClientDisconnect, _end_disconnected)


def _add_middleware(app: FastAPI, settings: Settings) -> None:
    """Add the middleware, innermost first: an error response needs headers, a log line needs the request id."""
    app.add_middleware(HostCheckMiddleware, settings=settings)
    app.add_middleware(InternalErrorMiddleware)
    app.add_middleware(SecurityHeadersMiddleware)
    app.add_middleware(AccessLogMiddleware)
    app.add_middleware(RequestIdMiddleware)
    app.add_middleware(RequestBodyMiddleware)


def _cached_openapi(app: FastAPI) -> Callable[[], dict[str, Any]]:
    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = build_openapi(app)
        return app.openapi_schema

    return openapi


def _error_response(request: Request, error: ApiError) -> Response:
    wording = get_wording(request)
    body = error.to_json(wording)
    headers = {**language_headers(wording.language), **error.headers}
    return Response(body, error.kind.status, headers=headers, media_type=PROBLEM_JSON)


async def _respond_to_api_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return _error_response(request, error)


async def _respond_to_invalid_parameters(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # FastAPI puts "query" before the name of the parameter.
    faults = [
        Fault(fault.pointer.removeprefix("/query"), fault.sentence, fault.values)
        for fault in faults_of(error.errors())  # type: ignore[arg-type]  # FastAPI passes pydantic's errors on
    ]
    return _error_response(request, ApiError(errors.INVALID, _INVALID_PARAMETERS, faults=faults))


async def _respond_to_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _error_response(request, error_for_status(error.status_code, error.headers or {}))


async def _end_disconnected(_request: Request, _error: Exception) -> Response:
    """Return a response that no client receives; its status is that of the log entry."""
    return Response(status_code=CLIENT_CLOSED_REQUEST)
