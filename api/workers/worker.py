"""The worker process: handle one request after another within limits, and exit when the service does."""

import os
import queue
import signal
import sys
import threading
from typing import BinaryIO

from api.examples import THREE_PARTIES
from api.workers.handler import handle
from api.workers.protocol import SolveRequest, SolveResponse, decode_request, encode_response
from scheduler import Problem, propose
from scheduler.isolation.framing import read_message
from scheduler.isolation.limits import forbid_core_dumps, limit_address_space, limit_cpu_time

CPU_SECONDS = 30  # to read a request and write its response, in addition to the search
CPU_SECONDS_PER_SECOND = 4  # of the time limit: deterministic time only approximates processor time
GRACE_SECONDS = 1

QueuedRequest = tuple[SolveRequest, bytes]


def main() -> None:
    """Handle the requests that arrive on standard input until it ends. The argument is the memory limit in MiB."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent process handles Ctrl-C
    limit_address_space(int(sys.argv[1]) * 2**20)
    forbid_core_dumps()
    requests: queue.SimpleQueue[QueuedRequest] = queue.SimpleQueue()
    receiver = threading.Thread(target=_receive_requests, args=(sys.stdin.buffer, requests), daemon=True)
    receiver.start()
    # A first search loads the solver and the holidays, so that no request waits for them.
    propose(Problem.of(THREE_PARTIES))
    _send(SolveResponse(0, "ready", b""))
    while True:
        request, body = requests.get()
        cpu_seconds = CPU_SECONDS + CPU_SECONDS_PER_SECOND * request.task.time_limit_seconds
        limit_cpu_time(cpu_seconds, grace_seconds=GRACE_SECONDS, is_final=False)
        _send(handle(request, body))


def _receive_requests(stream: BinaryIO, requests: "queue.SimpleQueue[QueuedRequest]") -> None:
    """
    Queue the requests of a stream; exit the process when the stream ends.

    This runs in a thread of its own because the stream ends when the service dies, and then a search in progress has
    to end too.
    """
    while True:
        message = read_message(stream.read)
        if message is None:
            os._exit(0)
        requests.put((decode_request(message.head), message.body))


def _send(response: SolveResponse) -> None:
    sys.stdout.buffer.write(encode_response(response))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
