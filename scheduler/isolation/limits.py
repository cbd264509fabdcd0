"""
Limits that a worker process sets on itself: address space, processor time, files and timers.

On Windows, which has neither resource limits nor interval timers, the functions do nothing.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

if sys.platform != "win32":
    import resource

_UNKNOWN_ADDRESS_SPACE = 2**40  # octets; so much that a limit derived from it never takes effect


def limit_address_space(num_octets: int) -> None:
    """
    Let the process map at most ``num_octets`` octets; beyond the limit an allocation raises MemoryError.

    Raises
    ------
    ValueError, OSError
        When the system does not allow the limit; so do the other functions that set limits.
    """
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (num_octets, num_octets))


def limit_cpu_time(seconds: float, *, grace_seconds: int, is_final: bool) -> None:
    """
    End the process with SIGXCPU when it has used ``seconds`` more of processor time and the grace period is over.

    Parameters
    ----------
    is_final
        Whether the limit is the hard limit too, so that this process can never raise it again. A worker that serves
        many requests renews its limit for each of them.
    """
    if sys.platform != "win32":
        usage = resource.getrusage(resource.RUSAGE_SELF)
        used_seconds = usage.ru_utime + usage.ru_stime
        limit = int(used_seconds + seconds) + grace_seconds  # the system counts whole seconds
        hard_limit = limit
        if not is_final:
            _, hard_limit = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (limit, hard_limit))


def limit_open_files(num_files: int) -> None:
    """Let the process have at most ``num_files`` files open."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_NOFILE, (num_files, num_files))


def forbid_core_dumps() -> None:
    """Write no core file when the process crashes: its memory holds personal data."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def forbid_file_writes() -> None:
    """Let the process extend no file."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def address_space_in_use() -> int:
    """Return the octets that this process has mapped; 2**40 where the system does not publish the figure."""
    try:
        fields = Path("/proc/self/statm").read_bytes().split()
    except OSError:
        return _UNKNOWN_ADDRESS_SPACE
    if sys.platform == "win32":
        return _UNKNOWN_ADDRESS_SPACE
    return int(fields[0]) * resource.getpagesize()


def start_timers(cpu_seconds: float, wall_seconds: float, timeout: type[BaseException], repeat_seconds: float) -> None:
    """
    Raise ``timeout`` in the main thread when either time is over; end the process at the second alarm.

    Parameters
    ----------
    repeat_seconds
        The time from the first alarm to the second. A process that is still at work then did not see the exception,
        since a library caught it.
    """
    if sys.platform != "win32":
        handler = _timeout_handler(timeout)
        signal.signal(signal.SIGPROF, handler)
        signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_PROF, cpu_seconds, repeat_seconds)
        signal.setitimer(signal.ITIMER_REAL, wall_seconds, repeat_seconds)


def stop_timers() -> None:
    """Stop the timers of :func:`start_timers`."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _timeout_handler(timeout: type[BaseException]) -> Callable[[int, object], None]:
    num_alarms = 0

    def handle(_signal: int, _frame: object) -> None:
        nonlocal num_alarms
        num_alarms += 1
        if num_alarms > 1:
            os._exit(1)
        raise timeout

    return handle
