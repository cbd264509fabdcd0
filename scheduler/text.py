"""Which characters a text may hold, and a form of any text that is safe to print."""

import unicodedata

_FORBIDDEN_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
_BIDI_CONTROLS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def is_clean(text: str) -> bool:
    """Return whether ``text`` has no control, bidirectional-control, surrogate and line-separator characters."""
    categories = {unicodedata.category(character) for character in text}
    return categories.isdisjoint(_FORBIDDEN_CATEGORIES) and _BIDI_CONTROLS.isdisjoint(text)


def printable(text: str) -> str:
    """Return ``text`` with U+FFFD for every character that could control a display or begin a line."""
    if text.isprintable():
        return text
    return "".join(character if is_clean(character) else "\ufffd" for character in text)
