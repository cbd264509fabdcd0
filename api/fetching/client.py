"""Who asks a server for something: guarded, bounded, following a few redirects, and never handing a password on."""

import ssl
import zlib
from base64 import b64encode
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property
from http.client import HTTPException, HTTPResponse, IncompleteRead

from api.fetching.connection import Connection, Deadline, Overlong
from api.fetching.errors import NotFetched
from api.fetching.url_policy import Link
from api.settings import MIB, Settings
from scheduler.errors import Fault

MAX_REDIRECTS = 3
HEADROOM_BYTES = 256 * 1024  # for the heads of answers, and what frames their bodies
PIECE_BYTES = 64 * 1024

BROKE_OFF = "The answer broke off before its end; try again later."
GARBLED = "The server's answer is not HTTP; check the link."
IMPOSTOR = "The server's certificate does not prove that it is the one named in the link; ask its operator."
LOST = "The link is passed on more than {limit} times; give the link that it ends at."
NO_TLS = "No secure connection to the server can be made; check the link, or ask the server's operator."
PACKED = "The server packs its answer in a way that is not read; ask its operator."
SLOW = "The server did not answer in full within {seconds} seconds; try again later."
TOO_LARGE = "The answer is larger than {limit} MiB; subscribe to a shorter period."

_REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a server; repeated word for word at each redirect, so only what changes nothing may be asked."""

    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    login: tuple[str, str] | None = field(default=None, repr=False)  # a name and a password


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered; header names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class Client:
    """Asks servers that strangers name."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._named = frozenset(host.lower() for host in settings.fetch_hosts)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """What a server's certificate is held against: the authorities that this machine trusts."""
        return ssl.create_default_context()

    def ask(self, url: str, request: Request) -> Reply:
        """
        Return what the server at ``url`` answers in the end, whatever its status.

        Raises
        ------
        NotFetched
            When the link is not followed, or no whole answer comes within the bounds.
        """
        deadline = Deadline(self._settings.fetch_seconds)
        try:
            return self._followed(Link.read(url, self._named), request, deadline)
        except TimeoutError:
            raise NotFetched(Fault("", SLOW, {"seconds": f"{self._settings.fetch_seconds:g}"})) from None
        except Overlong:
            raise self._too_large() from None
        except ssl.SSLCertVerificationError:
            raise NotFetched(Fault("", IMPOSTOR)) from None
        except ssl.SSLError:
            raise NotFetched(Fault("", NO_TLS)) from None
        except (OSError, IncompleteRead):
            raise NotFetched(Fault("", BROKE_OFF)) from None
        except HTTPException:
            raise NotFetched(Fault("", GARBLED)) from None

    def _followed(self, link: Link, request: Request, deadline: Deadline) -> Reply:
        for _ in range(MAX_REDIRECTS + 1):
            reply = self._exchange(link, request, deadline)
            if reply.status not in _REDIRECTS or "location" not in reply.headers:
                return reply
            # a stranger's server sends nobody to the hosts that the operator named
            there = link.followed(reply.headers["location"], self._named if link.is_named else ())
            if there.origin != link.origin:
                request = replace(request, login=None)
            link = there
        raise NotFetched(Fault("", LOST, {"limit": MAX_REDIRECTS}))

    def _exchange(self, link: Link, request: Request, deadline: Deadline) -> Reply:
        max_bytes = self._settings.max_fetch_mib * MIB + HEADROOM_BYTES
        connection = Connection(link, self._tls if link.scheme == "https" else None, deadline, max_bytes)
        with closing(connection):
            connection.request(request.method, link.target, request.body, _headers(link, request))
            with connection.getresponse() as response:
                headers = {name.lower(): value for name, value in response.getheaders()}
                body = b"" if response.status in _REDIRECTS else _body(response)
                return Reply(response.status, headers, self._unpacked(body, headers.get("content-encoding", "")))

    def _unpacked(self, body: bytes, encoding: str) -> bytes:
        """Return a body as it was before it was packed, though no packing was asked for."""
        limit = self._settings.max_fetch_mib * MIB
        encoding = encoding.strip().lower()
        if body and encoding in ("gzip", "x-gzip"):
            body = _inflated(body, limit)
        elif body and encoding not in ("", "identity"):
            raise NotFetched(Fault("", PACKED))
        if len(body) > limit:
            raise self._too_large()
        return body

    def _too_large(self) -> NotFetched:
        return NotFetched(Fault("", TOO_LARGE, {"limit": self._settings.max_fetch_mib}))


def _headers(link: Link, request: Request) -> dict[str, str]:
    headers = {"Host": link.authority, "User-Agent": "tretton", "Accept-Encoding": "identity", "Connection": "close"}
    if request.login is not None:
        headers["Authorization"] = "Basic " + b64encode(":".join(request.login).encode()).decode()  # RFC 7617
    return {**headers, **request.headers}


def _body(response: HTTPResponse) -> bytes:
    """Return a whole body; it is read piece by piece, since whoever announces gigabytes is given none in advance."""
    pieces = bytearray()
    try:
        while piece := response.read(PIECE_BYTES):
            pieces += piece
    except ValueError:  # http.client's own, for a chunk of fewer octets than none
        raise NotFetched(Fault("", GARBLED)) from None
    if response.length:  # of what was announced
        raise NotFetched(Fault("", BROKE_OFF))
    return bytes(pieces)


def _inflated(body: bytes, limit: int) -> bytes:
    """Return what was packed, one octet more than the limit at most."""
    inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)  # 16: gzip's header and no other
    try:
        inflated = inflater.decompress(body, limit + 1)
    except zlib.error:
        raise NotFetched(Fault("", PACKED)) from None
    if not inflater.eof and len(inflated) <= limit:
        raise NotFetched(Fault("", BROKE_OFF))
    return inflated
