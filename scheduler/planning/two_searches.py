"""Search one problem in two threads, directly and from small models, with a result that no load changes."""

import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import replace

from scheduler.planning.search_types import Search, UnitResult

UnitSearch = Callable[[Search], UnitResult]


class TwoSearches:
    """
    Two searches that prove the same problem: one of all positions, and one that begins with small models.

    Which of them is the first to prove a plan depends on the load, the plan returned does not: it is the plan of the
    small models where that is optimal, and otherwise the plan of the direct search. The searches do not learn from
    each other, and each has the whole allowance.

    Parameters
    ----------
    direct
        Searches all positions.
    small
        Solves small models. Its result is always awaited.
    rest
        Goes on from the result of ``small``.
    expected_seconds
        Deterministic time that is drawn where both may have been the first, as their own times are then not known.
    """

    def __init__(
        self,
        direct: UnitSearch,
        small: UnitSearch,
        rest: Callable[[UnitResult, Search], UnitResult],
        expected_seconds: float,
    ) -> None:
        self._direct = direct
        self._small = small
        self._rest = rest
        self._expected_seconds = expected_seconds

    def run(self, search: Search) -> UnitResult:
        """Return the optimal plan if either search proves it, else the better of their plans."""
        is_ended = threading.Event()
        shared = _shared(search, is_ended)
        direct_search = replace(shared, allowance=search.allowance.copy())
        step_search = replace(shared, allowance=search.allowance.copy())
        with ThreadPoolExecutor(max_workers=2) as executor:
            try:
                direct = executor.submit(self._direct, direct_search)
                small = executor.submit(self._small, step_search).result()
                if _is_conclusive(small):
                    search.allowance.take_over(step_search.allowance)
                    return small
                rest = executor.submit(self._rest, small, step_search)
                wait([direct, rest], return_when=FIRST_COMPLETED)
                proven_by_rest = rest.done() and _proves(rest.result(), small)
                found = small if proven_by_rest else direct.result()
                if not proven_by_rest and not _is_conclusive(found):
                    proven_by_rest = _proves(rest.result(), small)

                if proven_by_rest or _proves(found, small):
                    search.allowance.draw(self._expected_seconds)
                    return replace(small, status="optimal", bound=small.value)
                search.allowance.take_over(direct_search.allowance)
                return found if _is_conclusive(found) else _better(found, rest.result())
            finally:
                # After the result, and after an exception such as KeyboardInterrupt, no search goes on.
                is_ended.set()


def _is_conclusive(result: UnitResult) -> bool:
    return result.status in ("optimal", "infeasible")


def _proves(result: UnitResult, known: UnitResult) -> bool:
    """Return whether a search has proven that the known plan is optimal."""
    return result.status == "optimal" and result.value == known.value


def _better(found: UnitResult, other: UnitResult) -> UnitResult:
    """Return the proven plan or else the better, of equal ones the first, with the lower bound."""
    if _is_conclusive(other):
        return other
    is_better = other.value is not None and (found.value is None or other.value > found.value)
    best = other if is_better else found
    bound = min((result.bound for result in (found, other) if result.bound is not None), default=None)
    return replace(
        best, status="optimal" if best.value is not None and best.value == bound else best.status, bound=bound
    )


def _shared(search: Search, is_ended: threading.Event) -> Search:
    """Return the options for two threads, of which one at a time reports or asks whether to end."""
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
