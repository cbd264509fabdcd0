"""A fake HTTP server: every path responds with the exact octets that a test defines."""

import contextlib
import gzip
import socketserver
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from io import BufferedIOBase
from typing import Any

from api.fetching import Client, FetchResult, SourceState, fetch
from api.settings import Settings

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n"


@dataclass(frozen=True)
class ReceivedRequest:
    """A request that the fake server received."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class FakeServer:
    """
    A server on a port of its own.

    Attributes
    ----------
    responses
        The octets of the response, in pieces, by path or by method and path.
    requests
        The requests received, in order.
    """

    port: int = 0
    responses: dict[str, Iterable[bytes]] = field(default_factory=dict)
    requests: list[ReceivedRequest] = field(default_factory=list)

    @property
    def authority(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str = "/") -> str:
        return f"http://{self.authority}{path}"

    def response_to(self, request: ReceivedRequest) -> Iterable[bytes]:
        for key in (f"{request.method} {request.path}", request.path):
            if key in self.responses:
                return self.responses[key]
        return http_response(b"", 404)

    def client(self, **settings: Any) -> Client:
        """Return a client with this server on its allowlist."""
        defaults: dict[str, Any] = {"fetch_hosts": (self.authority,), "max_fetch_mib": 1}
        return Client(Settings(**(defaults | settings)))

    def fetch(self, path: str = "/", previous: SourceState | None = None, **settings: Any) -> FetchResult:
        return fetch(self.url(path), previous, client=self.client(**settings), now=NOW)


def http_response(body: bytes = CALENDAR, status: int = 200, **headers: str) -> list[bytes]:
    """Return a response in one piece; ``Content_Length`` may be wrong on purpose."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    all_headers = {"Content-Length": str(len(body)), **given}
    status_line = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"
    header_lines = [f"{name}: {value}" for name, value in all_headers.items()]
    head = "\r\n".join([status_line, *header_lines, "", ""])
    return [head.encode() + body]


def gzipped_response(body: bytes) -> list[bytes]:
    return http_response(gzip.compress(body), Content_Encoding="gzip")


@contextlib.contextmanager
def run_fake_server(
    server_class: type[socketserver.ThreadingTCPServer] = socketserver.ThreadingTCPServer,
) -> Iterator[FakeServer]:
    """Run a fake server in a thread until the block ends."""
    fake_server = FakeServer()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError, ValueError):
                request = _read_request(self.rfile)
                fake_server.requests.append(request)
                for piece in fake_server.response_to(request):
                    self.wfile.write(piece)

    with server_class(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        fake_server.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield fake_server
        finally:
            server.shutdown()
            thread.join()


def _read_request(stream: BufferedIOBase) -> ReceivedRequest:
    method, path, _ = stream.readline().decode().split()
    headers: dict[str, str] = {}
    for line in stream:
        name, colon, value = line.decode().strip().partition(":")
        if not colon:
            break
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", 0)))
    return ReceivedRequest(method, path, headers, body)
