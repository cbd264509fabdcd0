"""The pipeline on one screen: candidates → optimum → alternatives → verify → answer; or why nothing fits."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from itertools import islice

from scheduler.candidates import Candidates, MeetingCandidates
from scheduler.errors import UnsoundPlan
from scheduler.intervals import FloatArray
from scheduler.planning.alternatives import Find
from scheduler.planning.alternatives import alternatives as other_plans
from scheduler.planning.fairness import Leximin
from scheduler.planning.infeasibility import Diagnosis, diagnose
from scheduler.planning.instance import Instance
from scheduler.planning.optimum import optimum
from scheduler.planning.proposal_builder import write_proposal
from scheduler.planning.repair import gains_less_moves, to_repair
from scheduler.planning.search import Plan, PlanResult, Progress, Search, monotone_progress
from scheduler.problem import Problem
from scheduler.proposal import TOLERANCE, Fairness, Objective, Proposal, Proposals, Solver, Stage, Status
from scheduler.verify import Checker

DEFAULT_TIME_LIMIT_SECONDS = 60.0
MAX_MOVE_COST = 1e6  # expected parties: far beyond what any meeting holds


def propose(
    problem: Problem,
    *,
    objective: Objective = "attendance",
    give_up: float = 0.001,
    move_cost: float = 0.25,
    alternatives: int = 3,
    min_days: int = 7,
    min_moved: int | None = None,
    seed: int = 0,
    time_limit_seconds: float = DEFAULT_TIME_LIMIT_SECONDS,
    progress: Progress | None = None,
    is_cancelled: Callable[[], bool] | None = None,
) -> Proposals:
    """
    Return the dates that maximise expected attendance, proven best where time allows, and other plans beside them.

    Parameters
    ----------
    objective
        ``attendance``; ``fair``: among plans that give up little of it, the worst-off party first; or ``repair``:
        attendance less the cost of moves from the ``published`` plan, where meetings are frozen whose notice was due.
    give_up
        The share of the greatest attendance that a fair plan may lose, from 0 to 1.
    move_cost
        What moving a published meeting costs, in expected parties, from 0 to a million.
    alternatives
        How many proposals to return at most, the best included.
    min_days, min_moved
        Each further proposal differs from all before it by ``min_days`` in at least ``min_moved`` meetings; left
        out, in a quarter of them.
    time_limit_seconds
        Deterministic time for all searching, close to seconds on an idle machine; the best plan comes first.
    progress
        Called with the best value and the bound of what is maximised, in expected parties, whenever either improves.
    is_cancelled
        Asked now and then; once it says so, the best that was found is returned, soon.

    Raises
    ------
    InvalidProblem
        When a plan is to be repaired and none is published.
    ValueError
        When an option is outside its range.
    """
    options = _Options(objective, give_up, move_cost, alternatives, min_days, min_moved)
    told = None if progress is None else monotone_progress(progress)
    return _propose(problem, options, Search.within(time_limit_seconds, seed, told, is_cancelled))


@dataclass(frozen=True, slots=True)
class _Options:
    """What is wanted, as `propose` explains it."""

    objective: Objective
    give_up: float
    move_cost: float
    alternatives: int
    min_days: int
    min_moved: int | None

    def __post_init__(self) -> None:
        if self.objective not in ("attendance", "fair", "repair"):
            raise ValueError("objective must be attendance, fair or repair")
        if not 0 <= self.give_up <= 1:
            raise ValueError("give_up must be from 0 to 1")
        if not 0 <= self.move_cost <= MAX_MOVE_COST:
            raise ValueError(f"move_cost must be from 0 to {MAX_MOVE_COST:.0f}")
        if min(self.alternatives, self.min_days, 1 if self.min_moved is None else self.min_moved) < 1:
            raise ValueError("alternatives, min_days and min_moved must be 1 or more")


def _propose(problem: Problem, options: _Options, search: Search) -> Proposals:
    """Go through all stages: this is the whole of planning, on one screen."""
    clock = _Clock()
    is_repair, is_fair = options.objective == "repair", options.objective == "fair"
    with clock.stage("candidates"):
        candidates = Candidates(to_repair(problem) if is_repair else problem)
        choices = candidates.meetings
    worth = partial(_gains, problem, options)
    with clock.stage("optimum"):
        instance = Instance(candidates.problem, choices, worth(choices))
        found = optimum(instance, search.without_progress() if is_fair else search)
    find: Find = optimum
    fairness = None
    if is_fair and found.plan is not None:
        with clock.stage("fairness"):
            leximin = Leximin(instance, found, options.give_up)
            found, fairness = leximin.fairest(search)
            find = leximin.next_fairest
    plans: list[Plan] = []
    if found.plan is not None:
        with clock.stage("alternatives"):
            plans = [
                found.plan,
                *islice(_others(instance, found.plan, search, options, find), options.alternatives - 1),
            ]
    with clock.stage("answer"):
        proposals = tuple(write_proposal(candidates, choices, plan, rank) for rank, plan in enumerate(plans, start=1))
    with clock.stage("verify"):
        _vouch_for(candidates.problem, proposals)
    why = Diagnosis()
    if found.status == "infeasible":
        with clock.stage("conflict"):
            why = diagnose(candidates, search.without_progress(), worth)
    return _answer(problem, options.objective, found, fairness, proposals, why, search.seed, clock)


def _gains(problem: Problem, options: _Options, choices: Sequence[MeetingCandidates]) -> FloatArray | None:
    """Return what is maximised, slot by slot; None for expected attendance."""
    return gains_less_moves(problem, choices, options.move_cost) if options.objective == "repair" else None


def _others(instance: Instance, best: Plan, search: Search, options: _Options, find: Find) -> Iterator[Plan]:
    """Yield the plans beside the best, each as different as is wanted."""
    a_quarter = -(-len(best) // 4)
    moved = a_quarter if options.min_moved is None else options.min_moved
    return other_plans(instance, best, search.without_progress(), min_days=options.min_days, min_moved=moved, find=find)


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


def _answer(
    problem: Problem,
    objective: Objective,
    found: PlanResult,
    fairness: Fairness | None,
    proposals: tuple[Proposal, ...],
    why: Diagnosis,
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
        objective_kind=objective,
        input_hash=input_hash(problem),
        seed=seed,
        solver=Solver(name="cp-sat", version=version("ortools"), stages=tuple(clock.stages)),
        conflict=why.conflict,
        relaxations=why.relaxations,
        fairness=fairness,
        proposals=proposals,
    )
