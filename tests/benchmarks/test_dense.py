from itertools import combinations

import pytest

from scheduler import Problem, propose
from tests.benchmarks.dense import DENSE, crowded_document, dense_document, dense_instance


def test_an_instance_is_determined_by_its_seed() -> None:
    once, again, other = (dense_document("parliament", "committees", seed) for seed in (1, 1, 2))
    assert once == again != other


@pytest.mark.parametrize("kind", DENSE)
def test_most_meetings_of_a_body_share_somebody(kind: str) -> None:
    problem = dense_instance(kind, "tiny", 0)
    members = [{seat.member for seat in council.seats if seat.member} for council in problem.councils]
    pairs = list(combinations(members, 2))
    assert sum(bool(one & other) for one, other in pairs) > len(pairs) / 2


@pytest.mark.parametrize("kind", DENSE)
def test_the_smallest_instances_have_a_plan(kind: str) -> None:
    assert propose(dense_instance(kind, "tiny", 0), alternatives=1).status == "optimal"


@pytest.mark.parametrize("kind", DENSE)
@pytest.mark.parametrize("seed", range(3))
def test_a_crowded_instance_has_no_plan(kind: str, seed: int) -> None:
    problem = Problem.of(crowded_document(kind, "tiny", seed))
    assert propose(problem, alternatives=1, time_limit_seconds=5).status == "infeasible"
