"""Time to the proof of optimality compared with plain CP-SAT and HiGHS under equal conditions."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.benchmarks.engines import FORMS, highs, plain_cp_sat, this_project
from tests.benchmarks.instances import SIZES
from tests.benchmarks.prepared import Prepared, county
from tests.benchmarks.processes import GAP, Run, measured

CAP = 60.0  # seconds, for the engines that take longest
PATIENCE = 90.0  # with the largest county, of which the others may have no plan for long
SEARCHED = ("one worker", "eight workers")  # the forms of plain CP-SAT that have a first plan of it soonest


@dataclass(frozen=True)
class Plan:
    """What is measured of one size: so many problems, rounds of all engines, and runs of each in a process."""

    seeds: int
    rounds: int
    repeats: int


PLANS = {"S": Plan(3, 2, 9), "M": Plan(3, 2, 9), "L": Plan(3, 2, 5), "XL": Plan(2, 1, 1)}


@dataclass
class Rounds:
    """What the rounds of one size came to; a plain CP-SAT or HiGHS that was stopped counts with its seconds so far."""

    own: list[Run] = field(default_factory=list)
    plain: list[Run] = field(default_factory=list)
    highs: list[Run] = field(default_factory=list)
    fastest: list[str] = field(default_factory=list)
    preparing: list[float] = field(default_factory=list)
    pairs: list[int] = field(default_factory=list)


def print_speed() -> None:
    """Print the tables of RESULTS.md: to proof, and what becomes of the largest county."""
    print("Seconds from candidates to the proven plan: those of the others over this project's, medians and ranges.\n")
    print("| size | councils × meetings | allowed slots | preparing | this project | plain CP-SAT | its form | HiGHS |")
    print("|---|---|---|---|---|---|---|---|")
    for name, plan in PLANS.items():
        print(_line(name, _measure(name, plan)), flush=True)
    print(f"\n{_terms()}\n")
    print_largest()


def _terms() -> str:
    problems = ", ".join(f"{name} {plan.seeds} × {plan.rounds}" for name, plan in PLANS.items())
    return (
        f"Problems × rounds: {problems}. In a round every engine has the same problem in a fresh process. Plain CP-SAT "
        f"is the fastest of {', '.join(FORMS)}, building its model included; \\> says "
        "that it was stopped unproven. Preparing (candidates out of a problem) comes before, for everybody."
    )


def _measure(name: str, plan: Plan) -> Rounds:
    found = Rounds()
    for seed in range(plan.seeds):
        problem = county(SIZES[name], seed)
        found.pairs.append(problem.pairs)
        found.preparing.append(problem.seconds)
        for _ in range(plan.rounds):
            found.own.append(measured(this_project, problem, seconds=CAP, repeats=plan.repeats))
            form, run = fastest_plain(problem, found.fastest, plan.repeats)
            found.plain.append(run)
            found.fastest.append(form)
            found.highs.append(measured(highs, problem, seconds=CAP, repeats=plan.repeats))
    return found


def fastest_plain(problem: Prepared, lately: Sequence[str], repeats: int) -> tuple[str, Run]:
    """Return the form of plain CP-SAT that proves first; one that is slower than another so far is stopped."""
    order = sorted(FORMS, key=lambda form: form not in lately[-1:])
    best, run = order[0], measured(plain_cp_sat(FORMS[order[0]]), problem, seconds=CAP, repeats=repeats)
    for form in order[1:]:
        left = run.seconds if run.is_done else CAP
        other = measured(plain_cp_sat(FORMS[form]), problem, seconds=left, repeats=repeats)
        if other.is_done and other.seconds < left:
            best, run = form, other
    return best, run


def _line(name: str, found: Rounds) -> str:
    own = statistics.median(run.seconds for run in found.own)
    proven = sum(run.is_done for run in found.own)
    cells = [
        name,
        str(SIZES[name]),
        f"{statistics.median(found.pairs):,.0f}",
        f"{1000 * statistics.median(found.preparing):,.0f} ms",
        f"{1000 * own:,.2f} ms" + (f", {proven} of {len(found.own)} proven" if proven < len(found.own) else ""),
        ratio(found.plain, found.own),
        ", ".join(f"{form} {found.fastest.count(form)} ×" for form in dict.fromkeys(found.fastest)),
        ratio(found.highs, found.own),
    ]
    return f"| {' | '.join(cells)} |"


def ratio(runs: Sequence[Run], own: Sequence[Run]) -> str:
    """Return by how much ``runs`` took longer than ``own``, pair by pair: the median and the range."""
    ratios = [run.seconds / mine.seconds for run, mine in zip(runs, own, strict=True)]
    least = "" if all(run.is_done for run in runs) else "> "
    return f"{least}{_number(statistics.median(ratios))} × ({_number(min(ratios))} to {_number(max(ratios))})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 20 else f"{value:.1f}" if value >= 2 else f"{value:.2f}"


def print_largest() -> None:
    """Print what each engine has of the largest county, and when."""
    problem = county(SIZES["XXL"], 0)
    print(f"XXL: {SIZES['XXL']}, {problem.pairs:,} allowed slots, prepared in {problem.seconds:.0f} s.\n")
    print("| engine | goal | reached after | gap then | memory, of it the engine's |")
    print("|---|---|---|---|---|")
    own = measured(this_project, problem, seconds=CAP, goal="gap")
    print(_largest_line("this project", f"gap of {GAP:g}", own), flush=True)
    plain: list[Run] = []
    for form in SEARCHED:
        plain.append(measured(plain_cp_sat(FORMS[form]), problem, seconds=PATIENCE, goal="first"))
        print(_largest_line(f"plain CP-SAT, {form}", "a first plan", plain[-1]), flush=True)
    print(_largest_line("HiGHS", "a first plan", measured(highs, problem, seconds=PATIENCE, goal="first")), flush=True)
    first = [run.seconds for run in plain if run.is_done]
    if own.is_done and first:
        print(
            f"\nPlain CP-SAT's first plan came {min(first) / own.seconds:.1f} × as late as this project's at {GAP:g}."
        )


def _largest_line(engine: str, goal: str, run: Run) -> str:
    reached = f"{run.seconds:.1f} s" if run.is_done else f"not in {run.seconds:.0f} s"
    gap = "no plan" if run.gap is None else f"{run.gap:.1e}"
    return f"| {engine} | {goal} | {reached} | {gap} | {run.peak_mib:,.0f} MiB, {run.own_mib:,.0f} MiB |"
