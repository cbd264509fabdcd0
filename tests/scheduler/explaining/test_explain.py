"""Test the dispatch of `explain` and the validation of its options."""

import math
from typing import Any, get_args

import pytest

from scheduler import explain
from scheduler.explaining.explanation import Asking, Clashes, Conflicts, ExplanationKind, Habits, Heatmap
from tests.builders import a_problem


@pytest.mark.parametrize(
    ("kind", "result_type"),
    [("heatmap", Heatmap), ("clashes", Clashes), ("asking", Asking), ("conflicts", Conflicts), ("habit", Habits)],
)
def test_each_kind_returns_its_result_type(kind: ExplanationKind, result_type: type) -> None:
    result = explain(a_problem(), kind, seed=3, time_limit_seconds=5)
    assert isinstance(result, result_type)
    assert result.status == "optimal"


@pytest.mark.parametrize("kind", get_args(ExplanationKind))
def test_an_infeasible_problem_has_the_status_infeasible(kind: ExplanationKind) -> None:
    closed = [{"start": "2027-03-01", "end": "2027-03-12", "reason": "ombyggnad"}]
    assert explain(a_problem(blackouts=closed), kind).status == "infeasible"


@pytest.mark.parametrize(
    "options",
    [
        {"kind": "luck"},
        {"kind": "habit", "seed": -1},
        {"kind": "habit", "seed": 2**31},
        {"kind": "habit", "time_limit_seconds": 0},
        {"kind": "habit", "time_limit_seconds": math.inf},
        {"kind": "habit", "time_limit_seconds": math.nan},
    ],
)
def test_an_option_outside_its_range_raises_value_error(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be"):
        explain(a_problem(), **options)
