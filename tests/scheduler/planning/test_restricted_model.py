"""Models of some positions find the best plan that enumeration finds, also when a change excludes positions."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scheduler.candidates import Candidates
from scheduler.planning.instance import NEG_INF, Instance
from scheduler.planning.lagrangian import DualSolution, resolve_dual, solve_dual
from scheduler.planning.restricted_model import RestrictedModels
from scheduler.planning.search_types import Search, UnitResult
from scheduler.planning.unit_progress import ComponentProgress
from scheduler.problem import Problem
from tests.enumeration import allowed_plans, plan_of
from tests.strategies import problems

ModelSearch = Callable[[RestrictedModels, UnitResult, Search], UnitResult]


def best_units(problem: Problem, instance: Instance) -> int | None:
    """Return the greatest total gain of the allowed plans without excluded positions, in units."""
    positions = (
        np.array(
            [instance.first[meeting] + slot for meeting, slot in enumerate(plan_of(instance.choices, plan, problem))]
        )
        for plan in allowed_plans(problem)
    )
    values = (instance.gains[plan] for plan in positions)
    return max((int(gains.sum()) for gains in values if (gains > NEG_INF).all()), default=None)


def sum_of_components(dual: DualSolution, solve: Callable[[int, UnitResult], UnitResult]) -> int | None:
    """Return the sum of the components' best values, None when one has no plan; all must be proven."""
    total: int | None = 0
    for component, bound in enumerate(dual.bounds.tolist()):
        result = solve(component, UnitResult("unknown", bound=bound))
        assert result.is_conclusive
        total = None if total is None or result.value is None else total + result.value
    return total


@pytest.mark.parametrize("search_models", [RestrictedModels.solve_all, RestrictedModels.solve_left])
@given(problem=problems(), seed=st.integers(0, 2**32 - 1), share=st.sampled_from([0.0, 0.3, 0.7]))
def test_models_find_the_best_plan_of_the_positions_that_are_not_excluded(
    search_models: ModelSearch, problem: Problem, seed: int, share: float
) -> None:
    unchanged = Instance(problem, Candidates(problem).meetings)
    assume(not unchanged.is_empty_somewhere)
    search = Search()
    known = solve_dual(unchanged, search, is_reused=True)
    assume(known is not None)
    assert known is not None
    is_excluded = np.random.default_rng(seed).random(len(unchanged.gains)) < share
    instance = unchanged.with_gains(np.where(is_excluded, -np.inf, unchanged.exact_gains))
    dual = resolve_dual(instance, known, np.ones(len(known.bounds), dtype=np.bool_), search)
    expected = best_units(problem, instance)
    if dual is None:
        assert expected is None
        return

    def solve(component: int, best: UnitResult) -> UnitResult:
        return search_models(
            RestrictedModels(instance, dual, component, (), ComponentProgress(instance, dual.values, dual.bounds)),
            best,
            search,
        )

    assert sum_of_components(dual, solve) == expected
