"""What routes ask for lives here: the language of the caller, the form of the answer, the body, somebody to work."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, Request, Response
from starlette.requests import ClientDisconnect

from api import errors
from api.content_negotiation import preferred, preferred_language
from api.errors import PROBLEM_JSON, Refusal, headers_in
from api.i18n import Wording
from api.i18n.wording import Language
from api.settings import Settings
from api.workers.pool import RETRY_AFTER, WorkerPool
from api.workers.protocol import Form, ProblemUpload, SolveResponse

PATIENCE = 4  # times the limit, before a body that is too large is not even heard out
JSON, CALENDAR = "application/json", "text/calendar"

_SLOW = "Send the whole problem within {seconds} seconds."
_LARGE = "Send at most {limit} MiB; gzip it, or plan fewer councils at a time."
_CROWDED = "Too many questions are being sent at once; try again in a few seconds."


def language_of(request: Request) -> Language:
    """Return the language the caller reads."""
    return preferred_language(request.headers)


def form_of(request: Request) -> Form:
    """Return whether JSON or a calendar is wanted."""
    chosen = preferred(request.headers.get("accept"), (JSON, CALENDAR))
    if chosen is None:
        raise Refusal(errors.NOT_ACCEPTABLE, "Accept application/json or text/calendar.")
    return "calendar" if chosen == CALENDAR else "json"


def json_alone(request: Request) -> None:
    """Refuse who does not take JSON, where an answer has no other form."""
    if preferred(request.headers.get("accept"), (JSON,)) is None:
        raise Refusal(errors.NOT_ACCEPTABLE, "Accept application/json.")


def settings_of(request: Request) -> Settings:
    """Return the settings of this service."""
    settings: Settings = request.app.state.settings
    return settings


def wording_of(request: Request) -> Wording:
    """Return who speaks to the caller."""
    return Wording(language_of(request))


def pool_of(request: Request) -> WorkerPool:
    """Return who works on questions."""
    pool: WorkerPool = request.app.state.pool
    return pool


LanguageDep = Annotated[Language, Depends(language_of)]
FormDep = Annotated[Form, Depends(form_of)]
SettingsDep = Annotated[Settings, Depends(settings_of)]
WordingDep = Annotated[Wording, Depends(wording_of)]
PoolDep = Annotated[WorkerPool, Depends(pool_of)]


class Bodies:
    """Receives bodies, so many at once, each within its size and time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._num_arriving = 0

    async def receive(self, request: Request) -> bytes:
        """
        Return the whole body.

        Raises
        ------
        Refusal
            413, 408 or 429, before more than the limit is held in memory.
        """
        if self._num_arriving >= self._settings.max_bodies:
            raise Refusal(errors.BUSY, _CROWDED, headers=RETRY_AFTER)
        self._num_arriving += 1
        try:
            async with asyncio.timeout(self._settings.body_seconds):
                return await self._all_of(request, self._settings.max_body_mib * 2**20)
        except TimeoutError:
            seconds = {"seconds": round(self._settings.body_seconds)}
            raise Refusal(errors.TOO_SLOW, _SLOW, seconds, headers={"Connection": "close"}) from None
        finally:
            self._num_arriving -= 1

    async def _all_of(self, request: Request, limit: int) -> bytes:
        body = bytearray()
        length = 0
        async for chunk in request.stream():
            length += len(chunk)
            if length <= limit:
                body += chunk
            elif length > PATIENCE * limit:
                break
        if length > limit:  # what came too much was read and thrown away: who is still sending does not hear us
            raise Refusal(errors.TOO_LARGE, _LARGE, {"limit": self._settings.max_body_mib})
        return bytes(body)


async def body_of(request: Request) -> bytes:
    """Return the body of a problem, plain or gzipped; the type is checked before a byte is read."""
    media_type, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    charset = parameters.replace(" ", "").replace('"', "")
    if media_type.strip() != JSON or charset not in ("", "charset=utf-8"):
        raise Refusal(errors.UNSUPPORTED, "Send the problem as application/json, in UTF-8.")
    if request.headers.get("content-encoding", "identity").lower() not in ("identity", "gzip"):
        raise Refusal(errors.UNSUPPORTED, "Send the problem plain or compressed with gzip.")
    bodies: Bodies = request.app.state.bodies
    return await bodies.receive(request)


BodyDep = Annotated[bytes, Depends(body_of)]


def sent_of(request: Request, language: LanguageDep, settings: SettingsDep) -> ProblemUpload:
    """Return how the problem was sent."""
    is_gzipped = request.headers.get("content-encoding", "").lower() == "gzip"
    return ProblemUpload(language, is_gzipped, settings.max_inflated_mib * 2**20)


SentDep = Annotated[ProblemUpload, Depends(sent_of)]


def response_of(answer: SolveResponse, sent: ProblemUpload) -> Response:
    """Return what goes out of a child's answer; what is wrong with a problem is told in the caller's language."""
    headers = headers_in(sent.language) if answer.media_type == PROBLEM_JSON else {}
    return Response(answer.body, answer.status, headers=headers, media_type=answer.media_type)


@asynccontextmanager
async def while_listening(request: Request) -> AsyncIterator[None]:
    """Cancel the block as soon as the caller hangs up; raise :class:`ClientDisconnect` then."""
    working = asyncio.current_task()
    assert working is not None
    is_gone = False

    async def watch() -> None:
        nonlocal is_gone
        while (await request.receive())["type"] != "http.disconnect":
            pass
        is_gone = True
        working.cancel()

    watching = asyncio.create_task(watch())
    try:
        yield
    except asyncio.CancelledError:
        if is_gone:
            working.uncancel()
            raise ClientDisconnect from None
        raise
    finally:
        watching.cancel()
