"""Fake HTTP servers, and a fake resolver whose results a test defines."""

import socket
from collections.abc import Iterator

import pytest

from tests.api.fetching.fake_servers import FakeServer, run_fake_server


@pytest.fixture
def fake_server() -> Iterator[FakeServer]:
    """A fake server; the clients that it creates have it on their allowlist."""
    with run_fake_server() as running:
        yield running


@pytest.fixture
def canary() -> Iterator[FakeServer]:
    """A fake server in the private network, which must not receive any request."""
    with run_fake_server() as running:
        yield running
        assert running.requests == []


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Return the list of lookup results, one for each lookup; results that remain were not used."""
    results: list[list[str]] = []

    def getaddrinfo(_: str, port: int, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in results.pop(0)]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return results


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Return the list of addresses of connection attempts; every attempt is refused."""
    addresses: list[tuple[str, int]] = []

    def connect(_: socket.socket, address: tuple[str, int]) -> None:
        addresses.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    return addresses
