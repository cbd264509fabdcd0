"""The time limit holds in processor seconds, and a guard ends a search whose deterministic time misses work."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NoReturn

import numpy as np
import pytest

from scheduler import propose
from scheduler.candidates import Candidates
from scheduler.planning.alternatives import further_plans
from scheduler.planning.cpsat import solver
from scheduler.planning.cpsat.model import PlanModel
from scheduler.planning.instance import Instance
from scheduler.planning.search_types import Allowance, Plan, PlanResult, ProcessorGuard, Search, UnitResult
from tests.builders import a_problem
from tests.known_answers import load

ENDLESS = 1e6


def mixed_instance() -> Instance:
    problem, _ = load("mix.json")
    return Instance(problem, Candidates(problem).meetings)


def solve(instance: Instance, search: Search) -> UnitResult:
    return PlanModel(instance, search).best(np.ones(len(instance.gains), dtype=np.bool_))


def test_a_model_draws_for_its_size_and_for_its_search() -> None:
    instance = mixed_instance()
    search = Search(Allowance(60.0))
    solve(instance, search)
    drawn = 60.0 - search.allowance.seconds
    assert drawn > solver.SECONDS_PER_TERM * len(instance.gains)
    used = ProcessorGuard.behind(60.0).seconds - search.allowance.guard.seconds
    assert used > 0


def test_a_model_that_costs_more_than_is_left_is_not_searched() -> None:
    search = Search(Allowance(1e-3))
    assert solve(mixed_instance(), search).status == "unknown"
    assert search.is_over


def test_the_guard_ends_a_search_and_all_that_follow() -> None:
    instance = mixed_instance()
    search = Search(Allowance(ENDLESS, ProcessorGuard(0.01)))
    assert solve(instance, search).status in ("unknown", "feasible")
    assert search.allowance.guard.is_spent
    assert search.is_over
    assert solve(instance, search).status == "unknown"


def test_a_part_of_an_allowance_has_the_same_guard() -> None:
    allowance = Allowance(60.0)
    part = allowance.part(0.75)
    assert part.seconds == 45.0
    part.guard.draw(1000.0)
    assert allowance.is_spent


@pytest.mark.parametrize(("limit_seconds", "guard_seconds"), [(60.0, 75.0), (1.0, 11.0), (400.0, 500.0)])
def test_the_guard_is_a_quarter_or_10_seconds_above_the_limit(limit_seconds: float, guard_seconds: float) -> None:
    assert Allowance(limit_seconds).guard.seconds == guard_seconds


@pytest.mark.skipif(not hasattr(time, "pthread_getcpuclockid"), reason="threads have no clocks")
def test_the_work_of_other_threads_does_not_count() -> None:
    with ThreadPoolExecutor(max_workers=1) as executor:
        clock = executor.submit(solver._ThreadClock).result()
        begin = time.thread_time()
        while time.thread_time() - begin < 0.2:
            pass
        assert clock.seconds < 0.1


def test_an_exception_while_polling_ends_the_search() -> None:
    num_calls = 0

    def interrupt() -> bool:
        nonlocal num_calls
        num_calls += 1
        if num_calls > 1:  # the first call is before the search
            raise KeyboardInterrupt
        return False

    num_threads = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        solve(mixed_instance(), Search(Allowance(ENDLESS), is_cancelled=interrupt))
    assert threading.active_count() == num_threads


def test_an_error_of_the_solver_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> NoReturn:
        raise MemoryError

    monkeypatch.setattr(solver, "_solve_model", fail)
    with pytest.raises(MemoryError):
        solve(mixed_instance(), Search())


def test_alternatives_that_the_limit_leaves_no_time_for_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = a_problem()
    assert propose(problem, alternatives=100).missing == ()  # it is proven that there are no more

    def find_none(*_: object) -> PlanResult:
        return PlanResult("unknown")

    def without_time(instance: Instance, best: Plan, search: Search, *others: Any) -> Iterator[Plan]:
        search.allowance.draw(ENDLESS)
        return further_plans(instance, best, search, others[0], find_none)

    monkeypatch.setattr("scheduler.planning.propose.further_plans", without_time)
    answer = propose(problem)
    assert answer.missing == ("alternatives",)
    assert len(answer.proposals) == 1
