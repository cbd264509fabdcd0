"""Searches in two threads: whichever ends first, the results and the allowance left are the same."""

import threading
from collections.abc import Callable
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.candidates import Candidates
from scheduler.planning import two_threads
from scheduler.planning.instance import NEG_INF, Instance
from scheduler.planning.search_types import Allowance, Search, SearchStatus, UnitResult
from scheduler.planning.two_threads import MAX_SHARE, _halves, search_each_in_two_threads, search_in_two_threads
from scheduler.planning.unit_progress import ComponentProgress
from tests.builders import a_problem

EXPECTED_SECONDS = 7.0
PATIENCE = 10.0  # seconds, of a thread that waits for another


def a_result(status: SearchStatus, value: int, bound: int, plan: int) -> UnitResult:
    """Return a result whose plan is recognised by its only position."""
    return UnitResult(status, np.array([plan]), value, bound)


def drawing(
    result: UnitResult, seconds: float, after: threading.Event, done: threading.Event
) -> Callable[..., UnitResult]:
    """Return a search that draws ``seconds`` and returns ``result`` once ``after`` is set, or when it is cancelled."""

    def search(*arguments: UnitResult | Search) -> UnitResult:
        options = arguments[-1]
        assert isinstance(options, Search)
        for _ in range(int(PATIENCE / 0.001)):
            if options.is_over or after.wait(0.001):
                break
        options.allowance.draw(seconds)
        done.set()
        return result

    return search


SMALL = a_result("feasible", 5, 9, plan=1)
PROVES_SMALL = a_result("optimal", 5, 5, plan=2)
PROVES_BETTER = a_result("optimal", 6, 6, plan=3)
STOPPED = a_result("feasible", 6, 8, plan=4)
STOPPED_WORSE = a_result("feasible", 4, 7, plan=5)


def run(
    direct: UnitResult,
    rest: UnitResult,
    first: Literal["direct", "rest"],
    seconds: float = 100.0,
) -> tuple[UnitResult, float]:
    """Run both searches so that ``first`` ends first; return the result and the allowance left."""
    at_once, direct_ended, rest_ended = threading.Event(), threading.Event(), threading.Event()
    at_once.set()
    search = Search(Allowance(seconds))
    result = search_in_two_threads(
        search,
        direct=drawing(direct, 20.0, at_once if first == "direct" else rest_ended, direct_ended),
        small=drawing(SMALL, 1.0, at_once, threading.Event()),
        rest=drawing(rest, 30.0, at_once if first == "rest" else direct_ended, rest_ended),
        expected_seconds=EXPECTED_SECONDS,
    )
    return result, search.allowance.seconds


@pytest.fixture(autouse=True)
def no_head_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let both searches begin at once, so that either can be the first."""
    monkeypatch.setattr(two_threads, "HEAD_START", 0.0)


def test_a_direct_search_that_decides_within_its_head_start_is_the_only_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(two_threads, "HEAD_START", PATIENCE)

    def never(*_: UnitResult | Search) -> UnitResult:
        raise AssertionError("the other search was started")

    at_once = threading.Event()
    at_once.set()
    for proof in (PROVES_SMALL, PROVES_BETTER):
        result = search_in_two_threads(
            Search(),
            direct=drawing(proof, 20.0, at_once, threading.Event()),
            small=lambda _: SMALL,
            rest=never,
            expected_seconds=1.0,
        )
        assert result.value == proof.value
        assert result.status == "optimal"


@pytest.mark.parametrize("first", ["direct", "rest"])
@pytest.mark.parametrize(
    ("direct", "rest", "plan", "value", "left"),
    [
        # The plan of the small models is optimal, whoever proves it.
        (PROVES_SMALL, PROVES_SMALL, 1, 5, 93.0),
        (PROVES_SMALL, STOPPED_WORSE, 1, 5, 93.0),
        # It is not: the direct search decides.
        (PROVES_BETTER, PROVES_BETTER, 3, 6, 80.0),
        (PROVES_BETTER, STOPPED, 3, 6, 80.0),
        # The direct search has reached its limit.
        (STOPPED_WORSE, PROVES_SMALL, 1, 5, 93.0),
        (STOPPED, PROVES_BETTER, 3, 6, 80.0),
        (STOPPED, STOPPED_WORSE, 4, 6, 80.0),
        (STOPPED_WORSE, STOPPED, 4, 6, 80.0),
    ],
)
def test_the_result_does_not_depend_on_which_search_ends_first(
    first: Literal["direct", "rest"], direct: UnitResult, rest: UnitResult, plan: int, value: int, left: float
) -> None:
    result, seconds = run(direct, rest, first)
    assert result.value == value
    assert result.positions is not None
    assert result.positions.tolist() == [plan]
    assert seconds == left
    bounds = [each.bound for each in (direct, rest, SMALL) if each.bound is not None]
    assert result.bound == (value if result.status == "optimal" else min(bounds))


def test_a_search_of_unknown_time_leaves_half_of_a_short_allowance() -> None:
    _, left = run(PROVES_SMALL, PROVES_SMALL, "direct", seconds=4.0)
    assert left == 4.0 * MAX_SHARE


def test_a_plan_that_the_small_models_prove_ends_both_searches() -> None:
    search = Search(Allowance(100.0))
    at_once, never = threading.Event(), threading.Event()
    at_once.set()
    result = search_in_two_threads(
        search,
        direct=drawing(PROVES_SMALL, 20.0, never, threading.Event()),
        small=drawing(PROVES_SMALL, 1.0, at_once, threading.Event()),
        rest=lambda known, _: known,
        expected_seconds=EXPECTED_SECONDS,
    )
    assert result == PROVES_SMALL
    assert search.allowance.seconds == 99.0


def test_processor_time_of_both_threads_is_drawn_from_the_guard() -> None:
    search = Search(Allowance(100.0))
    before = search.allowance.guard.seconds

    def works(*arguments: UnitResult | Search) -> UnitResult:
        assert isinstance(arguments[-1], Search)
        arguments[-1].allowance.guard.draw(3.0)
        return PROVES_BETTER

    search_in_two_threads(search, direct=works, small=lambda _: SMALL, rest=works, expected_seconds=1.0)
    assert search.allowance.guard.seconds == before - 3.0


def test_equal_bounds_and_values_of_two_threads_are_a_proof() -> None:
    result, _ = run(a_result("feasible", 6, 8, plan=3), a_result("feasible", 5, 6, plan=4), "direct")
    assert (result.status, result.value, result.bound) == ("optimal", 6, 6)


def test_an_exception_in_a_search_ends_the_other() -> None:
    is_over, is_started = threading.Event(), threading.Event()

    def fails(_: Search) -> UnitResult:
        is_started.wait(PATIENCE)
        raise ArithmeticError

    def waits(_: UnitResult, search: Search) -> UnitResult:
        is_started.set()
        for _attempt in range(int(PATIENCE / 0.001)):
            if search.is_over:
                is_over.set()
                break
            is_over.wait(0.001)
        return SMALL

    with pytest.raises(ArithmeticError):
        search_in_two_threads(Search(), direct=fails, small=lambda _: SMALL, rest=waits, expected_seconds=1.0)
    assert is_over.is_set()


def test_no_progress_is_reported_after_the_result() -> None:
    reports: list[tuple[float, float]] = []
    late: list[Search] = []

    def keeps(search: Search) -> UnitResult:
        late.append(search)
        assert search.progress is not None
        search.progress(1.0, 2.0)
        return PROVES_SMALL

    search = Search(progress=lambda value, bound: reports.append((value, bound)))
    search_in_two_threads(
        search, direct=keeps, small=lambda _: SMALL, rest=lambda known, _: known, expected_seconds=1.0
    )
    assert late[0].progress is not None
    late[0].progress(3.0, 3.0)
    assert reports == [(1.0, 2.0)]


@given(
    st.lists(st.tuples(st.floats(0.1, 50.0), st.floats(0.0, 1.0)), min_size=1, max_size=6),
    st.floats(0.0, 100.0),
)
def test_every_search_of_several_has_its_share_of_the_allowance(
    searches: list[tuple[float, float]], seconds: float
) -> None:
    """A search draws some of its share: no thread draws more than the allowance, and all that is left is passed on."""
    shares: dict[int, float] = {}
    drawn: dict[int, float] = {}

    def numbered(number: int, used: float) -> Callable[[Search], UnitResult]:
        def search(own: Search) -> UnitResult:
            shares[number] = own.allowance.seconds
            drawn[number] = used * own.allowance.seconds
            own.allowance.draw(drawn[number])
            return a_result("optimal", number, number, plan=number)

        return search

    search = Search(Allowance(seconds))
    expected = [expected_seconds for expected_seconds, _ in searches]
    results = search_each_in_two_threads(
        search, [numbered(number, used) for number, (_, used) in enumerate(searches)], expected
    )
    assert [result.value for result in results] == list(range(len(searches)))
    threads = _halves(expected)
    assert sorted(threads[0] + threads[1]) == list(range(len(searches)))
    left = []
    for numbers in threads:
        remaining = seconds
        for index, number in enumerate(numbers):
            to_come = sum(expected[each] for each in numbers[index:])
            assert shares[number] == pytest.approx(remaining * expected[number] / to_come)
            remaining -= drawn[number]
        left.append(remaining)
    assert search.allowance.seconds == pytest.approx(min(left), abs=1e-6)


def test_several_searches_run_beside_each_other() -> None:
    """Two searches of equal length wait for each other: in one thread, the first would wait in vain."""
    started = [threading.Event(), threading.Event()]

    def waiting(number: int) -> Callable[[Search], UnitResult]:
        def search(_: Search) -> UnitResult:
            started[number].set()
            assert started[1 - number].wait(PATIENCE)
            return a_result("optimal", number, number, plan=number)

        return search

    results = search_each_in_two_threads(Search(), [waiting(0), waiting(1)], [1.0, 1.0])
    assert [result.value for result in results] == [0, 1]


@pytest.mark.parametrize("seconds", [[2.0, 1.0], [1.0, 2.0]])
def test_an_exception_in_one_of_several_searches_ends_the_others(seconds: list[float]) -> None:
    def fails(_: Search) -> UnitResult:
        raise ArithmeticError

    def waits(search: Search) -> UnitResult:
        for _attempt in range(int(PATIENCE / 0.001)):
            if search.is_over:
                return SMALL
            threading.Event().wait(0.001)
        raise AssertionError("the search was not ended")

    with pytest.raises(ArithmeticError):
        search_each_in_two_threads(Search(), [fails, waits], seconds)


@given(st.lists(st.floats(0.1, 50.0), min_size=1, max_size=9))
def test_the_parts_of_two_threads_differ_by_no_more_than_their_last_search(expected: list[float]) -> None:
    parts = _halves(expected)
    totals = [sum(expected[number] for number in part) for part in parts]
    longer = parts[totals.index(max(totals))]
    assert max(totals) - min(totals) <= min(expected[number] for number in longer) + 1e-9


@given(st.lists(st.tuples(st.integers(0, 2), st.one_of(st.none(), st.integers(0, 9)), st.integers(9, 20)), max_size=20))
def test_components_report_what_is_known_of_all_together(
    improvements: list[tuple[int, int | None, int]],
) -> None:
    problem = a_problem()
    instance = Instance(problem, Candidates(problem).meetings)
    reports: list[tuple[float, float]] = []
    search = Search(progress=lambda value, bound: reports.append((value, bound)))
    values, bounds = [2, NEG_INF, 3], [20, 20, 20]
    progress = ComponentProgress(instance, np.array(values), np.array(bounds))
    expected = []
    for component, value, bound in improvements:
        progress.report(search, component, value, bound)
        values[component] = max(values[component], NEG_INF if value is None else value)
        bounds[component] = min(bounds[component], bound)
        if values[1] > NEG_INF:
            expected.append((instance.guaranteed_parties(sum(values)), instance.to_parties(sum(bounds))))
    assert reports == expected
