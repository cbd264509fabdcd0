"""Search in two threads, one problem in two ways or several problems, with results that no load changes."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from dataclasses import replace

from scheduler.planning.search_types import Search, UnitResult

UnitSearch = Callable[[Search], UnitResult]

MAX_SHARE = 0.5  # of the allowance, that is drawn for a search of unknown time
HEAD_START = 1.0  # seconds of the clock that the direct search has before the other goes on from the small models


def search_in_two_threads(
    search: Search,
    *,
    direct: UnitSearch,
    small: UnitSearch,
    rest: Callable[[UnitResult, Search], UnitResult],
    expected_seconds: float,
) -> UnitResult:
    """
    Return the optimal plan if either of two searches proves it, else the better of their plans.

    Which search is the first to prove a plan depends on the load. The result does not: it is the plan of the small
    models where that plan is optimal, and otherwise the plan of the direct search. The searches share no intermediate
    results, and each has the whole allowance.

    Parameters
    ----------
    search
        The options of both searches. One thread at a time calls its callbacks.
    direct
        Searches all positions.
    small
        Solves small models. Its result is always awaited.
    rest
        Continues from the result of ``small``.
    expected_seconds
        Deterministic time that is drawn when either search may have been the first, whose own time depends on the load;
        at most half of the allowance.
    """
    is_ended = threading.Event()
    shared = _shared(search, is_ended)
    directly, in_steps = (replace(shared, allowance=search.allowance.copy()) for _ in range(2))
    with ThreadPoolExecutor(max_workers=2) as executor:
        try:
            begin = time.perf_counter()
            found = executor.submit(direct, directly)
            known = executor.submit(small, in_steps).result()
            if known.is_conclusive:
                result, seconds = known, search.allowance.seconds - in_steps.allowance.seconds
            else:
                # Threads slow each other down. Waiting changes when a plan is proven, not which plan is returned.
                wait([found], timeout=max(0.0, begin + HEAD_START - time.perf_counter()))
                is_decided = found.done() and found.result().is_conclusive
                continued = found if is_decided else executor.submit(rest, known, in_steps)
                if _is_proven(known, found, continued):
                    result = replace(known, status="optimal", bound=known.value)
                    seconds = min(expected_seconds, MAX_SHARE * search.allowance.seconds)
                else:
                    result = _better(found, continued)
                    seconds = search.allowance.seconds - directly.allowance.seconds
        finally:
            # After the result, and after an exception such as KeyboardInterrupt, no search goes on.
            is_ended.set()
    search.allowance.draw(seconds)
    guard = search.allowance.guard
    guard.seconds = min(guard.seconds, directly.allowance.guard.seconds, in_steps.allowance.guard.seconds)
    return result


def search_each_in_two_threads(
    search: Search,
    searches: Sequence[UnitSearch],
    expected_seconds: Sequence[float],
) -> list[UnitResult]:
    """
    Return the results of several searches, divided between two threads that share nothing.

    Each thread has the whole allowance. Every search gets a part of what is left of it, in proportion to the time that
    is expected of this search and of those that follow it.

    Parameters
    ----------
    search
        The options of all searches. One thread at a time calls its callbacks.
    searches, expected_seconds
        The searches and their expected deterministic time.
    """
    is_ended = threading.Event()
    shared = _shared(search, is_ended)
    of_thread = [replace(shared, allowance=search.allowance.copy()) for _ in range(2)]
    results: dict[int, UnitResult] = {}

    def run(own: Search, numbers: Sequence[int]) -> None:
        left = sum(expected_seconds[number] for number in numbers)
        for number in numbers:
            part = own.allowance.part(expected_seconds[number] / left)
            given = part.seconds
            results[number] = searches[number](replace(own, allowance=part))
            own.allowance.draw(given - part.seconds)
            left -= expected_seconds[number]

    with ThreadPoolExecutor(max_workers=2) as executor:
        try:
            divided = zip(of_thread, _halves(expected_seconds), strict=True)
            running = [executor.submit(run, own, numbers) for own, numbers in divided]
            # As they end: an exception in either thread ends the other at once.
            for thread in as_completed(running):
                thread.result()
        finally:
            # After an exception such as KeyboardInterrupt, no search goes on.
            is_ended.set()
    search.allowance.seconds = min(own.allowance.seconds for own in of_thread)
    search.allowance.guard.seconds = min(own.allowance.guard.seconds for own in of_thread)
    return [results[number] for number in range(len(searches))]


def _halves(expected_seconds: Sequence[float]) -> tuple[list[int], list[int]]:
    """Divide numbered searches into two parts of about the same time: the longest first, each to the shorter part."""
    parts: tuple[list[int], list[int]] = ([], [])
    totals = [0.0, 0.0]
    for number in sorted(range(len(expected_seconds)), key=lambda number: -expected_seconds[number]):
        shorter = totals.index(min(totals))
        parts[shorter].append(number)
        totals[shorter] += expected_seconds[number]
    return parts


def _is_proven(known: UnitResult, found: "Future[UnitResult]", continued: "Future[UnitResult]") -> bool:
    """Wait until a search has proven that the known plan is optimal, or it is certain that none does."""
    for search in as_completed((found, continued)):
        result = search.result()
        if result.status == "optimal" and result.value == known.value:
            return True
        if search is found and result.is_conclusive:
            return False
    return False


def _better(found: "Future[UnitResult]", continued: "Future[UnitResult]") -> UnitResult:
    """Return the direct search's plan if proven, else the proven or better plan of both, with the lower bound."""
    result = found.result()
    if result.is_conclusive:
        return result
    other = continued.result()
    if other.is_conclusive:
        return other

    bound = min((each.bound for each in (result, other) if each.bound is not None), default=None)
    is_better = other.value is not None and (result.value is None or other.value > result.value)
    best = other if is_better else result
    is_optimal = best.value is not None and best.value == bound
    return replace(best, status="optimal" if is_optimal else best.status, bound=bound)


def _shared(search: Search, is_ended: threading.Event) -> Search:
    """Return the options for two threads, of which one at a time calls the callbacks, and none after the end."""
    lock = threading.Lock()
    progress, is_cancelled = search.progress, search.is_cancelled

    def report(value: float, bound: float) -> None:
        with lock:
            if progress is not None and not is_ended.is_set():
                progress(value, bound)

    def is_over() -> bool:
        if is_ended.is_set() or is_cancelled is None:
            return is_ended.is_set()
        with lock:
            return is_cancelled()

    return replace(search, progress=None if progress is None else report, is_cancelled=is_over)
