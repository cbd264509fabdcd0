"""
The space that the labels of a strip need, in pixels.

Positions on a strip are percentages of its width, and labels have a fixed width. Labels that do not overlap on the
narrowest strip therefore do not overlap on a wider one: their positions move apart, their widths stay the same.
"""

from dataclasses import dataclass
from typing import Literal

Anchor = Literal["start", "middle", "end"]

NARROWEST = 286  # pixels: the width of a strip on a screen of 320 pixels
NAME_SIZE = 13  # font sizes in pixels, as in plan_year.css
LABEL_SIZE = 12
LABEL_MARGIN = 3  # on both sides of a label's text
GAP = 4  # between two labels of one lane
LEAST_CODE_WIDTH = 28

# Upper bounds in em over the fonts of the style sheet, DejaVu Sans (the widest fallback) included.
_NARROW, _LOWER_CASE, _CAPITAL, _WIDE = 0.42, 0.64, 0.8, 1.0
_BOLD = 1.12


@dataclass(frozen=True, slots=True)
class LabelPlace:
    """The left end and the width of a label, in pixels from its position on the strip."""

    left: float
    width: float
    anchor: Anchor = "middle"

    @property
    def right(self) -> float:
        """The right end."""
        return self.left + self.width

    @property
    def text(self) -> float:
        """The point at which the text is anchored."""
        if self.anchor == "start":
            return self.left + LABEL_MARGIN
        if self.anchor == "end":
            return self.right - LABEL_MARGIN
        return self.left + self.width / 2


def text_width(text: str, size: int, *, is_bold: bool = False) -> float:
    """Return an upper bound of the width of ``text`` in pixels."""
    width = size * sum(_character_width(character) for character in text)
    return width * _BOLD if is_bold else width


def place_code(code: str) -> LabelPlace:
    """Return the place of a meeting's code, centred on its day."""
    width = max(LEAST_CODE_WIDTH, text_width(code, LABEL_SIZE, is_bold=True) + 2 * LABEL_MARGIN)
    return LabelPlace(left=round(-width / 2, 1), width=round(width, 1))


def place_day(day: str, x: float, code: LabelPlace) -> LabelPlace:
    """
    Return the place of a date below a meeting's code, within the strip as far as the code is.

    Parameters
    ----------
    x
        The position on the strip in percent.
    """
    width = round(text_width(day, LABEL_SIZE) + 2 * LABEL_MARGIN, 1)
    middle = NARROWEST * x / 100
    if middle - width / 2 < code.left:
        return LabelPlace(code.left, width, "start")
    if middle + width / 2 > NARROWEST + code.right:
        return LabelPlace(round(code.right - width, 1), width, "end")
    return LabelPlace(round(-width / 2, 1), width)


def _character_width(character: str) -> float:
    if character in "fijlrt .,:'|":
        return _NARROW
    if character in "mwMW%@&" or ord(character) > 0x24F:  # beyond the Latin letters
        return _WIDE
    return _CAPITAL if character.isupper() else _LOWER_CASE
