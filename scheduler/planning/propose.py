"""The pipeline on one screen: candidates → optimum → alternatives → verify → answer."""

import hashlib
import json
import math
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from itertools import islice

from scheduler.candidates import Candidates
from scheduler.errors import UnsoundPlan
from scheduler.planning.alternatives import alternatives as other_plans
from scheduler.planning.answering import write_proposal
from scheduler.planning.instance import Instance
from scheduler.planning.optimum import optimum
from scheduler.planning.search import Allowance, Found, Plan, Progress, Search
from scheduler.problem import Problem
from scheduler.proposal import TOLERANCE, Proposal, Proposals, RuleInstance, Solver, Stage, Status
from scheduler.verify import Checker

DEFAULT_TIME_LIMIT_SECONDS = 60.0


def propose(
    problem: Problem,
    *,
    alternatives: int = 3,
    min_days: int = 7,
    min_moved: int | None = None,
    seed: int = 0,
    time_limit_seconds: float = DEFAULT_TIME_LIMIT_SECONDS,
    progress: Progress | None = None,
) -> Proposals:
    """
    Return the dates that maximise expected attendance, proven best where time allows, and other plans beside them.

    Parameters
    ----------
    alternatives
        How many proposals to return at most, the best included.
    min_days, min_moved
        Each further proposal differs from all before it by ``min_days`` in at least ``min_moved`` meetings; left
        out, in a quarter of them.
    time_limit_seconds
        Deterministic time for all searching, close to seconds on an idle machine; the best plan comes first.
    progress
        Called with the best objective and the bound, in expected parties, whenever a better plan is found.

    Raises
    ------
    ValueError
        When ``alternatives``, ``min_days`` or ``min_moved`` is below 1, ``seed`` outside 0 to 2^31 - 1, or the
        limit no positive number of seconds.
    """
    _check_options(alternatives, min_days, min_moved, seed, time_limit_seconds)
    clock = _Clock()
    allowance = Allowance(time_limit_seconds)
    search = Search(allowance, seed, progress)
    with clock.stage("candidates"):
        candidates = Candidates(problem)
        choices = candidates.meetings
    with clock.stage("optimum"):
        instance = Instance(problem, choices)
        found = optimum(instance, search)
    plans: list[Plan] = []
    if found.plan is not None:
        with clock.stage("alternatives"):
            moved = -(-len(choices) // 4) if min_moved is None else min_moved
            quiet = Search(allowance, seed)
            others = other_plans(instance, found.plan, quiet, min_days=min_days, min_moved=moved)
            plans = [found.plan, *islice(others, alternatives - 1)]
    with clock.stage("answer"):
        proposals = tuple(
            write_proposal(candidates.availability, choices, plan, rank) for rank, plan in enumerate(plans, start=1)
        )
    with clock.stage("verify"):
        _vouch_for(problem, proposals)
    conflict = _conflict(candidates) if found.status == "infeasible" else ()
    return _answer(problem, found, proposals, conflict, seed, clock)


def _check_options(
    alternatives: int, min_days: int, min_moved: int | None, seed: int, time_limit_seconds: float
) -> None:
    if min(alternatives, min_days, 1 if min_moved is None else min_moved) < 1:
        raise ValueError("alternatives, min_days and min_moved must be 1 or more")
    if not 0 <= seed < 2**31:
        raise ValueError("seed must be from 0 to 2147483647")
    if not 0 < time_limit_seconds < math.inf:
        raise ValueError("time_limit_seconds must be above 0 and finite")


def input_hash(problem: Problem) -> str:
    """Return the SHA-256 of what is asked, defaults filled in: equal questions have equal hashes."""
    document = problem.model_dump(mode="json", by_alias=True, exclude_none=True)
    canonical = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


class _Clock:
    """Times the stages of one run."""

    def __init__(self) -> None:
        self.stages: list[Stage] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        self.stages.append(Stage(name=name, seconds=round(time.perf_counter() - begun, 4)))


def _vouch_for(problem: Problem, proposals: Sequence[Proposal]) -> None:
    """Refuse to answer what the independent checker does not confirm."""
    checker = Checker(problem)
    found = [broken for proposal in proposals for broken in checker.judge(proposal)]
    if found:
        raise UnsoundPlan("; ".join(f"{one.rule}: {one.detail}" for one in found))


def _conflict(candidates: Candidates) -> tuple[RuleInstance, ...]:
    """Return why the first meeting without any slot has none; nothing when only rules between meetings collide."""
    for one in candidates.meetings:
        if not len(one.slots):
            return candidates.why_empty(one.meeting)
    return ()


def _answer(
    problem: Problem,
    found: Found,
    proposals: tuple[Proposal, ...],
    conflict: tuple[RuleInstance, ...],
    seed: int,
    clock: _Clock,
) -> Proposals:
    maximised, bound = found.value, found.bound
    gap = None
    status: Status = found.status
    if maximised is not None and bound is not None:
        gap = (bound - maximised) / max(abs(maximised), 1e-9)
        if status == "optimal" and bound - maximised > TOLERANCE * len(problem.meetings):
            status = "feasible"  # weights so large that whole units are coarser than the tolerance
    return Proposals(
        status=status,
        objective=proposals[0].objective if proposals else None,
        maximised=maximised,
        bound=bound,
        gap=gap,
        objective_kind="attendance",
        input_hash=input_hash(problem),
        seed=seed,
        solver=Solver(name="cp-sat", version=version("ortools"), stages=tuple(clock.stages)),
        conflict=conflict,
        proposals=proposals,
    )
