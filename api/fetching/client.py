"""An HTTP client for untrusted servers: limits on time, size and redirects; credentials stay with one origin."""

import ssl
import zlib
from base64 import b64encode
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property
from http.client import HTTPException, HTTPResponse, IncompleteRead

from api.fetching.connection import CheckedConnection, Deadline, ResponseTooLarge
from api.fetching.errors import FetchError
from api.fetching.url_policy import Link
from api.settings import MIB, Settings
from scheduler.errors import Fault

MAX_REDIRECTS = 3
FRAMING_BYTES = 256 * 1024  # on top of the body: response headers and chunk sizes
CHUNK_BYTES = 64 * 1024

TRUNCATED = "The response of the server was incomplete; try again later."
NOT_HTTP = "The response of the server is not valid HTTP; check the link."
INVALID_CERTIFICATE = (
    "The certificate of the server is not valid for the host in the link; contact the server's operator."
)
TOO_MANY_REDIRECTS = "The link redirects more than {limit} times; use the link that it finally leads to."
TLS_FAILED = "A secure connection to the server failed; check the link, or contact the server's operator."
UNSUPPORTED_ENCODING = "The server uses an unsupported compression; contact the server's operator."
TIMED_OUT = "The server did not send a complete response within {seconds} seconds; try again later."
TOO_LARGE = "The response is larger than {limit} MiB; subscribe to a shorter period."

_REDIRECTS = {301, 302, 303, 307, 308}
_GZIP_ONLY = zlib.MAX_WBITS | 16  # 16: a gzip header and trailer, and no other format (zlib's inflateInit2)


@dataclass(frozen=True, slots=True)
class Request:
    """
    An HTTP request.

    It is repeated unchanged after every redirect, so the method has to be safe (RFC 9110, section 9.2.1).
    """

    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    credentials: tuple[str, str] | None = field(default=None, repr=False)  # user name and password


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP response; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class Client:
    """Sends requests to servers whose URLs come from untrusted input."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._allowlist = frozenset(host.lower() for host in settings.fetch_hosts)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """The certificate authorities that this machine trusts; loaded for the first https URL."""
        return ssl.create_default_context()

    def send(self, url: str, request: Request) -> Response:
        """
        Return the response to a request after all redirects, whatever its status.

        Raises
        ------
        FetchError
            When the URL is rejected, or no complete response arrives within the limits.
        """
        deadline = Deadline(self._settings.fetch_seconds)
        try:
            link = Link.parse(url, self._allowlist)
            return self._follow_redirects(link, request, deadline)
        except TimeoutError:
            seconds = f"{self._settings.fetch_seconds:g}"
            raise FetchError(Fault("", TIMED_OUT, {"seconds": seconds})) from None
        except ResponseTooLarge:
            raise self._too_large() from None
        except ssl.SSLCertVerificationError:
            raise FetchError(Fault("", INVALID_CERTIFICATE)) from None
        except ssl.SSLError:
            raise FetchError(Fault("", TLS_FAILED)) from None
        except (OSError, IncompleteRead):
            raise FetchError(Fault("", TRUNCATED)) from None
        except HTTPException:
            raise FetchError(Fault("", NOT_HTTP)) from None

    def _follow_redirects(self, link: Link, request: Request, deadline: Deadline) -> Response:
        for _ in range(MAX_REDIRECTS + 1):
            response = self._exchange(link, request, deadline)
            location = response.headers.get("location")
            if response.status not in _REDIRECTS or location is None:
                return response

            # A server that is not on the allowlist must not redirect to a host that is: the allowlisted hosts are
            # often in a private network, and the operator allowed the user, not that server, to reach them.
            allowlist = self._allowlist if link.is_allowlisted else ()
            target = link.resolve_redirect(location, allowlist)
            if target.origin != link.origin:
                request = replace(request, credentials=None)
            link = target
        raise FetchError(Fault("", TOO_MANY_REDIRECTS, {"limit": MAX_REDIRECTS}))

    def _exchange(self, link: Link, request: Request, deadline: Deadline) -> Response:
        tls = self._tls if link.scheme == "https" else None
        max_bytes = self._settings.max_fetch_mib * MIB + FRAMING_BYTES
        connection = CheckedConnection(link, tls, deadline, max_bytes)
        with closing(connection):
            connection.request(request.method, link.target, request.body, _request_headers(link, request))
            with connection.getresponse() as response:
                headers = {name.lower(): value for name, value in response.getheaders()}
                body = b"" if response.status in _REDIRECTS else _read_body(response)
                decoded = self._decode(body, headers.get("content-encoding", ""))
                return Response(response.status, headers, decoded)

    def _decode(self, body: bytes, encoding: str) -> bytes:
        """Return the body without its content coding. Some servers send gzip despite ``identity`` in the request."""
        limit = self._settings.max_fetch_mib * MIB
        encoding = encoding.strip().lower()
        if body and encoding in ("gzip", "x-gzip"):
            body = _decompress(body, limit)
        elif body and encoding not in ("", "identity"):
            raise FetchError(Fault("", UNSUPPORTED_ENCODING))
        if len(body) > limit:
            raise self._too_large()
        return body

    def _too_large(self) -> FetchError:
        return FetchError(Fault("", TOO_LARGE, {"limit": self._settings.max_fetch_mib}))


def _request_headers(link: Link, request: Request) -> dict[str, str]:
    headers = {
        "Host": link.authority,
        "User-Agent": "tretton",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    if request.credentials is not None:
        # Basic authentication: RFC 7617.
        credentials = ":".join(request.credentials).encode()
        headers["Authorization"] = "Basic " + b64encode(credentials).decode()
    return {**headers, **request.headers}


def _read_body(response: HTTPResponse) -> bytes:
    """Return the whole body, read in chunks: one large read would allocate whatever length the server announces."""
    body = bytearray()
    try:
        while chunk := response.read(CHUNK_BYTES):
            body += chunk
    except ValueError:  # http.client raises it for a negative chunk size
        raise FetchError(Fault("", NOT_HTTP)) from None
    # ``length`` counts down from Content-Length; http.client reports no error when the connection closes early.
    if response.length:
        raise FetchError(Fault("", TRUNCATED))
    return bytes(body)


def _decompress(body: bytes, limit: int) -> bytes:
    """Return the decompressed body, or its first ``limit + 1`` octets: enough to see that it is too large."""
    decompressor = zlib.decompressobj(wbits=_GZIP_ONLY)
    try:
        decompressed = decompressor.decompress(body, limit + 1)
    except zlib.error:
        raise FetchError(Fault("", UNSUPPORTED_ENCODING)) from None
    if not decompressor.eof and len(decompressed) <= limit:
        raise FetchError(Fault("", TRUNCATED))
    return decompressed
