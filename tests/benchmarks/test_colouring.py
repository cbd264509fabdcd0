import pytest

from scheduler import Problem
from scheduler.candidates import Candidates
from scheduler.planning.instance import Instance
from scheduler.planning.optimum import optimum
from scheduler.planning.search_types import Plan, Search
from scheduler.verify import Checker
from tests.benchmarks.colouring import coloured
from tests.benchmarks.dense import DENSE, dense_instance
from tests.builders import a_council, a_document, a_meeting
from tests.enumeration import starts_of


def checked(problem: Problem) -> Plan:
    """Return the colouring, which violates no rule."""
    choices = Candidates(problem).meetings
    plan = coloured(problem, choices)
    assert plan is not None
    assert not Checker(problem).violations(starts_of(choices, plan, problem))
    return plan


@pytest.mark.parametrize("kind", DENSE)
@pytest.mark.parametrize("seed", range(3))
def test_the_colouring_of_a_small_body_is_allowed_and_no_better_than_the_optimum(kind: str, seed: int) -> None:
    problem = dense_instance(kind, "tiny", seed)
    choices = Candidates(problem).meetings
    plan = checked(problem)
    found = optimum(Instance(problem, choices), Search())
    assert found.value is not None
    assert sum(one.values[slot] for one, slot in zip(choices, plan, strict=True)) <= found.value + 1e-9


def test_the_colouring_respects_spacing_in_any_order_of_placing() -> None:
    meetings = [a_meeting(f"m{number}", starts=["09:00"]) for number in range(3)]
    meetings[2]["window"] = {"start": "2027-03-10", "end": "2027-03-11"}  # the fewest slots: placed first
    councils = [a_council(spacing_days={"min": 4, "max": 5})]
    checked(Problem.of(a_document(councils=councils, meetings=meetings)))


def test_the_colouring_gives_up_without_a_free_slot() -> None:
    councils = [a_council("kultur"), a_council("kollektivtrafik")]
    window = {"start": "2027-03-01", "end": "2027-03-01"}
    meetings = [a_meeting(council["id"], council["id"], starts=["09:00"], window=window) for council in councils]
    problem = Problem.of(a_document(councils=councils, meetings=meetings))
    assert coloured(problem, Candidates(problem).meetings) is None
