"""Split bytes into content lines, whatever their encoding, line ends and folds (RFC 5545, section 3.1)."""

import re
from collections.abc import Iterator

from scheduler.errors import UnreadableCalendar

MAX_BYTES = 10 * 1024 * 1024

TOO_LARGE = "The calendar is larger than 10 MiB; export a shorter period."

_LINE = re.compile(rb"[^\n]+")
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\r\n") + b"\x7f"  # NUL too: some writers pad with it
_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def content_lines(raw: bytes) -> Iterator[bytes]:
    """
    Yield the lines of a calendar in UTF-8, unfolded, without control characters; empty ones are left out.

    Raises
    ------
    UnreadableCalendar
        When there are more than 10 MiB of it.
    """
    if len(raw) > MAX_BYTES:
        raise UnreadableCalendar(TOO_LARGE)
    return _unfolded(_in_utf8(raw).translate(None, _CONTROLS))


def _unfolded(text: bytes) -> Iterator[bytes]:
    """Yield whole lines. A fold may split a character, so it is undone on bytes; a million may come, so all at once."""
    text = text.replace(b"\r", b"\n").lstrip()
    while b"\n\n" in text:
        text = text.replace(b"\n\n", b"\n")
    for match in _LINE.finditer(text.replace(b"\n ", b"").replace(b"\n\t", b"")):
        yield match.group()


def _in_utf8(raw: bytes) -> bytes:
    """Return the same text in UTF-8; Windows writes UTF-16, Excel too when asked for Unicode."""
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if raw.startswith(mark):
            return _recoded(raw.removeprefix(mark), encoding)
    zeros = raw[:4].count(0)
    if zeros == 2 and raw[1:4:2] == b"\0\0":
        return _recoded(raw, "utf-16-le")
    if zeros == 2 and raw[0:4:2] == b"\0\0":
        return _recoded(raw, "utf-16-be")
    return raw


def _recoded(raw: bytes, encoding: str) -> bytes:
    return raw if encoding == "utf-8" else raw.decode(encoding, errors="replace").encode("utf-8", errors="replace")
