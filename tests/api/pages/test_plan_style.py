"""The page's colours can be read: WCAG 2.2, success criterion 1.4.3, in light and in dark."""

import re
from importlib.resources import files

import pytest

from api.pages.plan.matrix import WIDEST

TEXT_ON_GROUND = [
    *(("ink", ground) for ground in ("paper", "wash", "t1", "t2", "t3", "t4")),
    ("soft", "paper"),
    ("soft", "wash"),
    ("accent", "paper"),
    ("on-accent", "accent"),
]


def palettes() -> dict[str, dict[str, str]]:
    style = (files("api.pages") / "static" / "plan.css").read_text("utf-8")
    light, dark = (
        dict(re.findall(r"--([\w-]+): (#\w+);", block)) for block in re.findall(r":root \{(.*?)\}", style, re.S)
    )
    return {"light": light, "dark": {**light, **dark}}


def luminance(colour: str) -> float:
    """Return relative luminance (WCAG 2.2, definitions)."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_text_stands_out_from_its_ground(scheme: str, text: str, ground: str) -> None:
    colours = palettes()[scheme]
    lighter, darker = sorted((luminance(colours[text]), luminance(colours[ground])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_every_number_of_meetings_in_view_has_its_width() -> None:
    style = (files("api.pages") / "static" / "plan_tables.css").read_text("utf-8")
    widths = re.findall(r"@container matrix \(([\d.]+)rem <= width < ([\d.]+)rem\) \{ \.seen-(\d+) ", style)
    assert [int(num_seen) for _, _, num_seen in widths] == list(range(WIDEST))
    assert [end for _, end, _ in widths[:-1]] == [start for start, _, _ in widths[1:]]
