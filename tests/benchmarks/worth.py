"""Expected absences of other methods of choosing dates, relative to the optimal plan."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from scheduler import Problem
from scheduler.candidates import MeetingCandidates
from scheduler.ical.folder import attach_calendars
from scheduler.verify import Checker
from tests.benchmarks.instances import SIZES
from tests.benchmarks.prepared import Prepared, county, prepare
from tests.benchmarks.rankers import RANKERS
from tests.known_answers import load

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "orebro-2027"
INSTANCES = ("s.json", "m.json", "l.json.gz", "u.json")
SEEDS = {"S": 5, "M": 5, "L": 5, "XL": 1}
OURS = next(iter(RANKERS))

Absences = Mapping[str, float]


def print_worth() -> None:
    """Print the tables of RESULTS.md, one line a way."""
    print("Expected absences over the whole plan, and how many times the proven plan's that is.\n")
    given = {name: expected_absences(one.problem, one.choices) for name, one in _given()}
    _print_table(given, [_cells(way, given) for way in RANKERS])
    print("\nOf this project's own seeded counties: medians over the seeds, and the range.\n")
    seeded = {f"{name}, {SIZES[name]}": list(_seeded(name, seeds)) for name, seeds in SEEDS.items()}
    _print_table(seeded, [_medians(way, seeded) for way in RANKERS])


def _given() -> Iterator[tuple[str, Prepared]]:
    yield "Örebro län 2027 (example)", prepare(the_example())
    for name in INSTANCES:
        problem, _ = load(name)
        yield name.split(".")[0].upper(), prepare(problem)


def _seeded(name: str, seeds: int) -> Iterator[Absences]:
    for seed in range(seeds):
        one = county(SIZES[name], seed)
        yield expected_absences(one.problem, one.choices)


def the_example() -> Problem:
    """Return the flagship example with its calendars."""
    problem, _ = attach_calendars(Problem.read((EXAMPLE / "problem.json").read_bytes()), EXAMPLE / "calendars")
    return problem


def expected_absences(problem: Problem, choices: Sequence[MeetingCandidates]) -> Absences:
    """Return the expected absences of each way's plan, all judged by the same independent checker."""
    checker = Checker(problem)
    return {way: checker.score(rank(problem, choices)).expected_absences for way, rank in RANKERS.items()}


def _print_table(problems: Mapping[str, object], lines: Sequence[Sequence[str]]) -> None:
    print(f"| way | {' | '.join(problems)} |")
    print(f"|---|{'---|' * len(problems)}")
    for way, cells in zip(RANKERS, lines, strict=True):
        print(f"| {way} | {' | '.join(cells)} |", flush=True)


def _cells(way: str, problems: Mapping[str, Absences]) -> list[str]:
    return [f"{one[way]:.2f} ({one[way] / one[OURS]:.2f} ×)" for one in problems.values()]


def _medians(way: str, problems: Mapping[str, Sequence[Absences]]) -> list[str]:
    cells = []
    for several in problems.values():
        ratios = [one[way] / one[OURS] for one in several]
        middle, absent = statistics.median(ratios), statistics.median(one[way] for one in several)
        span = f", {min(ratios):.2f} to {max(ratios):.2f}" if len(ratios) > 1 and way != OURS else ""
        cells.append(f"{absent:.2f} ({middle:.2f} ×{span})")
    return cells
