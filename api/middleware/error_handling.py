"""Respond to unexpected exceptions with status 500 and log them, and to a cancellation at shutdown with status 503."""

import asyncio
import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import errors
from api.errors import ApiError
from api.middleware.error_responses import send_error
from api.middleware.request_ids import request_id_of

_INTERNAL_ERROR = (
    "The service failed because of an internal error; send the operator the id in the X-Request-Id header."
)
_SHUTTING_DOWN = "The service is shutting down, and the request was not completed; try again in a few seconds."

log = logging.getLogger("tretton.requests")


class InternalErrorMiddleware:
    """Converts an unexpected exception into a response with status 500, and a cancellation into status 503."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        has_started = False

        async def send_and_record(message: Message) -> None:
            nonlocal has_started
            has_started |= message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, send_and_record)
        except asyncio.CancelledError:
            # The server cancels the requests that are in progress when the time to shut down is over.
            if has_started:
                raise
            headers = {"Retry-After": "5", "Connection": "close"}
            await send_error(ApiError(errors.UNAVAILABLE, _SHUTTING_DOWN, headers=headers), scope, send)
        except Exception:
            log.exception("defect", extra={"request_id": request_id_of(scope)})
            # The status line is already sent, so the server can only close the connection.
            if has_started:
                raise
            error = ApiError(errors.BROKEN, _INTERNAL_ERROR)
            await send_error(error, scope, send)
