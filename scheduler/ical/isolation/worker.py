"""The child process lives here: it reads one calendar within bounds and ends; a mother keeps it warm until then."""

import gc
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from scheduler.errors import UnreadableCalendar
from scheduler.ical.isolation.protocol import READY, Limits, Question, answer_message, asked
from scheduler.ical.read.reader import TOO_LONG, OutOfTime, Reading, read_calendar
from scheduler.intervals import Interval

if sys.platform != "win32":
    import resource  # here, so that no child has to load it

TOO_MUCH_MEMORY = "The calendar takes too much memory to read; export a shorter period."

GRACE_SECONDS = 2  # of processor time, to say that the time is over
MAX_FILES = 64  # open at once; zones are read from files

# Touches all that reading needs, so that no child has to load it.
WARMING = b"""BEGIN:VCALENDAR
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
    """Answer those who knock on standard input: by a child each where there is ``fork``, else once and by ourselves."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    march = Interval(datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC))
    read_calendar(WARMING, march, ZoneInfo("Europe/Stockholm"))
    if "--once" in sys.argv:
        _be_silent()
        sys.stdout.buffer.write(answer(*_bounded(asked(sys.stdin.buffer.read))))
    else:
        _mother(socket.socket(fileno=0))


def _mother(door: socket.socket) -> None:
    """Bear a child for every socket that comes through the door, until the door is shut."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are buried by the system
    gc.collect()
    gc.freeze()  # what they inherit is never written to, and so never copied
    door.sendall(READY)
    while True:
        message, sockets, _, _ = socket.recv_fds(door, 1, 1)
        if not message:
            return
        with suppress(OSError):  # no process to be had: whoever asked finds the line dead
            if os.fork() == 0:
                _live(door, sockets[0])
        for descriptor in sockets:
            os.close(descriptor)


def _live(door: socket.socket, descriptor: int) -> None:
    """Answer one question and end, whatever happens."""
    try:
        door.close()
        _be_silent()
        line = socket.socket(fileno=descriptor)
        line.sendall(answer(*_bounded(asked(line.makefile("rb").read))))
    finally:
        os._exit(0)


def _be_silent() -> None:
    """Write nothing to any log from here on: what is stumbled on may hold words of the calendar."""
    os.dup2(os.open(os.devnull, os.O_RDWR), 2)


def answer(question: Question, limits: Limits) -> bytes:
    """Return the answer to one question; that time or memory ran out is an answer too."""
    reading: Reading | UnreadableCalendar
    try:
        _start_clock(limits)
        reading = read_calendar(question.raw, question.window, question.zone, question.owner)
        _stop_clock()
        return answer_message(reading)
    except UnreadableCalendar as unreadable:
        reading = unreadable
    except OutOfTime:
        reading = Reading.nothing(question.window, TOO_LONG)
    except (MemoryError, RecursionError):
        reading = Reading.nothing(question.window, TOO_MUCH_MEMORY)
    _stop_clock()
    return answer_message(reading)


def _bounded(asked_for: tuple[Question, Limits]) -> tuple[Question, Limits]:
    """Put the bounds on this process, where the system has any."""
    if sys.platform == "win32":
        return asked_for
    limits = asked_for[1]
    spent = resource.getrusage(resource.RUSAGE_SELF)
    cpu = int(spent.ru_utime + spent.ru_stime + limits.cpu_seconds) + GRACE_SECONDS
    bounds = [
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_AS, _address_space() + limits.memory_mib * 2**20),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, MAX_FILES),
    ]
    for which, bound in bounds:
        with suppress(ValueError, OSError):  # the system knows a lower bound, or none of this kind
            resource.setrlimit(which, (bound, bound))
    return asked_for


def _address_space() -> int:
    """Return how much this process has mapped, in bytes; where nobody tells, so much that the bound never holds."""
    try:
        num_pages = int(Path("/proc/self/statm").read_bytes().split()[0])
    except OSError:
        return 2**40
    return num_pages * resource.getpagesize()


def _start_clock(limits: Limits) -> None:
    if sys.platform == "win32":
        return
    ring = _alarm()
    for which, timer, seconds in (
        (signal.SIGPROF, signal.ITIMER_PROF, limits.cpu_seconds),
        (signal.SIGALRM, signal.ITIMER_REAL, limits.wall_seconds),
    ):
        signal.signal(which, ring)
        signal.setitimer(timer, seconds, GRACE_SECONDS / 2)


def _stop_clock() -> None:
    if sys.platform == "win32":
        return
    for timer in (signal.ITIMER_PROF, signal.ITIMER_REAL):
        signal.setitimer(timer, 0)


def _alarm() -> Callable[[int, object], None]:
    """Return what to do when time is over: say so once; who does not listen is ended."""
    num_rung = 0

    def ring(_signal: int, _frame: object) -> None:
        nonlocal num_rung
        num_rung += 1
        if num_rung > 1:
            os._exit(1)
        raise OutOfTime

    return ring


if __name__ == "__main__":
    main()
