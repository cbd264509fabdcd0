"""Addresses outside the public Internet are rejected, whatever a host name resolves to."""

import socket
import threading
from ipaddress import ip_address

import pytest

from api.fetching import connection, ip_policy
from api.fetching.client import Client, Request
from api.fetching.errors import FetchError
from api.fetching.ip_policy import is_public, resolve_addresses
from api.fetching.url_policy import Link
from api.settings import Settings

LINK = Link.parse("https://calendar.example.org/a.ics")


@pytest.mark.parametrize("address", ["8.8.8.8", "2a00:1450:4001::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254"),  # noqa: S104  # the point
        *("172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1"),
        *("198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1"),
        *(
            "64:ff9b::a00:1",
            "64:ff9b:1::7f00:1",
            "100::1",
            "2001::1",
            "2001:0:7f00:1::",
            "2001:db8::1",
            "2002:7f00:1::",
        ),
        *(
            "2002:808:808::",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fe80::1%2",
            "fec0::1",
            "ff02::1",
        ),
    ],
)
def test_special_addresses_are_not_public_in_any_notation(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["::1"], ["8.8.8.8", "10.0.0.1"], ["fd00::1", "8.8.8.8"]])
def test_a_host_with_any_private_address_is_rejected(
    addresses: list[str], resolver: list[list[str]], connected: list[tuple[str, int]]
) -> None:
    resolver.append(addresses)
    with pytest.raises(FetchError) as raised:
        Client(Settings()).send("https://calendar.example.org/a.ics", Request())
    assert raised.value.fault.sentence == ip_policy.PRIVATE_ADDRESS
    assert connected == []


def test_a_host_is_resolved_once_and_only_that_result_is_used(
    resolver: list[list[str]], connected: list[tuple[str, int]]
) -> None:
    resolver += [["8.8.8.8", "8.8.4.4"], ["127.0.0.1"]]
    with pytest.raises(FetchError) as raised:
        Client(Settings()).send("https://calendar.example.org/a.ics", Request())
    assert raised.value.fault.sentence == connection.UNREACHABLE
    assert connected == [("8.8.8.8", 443), ("8.8.4.4", 443)]
    assert resolver == [["127.0.0.1"]]


def test_no_more_than_four_addresses_are_tried(resolver: list[list[str]]) -> None:
    resolver.append([f"8.8.8.{i}" for i in range(100)])
    assert len(resolve_addresses(LINK, 10)) == 4


def test_proxies_in_the_environment_are_ignored(
    monkeypatch: pytest.MonkeyPatch, resolver: list[list[str]], connected: list[tuple[str, int]]
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:3128")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:3128")
    resolver.append(["8.8.8.8"])
    with pytest.raises(FetchError):
        Client(Settings()).send("https://calendar.example.org/a.ics", Request())
    assert connected == [("8.8.8.8", 443)]


def test_an_allowlisted_host_may_have_a_private_address(resolver: list[list[str]]) -> None:
    resolver.append(["10.0.0.1"])
    assert resolve_addresses(Link.parse("https://kalender.intranet/", {"kalender.intranet"}), 10) == ["10.0.0.1"]


def test_the_system_resolver_gives_a_private_address_for_localhost() -> None:
    with pytest.raises(FetchError) as raised:
        resolve_addresses(Link("https", "localhost", 443, "/"), 10)
    assert raised.value.fault.sentence == ip_policy.PRIVATE_ADDRESS


def test_an_unknown_host_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def getaddrinfo(*_: object, **__: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(FetchError) as raised:
        resolve_addresses(LINK, 10)
    assert raised.value.fault.sentence == ip_policy.UNKNOWN_HOST


def test_a_lookup_that_takes_too_long_times_out(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()

    def getaddrinfo(*_: object, **__: object) -> list[object]:
        released.wait(60)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(TimeoutError):
        resolve_addresses(LINK, 0.05)
    released.set()
