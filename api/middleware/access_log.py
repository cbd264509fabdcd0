"""Log every request as one line of JSON."""

import json
import logging
import math
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.middleware.request_ids import request_id_of

FIELDS = ("method", "route", "status", "seconds", "request_id", "record")
REPETITIVE_LOGGERS = ("asyncio", "uvicorn.error")
REPETITION_SECONDS = 60.0
MAX_REMEMBERED = 100  # different records

log = logging.getLogger("tretton.requests")


class AccessLogMiddleware:
    """Logs the method, the route, the status and the duration of every request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        started_at = time.perf_counter()
        status = 0

        async def send_and_record(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_and_record)
        finally:
            seconds = round(time.perf_counter() - started_at, 4)
            log.info("request", extra=_log_fields(scope, status, seconds))


def _log_fields(scope: Scope, status: int, seconds: float) -> dict[str, object]:
    """Return the fields of a request. The path of the route is logged, not the URL, which may contain a secret."""
    route = scope.get("route")
    return {
        "method": scope["method"],
        "route": getattr(route, "path", None),
        "status": status,
        "seconds": seconds,
        "request_id": request_id_of(scope),
    }


class JsonLogFormatter(logging.Formatter):
    """Formats a record as one line of JSON, so that no text in it can forge another line."""

    def format(self, record: logging.LogRecord) -> str:
        document: dict[str, object] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
        }
        for name in FIELDS:
            if hasattr(record, name):
                document[name] = getattr(record, name)
        if record.exc_info:
            document["error"] = self.formatException(record.exc_info)
        return json.dumps(document, ensure_ascii=True)


class RepetitionFilter(logging.Filter):
    """
    Passes one of several equal records of the server and of the event loop, and the next one after a pause.

    The event loop writes a record for every connection that it cannot accept while files are exhausted: thousands a
    second.
    """

    def __init__(self) -> None:
        super().__init__()
        self._passed_at: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name not in REPETITIVE_LOGGERS or record.levelno < logging.WARNING:
            return True
        key = (record.name, record.getMessage())
        now = time.monotonic()
        if now - self._passed_at.get(key, -math.inf) < REPETITION_SECONDS:
            return False
        if len(self._passed_at) >= MAX_REMEMBERED:
            self._passed_at.clear()
        self._passed_at[key] = now
        return True
