"""
The worker process: read one calendar within limits, send the result, and exit.

Where the system can fork, the module runs as a fork server: it loads everything that reading needs once, then forks a
worker for each socket that it receives. Elsewhere it runs as a single worker (``--once``).
"""

import gc
import os
import signal
import socket
import sys
from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from scheduler.errors import UnreadableCalendar
from scheduler.ical.isolation.protocol import (
    READY,
    ReadOutcome,
    ReadRequest,
    WorkerLimits,
    encode_outcome,
    read_request,
)
from scheduler.ical.read.reader import TOO_LONG, OutOfTime, read_calendar
from scheduler.ical.read.reading import Reading
from scheduler.intervals import Interval
from scheduler.isolation.limits import (
    address_space_in_use,
    forbid_core_dumps,
    forbid_file_writes,
    limit_address_space,
    limit_cpu_time,
    limit_open_files,
    start_timers,
    stop_timers,
)

TOO_MUCH_MEMORY = "The calendar takes too much memory to read; export a shorter period."

GRACE_SECONDS = 2  # of processor time beyond the limit, in which the worker reports that its time is over
MAX_FILES = 64  # open at once; the zone database is read from files

# Uses every part of the reader, so that all modules are loaded before the first fork.
WARM_UP_CALENDAR = b"""BEGIN:VCALENDAR
BEGIN:VTIMEZONE
TZID:x
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0100
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:1
DTSTART;TZID=x:20270301T090000
DURATION:PT1H
RRULE:FREQ=DAILY;COUNT=2
END:VEVENT
END:VCALENDAR
"""


def main() -> None:
    """Serve requests from standard input: as a fork server on a socket, or one request with ``--once``."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent process handles Ctrl-C
    march = Interval(datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC))
    read_calendar(WARM_UP_CALENDAR, march, ZoneInfo("Europe/Stockholm"))
    if "--once" in sys.argv:
        _discard_standard_error()
        request, limits = read_request(sys.stdin.buffer.read)
        sys.stdout.buffer.write(_handle_within_limits(request, limits))
    else:
        _serve_forks(socket.socket(fileno=0))


def _serve_forks(control: socket.socket) -> None:
    """Fork a worker for every socket received on ``control``, until ``control`` is closed."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system reaps workers that exit
    # The collector writes to the header of every object it visits, which would copy the shared pages in each worker.
    gc.collect()
    gc.freeze()
    control.sendall(READY)
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            return
        # When the system refuses another process, the socket is closed below and the caller sees the end of its stream.
        with suppress(OSError):
            if os.fork() == 0:
                _run_worker(control, descriptors[0])
        for descriptor in descriptors:
            os.close(descriptor)


def _run_worker(control: socket.socket, descriptor: int) -> None:
    """Handle one request in a forked process and exit, whatever happens."""
    try:
        control.close()
        _discard_standard_error()
        connection = socket.socket(fileno=descriptor)
        request, limits = read_request(connection.makefile("rb").read)
        connection.sendall(_handle_within_limits(request, limits))
    finally:
        os._exit(0)


def _discard_standard_error() -> None:
    """Write nothing to any log from here on: the message of an exception may contain text of the calendar."""
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 2)


def _handle_within_limits(request: ReadRequest, limits: WorkerLimits) -> bytes:
    _set_limits(limits)
    return handle(request, limits)


def handle(request: ReadRequest, limits: WorkerLimits) -> bytes:
    """Return the outcome of a request as a message; exceeded time or memory is an outcome too."""
    outcome: ReadOutcome
    try:
        start_timers(limits.cpu_seconds, limits.wall_seconds, OutOfTime, GRACE_SECONDS / 2)
        outcome = read_calendar(request.raw, request.window, request.zone, request.owner)
        stop_timers()
        return encode_outcome(outcome)
    except UnreadableCalendar as unreadable:
        outcome = unreadable
    except OutOfTime:
        outcome = Reading.nothing(request.window, TOO_LONG)
    except (MemoryError, RecursionError):
        outcome = Reading.nothing(request.window, TOO_MUCH_MEMORY)
    stop_timers()
    return encode_outcome(outcome)


def _set_limits(limits: WorkerLimits) -> None:
    """Set the limits that the system supports; a lower limit of the system's own remains in force."""
    max_address_space = address_space_in_use() + limits.memory_mib * 2**20
    with suppress(ValueError, OSError):
        limit_cpu_time(limits.cpu_seconds, grace_seconds=GRACE_SECONDS, is_final=True)
    with suppress(ValueError, OSError):
        limit_address_space(max_address_space)
    with suppress(ValueError, OSError):
        forbid_core_dumps()
    with suppress(ValueError, OSError):
        forbid_file_writes()
    with suppress(ValueError, OSError):
        limit_open_files(MAX_FILES)


if __name__ == "__main__":
    main()
