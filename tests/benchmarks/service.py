"""Latency of a request to the service compared with the same work in process, and its throughput."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor

from scheduler import Problem, propose
from tests.api.service.conftest import Server, serving
from tests.known_answers import instance_bytes

PAIRS = 5
CALLERS, REQUESTS = 4, 200


def print_service() -> None:
    """Print the service's table of RESULTS.md."""
    large = instance_bytes("l.json.gz")
    small = instance_bytes("s.json")
    with serving(max_waiting="64") as server:
        ratios = [_over_http(server, large) / _in_process(large) for _ in range(PAIRS)]
        low, middle, high = min(ratios), statistics.median(ratios), max(ratios)
        print(f"whole request / parse + propose in process, L: {middle:.2f} ({low:.2f} to {high:.2f}, {PAIRS} pairs)")
        _over_http(server, small)
        begun = time.perf_counter()
        with ThreadPoolExecutor(CALLERS) as crowd:
            seconds = sorted(crowd.map(lambda _: _over_http(server, small), range(REQUESTS)))
        rate = REQUESTS / (time.perf_counter() - begun)
        p99 = 1000 * seconds[int(0.99 * REQUESTS) - 1]
        middle = 1000 * statistics.median(seconds)
        print(f"S, {CALLERS} callers: {rate:.1f} requests a second, median {middle:.0f} ms, p99 {p99:.0f} ms")


def _over_http(server: Server, problem: bytes) -> float:
    begun = time.perf_counter()
    reply = server.post(problem, "/v1/proposals?alternatives=1")
    assert reply.status == 200
    return time.perf_counter() - begun


def _in_process(problem: bytes) -> float:
    begun = time.perf_counter()
    propose(Problem.read(problem), alternatives=1, time_limit_seconds=30).model_dump_json()
    return time.perf_counter() - begun
