import pytest
from hypothesis import assume, given

from scheduler import Problem
from scheduler.candidates import Candidates
from scheduler.planning.instance import Instance
from scheduler.planning.optimum import optimum
from scheduler.planning.search_types import Search
from scheduler.proposal import TOLERANCE
from tests.benchmarks.highs import best_plan_by_highs
from tests.benchmarks.instances import SIZES, instance
from tests.strategies import problems


def both_prove_the_same(problem: Problem) -> None:
    choices = Candidates(problem).meetings
    ours, theirs = optimum(Instance(problem, choices), Search()), best_plan_by_highs(problem, choices, seconds=60)
    assert theirs.status == ours.status
    if ours.value is not None:
        assert theirs.value == pytest.approx(ours.value, abs=2 * TOLERANCE * len(choices))


def simpler(problem: Problem) -> Problem:
    """Return the problem without what the program does not know: relations, and pins into the night."""
    document = problem.model_dump(by_alias=True)
    meetings = [{**meeting, "pinned": None} for meeting in document["meetings"]]
    return Problem.of({**document, "meetings": meetings, "relations": []})


@pytest.mark.prove
@given(problems().map(simpler))
def test_highs_and_the_planner_prove_the_same_optimum(problem: Problem) -> None:
    assume(all(len(one.slots) for one in Candidates(problem).meetings))
    both_prove_the_same(problem)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(3))
def test_highs_and_the_planner_prove_the_same_optimum_of_a_county(seed: int) -> None:
    both_prove_the_same(instance(SIZES["L"], seed))
