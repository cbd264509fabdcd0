"""Clients that attack the service at the port that the first argument names, until they are killed."""

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress

from tests.api.service.conftest import Server
from tests.api.service.test_bad_input import gzip_bomb
from tests.api.service.test_health import one_octet_chunks
from tests.api.service.test_hostile_clients import CHUNK, CHUNKED, JSON_HEADERS, POST, head
from tests.api.service.test_workers import a_long_problem

Attack = Callable[[Server], None]


def send(server: Server, octets: bytes) -> None:
    """Send octets, until the service closes the connection or has responded."""
    with server.socket() as connection:
        connection.sendall(octets)
        connection.settimeout(2)
        connection.recv(4096)


def send_endless_bodies(server: Server) -> None:
    for headers in (b"Content-Type: text/plain\r\n", JSON_HEADERS):
        with server.socket() as connection, suppress(ConnectionError):
            connection.sendall(head(POST, headers + CHUNKED))
            for _ in range(1000):
                connection.sendall(CHUNK)


def open_silent_connections(server: Server) -> None:
    with ExitStack() as connections:
        for _ in range(100):
            connections.enter_context(server.socket())
        time.sleep(1)


def send_slowly(server: Server) -> None:
    with ExitStack() as connections:
        # Fewer than the bodies that the service receives at a time: more of them are refused, as other requests are.
        opened = [connections.enter_context(server.socket()) for _ in range(20)]
        for connection in opened:
            connection.sendall(head(POST, JSON_HEADERS + b"Content-Length: 1000\r\n\r\n"))
        for _ in range(10):
            time.sleep(0.1)
            for connection in opened:
                with suppress(ConnectionError):
                    connection.sendall(b" ")


def disconnect(server: Server) -> None:
    body = json.dumps(a_long_problem()).encode()
    with server.socket() as connection:
        connection.sendall(head(POST, JSON_HEADERS + b"Content-Length: %d\r\n\r\n" % len(body)) + body)
        time.sleep(0.1)
    time.sleep(0.5)


ATTACKS: dict[str, Attack] = {
    "chunks of one octet": lambda server: send(server, one_octet_chunks(300_000)),
    "endless bodies": send_endless_bodies,
    "silent connections": open_silent_connections,
    "slow bodies": send_slowly,
    "disconnections": disconnect,
    "large heads": lambda server: send(server, b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 2**18),
    "pipelined requests": lambda server: send(server, head(b"GET /healthz", b"\r\n") * 10_000),
    "gzip bombs": lambda server: send(
        server,
        head(POST, JSON_HEADERS + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(gzip_bomb(100)))
        + gzip_bomb(100),
    ),
}


def attack_for_ever(server: Server, attack: Attack) -> None:
    while True:
        with suppress(OSError):
            attack(server)
        time.sleep(0.05)


def main() -> None:
    # Attackers have computers of their own: they do not take the processor from the service.
    os.nice(19)
    port, *names = sys.argv[1:]
    server = Server(None, int(port))  # type: ignore[arg-type]  # the service is not a child of this process
    threads = [threading.Thread(target=attack_for_ever, args=(server, ATTACKS[name])) for name in names]
    for thread in threads:
        thread.start()


if __name__ == "__main__":
    main()
