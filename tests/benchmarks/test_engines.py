import multiprocessing

import pytest
from ortools.sat.python import cp_model

from tests.benchmarks.engines import FORMS, highs, plain_cp_sat, this_project
from tests.benchmarks.growth import PowerLaw
from tests.benchmarks.instances import SIZES
from tests.benchmarks.prepared import county
from tests.benchmarks.processes import Engine, Watch


@pytest.mark.parametrize("engine", [highs, *map(plain_cp_sat, FORMS.values())], ids=["highs", *FORMS])
def test_every_engine_proves_the_same_plan_without_side_effects(engine: Engine) -> None:
    solver = cp_model.CpSolver
    _, send = multiprocessing.Pipe(duplex=False)
    year = county(SIZES["M"], 0)
    ours, theirs = (each(year, 60.0, Watch("proof", send)) for each in (this_project, engine))
    assert (ours.status, theirs.status) == ("optimal", "optimal")
    assert theirs.value == pytest.approx(ours.value, abs=1e-5)
    assert cp_model.CpSolver is solver


@pytest.mark.parametrize("engine", [this_project, plain_cp_sat(FORMS["one worker"])], ids=["this project", "plain"])
def test_the_history_of_a_run_leads_to_the_proven_plan(engine: Engine) -> None:
    _, send = multiprocessing.Pipe(duplex=False)
    year = county(SIZES["M"], 0)
    watch = Watch("history", send)
    found = engine(year, 60.0, watch)
    run = watch.finish(found)
    assert run.is_done
    assert all(report.value <= report.bound + 1e-5 for report in run.history)
    assert [report.seconds for report in run.history] == sorted(report.seconds for report in run.history)
    assert run.value_at(run.seconds) == pytest.approx(found.value)
    assert max(report.value for report in run.history) <= run.history[-1].bound + 1e-5


def test_the_exponent_of_a_power_law_is_estimated() -> None:
    law = PowerLaw.of([10, 100, 1000], [2 * x**1.5 for x in (10, 100, 1000)])
    assert (law.factor, law.exponent, law(4)) == pytest.approx((2, 1.5, 16))
