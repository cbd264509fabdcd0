"""Clean the text that stands in a calendar file."""

from scheduler.text import is_clean


def clean_text(text: str) -> str:
    """
    Return ``text`` without characters that control a display and without line separators other than line feeds.

    Leading and trailing spaces are removed, since some parsers drop leading spaces of a value.
    """
    spaced = text.replace("\t", " ")
    kept = [mark for mark in spaced if mark == "\n" or is_clean(mark)]
    return "".join(kept).strip()


def single_line(text: str) -> str:
    """Return ``text`` cleaned, on a single line."""
    return clean_text(text).replace("\n", " ")


def parameter_text(text: str) -> str:
    """
    Return ``text`` on one line without quotation marks and backslashes.

    Parsers disagree on both in a parameter: RFC 5545, section 3.2, allows no quotation mark, and RFC 6868 escapes it
    in a way that older clients show as it stands.
    """
    return single_line(text).replace('"', "'").replace("\\", "/")
