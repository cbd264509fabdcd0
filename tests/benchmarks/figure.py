"""Log-log figures as plain SVG, readable on light and dark pages."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

Point = tuple[float, float]
Dot = tuple[float, float, str]  # with a label, which may be empty

WIDTH, HEIGHT = 400, 300  # of a panel
LEFT, RIGHT, TOP, BOTTOM = 56, 32, 34, 56

STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #57606a }
  .title { font-weight: 600; fill: #1f2328 }
  .grid { stroke: #d0d7de }
  .dot { fill: #0969da; fill-opacity: .8 }
  .law { stroke: #bc4c00; stroke-width: 2; stroke-dasharray: 6 4 }
  @media (prefers-color-scheme: dark) {
    text { fill: #9198a1 }
    .title { fill: #f0f6fc }
    .grid { stroke: #3d444d }
    .dot { fill: #4493f8 }
    .law { stroke: #f0883e }
  }
"""


@dataclass(frozen=True)
class Panel:
    """Dots and a straight line on two logarithmic scales; all values above 0."""

    title: str
    unit: str
    dots: Sequence[Dot]
    line: Sequence[Point]


@dataclass(frozen=True)
class _Scale:
    """From powers of ten to pixels."""

    first: int
    last: int
    begin: float
    end: float

    @classmethod
    def over(cls, values: Sequence[float], begin: float, end: float) -> "_Scale":
        logs = [math.log10(value) for value in values]
        first = math.floor(min(logs))
        return cls(first, max(math.ceil(max(logs)), first + 1), begin, end)

    def __call__(self, value: float) -> float:
        share = (math.log10(value) - self.first) / (self.last - self.first)
        return self.begin + share * (self.end - self.begin)

    def ticks(self) -> Iterator[tuple[float, str]]:
        for power in range(self.first, self.last + 1):
            yield self(10.0**power), f"{10.0**power:,.0f}" if power >= 0 else f"{10.0**power:.{-power}f}"


def figure(panels: Sequence[Panel], x_label: str, caption: str) -> str:
    """Return the panels side by side as one SVG document."""
    width, height = WIDTH * len(panels), HEIGHT + 24
    body = [
        f'<g transform="translate({WIDTH * at} 0)">{"".join(_panel(one, x_label))}</g>' for at, one in enumerate(panels)
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
            f"<title>{escape('; '.join(one.title for one in panels))}: {escape(caption)}</title>",
            f"<style>{STYLE}</style>",
            *body,
            f'<text x="{width / 2}" y="{height - 8}" text-anchor="middle">{escape(caption)}</text>',
            "</svg>",
            "",
        ]
    )


def _panel(panel: Panel, x_label: str) -> Iterator[str]:
    x = _Scale.over([dot[0] for dot in panel.dots], LEFT, WIDTH - RIGHT)
    y = _Scale.over([*(dot[1] for dot in panel.dots), *(point[1] for point in panel.line)], HEIGHT - BOTTOM, TOP)
    yield f'<text class="title" x="{LEFT}" y="18">{escape(panel.title)} ({panel.unit})</text>'
    for at, label in x.ticks():
        yield f'<line class="grid" x1="{at:.1f}" y1="{TOP}" x2="{at:.1f}" y2="{HEIGHT - BOTTOM}"/>'
        yield f'<text x="{at:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{label}</text>'
    for at, label in y.ticks():
        yield f'<line class="grid" x1="{LEFT}" y1="{at:.1f}" x2="{WIDTH - RIGHT}" y2="{at:.1f}"/>'
        yield f'<text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{label}</text>'
    middle = (LEFT + WIDTH - RIGHT) / 2
    yield f'<text x="{middle}" y="{HEIGHT - BOTTOM + 36}" text-anchor="middle">{escape(x_label)}</text>'
    (x1, y1), (x2, y2) = panel.line
    yield f'<line class="law" x1="{x(x1):.1f}" y1="{y(y1):.1f}" x2="{x(x2):.1f}" y2="{y(y2):.1f}"/>'
    for one, other, name in panel.dots:
        yield f'<circle class="dot" cx="{x(one):.1f}" cy="{y(other):.1f}" r="4"/>'
        if name:
            yield f'<text x="{x(one) - 8:.1f}" y="{y(other) - 6:.1f}" text-anchor="end">{escape(name)}</text>'
