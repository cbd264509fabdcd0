"""Who looks a host up, once, and lets nobody be sent into a private network."""

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from threading import Thread

from api.fetching.errors import NotFetched
from api.fetching.url_policy import Link
from scheduler.errors import Fault

MAX_TRIED = 4

PRIVATE = "The link leads into a private network, where nothing is fetched; ask the operator to allow its host."
UNKNOWN = "The host that the link names is not found; check the link."

# Wider than the ipaddress module's own lists, which differ between releases of Python: IANA's special registries.
_SPECIAL_V4 = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
_GLOBAL_V6 = IPv6Network("2000::/3")
_SPECIAL_V6 = (
    IPv6Network("2001::/23"),  # Teredo and others that carry an IPv4 address of anybody's choice
    IPv6Network("2002::/16"),  # 6to4 does too
    IPv6Network("3fff::/20"),  # documentation
)
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: how a network without IPv4 reaches one; the last 32 bits count


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Return whether an address, or the IPv4 address wrapped in it, lies in the open internet."""
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast and not any(address in net for net in _SPECIAL_V4)
    if address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    if address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address in _GLOBAL_V6 and address.is_global and not any(address in net for net in _SPECIAL_V6)


def addresses_of(link: Link, seconds: float) -> list[str]:
    """
    Return the addresses of a link's host, at most four; every one of them is public, or the operator named the host.

    Raises
    ------
    NotFetched
        When the host has none, or a single one that is not public.
    TimeoutError
        When the look-up takes longer than ``seconds``.
    """
    found = [str(entry[4][0]) for entry in _looked_up(link.host, link.port, seconds)]
    if not link.is_named and not all(is_public(ip_address(address)) for address in found):
        raise NotFetched(Fault("", PRIVATE))
    return list(dict.fromkeys(found))[:MAX_TRIED]


_Entry = tuple[int, int, int, str, Sequence[object]]


def _looked_up(host: str, port: int, seconds: float) -> list[_Entry]:
    """Ask the system's resolver, which knows no time limit, in a thread that is left behind when it is slow."""
    answers: list[list[_Entry]] = []

    def look_up() -> None:
        try:
            answers.append(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
        except (OSError, UnicodeError):
            answers.append([])

    asking = Thread(target=look_up, daemon=True)
    asking.start()
    asking.join(seconds)
    if not answers:
        raise TimeoutError
    if not answers[0]:
        raise NotFetched(Fault("", UNKNOWN))
    return answers[0]
