"""Who listens for Ctrl-C while a plan is sought: the first asks for the best so far, the second ends the command."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType

ENDED_BY_CTRL_C = 130  # as shells report it


@contextmanager
def heeding_ctrl_c() -> Iterator[Callable[[], bool]]:
    """Yield who tells whether Ctrl-C was pressed; afterwards it does again what it did before."""
    pressed = Event()
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:  # started in the background: Ctrl-C is meant for somebody else
        yield pressed.is_set
        return

    def heed(_number: int, _frame: FrameType | None) -> None:
        if pressed.is_set():
            raise KeyboardInterrupt
        pressed.set()

    signal.signal(signal.SIGINT, heed)
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, before)
