"""Respond to unexpected exceptions with status 500, and log them."""

import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import errors
from api.errors import ApiError
from api.middleware.error_responses import send_error
from api.middleware.request_ids import request_id_of

_INTERNAL_ERROR = (
    "The service failed because of an internal error; send the operator the id in the X-Request-Id header."
)

log = logging.getLogger("tretton.requests")


class InternalErrorMiddleware:
    """Converts an unexpected exception into a response with status 500."""

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
        except Exception:
            log.exception("defect", extra={"request_id": request_id_of(scope)})
            # The status line is already sent, so the server can only close the connection.
            if has_started:
                raise
            error = ApiError(errors.BROKEN, _INTERNAL_ERROR)
            await send_error(error, scope, send)
