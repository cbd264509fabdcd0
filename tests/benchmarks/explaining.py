"""Running times of the explanations, and of all event values compared with one re-optimisation for each event."""

import random
import statistics
import time
from collections.abc import Callable
from functools import partial

from scheduler import Problem
from scheduler.candidates import Candidates
from scheduler.explaining.baselines.compare import habit
from scheduler.explaining.event_values import clashes
from scheduler.explaining.heatmap import heatmap
from scheduler.explaining.information_value import asking
from scheduler.planning.instance import Instance
from scheduler.planning.optimum import optimum
from scheduler.planning.search_types import Search
from tests.benchmarks.instances import SIZES
from tests.benchmarks.prepared import county
from tests.benchmarks.worth import the_example

SEEDS = 3
NUM_DRAWN = 40  # clashes without which it is planned anew, each


def print_explaining() -> None:
    """Print the seconds of every kind, and how many times as long planning without each clash takes."""
    problems = {"Örebro län 2027 (example)": the_example()}
    problems |= {f"{name}, {SIZES[name]}": county(SIZES[name], 0).problem for name in ("M", "L")}
    print("Seconds, candidates worked out included:\n")
    print("| | commitments | heat map | clashes | asking | habit |")
    print("|---|---|---|---|---|---|")
    for name, problem in problems.items():
        cells = [f"{_seconds(partial(kind, problem)):.1f} s" for kind in (heatmap, clashes, asking, habit)]
        print(f"| {name} | {len(problem.commitments):,} | {' | '.join(cells)} |", flush=True)
    print()
    for name in ("M", "L"):
        ratios = [_ratios(county(SIZES[name], seed).problem, seed) for seed in range(SEEDS)]
        for which, several in zip(
            ("candidates and plan anew", "plan alone anew"), zip(*ratios, strict=True), strict=True
        ):
            middle, least, most = statistics.median(several), min(several), max(several)
            print(f"{name}: all clashes at once, against {which} for each: {middle:.0f} × ({least:.0f} to {most:.0f})")


def _ratios(problem: Problem, seed: int) -> tuple[float, float]:
    """Return how many times as long it takes to plan without each clash: in all, and the plans alone."""
    at_once = _seconds(lambda: clashes(problem))
    drawn = random.Random(seed).sample(range(len(problem.commitments)), NUM_DRAWN)  # noqa: S311  # no secret
    prepared = planned = 0.0
    for at in drawn:
        left = (*problem.commitments[:at], *problem.commitments[at + 1 :])
        without = problem.model_copy(update={"commitments": left})
        begun = time.perf_counter()
        instance = Instance(without, Candidates(without).meetings)
        between = time.perf_counter()
        optimum(instance, Search())
        prepared, planned = prepared + between - begun, planned + time.perf_counter() - between
    share = len(problem.commitments) / NUM_DRAWN
    return share * (prepared + planned) / at_once, share * planned / at_once


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
