"""Reject requests with an unknown Host header (protection against DNS rebinding)."""

import re

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api import errors
from api.errors import ApiError
from api.middleware.error_responses import send_error
from api.settings import Settings

_PORT = re.compile(r":\d{1,5}$")
_WRONG_HOST = "The Host header is not a name of this service; use one of {hosts}, or add the name to TRETTON_HOSTS."


class HostCheckMiddleware:
    """Responds with status 421 unless the Host header has one of the names in the settings."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._hosts = frozenset(settings.hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._is_allowed(scope):
            await self._app(scope, receive, send)
            return
        hosts = ", ".join(sorted(self._hosts))
        error = ApiError(errors.MISDIRECTED, _WRONG_HOST, {"hosts": hosts})
        await send_error(error, scope, send)

    def _is_allowed(self, scope: Scope) -> bool:
        header = Headers(scope=scope).get("host", "")
        host = _PORT.sub("", header.lower())
        return not self._hosts or host in self._hosts
