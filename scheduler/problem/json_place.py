"""The place in a text at which a JSON parser stopped, and what stands around it."""

import re
from dataclasses import dataclass
from functools import cached_property

from scheduler.errors import Fault

MAX_WRITTEN = 40  # characters of the document that a message repeats

_STRINGS_AND_BRACKETS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[][{}]', re.DOTALL)


@dataclass(frozen=True)
class TextPosition:
    """The place at which parsing stopped: ``index`` is that of the first character that cannot be parsed."""

    text: str
    index: int
    message: str  # of Python's parser, without the place

    @property
    def found(self) -> str:
        return self.text[self.index : self.index + 1]

    @cached_property
    def before(self) -> str:
        """The text before the place, without the white space at its end."""
        return self.text[: self.index].rstrip()

    @cached_property
    def open_brackets(self) -> list[int]:
        """The positions of the brackets that are open at the place."""
        opened: list[int] = []
        for match in _STRINGS_AND_BRACKETS.finditer(self.text, 0, self.index):
            if match[0] in "{[":
                opened.append(match.start())
            elif match[0] in "}]" and opened:
                opened.pop()
        return opened

    @property
    def is_in_object(self) -> bool:
        opened = self.open_brackets
        return bool(opened) and self.text[opened[-1]] == "{"

    def written(self, start: int, token: re.Pattern[str]) -> str:
        """Return the beginning of a token of the document, as a message repeats it."""
        match = token.match(self.text, start)
        return shorten(match[0] if match else self.found)

    def last_word(self) -> str:
        """Return the token before the place, behind which there is white space."""
        return re.split(r'[\s,:\[{"]', self.before[-MAX_WRITTEN:])[-1]

    def fault(self, sentence: str, index: int | None = None, **values: object) -> Fault:
        """Return a fault of the whole document whose sentence names a line and a column."""
        place = self.index if index is None else index
        return Fault("", sentence, {**line_and_column(self.text, place), **values})


def line_and_column(text: str, index: int) -> dict[str, str]:
    """Return the line and the column of a character, both from 1, as values of a sentence."""
    # As text, since digits are not grouped in a line number.
    line = text.count("\n", 0, index) + 1
    column = index - (text.rfind("\n", 0, index) + 1) + 1
    return {"line": str(line), "column": str(column)}


def shorten(text: str) -> str:
    """Return the beginning of a text of the document, without characters that steer a terminal."""
    cut = text if len(text) <= MAX_WRITTEN else f"{text[: MAX_WRITTEN - 1]}…"
    return "".join(character if character.isprintable() else "?" for character in cut)
