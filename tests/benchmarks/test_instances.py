from tests.benchmarks.instances import CLUSTER, SEATS, SIZES, Size, document, instance
from tests.builders import Json

TWO_CLUSTERS = Size(8, 2, 104)


def members(council: Json) -> set[str]:
    return {seat["member"] for seat in council["seats"]}


def test_an_instance_is_determined_by_its_seed() -> None:
    once, again, other = (document(SIZES["M"], seed) for seed in (1, 1, 2))
    assert once == again != other


def test_instances_have_the_stated_sizes() -> None:
    problem = instance(TWO_CLUSTERS, 0)
    assert (len(problem.councils), len(problem.meetings), len(problem.parties)) == (8, 16, 104)
    assert {len(council.seats) for council in problem.councils} == {SEATS}


def test_the_councils_of_an_instance_form_one_component() -> None:
    councils = document(Size(16, 1, 208), 0)["councils"]
    reached, waiting = {0}, [0]
    while waiting:
        here = waiting.pop()
        for other, council in enumerate(councils):
            shares_rooms = other // CLUSTER == here // CLUSTER
            if other not in reached and (shares_rooms or members(council) & members(councils[here])):
                reached.add(other)
                waiting.append(other)
    assert reached == set(range(16))


def test_shared_members_represent_their_own_party() -> None:
    problem = instance(SIZES["L"], 0)
    seats = [seat for council in problem.councils for seat in council.seats]
    seated = [seat.member for seat in seats if seat.member]
    assert len(seated) > len(set(seated))
    assert all(problem.people_by_id[member].party == seat.party for seat in seats for member in seat.people)
