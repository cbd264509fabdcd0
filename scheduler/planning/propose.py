"""Plan a problem: candidates, optimum, alternatives, proposals, verification; or why there is no plan."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from itertools import combinations, islice
from typing import Unpack

from scheduler.candidates import Candidates
from scheduler.errors import UnsoundPlan
from scheduler.evidence import Evidence, build_evidence
from scheduler.options import PlanChoices, PlanOptions
from scheduler.planning.alternatives import Difference, FindPlan, LimitReached, further_plans
from scheduler.planning.fairness import Leximin
from scheduler.planning.infeasibility import Diagnosis, diagnose
from scheduler.planning.instance import Instance
from scheduler.planning.optimum import optimum
from scheduler.planning.proposal_builder import build_proposal
from scheduler.planning.repair import pins_outside, to_repair
from scheduler.planning.search_types import Plan, PlanResult, Progress, Search, monotone_progress
from scheduler.problem import Problem
from scheduler.proposal import TOLERANCE, Fairness, MissingPart, Objective, Proposal, Proposals, Solver, Stage, Status
from scheduler.verify import Checker
from scheduler.verify.differences import num_moved
from scheduler.verify.preferences import plan_cost


def propose(
    problem: Problem,
    options: PlanOptions | None = None,
    *,
    evidence: Evidence | None = None,
    progress: Progress | None = None,
    is_cancelled: Callable[[], bool] | None = None,
    on_best: Callable[[Proposals], None] | None = None,
    **choices: Unpack[PlanChoices],
) -> Proposals:
    """
    Return the dates that maximise expected attendance, proven optimal where time allows, and alternatives.

    Parameters
    ----------
    problem
        The problem to plan.
    options
        The options; the defaults of `PlanOptions` when left out.
    evidence
        How the input was read, from `scheduler.ical.folder.attach_calendars`; by default only what the problem states.
    progress
        Called with the best value and the dual bound, in expected parties, whenever either improves. Both hold for the
        whole problem; for fair plans only the result is reported.
    is_cancelled
        Called repeatedly; once it returns True, the best plan found is returned soon.
    on_best
        Called with the best plan before alternatives are searched; the alternatives are then stated as ``missing``.
    **choices
        Fields of `PlanOptions` that replace those of ``options``: ``propose(problem, objective="fair")``.

    Raises
    ------
    InvalidProblem
        If a plan is to be repaired and none is published.
    ValueError
        If an option is outside its range.
    """
    options = replace(options or PlanOptions(), **choices)
    search = Search.within(
        options.time_limit_seconds,
        options.seed,
        None if progress is None else monotone_progress(progress),
        is_cancelled,
    )
    return _propose(problem, options, search, evidence or build_evidence(problem), on_best)


def _propose(
    problem: Problem,
    options: PlanOptions,
    search: Search,
    evidence: Evidence,
    on_best: Callable[[Proposals], None] | None,
) -> Proposals:
    """Go through all stages of planning."""
    clock = _StageClock()
    is_fair = options.objective == "fair"

    with clock.stage("candidates"):
        stated = to_repair(problem) if options.objective == "repair" else problem
        candidates = Candidates(stated, options=options)
        choices = candidates.meetings

    with clock.stage("optimum"):
        instance = Instance(stated, choices)
        result = optimum(instance, search.without_progress() if is_fair else search)

    find_plan: FindPlan = optimum
    fairness = None
    if is_fair and result.plan is not None:
        with clock.stage("fairness"):
            leximin = Leximin(instance, result, options.give_up)
            result, fairness = leximin.fairest(search)
            find_plan = leximin.next_fairest

    answer = _ProposalsBuilder(problem, stated, options, candidates, result, fairness, evidence)
    plans: list[Plan] = []
    missing: tuple[MissingPart, ...] = ()
    if result.plan is not None:
        if on_best is not None and options.alternatives > 1:
            on_best(answer.with_plans([result.plan], _StageClock(clock.stages), missing=("alternatives",)))
        with clock.stage("alternatives"):
            difference = Difference.of(stated, options)
            further = further_plans(instance, result.plan, search.without_progress(), difference, find_plan)
            plans, missing = _with_alternatives(result.plan, further, options.alternatives)

    diagnosis = Diagnosis()
    if result.status == "infeasible":
        with clock.stage("conflict"):
            diagnosis = diagnose(candidates, search.without_progress())
    return answer.with_plans(plans, clock, diagnosis, missing)


def _with_alternatives(
    best: Plan, further: Iterator[Plan], num_plans: int
) -> tuple[list[Plan], tuple[MissingPart, ...]]:
    """Return the best plan and further ones, and what is missing because memory or time did not suffice for it."""
    plans = [best]
    # The best plan stays an answer when the search for others fails.
    try:
        plans.extend(islice(further, num_plans - 1))
    except (MemoryError, LimitReached):
        return plans, ("alternatives",)
    return plans, ()


def input_hash(problem: Problem) -> str:
    """Return the SHA-256 of a problem with its defaults filled in: equal problems have equal hashes."""
    document = problem.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"commitments"})
    canonical = json.dumps({**document, "commitments": []}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    # Within a text, quotation marks are escaped: this occurs once.
    before, after = canonical.split('"commitments":[]')
    commitments = ",".join(problem.commitment_columns.canonical_json())
    return hashlib.sha256(f'{before}"commitments":[{commitments}]{after}'.encode()).hexdigest()


class _StageClock:
    """Measures the stages of a run."""

    def __init__(self, stages: Sequence[Stage] = ()) -> None:
        self.stages = list(stages)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        begin = time.perf_counter()
        yield
        seconds = time.perf_counter() - begin
        self.stages.append(Stage(name=name, seconds=round(seconds, 4)))


def _verify(
    problem: Problem,
    options: PlanOptions,
    result: PlanResult,
    proposals: Sequence[Proposal],
) -> None:
    """
    Check every proposal, and the value that is maximised, independently of the planner.

    Raises
    ------
    UnsoundPlan
        If the checker finds a violation, another number than is stated, or proposals that differ too little.
    """
    checker = Checker(problem)
    violations = [violation for proposal in proposals for violation in checker.judge(proposal)]
    if violations:
        raise UnsoundPlan("; ".join(f"{violation.rule}: {violation.detail}" for violation in violations))

    difference = Difference.of(problem, options)
    for earlier, later in combinations(proposals, 2):
        if num_moved(problem, earlier.starts, later.starts, difference.min_days) < difference.min_moved:
            raise UnsoundPlan(f"misstated: proposal {later.rank} is too similar to proposal {earlier.rank}")

    if proposals and result.value is not None:
        best = proposals[0]
        value = best.objective - plan_cost(problem, options, best.starts)
        if abs(value - result.value) > TOLERANCE * len(problem.meetings):
            raise UnsoundPlan(f"misstated: the plan's value is {value}, not {result.value}")


@dataclass(frozen=True, slots=True)
class _ProposalsBuilder:
    """What all answers of a run share: the best plan alone, and the best plan with alternatives."""

    problem: Problem
    stated: Problem  # the problem that was planned
    options: PlanOptions
    candidates: Candidates
    result: PlanResult
    fairness: Fairness | None
    evidence: Evidence

    def with_plans(
        self,
        plans: Sequence[Plan],
        clock: _StageClock,
        diagnosis: Diagnosis | None = None,
        missing: tuple[MissingPart, ...] = (),
    ) -> Proposals:
        """Return the answer with these plans, the best one first, after their verification."""
        choices = self.candidates.meetings
        with clock.stage("answer"):
            warnings = tuple(pins_outside(self.problem))
            proposals = tuple(
                build_proposal(self.candidates, choices, plan, rank, warnings)
                for rank, plan in enumerate(plans, start=1)
            )
        with clock.stage("verify"):
            _verify(self.stated, self.options, self.result, proposals)
        return self._proposals(proposals, clock, diagnosis or Diagnosis(), missing)

    def _proposals(
        self,
        proposals: tuple[Proposal, ...],
        clock: _StageClock,
        diagnosis: Diagnosis,
        missing: tuple[MissingPart, ...],
    ) -> Proposals:
        status, gap = _status_and_gap(self.problem, self.result)
        objective: Objective = self.options.objective
        return Proposals(
            status=status,
            objective=proposals[0].objective if proposals else None,
            maximised=self.result.value,
            bound=self.result.bound,
            gap=gap,
            objective_kind=objective,
            input_hash=input_hash(self.problem),
            seed=self.options.seed,
            solver=Solver(name="cp-sat", version=version("ortools"), stages=tuple(clock.stages)),
            conflict=diagnosis.conflict,
            conflict_is_minimal=diagnosis.conflict_is_minimal,
            relaxations=diagnosis.relaxations,
            fairness=self.fairness,
            missing=missing,
            evidence=self.evidence,
            proposals=proposals,
        )


def _status_and_gap(problem: Problem, result: PlanResult) -> tuple[Status, float | None]:
    """Return the status, and the relative gap of a plan; None without a plan."""
    if result.value is None or result.bound is None:
        return result.status, None
    difference = result.bound - result.value
    gap = difference / max(abs(result.value), 1e-9)

    # With very large weights the integer units are coarser than the tolerance: then nothing is proven to it.
    is_coarse = difference > TOLERANCE * len(problem.meetings)
    if result.status == "optimal" and is_coarse:
        return "feasible", gap
    return result.status, gap
