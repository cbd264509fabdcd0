"""Problems whose explanations an independent reference has worked out."""

from pathlib import Path

import pytest

from scheduler.explaining.event_values import clashes
from scheduler.explaining.heatmap import heatmap
from scheduler.explaining.information_value import asking
from scheduler.proposal import TOLERANCE
from tests.known_answers import load

WITH_CLASHES = ["s.json", "m.json", "edge.json", "mix.json", pytest.param("l.json.gz", marks=pytest.mark.prove)]


@pytest.mark.parametrize("name", ["s.json", "m.json", "edge.json"])
def test_what_dates_cost_is_the_reference_s(shared: Path, name: str) -> None:
    problem, expected = load(shared, name)
    found = {(row.meeting, one.date.isoformat()): one for row in heatmap(problem).meetings for one in row.dates}
    for meeting, dates in expected["heatmap"].items():
        for day, cost in dates.items():
            near = None if cost is None else pytest.approx(cost, abs=TOLERANCE * len(problem.meetings))
            assert found[meeting, day].cost == near


@pytest.mark.parametrize("name", WITH_CLASHES)
def test_the_clashes_to_move_are_the_reference_s(shared: Path, name: str) -> None:
    problem, expected = load(shared, name)
    near = 2 * TOLERANCE * len(problem.meetings)
    answer = clashes(problem)
    assert answer.status == "optimal"
    single = [one for one in answer.clashes if not one.pair]
    for found, known in zip(single, expected["clashes"]["first"], strict=False):
        assert list(found.commitments) == known["commitments"]
        assert found.gain == pytest.approx(known["gain"], abs=near)
    pair = expected["clashes"].get("best_pair")
    if pair is not None:
        best = next(one for one in answer.clashes if one.pair)
        assert set(best.commitments) == set(pair["commitments"])
        assert best.gain == pytest.approx(pair["gain"], abs=near)


def test_whom_to_ask_is_the_reference_s(shared: Path) -> None:
    problem, expected = load(shared, "u.json")
    found = {one.person: one.gain for one in asking(problem).people}
    assert found == pytest.approx({one["person"]: one["gain"] for one in expected["asking"]}, abs=TOLERANCE)
