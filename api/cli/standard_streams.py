"""Standard input, output and error: closed, full or unable to encode a character, they end no command halfway."""

import codecs
import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO, cast

EXIT_BROKEN_PIPE = 141  # 128 + SIGPIPE, as shells report it
EXIT_NOT_WRITTEN = 1

NULL = Path(os.devnull)
JSON_ESCAPES = "tretton-json"  # name of the error handler that writes characters as JSON does in ASCII


class OutputStream:
    """A text stream that keeps the first error of writing, and discards what is written after it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.error: OSError | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write a text, unless the stream has failed."""
        if self.error is None:
            try:
                return self._stream.write(text)
            except OSError as error:
                self._fail(error)
        return len(text)

    def flush(self) -> None:
        """Write what is buffered, unless the stream has failed."""
        if self.error is None:
            try:
                self._stream.flush()
            except OSError as error:
                self._fail(error)

    def replace_characters(self, handler: str) -> None:
        """Have characters that the encoding lacks replaced by an error handler of :mod:`codecs`."""
        reconfigure = getattr(self._stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors=handler)

    def _fail(self, error: OSError) -> None:
        self.error = error
        # What remains in the buffer would fail once more when the interpreter ends.
        with suppress(OSError, ValueError):
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, self._stream.fileno())
            os.close(null)


class StandardStreams:
    """Standard output and standard error while a command runs."""

    def __init__(self, output: OutputStream, error: OutputStream) -> None:
        self.output = output
        self.error = error

    def failure_status(self) -> int | None:
        """Write what is buffered, and return the exit status if anything could not be written."""
        status = None
        for stream in (self.output, self.error):
            stream.flush()
            if stream.error is not None and status is None:
                is_closed = stream.error.errno == errno.EPIPE
                status = EXIT_BROKEN_PIPE if is_closed else EXIT_NOT_WRITTEN
        return status


@contextmanager
def guard_standard_streams() -> Iterator[StandardStreams]:
    """Replace the standard streams within the context by streams that raise no error when they cannot be written."""
    # A stream is None when its descriptor is closed; another file would get that descriptor, and what is written to it.
    if sys.stdin is None:
        sys.stdin = NULL.open(encoding="utf-8")  # as long as the process runs
    before = sys.stdout, sys.stderr
    output, error = (OutputStream(stream or NULL.open("w", encoding="utf-8")) for stream in before)
    output.replace_characters("replace")
    error.replace_characters("replace")
    sys.stdout, sys.stderr = cast("TextIO", output), cast("TextIO", error)
    try:
        yield StandardStreams(output, error)
    finally:
        sys.stdout, sys.stderr = before


def _escape_as_json(error: UnicodeError) -> tuple[str, int]:
    """Return the escapes of the characters that an encoding lacks, as a codec's error handler does."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    octets = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    units = [octets[index : index + 2].hex() for index in range(0, len(octets), 2)]
    return "".join(f"\\u{unit}" for unit in units), error.end


codecs.register_error(JSON_ESCAPES, _escape_as_json)
