"""Where nobody is sent, whatever a name is made to mean."""

import socket
import threading
from ipaddress import ip_address

import pytest

from api.fetching import connection, ip_policy
from api.fetching.client import Client, Request
from api.fetching.errors import NotFetched
from api.fetching.ip_policy import addresses_of, is_public
from api.fetching.url_policy import Link
from api.settings import Settings

LINK = Link.read("https://calendar.example.org/a.ics")


@pytest.mark.parametrize("address", ["8.8.8.8", "2a00:1450:4001::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_the_open_internet_is_open(address: str) -> None:
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
def test_no_address_of_a_private_network_is_public_however_it_is_wrapped(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("found", [["127.0.0.1"], ["::1"], ["8.8.8.8", "10.0.0.1"], ["fd00::1", "8.8.8.8"]])
def test_a_name_that_leads_inside_is_refused_even_if_it_leads_outside_too(
    found: list[str], resolver: list[list[str]], connected: list[tuple[str, int]]
) -> None:
    resolver.append(found)
    with pytest.raises(NotFetched) as refused:
        Client(Settings()).ask("https://calendar.example.org/a.ics", Request())
    assert refused.value.fault.sentence == ip_policy.PRIVATE
    assert connected == []


def test_a_name_is_looked_up_once_and_that_very_address_is_connected_to(
    resolver: list[list[str]], connected: list[tuple[str, int]]
) -> None:
    resolver += [["8.8.8.8", "8.8.4.4"], ["127.0.0.1"]]
    with pytest.raises(NotFetched) as refused:
        Client(Settings()).ask("https://calendar.example.org/a.ics", Request())
    assert refused.value.fault.sentence == connection.UNREACHABLE
    assert connected == [("8.8.8.8", 443), ("8.8.4.4", 443)]
    assert resolver == [["127.0.0.1"]]


def test_no_more_than_four_addresses_are_tried(resolver: list[list[str]]) -> None:
    resolver.append([f"8.8.8.{i}" for i in range(100)])
    assert len(addresses_of(LINK, 10)) == 4


def test_a_proxy_in_the_environment_is_not_asked(
    monkeypatch: pytest.MonkeyPatch, resolver: list[list[str]], connected: list[tuple[str, int]]
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:3128")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:3128")
    resolver.append(["8.8.8.8"])
    with pytest.raises(NotFetched):
        Client(Settings()).ask("https://calendar.example.org/a.ics", Request())
    assert connected == [("8.8.8.8", 443)]


def test_a_name_that_the_operator_gave_may_lead_inside(resolver: list[list[str]]) -> None:
    resolver.append(["10.0.0.1"])
    assert addresses_of(Link.read("https://kalender.intranet/", {"kalender.intranet"}), 10) == ["10.0.0.1"]


def test_the_real_resolver_finds_this_machine() -> None:
    with pytest.raises(NotFetched) as refused:
        addresses_of(Link("https", "localhost", 443, "/"), 10)
    assert refused.value.fault.sentence == ip_policy.PRIVATE


def test_a_name_that_is_not_found_is_said_to_be_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def getaddrinfo(*_: object, **__: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(NotFetched) as refused:
        addresses_of(LINK, 10)
    assert refused.value.fault.sentence == ip_policy.UNKNOWN


def test_a_resolver_that_never_answers_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()

    def getaddrinfo(*_: object, **__: object) -> list[object]:
        released.wait(60)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(TimeoutError):
        addresses_of(LINK, 0.05)
    released.set()
