import math

import pytest

from tests.benchmarks.comparison import Comparison
from tests.benchmarks.processes import Report, Run

TIMES = (1.0, 5.0, 20.0, 60.0)


def a_run(seconds: float, *plans: tuple[float, float], is_done: bool = True) -> Run:
    """A run with plans as (seconds, value)."""
    history = tuple(Report(after, value, 10.0) for after, value in plans)
    return Run(seconds, is_done, 0.0, 0.0, 0.0, history)


def compared(own: Run, *plain: Run, colouring: Run | None = None) -> Comparison:
    forms = {f"form {number}": run for number, run in enumerate(plain)}
    return Comparison("tiny, seed 0", 4, 20, TIMES, own, forms, colouring or a_run(0.1, is_done=False))


def test_a_proven_plan_keeps_its_value() -> None:
    run = a_run(6.0, (0.5, 8.0), (4.0, 10.0))
    assert [run.value_at(seconds) for seconds in (0.1, 1.0, 5.0, 60.0)] == [None, 8.0, 10.0, 10.0]
    assert run.first_plan == 0.5


def test_the_ratio_is_to_the_form_that_proves_first() -> None:
    slow, fast, unproven = a_run(4.0, (1.0, 10.0)), a_run(2.0, (1.0, 10.0)), a_run(1.0, is_done=False)
    one = compared(a_run(3.0, (0.1, 10.0)), slow, fast, unproven)
    assert (one.form, one.ratio) == ("form 1", 1.5)
    assert list(one.misses()) == ["proven: 3 s; form 1: 2 s (1.50 ×)"]


def test_without_a_proof_the_ratio_is_infinite_or_unknown() -> None:
    unproven = a_run(60.0, (0.1, 10.0), is_done=False)
    assert compared(unproven, a_run(30.0, (30.0, 10.0))).ratio == math.inf
    assert compared(unproven, unproven).ratio is None


def test_the_best_of_all_others_counts_at_every_time() -> None:
    own = a_run(60.0, (2.0, 8.0), (10.0, 10.0), is_done=False)
    plain = a_run(60.0, (4.0, 9.0), (30.0, 10.000001), is_done=False)
    one = compared(own, plain, colouring=a_run(0.1, (0.1, 5.0), is_done=False))
    assert [one.shortfall(seconds) for seconds in TIMES] == [math.inf, pytest.approx(1 / 9), 0.0, 0.0]
    assert list(one.misses()) == [
        "after 1 s: no plan; colouring: 5.000000 (inf)",
        "after 5 s: 8.000000; form 0: 9.000000 (1.1e-01)",
    ]


def test_two_proofs_of_different_values_are_noted() -> None:
    one = compared(a_run(1.0, (1.0, 10.0)), a_run(2.0, (1.0, 9.0)))
    assert list(one.misses()) == ["two proofs that differ: 10.0 and 9.0"]
