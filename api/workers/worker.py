"""
The worker process: load all modules once, then fork a process for each request and report how that process ended.

A request is handled in the memory of its own fork, so that no response depends on earlier requests. Where the system
cannot fork, the process handles a single request itself.
"""

import faulthandler
import gc
import os
import select
import signal
import sys
import threading
import traceback
from contextlib import suppress
from importlib import import_module
from typing import BinaryIO

from api.examples import THREE_PARTIES
from api.workers.handler import handle
from api.workers.protocol import (
    RequestEnded,
    RequestReceived,
    SolveRequest,
    WorkerDefect,
    WorkerMessage,
    WorkerReady,
    decode_request,
    encode_worker_message,
)
from scheduler import Problem, propose
from scheduler.isolation.framing import read_message
from scheduler.isolation.limits import forbid_core_dumps, limit_address_space, limit_cpu_time

CPU_SECONDS = 30  # to read a request and write its response, in addition to the search
CPU_SECONDS_PER_SECOND = 4  # of the time limit: deterministic time only approximates processor time
GRACE_SECONDS = 1
NICENESS = 5  # the process that serves HTTP comes first when all processors are busy
HAS_FORK = hasattr(os, "fork")
MAX_RECORD_OCTETS = 8192  # of the standard error of a process, its end

INTERRUPT = getattr(signal, "SIGUSR1", None)  # ends the process of a request, and leaves the worker ready

STDIN, STDOUT, STDERR = 0, 1, 2


def main() -> None:
    """Handle the requests that arrive on standard input until it ends. The argument is the memory limit in MiB."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent process handles Ctrl-C
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    if INTERRUPT is not None:
        signal.signal(INTERRUPT, signal.SIG_IGN)
    max_address_space = int(sys.argv[1]) * 2**20
    forbid_core_dumps()
    # Standard output carries messages only: what a library prints there goes to standard error.
    output = os.fdopen(os.dup(STDOUT), "wb")
    os.dup2(STDERR, STDOUT)
    _load_modules()
    # The service reads this standard error only if the start fails; that of a request goes into its record.
    os.dup2(os.open(os.devnull, os.O_WRONLY), STDERR)
    _send(output, WorkerReady())
    if not HAS_FORK:
        _handle_next(output, max_address_space)
        return
    # The collector writes to the header of every object it visits, which would copy the shared pages in each fork.
    gc.collect()
    gc.freeze()
    with suppress(BrokenPipeError):  # the service has ended
        while _wait_for_request():
            _send(output, _fork_for_request(output, max_address_space))


def _load_modules() -> None:
    """Load the modules that requests need, so that they are loaded before the first fork."""
    problem = Problem.of(THREE_PARTIES)
    propose(problem)  # also loads the holidays
    for module in ("scheduler.planning.cpsat.model", "scheduler.explaining.explain"):
        import_module(module)


def _wait_for_request() -> bool:
    """Wait until a request begins to arrive, without reading any of it; return False when the service has ended."""
    poll = select.poll()
    poll.register(STDIN, select.POLLIN)
    events = dict(poll.poll())
    return not events[STDIN] & select.POLLHUP


def _fork_for_request(output: BinaryIO, max_address_space: int) -> RequestEnded:
    """Handle the next request in a forked process, and wait for its end."""
    errors_read, errors_write = os.pipe()
    process_id = os.fork()
    if process_id == 0:
        try:
            os.dup2(errors_write, STDOUT)
            os.dup2(errors_write, STDERR)
            os.close(errors_read)
            os.close(errors_write)
            _handle_next(output, max_address_space)
        finally:
            os._exit(1)
    os.close(errors_write)
    signal.signal(signal.SIGUSR1, lambda _signal, _frame: os.kill(process_id, signal.SIGKILL))
    record = _read_record(errors_read)
    os.close(errors_read)
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)  # the process id may belong to another process from here on
    _, wait_status = os.waitpid(process_id, 0)
    return RequestEnded(os.waitstatus_to_exitcode(wait_status), record)


def _read_record(descriptor: int) -> str:
    """Read a pipe to its end, so that the writer never blocks, and return its last octets as text."""
    record = b""
    while chunk := os.read(descriptor, 65536):
        record = (record + chunk)[-MAX_RECORD_OCTETS:]
    return record.decode("utf-8", "replace")


def _handle_next(output: BinaryIO, max_address_space: int) -> None:
    """Handle one request within limits, and exit the process."""
    limit_address_space(max_address_space)
    faulthandler.enable()  # a crash writes the place in the source to standard error
    message = read_message(_read_from_service)
    if message is None:
        os._exit(0)
    threading.Thread(target=_exit_with_service, daemon=True).start()
    _send(output, RequestReceived())
    request = decode_request(message.head)
    cpu_seconds = CPU_SECONDS + CPU_SECONDS_PER_SECOND * request.task.time_limit_seconds
    limit_cpu_time(cpu_seconds, grace_seconds=GRACE_SECONDS, is_final=False)
    _send(output, _respond(request, message.body, output))
    os._exit(0)


def _respond(request: SolveRequest, body: bytes, output: BinaryIO) -> WorkerMessage:
    try:
        return handle(request, body, lambda response: _send(output, response))
    except Exception as error:
        # The message of an exception may repeat the input, which is never logged.
        frames = "".join(traceback.format_tb(error.__traceback__))
        return WorkerDefect(f"{frames}{type(error).__name__}")


def _read_from_service(num_octets: int) -> bytes:
    """Return so many octets of standard input, fewer only at its end. Nothing is read ahead."""
    octets = bytearray()
    while len(octets) < num_octets:
        chunk = os.read(STDIN, min(num_octets - len(octets), 2**20))
        if not chunk:
            break
        octets += chunk
    return bytes(octets)


def _exit_with_service() -> None:
    """
    Exit when standard input ends, which is when the service has ended.

    No other octet arrives before this request is answered. This is a thread because a search does not return.
    """
    os.read(STDIN, 1)
    os._exit(0)


def _send(output: BinaryIO, message: WorkerMessage) -> None:
    output.write(encode_worker_message(message))
    output.flush()


if __name__ == "__main__":
    main()
