"""Infeasible dense instances: time to a conflict, compared with plain CP-SAT's time to the status."""

from collections.abc import Collection
from functools import partial

from scheduler import Problem, propose
from scheduler.planning.search_types import PlanResult
from tests.benchmarks.bodies import CAP, SEEDS, WARMING, median_run, plain_runs, proven, spread
from tests.benchmarks.dense import DENSE, crowded_document, dense_instance
from tests.benchmarks.engines import FORMS
from tests.benchmarks.prepared import Prepared, prepare
from tests.benchmarks.processes import Run, Watch

ALONE = "one meeting"  # the size of which no person can be in two meetings


def print_crowded(
    kinds: Collection[str] = tuple(DENSE),
    sizes: Collection[str] | None = None,
    seeds: int = SEEDS,
    cap: float = CAP,
) -> None:
    """Print a table of the infeasible instances."""
    print(
        f"{seeds} infeasible instances a size, {cap:.0f} s an engine: `propose` with a conflict, candidates included, "
        "and the fastest form of plain CP-SAT to the status, candidates left out. Medians and ranges.\n"
    )
    print("| kind, size | candidates | `propose`, infeasible with a conflict | plain CP-SAT, infeasible |")
    print("|---|---|---|---|")
    for kind in kinds:
        for size in DENSE[kind]:
            is_alone = size == ALONE
            if not is_alone and (sizes is None or size in sizes):
                print(_line(kind, size, seeds, cap), flush=True)


def _line(kind: str, size: str, seeds: int, cap: float) -> str:
    warming = prepare(dense_instance(*WARMING))
    preparing: list[float] = []
    own: list[Run] = []
    plain: list[Run] = []
    for seed in range(seeds):
        prepared = prepare(Problem.of(crowded_document(kind, size, seed)))
        run = partial(median_run, prepared=prepared, warming=warming)
        preparing.append(prepared.seconds)
        own.append(run(conflict, cap))
        forms = plain_runs(run, next(iter(FORMS)), cap)
        assert all(run.first_plan is None for run in forms.values()), f"{kind}, {size}, seed {seed} has a plan"
        plain.append(min(forms.values(), key=lambda run: (not run.is_done, run.seconds)))
    return f"| {kind}, {size} | {spread(preparing, ' s')} | {proven(own)} | {proven(plain)} |"


def conflict(prepared: Prepared, seconds: float, _: Watch) -> PlanResult:
    """Plan an infeasible problem by `propose`; the status is "unknown" where there is no conflict with it."""
    found = propose(prepared.problem, alternatives=1, time_limit_seconds=seconds)
    has_conflict = found.status == "infeasible" and found.conflict
    return PlanResult("infeasible" if has_conflict else "unknown")
