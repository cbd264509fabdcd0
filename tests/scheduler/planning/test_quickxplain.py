"""QuickXplain returns a minimal conflict after at most three feasibility tests a rule."""

from collections.abc import Callable
from contextlib import suppress
from itertools import combinations
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from scheduler import Problem
from scheduler.candidates import Candidates
from scheduler.planning.infeasibility.conflict_search import ConflictFinder
from scheduler.planning.infeasibility.quickxplain import (
    SearchEnded,
    Undecided,
    minimal_conflict,
    necessary,
)
from scheduler.planning.infeasibility.relaxed_problem import RelaxedProblem
from scheduler.planning.search_types import Search
from tests.builders import a_council, a_document, a_meeting
from tests.enumeration import every_rule

PATH_RULES = {
    "window",
    "weekday_and_start",
    "notice",
    "required_person",
    "quorum_likely",
    "pinned",
    "holiday",
    "blackout",
}


@given(st.integers(1, 30), st.lists(st.sets(st.integers(0, 29), min_size=1), min_size=1, max_size=4))
def test_a_minimal_conflict_takes_at_most_three_tests_a_rule(num_rules: int, conflicts: list[set[int]]) -> None:
    num_tests = 0
    conflicts = [{rule % num_rules for rule in conflict} for conflict in conflicts]

    def is_feasible(rules: frozenset[int]) -> bool:
        nonlocal num_tests
        num_tests += 1
        return not any(rules.issuperset(conflict) for conflict in conflicts)

    found = minimal_conflict(range(num_rules), is_feasible)
    result = found.elements
    assert num_tests <= 3 * (num_rules + 1)
    assert found.is_minimal
    assert result in map(frozenset, conflicts)
    assert not any(conflict < result for conflict in conflicts)


def test_the_limit_of_tests_applies_to_every_conflict_among_ten_rules() -> None:
    for num_rules in range(1, 11):
        for size in range(num_rules + 1):
            for conflict in combinations(range(num_rules), size):
                tested: list[frozenset[int]] = []

                def is_feasible(rules: frozenset[int], conflict: tuple[int, ...] = conflict) -> bool:
                    tested.append(rules)  # noqa: B023  # called before the next list is created
                    return not rules.issuperset(conflict)

                assert minimal_conflict(range(num_rules), is_feasible).elements == frozenset(conflict)
                assert len(tested) <= 3 * (num_rules + 1)


def test_the_conflict_prefers_the_first_rules() -> None:
    assert minimal_conflict("abcd", lambda rules: len(rules) < 2).elements == frozenset("ab")


def test_a_conflict_that_the_tests_do_not_confirm_is_not_called_minimal() -> None:
    found = minimal_conflict("abc", lambda _: True)
    assert (found.elements, found.is_minimal) == (frozenset("abc"), False)


def limited(conflicts: list[set[int]], num_decided: int) -> Callable[[frozenset[int]], bool]:
    """Return a test of rules of which only the first results are known before the search is over."""
    num_tests = 0

    def is_feasible(rules: frozenset[int]) -> bool:
        nonlocal num_tests
        num_tests += 1
        if num_tests > num_decided:
            raise SearchEnded
        return not any(rules.issuperset(conflict) for conflict in conflicts)

    return is_feasible


@given(st.lists(st.sets(st.integers(0, 11), min_size=1), min_size=1, max_size=4), st.integers(0, 40))
def test_a_search_that_ends_returns_an_inconsistent_set(conflicts: list[set[int]], num_decided: int) -> None:
    for minimise in (minimal_conflict, necessary):
        found = minimise(range(12), limited(conflicts, num_decided))
        assert any(found.elements.issuperset(conflict) for conflict in conflicts)
        if found.is_minimal:
            assert set(found.elements) in conflicts
    assert minimal_conflict(range(12), limited(conflicts, 100)).is_minimal
    assert necessary(range(12), limited(conflicts, 12)).is_minimal


@given(st.lists(st.sets(st.integers(0, 11), min_size=1), min_size=1, max_size=4), st.sets(st.integers(0, 12)))
def test_undecided_tests_leave_an_inconsistent_set(conflicts: list[set[int]], undecided: set[int]) -> None:
    def is_feasible(rules: frozenset[int]) -> bool:
        if len(rules) in undecided:
            raise Undecided
        return not any(rules.issuperset(conflict) for conflict in conflicts)

    for minimise in (minimal_conflict, necessary):
        found = minimise(range(12), is_feasible)
        assert any(found.elements.issuperset(conflict) for conflict in conflicts)
        if found.is_minimal:
            assert set(found.elements) in conflicts


def test_what_is_unnecessary_is_removed_from_the_front() -> None:
    assert necessary("abcd", lambda rules: len(rules) < 2).elements == frozenset("cd")


def single_council_problem(seed: int) -> Problem:
    """Return a problem of a council with four to nine meetings, which is often infeasible."""
    rng = Random(seed)  # noqa: S311  # test data, not cryptographic
    meetings = []
    for index in range(rng.randint(4, 9)):
        first = rng.randint(1, 3) + 3 * index
        window = {"start": f"2027-03-{first:02d}", "end": f"2027-03-{first + 3:02d}"}
        meetings.append(
            a_meeting(
                f"m{index}",
                window=window,
                weekdays=rng.choice([["MO"], ["TU", "TH"], ["MO", "TU", "WE", "TH", "FR"]]),
                notice_days=rng.choice([None, None, 30, 120]),
                pinned=rng.choice([None] * 8 + ["2027-03-20T10:00"]),
                quorum_probability=rng.choice([None, None, 0.97]),
            )
        )
    return Problem.of(
        a_document(
            horizon={"start": "2027-03-01", "end": "2027-03-31"},
            councils=[a_council(quorum=3, spacing_days={"min": rng.randint(1, 5), "max": rng.randint(5, 8)})],
            meetings=meetings,
        )
    )


@given(st.integers(0, 2**32))
def test_the_conflict_of_a_council_takes_at_most_three_tests_a_rule(seed: int) -> None:
    problem = single_council_problem(seed)
    num_rules = sum(rule.rule in PATH_RULES or rule.rule.startswith("spacing") for rule in every_rule(problem))
    finder = ConflictFinder(Search())
    with suppress(Undecided):  # the problem is feasible
        assert finder.conflict(RelaxedProblem.unrelaxed(Candidates(problem))).rules
    assert finder.num_tests <= 3 * (num_rules + 1)
