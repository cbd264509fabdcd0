"""Beside clients that attack the service, other clients get their responses as usual."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from api.examples import THREE_PARTIES
from tests.api.service.attackers import ATTACKS
from tests.api.service.conftest import Server, serving

ATTACK_SECONDS = 10.0
MAX_HEALTH_SECONDS = 0.25
MAX_RESPONSE_SECONDS = 5.0


@contextmanager
def attacking(server: Server, *names: str) -> Iterator[None]:
    """Attack the service until the block ends."""
    command = [sys.executable, "-m", "tests.api.service.attackers", str(server.port), *names]
    with subprocess.Popen(command) as attackers:  # noqa: S603  # our own program
        try:
            yield
        finally:
            still_attacking = attackers.poll() is None
            attackers.kill()
        assert still_attacking


@pytest.mark.prove
@pytest.mark.parametrize("names", [*([name] for name in sorted(ATTACKS)), sorted(ATTACKS)], ids=", ".join)
def test_other_requests_are_answered_as_usual_during_an_attack(names: list[str]) -> None:
    health_seconds: list[float] = []
    response_seconds: list[float] = []
    with serving() as server:
        with attacking(server, *names):
            end = time.monotonic() + ATTACK_SECONDS
            while time.monotonic() < end:
                for _ in range(10):
                    started_at = time.monotonic()
                    assert server.send("GET", "/healthz").status == 200
                    health_seconds.append(time.monotonic() - started_at)
                started_at = time.monotonic()
                assert server.post(THREE_PARTIES).status == 200
                response_seconds.append(time.monotonic() - started_at)
        assert server.post(THREE_PARTIES).status == 200
    # All attackers at once need more processor time than two cores have, which they share with the service.
    factor = 1 if len(names) == 1 else 4
    assert max(health_seconds) < factor * MAX_HEALTH_SECONDS
    assert max(response_seconds) < factor * MAX_RESPONSE_SECONDS
    assert all("defect" not in line for line in server.log)
