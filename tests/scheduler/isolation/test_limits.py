"""Tests of the limits that a process sets on itself, each in a process of its own."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no resource limits")


def run_program(program: str) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-c", f"from scheduler.isolation.limits import *\n{program}"]
    return subprocess.run(command, capture_output=True, check=False, env={"PYTHONPATH": str(ROOT)}, timeout=60)  # noqa: S603  # our own code


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the figure is read from /proc")
def test_an_allocation_over_the_limit_raises_memory_error() -> None:
    program = (
        "limit_address_space(address_space_in_use() + 2**24)\ntry: bytes(2**26)\nexcept MemoryError: print('limited')"
    )
    assert run_program(program).stdout == b"limited\n"


def test_a_process_over_its_processor_time_ends_with_sigxcpu() -> None:
    ended = run_program("limit_cpu_time(0, grace_seconds=1, is_final=False)\nwhile True: pass")
    assert ended.returncode == -signal.SIGXCPU


def test_a_limit_that_is_not_final_can_be_raised_again() -> None:
    program = "for _ in range(2): limit_cpu_time(9, grace_seconds=1, is_final=False)\nprint('renewed')"
    assert run_program(program).stdout == b"renewed\n"


@pytest.mark.parametrize(
    ("handler", "expected"), [("stop_timers(); print('over')", (0, b"over\n")), ("time.sleep(9)", (1, b""))]
)
def test_the_first_alarm_raises_the_exception_and_the_second_ends_the_process(
    handler: str, expected: tuple[int, bytes]
) -> None:
    timers = "import time\nstart_timers(9, 0.3, InterruptedError, 0.3)\n"
    ended = run_program(f"{timers}try: time.sleep(9)\nexcept InterruptedError: {handler}")
    assert (ended.returncode, ended.stdout) == expected


def test_stopped_timers_raise_nothing() -> None:
    program = "import time\nstart_timers(9, 0.2, InterruptedError, 9)\nstop_timers()\ntime.sleep(0.4)\nprint('quiet')"
    assert run_program(program).stdout == b"quiet\n"
