"""Dense instances: time to proof, and the value of the best plan at any time, compared with plain CP-SAT."""

import math
import statistics
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial

from tests.benchmarks.colouring import colouring
from tests.benchmarks.comparison import MAX_RATIO, Comparison
from tests.benchmarks.dense import DENSE, dense_instance
from tests.benchmarks.engines import FORMS, plain_cp_sat, this_project
from tests.benchmarks.prepared import Prepared, prepare
from tests.benchmarks.processes import Engine, Run, measured

CAP = 60.0  # seconds of an engine
SEEDS = 5
TIMES = (1.0, 5.0, 20.0, 60.0)  # seconds after which the values of the plans are compared
WARMING = ("poll", "12 meetings", 99)  # planned by every engine before it is timed, and by CP-SAT in all of them
QUICK = 1.0  # seconds: a run that takes less is repeated
REPEATS = 5  # of quick runs, each in a fresh process: the median counts
LARGE = "two chambers"  # the size of which first plans and final gaps are printed


def print_dense(
    kinds: Collection[str] = tuple(DENSE),
    sizes: Collection[str] | None = None,
    seeds: int = SEEDS,
    cap: float = CAP,
) -> None:
    """Print a table for each kind, the instances that miss a goal, and how the largest parliaments are planned."""
    print(_terms(seeds, cap))
    for kind in kinds:
        header = [kind, "meetings, slots", "this project, proven", "plain CP-SAT, proven", "ratio: median, worst"]
        header += [f"worse at {seconds:.0f} s" for seconds in _times(cap)]
        print(f"\n| {' | '.join(header)} |")
        print("|---" * len(header) + "|")
        measurements: list[Comparison] = []
        for size in DENSE[kind]:
            if sizes is None or size in sizes:
                compared = list(_compared(kind, size, seeds, cap))
                print(_line(size, compared), flush=True)
                measurements += compared
        _print_misses(measurements)
        large = [one for one in measurements if one.name.startswith(LARGE)]
        if large:
            _print_large(large)


def _times(cap: float) -> list[float]:
    return [seconds for seconds in TIMES if seconds <= cap]


def _terms(seeds: int, cap: float) -> str:
    return (
        f"{seeds} instances a size, {cap:.0f} s an engine: medians and ranges. In each round every engine has the same "
        f"candidates in a fresh process; a run below {QUICK:g} s is the median of {REPEATS}. Plain CP-SAT is the "
        f"fastest of {', '.join(FORMS)}, building its model included; a form is stopped once another has proven "
        "sooner. The ratio is this project's seconds over those of plain CP-SAT. Worse: in how many instances this "
        "project's plan is worse than the best of all forms and of a greedy colouring, and by how much at most."
    )


def _compared(kind: str, size: str, seeds: int, cap: float) -> Iterator[Comparison]:
    """Yield the comparisons of all instances of a size; the form that was fastest before goes first."""
    warming = prepare(dense_instance(*WARMING))
    lately = next(iter(FORMS))
    for seed in range(seeds):
        prepared = prepare(dense_instance(kind, size, seed))
        run = partial(median_run, prepared=prepared, warming=warming)
        one = Comparison(
            name=f"{size}, seed {seed}",
            num_meetings=len(prepared.choices),
            pairs=prepared.pairs,
            times=_times(cap),
            own=run(this_project, cap),
            plain=plain_runs(run, lately, cap),
            colouring=run(colouring, cap),
        )
        lately = one.form
        yield one


def plain_runs(run: Callable[[Engine, float], Run], lately: str, cap: float) -> dict[str, Run]:
    """Return the runs of plain CP-SAT; a form that is slower than another so far is stopped."""
    runs: dict[str, Run] = {}
    left = cap
    for form in sorted(FORMS, key=lambda form: form != lately):
        runs[form] = run(plain_cp_sat(FORMS[form]), left)
        if runs[form].is_done:
            left = min(left, runs[form].seconds)
    return runs


def median_run(engine: Engine, seconds: float, *, prepared: Prepared, warming: Prepared) -> Run:
    """Return the run of an engine, or of several quick runs the one of median duration."""
    run = partial(measured, engine, prepared, seconds=seconds, goal="history", warming=warming)
    runs = [run()]
    if runs[0].seconds < QUICK:
        runs += [run() for _ in range(REPEATS - 1)]
    return sorted(runs, key=lambda run: run.seconds)[len(runs) // 2]


def _line(size: str, compared: Sequence[Comparison]) -> str:
    ratios = [one.ratio for one in compared if one.ratio is not None]
    cells = [
        size,
        f"{compared[0].num_meetings}, {statistics.median(one.pairs for one in compared):,.0f}",
        proven([one.own for one in compared]),
        proven([one.fastest for one in compared]),
        f"{statistics.median(ratios):.2f}, {max(ratios):.2f}" if ratios else "–",
        *(_worse([one.shortfall(seconds) for one in compared]) for seconds in compared[0].times),
    ]
    return f"| {' | '.join(cells)} |"


def proven(runs: Sequence[Run]) -> str:
    """Return the seconds of all runs, those that were stopped included, and how many have proven."""
    done = sum(run.is_done for run in runs)
    return f"{spread([run.seconds for run in runs], ' s')}, {done} of {len(runs)}"


def spread(numbers: Sequence[float], unit: str = "") -> str:
    """Return the median and the range."""
    low, middle, high = (f"{each:.3g}" for each in (min(numbers), statistics.median(numbers), max(numbers)))
    return f"{middle}{unit} ({low} to {high})"


def _worse(shortfalls: Sequence[float]) -> str:
    lower = [shortfall for shortfall in shortfalls if shortfall]
    if not lower:
        return "0"
    return f"{len(lower)} ({'no plan' if math.isinf(max(lower)) else f'{max(lower):.1e}'})"


def _print_misses(compared: Sequence[Comparison]) -> None:
    misses = [f"* {one.name}: {miss}" for one in compared for miss in one.misses()]
    print(f"\nSlower to the proof than {MAX_RATIO} × the fastest form, or worse at some time: {len(misses)}.\n")
    print("\n".join(misses), flush=True)


def _print_large(compared: Sequence[Comparison]) -> None:
    print(f"\n| {LARGE} | seconds to the first plan | gap at the end | plans |\n|---|---|---|---|")
    print(_large_line("this project", [one.own for one in compared]))
    for form in FORMS:
        print(_large_line(f"plain CP-SAT, {form}", [one.plain[form] for one in compared]))
    print(_large_line("greedy colouring", [one.colouring for one in compared]), flush=True)


def _large_line(engine: str, runs: Sequence[Run]) -> str:
    first = [run.first_plan for run in runs if run.first_plan is not None]
    gaps = [run.gap for run in runs if run.gap is not None and math.isfinite(run.gap)]
    cells = [
        engine,
        spread(first) if first else "–",
        spread(gaps) if gaps else "–",
        f"{len(first)} of {len(runs)}",
    ]
    return f"| {' | '.join(cells)} |"
