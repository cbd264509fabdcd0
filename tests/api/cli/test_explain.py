"""The command ``explain``: tables and sentences, JSON, and errors."""

import json
import signal
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

from api.cli import main
from scheduler import Explanation, Problem
from scheduler.explaining.explanation import (
    Asking,
    Clash,
    Clashes,
    Conflicts,
    DateCost,
    ExplanationKind,
    Habits,
    Heatmap,
    PersonValue,
)
from scheduler.proposal import Relaxation, RuleInstance
from tests.api.pages.handmade import DayCost, a_habit, a_heatmap
from tests.builders import a_commitment, a_document

CLOSED = [{"start": "2027-03-01", "end": "2027-03-12", "reason": "ombyggnad"}]


def run_explain(folder: Path, kind: str, *more: str, **changes: Any) -> int:
    (folder / "problem.json").write_text(json.dumps(a_document(**changes)))
    return main(["explain", str(folder / "problem.json"), "--what", kind, *more])


@pytest.fixture
def set_answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[Explanation], None]:
    """Return a function that sets the answer of the library."""

    def set_answer(answer: Explanation) -> None:
        def explain(_: Problem, __: ExplanationKind, **___: object) -> Explanation:
            return answer

        monkeypatch.setattr("api.cli.explain.explain", explain)

    return set_answer


@pytest.mark.parametrize("kind", get_args(ExplanationKind))
def test_every_kind_is_printed_after_a_line_about_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    assert run_explain(tmp_path, kind) == 0
    printed = capsys.readouterr()
    assert "Ett litet län" in printed.out
    assert "Räknar ut" in printed.err


@pytest.mark.parametrize("kind", get_args(ExplanationKind))
def test_with_json_only_json_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    assert run_explain(tmp_path, kind, "--json") == 0
    assert json.loads(capsys.readouterr().out)["status"] == "optimal"


def test_the_cheapest_dates_are_listed_and_the_rules_against_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], set_answer: Callable[[Explanation], None]
) -> None:
    costs: dict[int, DayCost] = {2: 0.5, 3: 0.125, 4: 0.0, 5: 0.7, 8: 0.6, 9: 2.0, 10: 3.0, 12: ("plan", None)}
    set_answer(a_heatmap(costs))
    assert run_explain(tmp_path, "heatmap", "--lang", "en") == 0
    printed = capsys.readouterr().out
    places = [printed.index(f"{day} Mar (") for day in (3, 2, 8, 5, 9)]
    assert places == sorted(places)
    assert "Wed 3 Mar (0.1)" in printed
    assert "10 Mar (" not in printed
    assert "1 date is ruled out: no space among the other meetings." in " ".join(printed.split())


def test_of_many_equally_good_dates_the_rest_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], set_answer: Callable[[Explanation], None]
) -> None:
    set_answer(a_heatmap(dict.fromkeys(range(1, 13), 0.0)))
    assert run_explain(tmp_path, "heatmap") == 0
    printed = capsys.readouterr().out
    assert "fre 5 mars" in printed
    assert "lör 6 mars" not in printed
    assert "och 7 till" in printed


def test_dates_not_computed_in_time_are_counted_separately(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], set_answer: Callable[[Explanation], None]
) -> None:
    whole = a_heatmap({4: 0.0, 5: 0.7, 8: ("plan", None)}, status="feasible")
    missing = DateCost(date=date(2027, 3, 9), start=None, cost=None)
    dates = (*whole.meetings[0].dates, missing, missing.model_copy(update={"date": date(2027, 3, 10)}))
    set_answer(whole.model_copy(update={"meetings": (whole.meetings[0].model_copy(update={"dates": dates}),)}))
    assert run_explain(tmp_path, "heatmap", "--lang", "en") == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "2 dates were not calculated in time." in printed
    assert "1 date is ruled out: no space among the other meetings" in printed


def test_alternative_clashes_of_a_person_are_listed_under_the_person(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], set_answer: Callable[[Explanation], None]
) -> None:
    clash = Clash(commitments=("c1",), people=("a0",), gain=0.31)
    set_answer(
        Clashes(status="optimal", objective=2.8, clashes=(clash, clash.model_copy(update={"commitments": ("c2",)})))
    )
    commitments = [a_commitment(f"c{day}", "a0", f"2027-03-0{day}T09:00", f"2027-03-0{day}T12:00") for day in (1, 2)]
    assert run_explain(tmp_path, "clashes", commitments=commitments) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "1. Ledamot a0 (kommunen a) Flyttas en av dem väntas 0,3 fler parter. • Annat åtagande" in printed
    assert printed.count("•") == 2


def test_clashes_are_sentences(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], set_answer: Callable[[Explanation], None]
) -> None:
    set_answer(
        Clashes(
            status="optimal",
            objective=2.8,
            clashes=(Clash(commitments=("c1",), people=("a0",), label="Kommunfullmäktige", gain=0.31),),
        )
    )
    commitments = [a_commitment("c1", "a0", "2027-03-04T09:00", "2027-03-04T12:00")]
    assert run_explain(tmp_path, "clashes", commitments=commitments) == 0
    printed = capsys.readouterr().out
    assert "1. Ledamot a0 (kommunen a): Kommunfullmäktige, tors 4 mars kl.\xa009.00–12.00" in printed
    assert "Flyttas den väntas 0,3 fler parter." in printed


def test_people_worth_asking_are_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], set_answer: Callable[[Explanation], None]
) -> None:
    people = (
        PersonValue(person="b1", gain=0.2, standard_error=0.0),
        PersonValue(person="c1", gain=0.0, standard_error=0.0),
    )
    set_answer(Asking(status="optimal", objective=2.8, people=people))
    assert run_explain(tmp_path, "asking", "--lang", "en") == 0
    printed = capsys.readouterr().out
    assert "Ledamot b1  kommunen b  0.2 more parties" in printed
    assert "One more calendar is unknown, but cannot change the dates." in printed


def test_when_all_calendars_are_known_the_output_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], set_answer: Callable[[Explanation], None]
) -> None:
    set_answer(Asking(status="optimal", objective=2.8, people=()))
    assert run_explain(tmp_path, "asking") == 0
    assert "Allas kalendrar är kända." in capsys.readouterr().out


def test_people_left_out_do_not_count_as_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], set_answer: Callable[[Explanation], None]
) -> None:
    set_answer(Asking(status="feasible", objective=2.8, people=(), left_out=("a0", "b0")))
    assert run_explain(tmp_path, "asking") == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "Allas kalendrar är kända." not in printed
    assert "Beräkningen hann inte visa om det lönar sig att fråga 2 personer: Ledamot a0 (kommunen a);" in printed


def test_conflicting_rules_are_listed_with_their_relaxations(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], set_answer: Callable[[Explanation], None]
) -> None:
    set_answer(
        Conflicts(
            status="infeasible",
            conflict=(RuleInstance(rule="blackout", index=0),),
            relaxations=(Relaxation(rule="blackout", index=0, change="drop", objective=2.8),),
        )
    )
    assert run_explain(tmp_path, "conflicts", blackouts=CLOSED) == 0
    printed = capsys.readouterr().out
    assert "Den här regeln går inte att följa:\n  • Inga sammanträden 1–12 mars 2027 (ombyggnad)." in printed
    assert "Detta skulle hjälpa:\n" in printed
    assert "  • Tillåt sammanträden 1–12 mars 2027 (ombyggnad). Den bästa planen väntas då samla 2,8 parter." in printed
    assert printed.endswith("Gör den här ändringen och planera igen.\n")


def test_a_conflict_that_is_not_proven_minimal_is_listed_with_its_doubt(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], set_answer: Callable[[Explanation], None]
) -> None:
    rules = (RuleInstance(rule="blackout", index=0), RuleInstance(rule="holiday"))
    set_answer(Conflicts(status="infeasible", conflict=rules, conflict_is_minimal=False, relaxations=()))
    assert run_explain(tmp_path, "conflicts", blackouts=CLOSED) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "tiden räckte inte för att visa att alla behövs" in printed
    assert printed.endswith("så att den hittar färre regler och ändringar som hjälper.")


def test_baselines_are_compared_with_the_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], set_answer: Callable[[Explanation], None]
) -> None:
    set_answer(a_habit(habit=1.5, plan=0.2))
    assert run_explain(tmp_path, "habit") == 0
    printed = capsys.readouterr().out
    assert "med den här planen 0,2: 1,3 färre" in printed
    assert "Nuvarande rutin: tredje torsdagen i månaden kl. 09.00 (antaget)." in printed
    assert printed.index("Den här planen") < printed.index("Nuvarande rutin  ")


@pytest.mark.parametrize("kind", [kind for kind in get_args(ExplanationKind) if kind != "conflicts"])
def test_when_no_plan_is_possible_the_output_names_the_next_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    assert run_explain(tmp_path, kind, blackouts=CLOSED) == 0
    assert "--what conflicts" in capsys.readouterr().out


@pytest.mark.parametrize(
    "answer",
    [
        Heatmap(status="unknown", objective=None, meetings=()),
        Conflicts(status="unknown", conflict=(), relaxations=()),
        Habits(status="unknown", rules=()),
    ],
)
def test_a_timeout_is_not_reported_as_a_proof(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    set_answer: Callable[[Explanation], None],
    answer: Explanation,
) -> None:
    set_answer(answer)
    assert run_explain(tmp_path, "heatmap") == 0
    assert "det är inte bevisat att ingen finns" in capsys.readouterr().out


def test_calendars_are_attached(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "a0.ics").write_bytes(b"<html>")
    assert run_explain(tmp_path, "conflicts", "--calendars", str(tmp_path / "calendars")) == 0
    assert "a0.ics" in capsys.readouterr().out


def test_the_option_what_is_required(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["explain", str(tmp_path / "problem.json")])
    assert ended.value.code == 2
    assert "--what" in capsys.readouterr().err


def test_an_invalid_problem_ends_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_explain(tmp_path, "habit", colour="blue") == 2
    assert "/colour: " in capsys.readouterr().err


@pytest.mark.parametrize(("status", "exit_status"), [("feasible", 0), ("unknown", 130)])
def test_after_ctrl_c_the_result_so_far_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, status: Any, exit_status: int
) -> None:
    def explain(*_: object, is_cancelled: Callable[[], bool], **__: object) -> Explanation:
        signal.raise_signal(signal.SIGINT)
        assert is_cancelled()
        return Conflicts(status=status, conflict=(), relaxations=())

    monkeypatch.setattr("api.cli.explain.explain", explain)
    assert run_explain(tmp_path, "conflicts", "--lang", "en") == exit_status
    assert "Stopped" in capsys.readouterr().err
