"""Who stands at the door: checks the host, names each request, puts the headers of safety on every answer, logs."""

import json
import logging
import re
import time
from base64 import b64encode
from hashlib import sha256
from secrets import token_hex

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import errors
from api.content_negotiation import preferred_language
from api.errors import PROBLEM_JSON, Refusal, headers_in
from api.i18n import Wording
from api.settings import Settings

SAFETY = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
REQUEST_ID = "X-Request-Id"

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_PORT = re.compile(r":\d{1,5}$")
_WRONG_HOST = "Call the service by a name that its operator has set; here that is {hosts}."
_DEFECT = "It is noted with the request id that stands in the answer's headers; tell the operator."

log = logging.getLogger("tretton.requests")


class Guard:
    """Middleware around the whole service."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._hosts = frozenset(settings.hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        request_id = asked.get(REQUEST_ID, "")
        if not _ID.fullmatch(request_id):
            request_id = token_hex(8)
        begun = time.perf_counter()
        status = 0

        async def guarded_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in SAFETY.items():
                    headers.setdefault(name, value)
                headers[REQUEST_ID] = request_id
            await send(message)

        try:
            if self._is_welcome(asked.get("host", "")):
                await self._app(scope, receive, guarded_send)
            else:
                hosts = ", ".join(sorted(self._hosts))
                await _refuse(Refusal(errors.MISDIRECTED, _WRONG_HOST, {"hosts": hosts}), asked, guarded_send)
        except Exception:  # whatever it is: the caller is told, and so is the operator
            log.exception("defect", extra={"request_id": request_id})
            if status:
                raise  # an answer has begun, and cannot be taken back
            await _refuse(Refusal(errors.BROKEN, _DEFECT), asked, guarded_send)
        finally:
            seconds = round(time.perf_counter() - begun, 4)
            log.info("request", extra=_told(scope, status, seconds, request_id))

    def _is_welcome(self, host: str) -> bool:
        return not self._hosts or _PORT.sub("", host.lower()) in self._hosts


async def _refuse(refusal: Refusal, asked: Headers, send: Send) -> None:
    language = preferred_language(asked)
    body = refusal.document(Wording(language))
    told = {"Content-Type": PROBLEM_JSON, "Content-Length": str(len(body)), **headers_in(language)}
    headers = [(name.lower().encode(), value.encode()) for name, value in told.items()]
    await send({"type": "http.response.start", "status": refusal.kind.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _told(scope: Scope, status: int, seconds: float, request_id: str) -> dict[str, object]:
    """Return what is logged of a request: the route, never the address as sent, which may hold a secret."""
    route = scope.get("route")
    path = getattr(route, "path", None)
    return {"method": scope["method"], "route": path, "status": status, "seconds": seconds, "request_id": request_id}


def styled(page: str) -> HTMLResponse:
    """Return a page that is allowed its own style sheets, by their hashes, and nothing else."""
    hashes = {b64encode(sha256(style.encode()).digest()).decode() for style in _STYLE.findall(page)}
    allowed = " ".join(f"'sha256-{digest}'" for digest in sorted(hashes))
    policy = (
        f"{SAFETY['Content-Security-Policy']}; style-src {allowed}" if hashes else SAFETY["Content-Security-Policy"]
    )
    return HTMLResponse(page, headers={"Content-Security-Policy": policy})


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON, so that nothing in it can pose as another line."""

    def format(self, record: logging.LogRecord) -> str:
        told = {"at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"), "level": record.levelname.lower()}
        told["event"] = record.getMessage()
        for name in ("method", "route", "status", "seconds", "request_id"):
            if hasattr(record, name):
                told[name] = getattr(record, name)
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=True)
