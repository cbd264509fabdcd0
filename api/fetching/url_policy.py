"""Parse and check the URLs of calendars: https only, a fully qualified host name, the default port, no credentials."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from api.fetching.errors import FetchError
from scheduler.errors import Fault

MAX_LENGTH = 2_000
DEFAULT_PORTS = {"https": 443, "http": 80}

INVALID_URL = "This is not a valid link; copy the whole link, from https:// or webcal:// onwards."
HAS_CREDENTIALS = "The link contains a user name or a password before the host; remove them from the link."
NOT_HTTPS = "The link has an unsupported scheme; use a link that begins with https:// or webcal://."
INVALID_HOST = "The link has no full host name, such as calendar.example.org; use a link that has one."
INVALID_PORT = "The link has a port other than 443; use a link without a port."

_SCHEMES = {"https": "https", "webcal": "https", "webcals": "https", "http": "http"}
# URL parsers disagree about these characters: some drop them, some treat a backslash as a slash. A URL that contains
# one could pass this check and then lead to another host.
_AMBIGUOUS = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029]")
_HOST = re.compile(r"(?=.{4,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])")
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))


@dataclass(frozen=True, slots=True)
class Link:
    """
    A URL that has passed the checks of this module.

    ``is_allowlisted`` means that the operator allows the host in ``TRETTON_FETCH_HOSTS``, whatever its address.
    """

    scheme: str
    host: str
    port: int
    target: str = field(repr=False)  # path and query, which often contain a secret
    is_allowlisted: bool = False

    @classmethod
    def parse(cls, url: str, allowlist: Collection[str] = ()) -> "Link":
        """
        Return the link of a URL.

        Parameters
        ----------
        allowlist
            The hosts that the operator allows, as ``host``, or ``host:port`` for a port other than the default. They
            may be IP addresses, be in a private network, and use http without TLS.

        Raises
        ------
        FetchError
            When the URL is invalid or not permitted.
        """
        parts, port = _split(url)
        scheme = _SCHEMES.get(parts.scheme.lower())
        if scheme is None:
            raise FetchError(Fault("", NOT_HTTPS))
        if "@" in parts.netloc:
            raise FetchError(Fault("", HAS_CREDENTIALS))

        host = _to_ascii(parts.hostname or "")
        target = quote(parts.path or "/", safe=_PRINTABLE)
        if parts.query:
            target += "?" + quote(parts.query, safe=_PRINTABLE)
        link = cls(scheme, host, port or DEFAULT_PORTS[scheme], target)

        if link.authority in allowlist:
            return replace(link, is_allowlisted=True)
        link._check_public()
        return link

    @property
    def authority(self) -> str:
        """The value of the Host header: the host, and the port unless it is the default."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port (RFC 6454, section 4); credentials are sent to one origin only."""
        return self.scheme, self.host, self.port

    def resolve_redirect(self, location: str, allowlist: Collection[str] = ()) -> "Link":
        """Return the link that a Location header leads to, checked like any URL; ``location`` may be relative."""
        # http.client decodes headers as Latin-1, while servers send UTF-8: encode back to the octets that were sent.
        octets = location.encode("latin-1", errors="replace")
        base = f"{self.scheme}://{self.authority}{self.target}"
        try:
            url = urljoin(base, quote(octets, safe=_PRINTABLE))
        except ValueError:
            raise FetchError(Fault("", INVALID_URL)) from None
        return Link.parse(url, allowlist)

    def _check_public(self) -> None:
        if self.scheme != "https":
            raise FetchError(Fault("", NOT_HTTPS))
        # The last label has to begin with a letter, which excludes IP addresses in every notation (0x7f.1, 2130706433).
        if not _HOST.fullmatch(self.host):
            raise FetchError(Fault("", INVALID_HOST))
        if self.port != DEFAULT_PORTS["https"]:
            raise FetchError(Fault("", INVALID_PORT))


def _split(url: str) -> tuple[SplitResult, int | None]:
    if len(url) > MAX_LENGTH or _AMBIGUOUS.search(url):
        raise FetchError(Fault("", INVALID_URL))
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise FetchError(Fault("", INVALID_URL)) from None
    return parts, port


def _to_ascii(host: str) -> str:
    """Return a host name in the form that is resolved: IDNA, which also maps full-width digits to ASCII digits."""
    try:
        encoded = host.removesuffix(".").encode("idna")
    except UnicodeError:
        raise FetchError(Fault("", INVALID_HOST)) from None
    return encoded.decode("ascii").lower()
