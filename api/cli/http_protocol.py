"""
The HTTP connection of the server, with limits that uvicorn does not have.

A request head has a size and a time to arrive, the number of connections stays below the number of files that the
process may open, and input is parsed in small pieces, so that no connection holds the event loop.
"""

import asyncio
import logging
import sys
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api import errors
from api.errors import PROBLEM_JSON, ApiError
from api.i18n import Wording

if sys.platform != "win32":
    import resource

PIECE_OCTETS = 16 * 1024
MAX_HEAD_OCTETS = 64 * 1024
HEAD_SECONDS = 20.0
MAX_PIPELINED = 16  # requests that a client has sent before the response to an earlier one
RESERVED_FILES = 256  # for the workers, the libraries, and connections that are about to close
DEFAULT_FILES = 1024  # where the system does not tell
LOG_SECONDS = 60.0  # between two entries of the log about refused connections

_HEAD_TOO_LARGE = "The request head is larger than {limit} KiB; send a shorter path and fewer headers."

log = logging.getLogger("tretton.connections")


def max_connections() -> int:
    """Return the number of connections that the files of the process suffice for, after raising its soft limit."""
    if sys.platform == "win32":
        return DEFAULT_FILES - RESERVED_FILES
    soft_limit, hard_limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft_limit != hard_limit and hard_limit != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard_limit, hard_limit))
        soft_limit = hard_limit
    return max(soft_limit - RESERVED_FILES, soft_limit // 2)


class LimitedHttpProtocol(HttpToolsProtocol):
    """One connection. The class attributes are limits and a state that all connections share."""

    limit_connections = DEFAULT_FILES - RESERVED_FILES
    _logged_at = float("-inf")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._head_timer: asyncio.TimerHandle | None = None
        self._num_octets = 0  # since the last complete head, piece of a body, or end of a request
        self._has_progress = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        # asyncio reads so many octets at a time: other connections are served between two pieces.
        if hasattr(transport, "max_size"):
            transport.max_size = PIECE_OCTETS
        if len(self.connections) > self.limit_connections:
            self._log_refusal()
            transport.abort()
            return
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        # The parser keeps a head of any length in memory, and a trailer too. Octets that neither complete a head nor
        # belong to a body are therefore counted.
        for start in range(0, len(data), PIECE_OCTETS):
            piece = data[start : start + PIECE_OCTETS]
            self._has_progress = False
            super().data_received(piece)
            if self.transport.is_closing():
                return
            self._num_octets = 0 if self._has_progress else self._num_octets + len(piece)
            if self._num_octets > MAX_HEAD_OCTETS:
                self._reject_head()
                return
            if len(self.pipeline) > MAX_PIPELINED:
                self.transport.abort()
                return

    def on_headers_complete(self) -> None:
        self._has_progress = True
        self._stop_timer()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._has_progress = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._has_progress = True
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self.transport.is_closing():
            self._expect_head()

    def _expect_head(self) -> None:
        """Close the connection when no further request head arrives in time."""
        self._stop_timer()
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self._close_without_request)

    def _close_without_request(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.abort()

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()

    def _reject_head(self) -> None:
        """Respond with status 431 and close the connection."""
        error = ApiError(errors.HEAD_TOO_LARGE, _HEAD_TOO_LARGE, {"limit": MAX_HEAD_OCTETS // 1024})
        body = error.to_json(Wording("en"))
        head = (
            f"HTTP/1.1 {error.kind.status} {error.kind.title}\r\n"
            f"content-type: {PROBLEM_JSON}\r\n"
            f"content-length: {len(body)}\r\n"
            "connection: close\r\n\r\n"
        )
        # A response to an earlier request may be in progress, and then another one cannot be sent.
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(head.encode("ascii") + body)
        self.transport.close()

    def _log_refusal(self) -> None:
        now = self.loop.time()
        if now - LimitedHttpProtocol._logged_at >= LOG_SECONDS:
            LimitedHttpProtocol._logged_at = now
            log.warning("connections are refused: %d are open", self.limit_connections)
