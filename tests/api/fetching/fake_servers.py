"""Servers that nobody vouches for: each path answers with the very octets that a test gives it."""

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

from api.fetching import Client, Fetched, State, fetch
from api.settings import Settings

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n"


@dataclass(frozen=True)
class Asked:
    """What a stranger was asked."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Stranger:
    """A server on a port of its own; ``answers`` holds the octets for each path, or method and path, in pieces."""

    port: int = 0
    answers: dict[str, Iterable[bytes]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    @property
    def authority(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str = "/") -> str:
        return f"http://{self.authority}{path}"

    def answer(self, asked: Asked) -> Iterable[bytes]:
        either = self.answers.get(asked.path, an_answer(b"", 404))
        return self.answers.get(f"{asked.method} {asked.path}", either)

    def client(self, **settings: Any) -> Client:
        """Return a client whose operator named this server."""
        defaults: dict[str, Any] = {"fetch_hosts": (self.authority,), "max_fetch_mib": 1}
        return Client(Settings(**(defaults | settings)))

    def fetched(self, path: str = "/", previous: State | None = None, **settings: Any) -> Fetched:
        return fetch(self.url(path), previous, client=self.client(**settings), now=NOW)


def an_answer(body: bytes = CALENDAR, status: int = 200, **headers: str) -> list[bytes]:
    """Return an answer in one piece; ``Content_Length`` may lie."""
    told = {"Content-Length": str(len(body)), **{name.replace("_", "-"): value for name, value in headers.items()}}
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{name}: {value}" for name, value in told.items())]
    return ["\r\n".join([*lines, "", ""]).encode() + body]


def a_packed_answer(body: bytes) -> list[bytes]:
    return an_answer(gzip.compress(body), Content_Encoding="gzip")


@contextlib.contextmanager
def a_stranger(
    server_class: type[socketserver.ThreadingTCPServer] = socketserver.ThreadingTCPServer,
) -> Iterator[Stranger]:
    """Run a stranger's server, and end it in the end."""
    stranger = Stranger()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError, ValueError):
                asked = _read(self.rfile)
                stranger.asked.append(asked)
                for piece in stranger.answer(asked):
                    self.wfile.write(piece)

    with server_class(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        stranger.port = server.server_address[1]
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        serving.start()
        try:
            yield stranger
        finally:
            server.shutdown()
            serving.join()


def _read(stream: BufferedIOBase) -> Asked:
    method, path, _ = stream.readline().decode().split()
    headers: dict[str, str] = {}
    for line in stream:
        name, colon, value = line.decode().strip().partition(":")
        if not colon:
            break
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", 0)))
    return Asked(method, path, headers, body)
