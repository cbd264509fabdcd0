"""An HTTP connection to a checked address, with a deadline and a limit on the octets received."""

import io
import socket
import ssl
import time
from collections.abc import Sequence
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

from api.fetching.errors import FetchError
from api.fetching.ip_policy import resolve_addresses
from api.fetching.url_policy import Link
from scheduler.errors import Fault

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_CONNECT_SECONDS = 5.0  # for each address, so that an unreachable address leaves time for the next

UNREACHABLE = "The server of the calendar cannot be reached; try again later."


class ResponseTooLarge(Exception):
    """The server sent more octets than the limit."""


class Deadline:
    """The time limit of a whole fetch: name resolution, connecting, all redirects and all reads."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def remaining(self) -> float:
        """Return the remaining seconds; raise :class:`TimeoutError` when the deadline has passed."""
        seconds = self._end - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds


class CheckedConnection(HTTPConnection):
    """
    An HTTP connection to one of the addresses that passed :mod:`api.fetching.ip_policy`.

    The host is resolved once and the connection is made to that result, so that a second lookup with another result
    (DNS rebinding) is not possible. Proxies in the environment are ignored.
    """

    def __init__(self, link: Link, tls: ssl.SSLContext | None, deadline: Deadline, max_bytes: int) -> None:
        super().__init__(link.host, link.port)
        self._link = link
        self._tls = tls
        self._deadline = deadline
        self._max_bytes = max_bytes

    def connect(self) -> None:
        """Connect to the first address that accepts, and verify the certificate against the host name."""
        addresses = resolve_addresses(self._link, self._deadline.remaining())
        connection = _connect_to_any(addresses, self._link.port, self._deadline)
        try:
            connection.settimeout(self._deadline.remaining())
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_hostname=self._link.host)
        except BaseException:
            connection.close()
            raise
        # http.client uses only the methods that the adapter has.
        self.sock: Any = _LimitedSocket(connection, self._deadline, self._max_bytes)


def _connect_to_any(addresses: Sequence[str], port: int, deadline: Deadline) -> socket.socket:
    for address in addresses:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        candidate = socket.socket(family, socket.SOCK_STREAM)
        try:
            timeout = min(deadline.remaining(), MAX_CONNECT_SECONDS)
            candidate.settimeout(timeout)
            candidate.connect((address, port))
        except OSError:
            candidate.close()
        else:
            return candidate
    # Raises TimeoutError if the deadline is the reason that no address accepted.
    deadline.remaining()
    raise FetchError(Fault("", UNREACHABLE))


class _LimitedSocket:
    """The part of the socket interface that http.client uses, with the deadline applied to every operation."""

    def __init__(self, connection: socket.socket, deadline: Deadline, max_bytes: int) -> None:
        self._connection = connection
        self._deadline = deadline
        self._max_bytes = max_bytes

    def sendall(self, octets: bytes) -> None:
        self._connection.settimeout(self._deadline.remaining())
        self._connection.sendall(octets)

    def makefile(self, _mode: str) -> io.BufferedReader:
        raw = _LimitedReader(self._connection, self._deadline, self._max_bytes)
        return io.BufferedReader(raw)

    def close(self) -> None:
        self._connection.close()


class _LimitedReader(io.RawIOBase):
    """A raw stream that reads from a socket until the deadline passes or the limit on octets is exceeded."""

    def __init__(self, connection: socket.socket, deadline: Deadline, max_bytes: int) -> None:
        self._connection = connection
        # A file of its own keeps the socket open after http.client has closed its reference to it.
        self._raw = connection.makefile("rb", buffering=0)
        self._deadline = deadline
        self._remaining_bytes = max_bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        # A timeout per read would restart with every octet of a slow response; the deadline does not.
        self._connection.settimeout(self._deadline.remaining())
        count = self._raw.readinto(buffer) or 0
        self._remaining_bytes -= count
        if self._remaining_bytes < 0:
            raise ResponseTooLarge
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()
