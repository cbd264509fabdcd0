"""FastAPI dependencies of the routes: negotiated language and form, settings, worker pool, and the request body."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, Request, Response
from starlette.requests import ClientDisconnect

from api import errors
from api.content_negotiation import best_match, preferred_language
from api.errors import PROBLEM_JSON, ApiError, language_headers
from api.i18n import Wording
from api.i18n.wording import Language
from api.settings import MIB, Settings
from api.workers.pool import RETRY_AFTER, WorkerPool
from api.workers.protocol import Form, ProblemUpload, SolveResponse

JSON = "application/json"
CALENDAR = "text/calendar"

MIN_OCTETS_PER_SECOND = 8 * 1024  # of a request body, on average after the first seconds
FIRST_SECONDS = 5.0

_TOO_SLOW = (
    "The body arrives too slowly; send it within {seconds} seconds and at {rate} KiB per second or faster, or compress"
    " it with gzip."
)
_TOO_LARGE = "The body is larger than {limit} MiB; compress it with gzip, or plan fewer councils at a time."
_TOO_MANY_UPLOADS = "The service is receiving too many requests at once; try again in a few seconds."
_ONLY_JSON = "The response is available as application/json only; change the Accept header."
_JSON_OR_CALENDAR = "The response is available as application/json or text/calendar; change the Accept header."
_WRONG_TYPE = "The body has an unsupported media type; send application/json in UTF-8."
_WRONG_CODING = "The body has an unsupported content coding; send it uncompressed or compressed with gzip."


def get_language(request: Request) -> Language:
    """Return the language that the client prefers."""
    return preferred_language(request.headers)


def negotiate_form(request: Request) -> Form:
    """Return the form of the response, JSON or iCalendar; reject a client that accepts neither."""
    media_type = best_match(request.headers.get("accept"), (JSON, CALENDAR))
    if media_type is None:
        raise ApiError(errors.NOT_ACCEPTABLE, _JSON_OR_CALENDAR)
    return "calendar" if media_type == CALENDAR else "json"


def require_json_accepted(request: Request) -> None:
    """Reject a client that does not accept JSON."""
    if best_match(request.headers.get("accept"), (JSON,)) is None:
        raise ApiError(errors.NOT_ACCEPTABLE, _ONLY_JSON)


def get_settings(request: Request) -> Settings:
    """Return the settings of the application."""
    settings: Settings = request.app.state.settings
    return settings


def get_wording(request: Request) -> Wording:
    """Return the translations for the language that the client prefers."""
    return Wording(get_language(request))


def get_pool(request: Request) -> WorkerPool:
    """Return the worker pool of the application."""
    pool: WorkerPool = request.app.state.pool
    return pool


LanguageDep = Annotated[Language, Depends(get_language)]
FormDep = Annotated[Form, Depends(negotiate_form)]
SettingsDep = Annotated[Settings, Depends(get_settings)]
WordingDep = Annotated[Wording, Depends(get_wording)]
PoolDep = Annotated[WorkerPool, Depends(get_pool)]


class BodyReceiver:
    """Receives request bodies, with limits on their size, their duration and the number of simultaneous uploads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._max_octets = settings.max_body_mib * MIB
        self._num_receiving = 0

    async def receive(self, request: Request) -> bytes:
        """
        Return the whole body of a request.

        Raises
        ------
        ApiError
            413, 408 or 429. At most the limit of octets is kept in memory.
        """
        if int(request.headers.get("content-length", "0")) > self._max_octets:
            raise self._too_large()
        if self._num_receiving >= self._settings.max_bodies:
            raise ApiError(errors.BUSY, _TOO_MANY_UPLOADS, headers=RETRY_AFTER)
        self._num_receiving += 1
        try:
            return await self._read(request)
        except TimeoutError:
            limits = {"seconds": round(self._settings.body_seconds), "rate": MIN_OCTETS_PER_SECOND // 1024}
            raise ApiError(errors.TOO_SLOW, _TOO_SLOW, limits) from None
        finally:
            self._num_receiving -= 1

    async def _read(self, request: Request) -> bytes:
        started_at = asyncio.get_running_loop().time()
        body = bytearray()
        async with asyncio.timeout_at(started_at + self._max_seconds(0)) as deadline:
            async for chunk in request.stream():
                body += chunk
                if len(body) > self._max_octets:
                    raise self._too_large()
                deadline.reschedule(started_at + self._max_seconds(len(body)))
        return bytes(body)

    def _max_seconds(self, num_octets: int) -> float:
        """Return the time by which the next octet has to arrive after so many octets."""
        at_least_rate = FIRST_SECONDS + num_octets / MIN_OCTETS_PER_SECOND
        return min(self._settings.body_seconds, at_least_rate)

    def _too_large(self) -> ApiError:
        return ApiError(errors.TOO_LARGE, _TOO_LARGE, {"limit": self._settings.max_body_mib})


async def receive_body(request: Request) -> bytes:
    """Return the body of a request that uploads a problem; its type and coding are checked before it is read."""
    content_type = request.headers.get("content-type", "").lower()
    media_type, _, parameters = content_type.partition(";")
    charset = parameters.replace(" ", "").replace('"', "")
    if media_type.strip() != JSON or charset not in ("", "charset=utf-8"):
        raise ApiError(errors.UNSUPPORTED, _WRONG_TYPE)
    content_coding = request.headers.get("content-encoding", "identity").lower()
    if content_coding not in ("identity", "gzip"):
        raise ApiError(errors.UNSUPPORTED, _WRONG_CODING)
    receiver: BodyReceiver = request.app.state.body_receiver
    return await receiver.receive(request)


BodyDep = Annotated[bytes, Depends(receive_body)]


def describe_upload(request: Request, language: LanguageDep, settings: SettingsDep) -> ProblemUpload:
    """Return how the problem was sent, as a worker needs it."""
    content_coding = request.headers.get("content-encoding", "").lower()
    max_inflated_bytes = settings.max_inflated_mib * MIB
    return ProblemUpload(language, content_coding == "gzip", max_inflated_bytes)


UploadDep = Annotated[ProblemUpload, Depends(describe_upload)]


def to_http_response(response: SolveResponse, upload: ProblemUpload) -> Response:
    """Return a worker's response as an HTTP response; errors are in the language of the client."""
    is_error = response.media_type == PROBLEM_JSON
    headers = language_headers(upload.language) if is_error else {}
    return Response(response.body, response.status, headers=headers, media_type=response.media_type)


@asynccontextmanager
async def cancel_on_disconnect(request: Request) -> AsyncIterator[None]:
    """Cancel the block when the client disconnects, and raise :class:`ClientDisconnect`."""
    task = asyncio.current_task()
    assert task is not None
    has_disconnected = False

    async def watch() -> None:
        nonlocal has_disconnected
        message = await request.receive()
        while message["type"] != "http.disconnect":
            message = await request.receive()
        has_disconnected = True
        task.cancel()

    watcher = asyncio.create_task(watch())
    try:
        yield
    except asyncio.CancelledError:
        # A cancellation from elsewhere, as at shutdown, has to pass through unchanged.
        if has_disconnected:
            task.uncancel()
            raise ClientDisconnect from None
        raise
    finally:
        watcher.cancel()
