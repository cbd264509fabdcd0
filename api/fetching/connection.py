"""Who holds the line: a connection to one address that was checked, so many octets long and so many seconds."""

import io
import socket
import ssl
import time
from collections.abc import Sequence
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

from api.fetching.errors import NotFetched
from api.fetching.ip_policy import addresses_of
from api.fetching.url_policy import Link
from scheduler.errors import Fault

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_CONNECT_SECONDS = 5.0  # for one address, so that a dead one leaves time for the next

UNREACHABLE = "The calendar's server cannot be reached; try again later."


class Overlong(Exception):
    """More octets came than are taken."""


class Deadline:
    """A moment at which all of a fetch has to be over: looking up, connecting, every redirect, every octet."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left; raise :class:`TimeoutError` when there are none."""
        seconds = self._end - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds


class Connection(HTTPConnection):
    """HTTP over a socket of our own making, to an address of our own looking up; knows no proxy."""

    def __init__(self, link: Link, tls: ssl.SSLContext | None, deadline: Deadline, max_bytes: int) -> None:
        super().__init__(link.host, link.port)
        self._link = link
        self._tls = tls
        self._deadline = deadline
        self._max_bytes = max_bytes

    def connect(self) -> None:
        """Connect to the first address that answers, and shake hands under the host's name."""
        plain = _connected(addresses_of(self._link, self._deadline.left()), self._link.port, self._deadline)
        try:
            plain.settimeout(self._deadline.left())
            if self._tls is not None:
                plain = self._tls.wrap_socket(plain, server_hostname=self._link.host)
        except BaseException:
            plain.close()
            raise
        self.sock: Any = _Line(plain, self._deadline, self._max_bytes)  # http.client asks no more of it


def _connected(addresses: Sequence[str], port: int, deadline: Deadline) -> socket.socket:
    for address in addresses:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        trying = socket.socket(family, socket.SOCK_STREAM)
        try:
            trying.settimeout(min(deadline.left(), MAX_CONNECT_SECONDS))
            trying.connect((address, port))
        except OSError:
            trying.close()
        else:
            return trying
    deadline.left()
    raise NotFetched(Fault("", UNREACHABLE))


class _Line:
    """What http.client sees of a socket."""

    def __init__(self, connected: socket.socket, deadline: Deadline, max_bytes: int) -> None:
        self._connected = connected
        self._deadline = deadline
        self._max_bytes = max_bytes

    def sendall(self, octets: bytes) -> None:
        self._connected.settimeout(self._deadline.left())
        self._connected.sendall(octets)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Metered(self._connected, self._deadline, self._max_bytes))

    def close(self) -> None:
        self._connected.close()


class _Metered(io.RawIOBase):
    """Reads of a socket until the deadline, or until too much has come."""

    def __init__(self, connected: socket.socket, deadline: Deadline, max_bytes: int) -> None:
        self._connected = connected
        self._raw = connected.makefile("rb", buffering=0)  # keeps the socket open when http.client lets go of it
        self._deadline = deadline
        self._num_left = max_bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        self._connected.settimeout(self._deadline.left())
        count = self._raw.readinto(buffer) or 0
        self._num_left -= count
        if self._num_left < 0:
            raise Overlong
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()
