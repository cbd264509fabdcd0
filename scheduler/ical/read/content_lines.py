"""Split bytes into content lines, whatever their encoding, line ends and folds (RFC 5545, section 3.1)."""

import re
from collections.abc import Iterator

from scheduler.errors import UnreadableCalendar

MAX_BYTES = 10 * 1024 * 1024

TOO_LARGE = "The calendar is larger than 10 MiB; export a shorter period."

_LINE = re.compile(rb"[^\n]+")
_ALLOWED_CONTROLS = b"\t\r\n"
_FORBIDDEN_CONTROLS = bytes(code for code in range(32) if code not in _ALLOWED_CONTROLS) + b"\x7f"
_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def content_lines(raw: bytes) -> Iterator[bytes]:
    """
    Yield the lines of a calendar in UTF-8, unfolded, without control characters and without empty lines.

    Raises
    ------
    UnreadableCalendar
        When ``raw`` is larger than 10 MiB.
    """
    return _unfold(_clean_text(raw))


def numbered_lines(raw: bytes) -> Iterator[tuple[int, str]]:
    """
    Yield the lines of a text that are not blank, with their numbers from 1 as an editor or a spreadsheet counts them.

    Raises
    ------
    UnreadableCalendar
        When ``raw`` is larger than 10 MiB.
    """
    text = _clean_text(raw).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    for number, line in enumerate(text.split(b"\n"), start=1):
        decoded = line.decode(errors="replace").strip(" ")
        if decoded.strip():
            yield number, decoded


def _clean_text(raw: bytes) -> bytes:
    """Return the text in UTF-8; NUL and other controls are removed, since some writers pad lines with them."""
    if len(raw) > MAX_BYTES:
        raise UnreadableCalendar(TOO_LARGE)
    return _to_utf8(raw).translate(None, _FORBIDDEN_CONTROLS)


def _unfold(text: bytes) -> Iterator[bytes]:
    """Yield whole lines; a line break of any kind followed by a space or a tab is a fold."""
    text = text.replace(b"\r", b"\n").lstrip()
    while b"\n\n" in text:
        text = text.replace(b"\n\n", b"\n")
    # Folds are removed from bytes, since a fold may split a character, and all at once, since there may be a million.
    unfolded = text.replace(b"\n ", b"").replace(b"\n\t", b"")
    for match in _LINE.finditer(unfolded):
        yield match.group()


def _to_utf8(raw: bytes) -> bytes:
    """Return the text in UTF-8; Windows programs, such as Excel when it saves Unicode text, write UTF-16."""
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if raw.startswith(mark):
            return _recode(raw.removeprefix(mark), encoding)
    # Without a byte order mark, two ASCII characters in UTF-16 have a zero byte each.
    start = raw[:4]
    if start.count(0) == 2 and start[1::2] == b"\0\0":
        return _recode(raw, "utf-16-le")
    if start.count(0) == 2 and start[0::2] == b"\0\0":
        return _recode(raw, "utf-16-be")
    return raw


def _recode(raw: bytes, encoding: str) -> bytes:
    if encoding == "utf-8":
        return raw
    return raw.decode(encoding, errors="replace").encode("utf-8", errors="replace")
