"""A conflict is found in few looks: three times the rules at most where one council cannot have its year."""

from contextlib import suppress
from itertools import combinations
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from scheduler import Problem
from scheduler.candidates import Candidates
from scheduler.planning.infeasibility.conflict import ConflictFinder
from scheduler.planning.infeasibility.quickxplain import Undecided, minimal_conflict
from scheduler.planning.infeasibility.relaxed_problem import RelaxedProblem
from scheduler.planning.search import Search
from tests.builders import a_council, a_document, a_meeting
from tests.enumeration import every_rule

PATH = {"window", "weekday_and_start", "notice", "required_person", "quorum_likely", "pinned", "holiday", "blackout"}


@given(st.integers(1, 30), st.lists(st.sets(st.integers(0, 29), min_size=1), min_size=1, max_size=4))
def test_a_minimal_set_takes_no_more_than_three_looks_a_rule(num_rules: int, collisions: list[set[int]]) -> None:
    looks = 0
    collisions = [{one % num_rules for one in several} for several in collisions]

    def hold(rules: frozenset[int]) -> bool:
        nonlocal looks
        looks += 1
        return not any(rules.issuperset(several) for several in collisions)

    found = minimal_conflict(range(num_rules), hold)
    assert looks <= 3 * (num_rules + 1)
    assert found is not None
    assert found in map(frozenset, collisions)
    assert not any(several < found for several in collisions)


def test_it_takes_no_more_for_any_single_set_of_few_rules() -> None:
    for num_rules in range(1, 11):
        for size in range(num_rules + 1):
            for collision in combinations(range(num_rules), size):
                looks: list[frozenset[int]] = []

                def hold(rules: frozenset[int], collision: tuple[int, ...] = collision) -> bool:
                    looks.append(rules)  # noqa: B023  # asked before the next list is made
                    return not rules.issuperset(collision)

                assert minimal_conflict(range(num_rules), hold) == frozenset(collision)
                assert len(looks) <= 3 * (num_rules + 1)


def test_the_first_rather_stay() -> None:
    assert minimal_conflict("abcd", lambda some: len(some) < 2) == frozenset("ab")


def test_what_holds_together_has_no_minimal_set() -> None:
    assert minimal_conflict("abc", lambda _: True) is None


def one_council(seed: int) -> Problem:
    """Four to nine meetings of one council, of which some have windows that nothing else leaves open."""
    chance = Random(seed)  # noqa: S311  # a problem's dice, not secrets
    meetings = []
    for at in range(chance.randint(4, 9)):
        first = chance.randint(1, 3) + 3 * at
        window = {"start": f"2027-03-{first:02d}", "end": f"2027-03-{first + 3:02d}"}
        meetings.append(
            a_meeting(
                f"m{at}",
                window=window,
                weekdays=chance.choice([["MO"], ["TU", "TH"], ["MO", "TU", "WE", "TH", "FR"]]),
                notice_days=chance.choice([None, None, 30, 120]),
                pinned=chance.choice([None] * 8 + ["2027-03-20T10:00"]),
                quorum_probability=chance.choice([None, None, 0.97]),
            )
        )
    return Problem.of(
        a_document(
            horizon={"start": "2027-03-01", "end": "2027-03-31"},
            councils=[a_council(quorum=3, spacing_days={"min": chance.randint(1, 5), "max": chance.randint(5, 8)})],
            meetings=meetings,
        )
    )


@given(st.integers(0, 2**32))
def test_one_council_that_cannot_have_its_year_is_explained_in_three_looks_a_rule(seed: int) -> None:
    problem = one_council(seed)
    num_rules = sum(rule.rule in PATH or rule.rule.startswith("spacing") for rule in every_rule(problem))
    finder = ConflictFinder(Search())
    with suppress(Undecided):  # when there is nothing to explain
        assert finder.conflict(RelaxedProblem.unrelaxed(Candidates(problem)))
    assert finder.num_tests <= 3 * (num_rules + 1)
