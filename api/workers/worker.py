"""The child process lives here: it answers one question after another, within bounds, and never outlives its parent."""

import os
import queue
import signal
import sys
import threading
from typing import BinaryIO

from api.examples import THREE_PARTIES
from api.workers.handler import answer
from api.workers.protocol import LENGTHS, Answer, Question, answer_message, question_of
from scheduler import Problem, propose

CPU_SECONDS = 30  # to read a question and write its answer, besides searching
CPU_PER_SECOND = 4  # of the time limit: deterministic time is no exact clock

Asked = tuple[Question, bytes]


def main() -> None:
    """Answer the questions that come on standard input, until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    _bound_memory(int(sys.argv[1]))
    asked: queue.SimpleQueue[Asked] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, asked), daemon=True).start()
    propose(Problem.of(THREE_PARTIES))  # warm: the solver is loaded, the holidays are known
    _send(Answer(0, "ready", b""))
    while True:
        question, body = asked.get()
        _bound_cpu(CPU_SECONDS + CPU_PER_SECOND * question.time_limit_seconds)
        _send(answer(question, body))


def _listen(stream: BinaryIO, asked: "queue.SimpleQueue[Asked]") -> None:
    """Pass questions on; when the parent is gone, be gone, in the middle of a search too."""
    while len(lengths := stream.read(LENGTHS.size)) == LENGTHS.size:
        head_length, body_length = LENGTHS.unpack(lengths)
        head, body = stream.read(head_length), stream.read(body_length)
        if len(head) < head_length or len(body) < body_length:
            break
        asked.put((question_of(head), body))
    os._exit(0)


def _send(reply: Answer) -> None:
    sys.stdout.buffer.write(answer_message(reply))
    sys.stdout.buffer.flush()


def _bound_memory(mib: int) -> None:
    """Let the process ask for no more address space: then it fails by itself, and the machine lives."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (mib * 2**20, mib * 2**20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _bound_cpu(seconds: float) -> None:
    if sys.platform == "win32":
        return
    import resource

    spent = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(spent.ru_utime + spent.ru_stime + seconds) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, hard))


if __name__ == "__main__":
    main()
