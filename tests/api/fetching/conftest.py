"""Strangers' servers, and a resolver that says what a test wants."""

import socket
from collections.abc import Iterator

import pytest

from tests.api.fetching.fake_servers import Stranger, a_stranger


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    """A server that the operator allows when a test asks by its own client."""
    with a_stranger() as running:
        yield running


@pytest.fixture
def canary() -> Iterator[Stranger]:
    """A server inside, which must never be asked anything."""
    with a_stranger() as running:
        yield running
        assert running.asked == []


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Return the list of answers, one a look-up; a test fills it, and what is left was not asked for."""
    answers: list[list[str]] = []

    def getaddrinfo(_: str, port: int, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in answers.pop(0)]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return answers


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Return the list of addresses that are connected to; none is, in fact."""
    addresses: list[tuple[str, int]] = []

    def connect(_: socket.socket, address: tuple[str, int]) -> None:
        addresses.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    return addresses
