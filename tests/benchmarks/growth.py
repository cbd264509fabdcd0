"""Growth of time and memory with the size of the county, from 13 to 1,300 parties."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.benchmarks.engines import this_project
from tests.benchmarks.figure import Panel, figure
from tests.benchmarks.instances import SIZES, Size
from tests.benchmarks.prepared import county
from tests.benchmarks.processes import GAP, Run, measured

FIGURE = Path(__file__).parents[2] / ".github" / "growth.svg"
CAP = 60.0
SEEDS = {  # several of the small ones, which vary and cost nothing; the largest is at hand from measuring speed
    SIZES["XXL"]: 1,
    SIZES["S"]: 3,
    SIZES["M"]: 3,
    SIZES["L"]: 3,
    Size(8, 12, 104): 3,
    SIZES["XL"]: 2,
    Size(50, 12, 650): 1,
}
FITTED = tuple(size for size in SEEDS if size.councils >= SIZES["L"].councils)


@dataclass(frozen=True)
class Point:
    """One county and how its plan came to be."""

    size: Size
    pairs: int
    run: Run

    @property
    def meetings(self) -> int:
        return self.size.councils * self.size.meetings


@dataclass(frozen=True)
class PowerLaw:
    """y = factor · x^exponent, the least squares of the logarithms."""

    factor: float
    exponent: float

    @classmethod
    def of(cls, x: Sequence[float], y: Sequence[float]) -> "PowerLaw":
        exponent, intercept = np.polyfit(np.log(x), np.log(y), 1)
        return cls(float(np.exp(intercept)), float(exponent))

    def __call__(self, x: float) -> float:
        return float(self.factor * x**self.exponent)


def print_growth() -> None:
    """Print the table of RESULTS.md and draw its figure."""
    points = sorted(_points(), key=lambda point: point.meetings)
    print(f"From candidates to a plan and a bound no further than {GAP:g} of it apart.\n")
    print("| councils × meetings | meetings | allowed slots | time | memory, of it the search's | gap then |")
    print("|---|---|---|---|---|---|")
    for point in points:
        print(_line(point))
    reached = [point for point in points if point.run.is_done]
    fitted = [point for point in reached if point.size in FITTED]
    print(f"\nFitted from L to the largest that got there, {len(fitted)} of {len(points)} counties:\n")
    if len({point.size for point in fitted}) > 1:
        _print_exponents(fitted)
        FIGURE.write_text(_drawn(reached, fitted), encoding="utf-8")
        print(f"\nDrawn in {FIGURE.parent.name}/{FIGURE.name}.")


def _points() -> Iterator[Point]:
    for size, seeds in SEEDS.items():
        for seed in range(seeds):
            one = county(size, seed)
            yield Point(size, one.pairs, measured(this_project, one, seconds=CAP, goal="gap"))


def _line(point: Point) -> str:
    run = point.run
    cells = [
        str(point.size),
        f"{point.meetings:,}",
        f"{point.pairs:,}",
        f"{run.seconds:.3g} s" if run.is_done else f"not in {run.seconds:.0f} s",
        f"{run.peak_mib:,.0f} MiB, {run.own_mib:,.0f} MiB",
        "no plan" if run.gap is None else f"{run.gap:.1e}",
    ]
    return f"| {' | '.join(cells)} |"


Measure = Callable[[Point], float]


def pairs(point: Point) -> float:
    return point.pairs


def meetings(point: Point) -> float:
    return point.meetings


def seconds(point: Point) -> float:
    return point.run.seconds


def memory(point: Point) -> float:
    return max(point.run.own_mib, 1.0)  # smaller differences are within the measurement error


def _law(points: Sequence[Point], x: Measure, y: Measure) -> PowerLaw:
    return PowerLaw.of([x(point) for point in points], [y(point) for point in points])


def _print_exponents(fitted: Sequence[Point]) -> None:
    print("| grows with | time, exponent | memory, exponent |")
    print("|---|---|---|")
    for name, x in {"allowed slots": pairs, "meetings": meetings}.items():
        print(f"| {name} | {_law(fitted, x, seconds).exponent:.2f} | {_law(fitted, x, memory).exponent:.2f} |")


def _names(points: Sequence[Point]) -> Iterator[str]:
    """Yield the size's name for the first point of each size that has one, else nothing."""
    names = {size: name for name, size in SIZES.items()}
    for point in points:
        yield names.pop(point.size, "")


def _drawn(reached: Sequence[Point], fitted: Sequence[Point]) -> str:
    panels = []
    for title, unit, y in (("Time", "s", seconds), ("Memory of the search", "MiB", memory)):
        law = _law(fitted, pairs, y)
        first, last = min(map(pairs, fitted)), max(map(pairs, fitted))
        line = [(x, law(x)) for x in (first, last)]
        shown = [(pairs(point), y(point), name) for point, name in zip(reached, _names(reached), strict=True)]
        panels.append(Panel(f"{title} grows as slots^{law.exponent:.2f}", unit, shown, line))
    caption = f"to a gap of {GAP:g}: allowed slots from one council of 13 parties to 100 councils of 1,300"
    return figure(panels, "allowed (meeting, slot) pairs", caption)
