"""Test explanations against those of an independent reference implementation."""

import pytest

from scheduler.explaining.event_values import clashes
from scheduler.explaining.heatmap import heatmap
from scheduler.explaining.information_value import asking
from scheduler.proposal import TOLERANCE
from tests.known_answers import load

WITH_CLASHES = [
    "s.json",
    "m.json",
    "edge.json",
    pytest.param("mix.json", marks=pytest.mark.slow),
    pytest.param("l.json.gz", marks=pytest.mark.prove),
]


@pytest.mark.parametrize("name", ["s.json", "m.json", "edge.json"])
def test_the_cost_of_each_date_equals_the_reference(name: str) -> None:
    problem, expected = load(name)
    costs = {(row.meeting, cost.date.isoformat()): cost for row in heatmap(problem).meetings for cost in row.dates}
    for meeting, dates in expected["heatmap"].items():
        for day, cost in dates.items():
            near = None if cost is None else pytest.approx(cost, abs=TOLERANCE * len(problem.meetings))
            assert costs[meeting, day].cost == near


@pytest.mark.parametrize("name", WITH_CLASHES)
def test_the_gains_of_events_equal_the_reference(name: str) -> None:
    problem, expected = load(name)
    near = 2 * TOLERANCE * len(problem.meetings)
    answer = clashes(problem)
    assert answer.status == "optimal"
    single = [clash for clash in answer.clashes if not clash.pair]
    for clash, known in zip(single, expected["clashes"]["first"], strict=False):
        assert list(clash.commitments) == known["commitments"]
        assert clash.gain == pytest.approx(known["gain"], abs=near)
    pair = expected["clashes"].get("best_pair")
    if pair is not None:
        best = next(clash for clash in answer.clashes if clash.pair)
        assert set(best.commitments) == set(pair["commitments"])
        assert best.gain == pytest.approx(pair["gain"], abs=near)


def test_the_values_of_information_equal_the_reference() -> None:
    problem, expected = load("u.json")
    gains = {value.person: value.gain for value in asking(problem).people}
    known_gains = {value["person"]: value["gain"] for value in expected["asking"]}
    assert gains == pytest.approx(known_gains, abs=TOLERANCE)
