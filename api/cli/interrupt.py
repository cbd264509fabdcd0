"""Ctrl-C during a search: the first requests the best result so far, the second ends the command."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType

EXIT_INTERRUPTED = 130  # 128 + SIGINT, as shells report it


@contextmanager
def catch_interrupt() -> Iterator[Callable[[], bool]]:
    """Yield a function that returns whether Ctrl-C was pressed; the former handler is restored afterwards."""
    pressed = Event()
    previous_handler = signal.getsignal(signal.SIGINT)
    # A shell starts background jobs with SIGINT ignored: Ctrl-C is then meant for the job in the foreground.
    if previous_handler is signal.SIG_IGN:
        yield pressed.is_set
        return

    def handle(_number: int, _frame: FrameType | None) -> None:
        if pressed.is_set():
            raise KeyboardInterrupt
        pressed.set()

    signal.signal(signal.SIGINT, handle)
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, previous_handler)
