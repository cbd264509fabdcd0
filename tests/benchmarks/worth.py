"""What a plan is worth: expected absences of today's ways of choosing dates, relative to the proven plan."""

import gzip
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from scheduler import Problem
from scheduler.candidates import Candidates, MeetingCandidates
from scheduler.ical.folder import attach_calendars
from scheduler.verify import Checker
from tests.benchmarks.rankers import Starts, counting_yes, expected_attendance, fixed_weekday

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "orebro-2027"
INSTANCES = ("s.json", "m.json", "l.json.gz", "u.json")

Ranker = Callable[[Problem, Sequence[MeetingCandidates]], Starts]

RANKERS: dict[str, Ranker] = {
    "Tretton, proven": expected_attendance,
    "counting yes, member or substitute": lambda problem, choices: counting_yes(problem, choices, members_only=False),
    "counting yes, members": lambda problem, choices: counting_yes(problem, choices, members_only=True),
    "fixed weekday": fixed_weekday,
}


def print_worth() -> None:
    """Print the table of the README, one line a problem."""
    print(f"| problem | {' | '.join(RANKERS)} |")
    print(f"|---|{'---|' * len(RANKERS)}")
    for name, problem in _problems():
        absences = expected_absences(problem)
        least = absences["Tretton, proven"]
        cells = (f"{value:.2f} ({value / least:.1f} ×)" for value in absences.values())
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


def expected_absences(problem: Problem) -> dict[str, float]:
    """Return the expected absences of each way's plan, all judged by the same independent checker."""
    choices = Candidates(problem).meetings
    checker = Checker(problem)
    return {name: checker.score(rank(problem, choices)).expected_absences for name, rank in RANKERS.items()}


def the_example() -> Problem:
    """Return the flagship example with its calendars."""
    problem, _ = attach_calendars(Problem.read((EXAMPLE / "problem.json").read_bytes()), EXAMPLE / "calendars")
    return problem


def _problems() -> Iterator[tuple[str, Problem]]:
    yield "Örebro län 2027 (example)", the_example()
    shared = Path(os.environ.get("TRETTON_SHARED", ROOT / ".." / "shared")) / "data" / "instances"
    for name in INSTANCES if shared.is_dir() else ():
        raw = (shared / name).read_bytes()
        yield name.split(".")[0].upper(), Problem.read(gzip.decompress(raw) if name.endswith(".gz") else raw)
