"""Processor seconds of searches that their time limit ends, to calibrate deterministic time."""

import time
from collections.abc import Callable

from scheduler import Problem, propose
from scheduler.proposal import Objective
from tests.benchmarks.dense_county import dense_county
from tests.benchmarks.instances import SIZES, instance

LIMIT_SECONDS = 60.0

CASES: dict[str, tuple[Callable[[], Problem], Objective]] = {
    "28 councils, 4 members of a party": (lambda: dense_county(28, 4), "attendance"),
    "28 councils, 3 members of a party": (lambda: dense_county(28, 3), "attendance"),
    "60 councils, 6 members of a party": (lambda: dense_county(60, 6), "attendance"),
    "L, fair": (lambda: instance(SIZES["L"], seed=1), "fair"),
    "XL, fair": (lambda: instance(SIZES["XL"], seed=1), "fair"),
}


def print_limits() -> None:
    """Print for each case the result, and the seconds that the whole call took of the processor and by the clock."""
    print("| problem | status | alternatives | processor | clock |\n|---|---|---|---|---|")
    for name, (build, objective) in CASES.items():
        problem = build()
        clock, processor = time.perf_counter(), time.process_time()
        answer = propose(problem, objective=objective, time_limit_seconds=LIMIT_SECONDS)
        processor_seconds, seconds = time.process_time() - processor, time.perf_counter() - clock
        num_others = len(answer.proposals) - 1
        print(f"| {name} | {answer.status} | {num_others} | {processor_seconds:.0f} s | {seconds:.0f} s |", flush=True)
