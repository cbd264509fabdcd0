"""Resolve host names and reject addresses outside the public Internet (protection against SSRF)."""

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from threading import Thread

from api.fetching.errors import FetchError
from api.fetching.url_policy import Link
from scheduler.errors import Fault

MAX_ADDRESSES = 4

PRIVATE_ADDRESS = (
    "The host in the link has an address in a private network; ask the operator of this service to allow the host."
)
UNKNOWN_HOST = "The host in the link has no address; check the spelling of the link."

# IANA's special-purpose registries. Stated here because the lists of the ipaddress module differ between releases of
# Python, and the narrowest of them is not enough.
_SPECIAL_V4 = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
_GLOBAL_V6 = IPv6Network("2000::/3")
_SPECIAL_V6 = (
    IPv6Network("2001::/23"),  # Teredo and other prefixes that embed an arbitrary IPv4 address
    IPv6Network("2002::/16"),  # 6to4 embeds one too
    IPv6Network("3fff::/20"),  # documentation
)
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are the IPv4 address that is reached

_AddressInfo = tuple[int, int, int, str, Sequence[object]]


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Return whether an address, or the IPv4 address embedded in it, belongs to the public Internet."""
    if isinstance(address, IPv4Address):
        is_special = any(address in network for network in _SPECIAL_V4)
        return address.is_global and not address.is_multicast and not is_special
    # The operating system connects to the embedded IPv4 address, so that address is the one to check.
    if address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    if address in _NAT64:
        embedded = IPv4Address(int(address) & 0xFFFFFFFF)
        return is_public(embedded)
    is_special = any(address in network for network in _SPECIAL_V6)
    return address in _GLOBAL_V6 and address.is_global and not is_special


def resolve_addresses(link: Link, timeout_seconds: float) -> list[str]:
    """
    Return at most four addresses of a link's host; all of them are public unless the host is on the allowlist.

    Raises
    ------
    FetchError
        When the host has no address, or any address that is not public.
    TimeoutError
        When the lookup takes longer than ``timeout_seconds``.
    """
    entries = _get_address_info(link.host, link.port, timeout_seconds)
    addresses = [str(socket_address[0]) for *_, socket_address in entries]
    # A single private address rejects the host: a name with both kinds is an attempt to get past this check.
    if not link.is_allowlisted and not all(is_public(ip_address(address)) for address in addresses):
        raise FetchError(Fault("", PRIVATE_ADDRESS))
    unique = list(dict.fromkeys(addresses))
    return unique[:MAX_ADDRESSES]


def _get_address_info(host: str, port: int, timeout_seconds: float) -> list[_AddressInfo]:
    """Call the system resolver in a daemon thread, which is abandoned on timeout: getaddrinfo has no time limit."""
    results: list[list[_AddressInfo]] = []

    def resolve() -> None:
        try:
            results.append([*socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)])
        except (OSError, UnicodeError):
            results.append([])

    resolver = Thread(target=resolve, daemon=True)
    resolver.start()
    resolver.join(timeout_seconds)
    if not results:
        raise TimeoutError
    entries = results[0]
    if not entries:
        raise FetchError(Fault("", UNKNOWN_HOST))
    return entries
