"""Who reads a link before anybody follows it: https, a name of a host, the usual port, and nothing hidden in it."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from api.fetching.errors import NotFetched
from scheduler.errors import Fault

MAX_LENGTH = 2_000
PORTS = {"https": 443, "http": 80}

NO_LINK = "This is not a link; copy all of it, from https:// or webcal:// on."
HAS_LOGIN = "The link holds a name or a password before the host; give the link without them."
NOT_HTTPS = "The link is not followed; give one that begins with https:// or webcal://."
NO_NAME = "The link names no host by its full name, such as calendar.example.org; give one that does."
ODD_PORT = "The link leads to an unusual port; give one that names no port."

_SCHEMES = {"https": "https", "webcal": "https", "webcals": "https", "http": "http"}
_STRANGE = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029]")  # what one reader of links skips and another does not
_HOST = re.compile(r"(?=.{4,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])")
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))


@dataclass(frozen=True, slots=True)
class Link:
    """Where something is to be fetched; ``is_named`` when the operator named the host, whatever its address."""

    scheme: str
    host: str
    port: int
    target: str = field(repr=False)  # path and query, which often hold a secret
    is_named: bool = False

    @classmethod
    def read(cls, url: str, named: Collection[str] = ()) -> "Link":
        """
        Return the link that ``url`` says, checked.

        Parameters
        ----------
        named
            The hosts that the operator lets be fetched from: ``host``, or ``host:port`` for another than the usual
            port. They may be numbers, lie in a private network, and speak plain http.

        Raises
        ------
        NotFetched
            When it is none, or one that is not followed.
        """
        parts, port = _split(url)
        scheme = _SCHEMES.get(parts.scheme.lower())
        if scheme is None:
            raise NotFetched(Fault("", NOT_HTTPS))
        if "@" in parts.netloc:
            raise NotFetched(Fault("", HAS_LOGIN))
        host = _ascii(parts.hostname or "")
        target = quote(parts.path or "/", safe=_PRINTABLE)
        if parts.query:
            target += "?" + quote(parts.query, safe=_PRINTABLE)
        link = cls(scheme, host, port or PORTS[scheme], target)
        if link.authority in named:
            return cls(link.scheme, link.host, link.port, link.target, is_named=True)
        link._check()
        return link

    @property
    def authority(self) -> str:
        """The host, and the port where it is not the usual one: as the Host header has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> tuple[str, str, int]:
        """What a password is given to: RFC 6454, section 4."""
        return self.scheme, self.host, self.port

    def followed(self, location: str, named: Collection[str] = ()) -> "Link":
        """Return where a redirect leads, checked as any link; ``location`` may be relative."""
        octets = location.encode("latin-1", errors="replace")  # headers are read as Latin-1, and written in anything
        here = f"{self.scheme}://{self.authority}{self.target}"
        try:
            there = urljoin(here, quote(octets, safe=_PRINTABLE))
        except ValueError:
            raise NotFetched(Fault("", NO_LINK)) from None
        return Link.read(there, named)

    def _check(self) -> None:
        if self.scheme != "https":
            raise NotFetched(Fault("", NOT_HTTPS))
        if not _HOST.fullmatch(self.host):  # numbers in any notation among them: a last label begins with a letter
            raise NotFetched(Fault("", NO_NAME))
        if self.port != PORTS["https"]:
            raise NotFetched(Fault("", ODD_PORT))


def _split(url: str) -> tuple[SplitResult, int | None]:
    if len(url) > MAX_LENGTH or _STRANGE.search(url):
        raise NotFetched(Fault("", NO_LINK))
    try:
        parts = urlsplit(url)
        return parts, parts.port
    except ValueError:
        raise NotFetched(Fault("", NO_LINK)) from None


def _ascii(host: str) -> str:
    """Return a host's name as it is looked up: å, ä and ö in their ASCII form, full-width digits as digits."""
    try:
        return host.removesuffix(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise NotFetched(Fault("", NO_NAME)) from None
