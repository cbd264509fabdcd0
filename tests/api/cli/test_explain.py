"""Why, as a chair meets it: tables and sentences, or JSON, or what to do about what is wrong."""

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


def ask(folder: Path, kind: str, *more: str, **changes: Any) -> int:
    (folder / "problem.json").write_text(json.dumps(a_document(**changes)))
    return main(["explain", str(folder / "problem.json"), "--what", kind, *more])


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Callable[[Explanation], None]:
    """Return who puts an answer into the mouth of the library."""

    def tell(answer: Explanation) -> None:
        def explain(_: Problem, __: ExplanationKind, **___: object) -> Explanation:
            return answer

        monkeypatch.setattr("api.cli.explain.explain", explain)

    return tell


@pytest.mark.parametrize("kind", get_args(ExplanationKind))
def test_every_kind_is_printed_and_says_what_it_works_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    assert ask(tmp_path, kind) == 0
    printed = capsys.readouterr()
    assert "Ett litet län" in printed.out
    assert "Räknar ut" in printed.err


@pytest.mark.parametrize("kind", get_args(ExplanationKind))
def test_json_is_all_that_is_printed_when_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    assert ask(tmp_path, kind, "--json") == 0
    assert json.loads(capsys.readouterr().out)["status"] == "optimal"


def test_costs_are_the_cheapest_other_dates_and_why_not_the_rest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], told: Callable[[Explanation], None]
) -> None:
    costs: dict[int, DayCost] = {2: 0.5, 3: 0.125, 4: 0.0, 5: 0.7, 8: 0.6, 9: 2.0, 10: 3.0, 12: ("plan", None)}
    told(a_heatmap(costs))
    assert ask(tmp_path, "heatmap", "--lang", "en") == 0
    printed = capsys.readouterr().out
    places = [printed.index(f"{day} Mar (") for day in (3, 2, 8, 5, 9)]
    assert places == sorted(places)
    assert "Wed 3 Mar (0.12)" in printed
    assert "10 Mar (" not in printed
    assert "1 date is not possible: The other meetings leave no room for it." in " ".join(printed.split())


def test_of_many_equally_good_dates_the_rest_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], told: Callable[[Explanation], None]
) -> None:
    told(a_heatmap(dict.fromkeys(range(1, 13), 0.0)))
    assert ask(tmp_path, "heatmap") == 0
    printed = capsys.readouterr().out
    assert "fre 5 mars" in printed
    assert "lör 6 mars" not in printed
    assert "och 7 till" in printed


def test_dates_not_worked_out_are_counted_apart_from_those_not_possible(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], told: Callable[[Explanation], None]
) -> None:
    whole = a_heatmap({4: 0.0, 5: 0.7, 8: ("plan", None)}, status="feasible")
    missing = DateCost(date=date(2027, 3, 9), start=None, cost=None)
    dates = (*whole.meetings[0].dates, missing, missing.model_copy(update={"date": date(2027, 3, 10)}))
    told(whole.model_copy(update={"meetings": (whole.meetings[0].model_copy(update={"dates": dates}),)}))
    assert ask(tmp_path, "heatmap", "--lang", "en") == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "2 dates were not worked out in time." in printed
    assert "1 date is not possible: The other meetings leave no room" in printed


def test_one_persons_choices_are_listed_under_the_person(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], told: Callable[[Explanation], None]
) -> None:
    one = Clash(commitments=("c1",), people=("a0",), gain=0.31)
    told(Clashes(status="optimal", objective=2.8, clashes=(one, one.model_copy(update={"commitments": ("c2",)}))))
    commitments = [a_commitment(f"c{at}", "a0", f"2027-03-0{at}T09:00", f"2027-03-0{at}T12:00") for at in (1, 2)]
    assert ask(tmp_path, "clashes", commitments=commitments) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "1. Ledamot a0 (kommunen a) Om ett av dessa flyttas vinner planen 0,31 parter. • Annat åtagande" in printed
    assert printed.count("•") == 2


def test_clashes_are_sentences(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], told: Callable[[Explanation], None]
) -> None:
    told(
        Clashes(
            status="optimal",
            objective=2.8,
            clashes=(Clash(commitments=("c1",), people=("a0",), label="Kommunfullmäktige", gain=0.31),),
        )
    )
    commitments = [a_commitment("c1", "a0", "2027-03-04T09:00", "2027-03-04T12:00")]
    assert ask(tmp_path, "clashes", commitments=commitments) == 0
    printed = capsys.readouterr().out
    assert "1. Ledamot a0 (kommunen a): Kommunfullmäktige, tors 4 mars kl.\xa009.00–12.00" in printed
    assert "Om det flyttas vinner planen 0,31 parter." in printed


def test_people_to_phone_are_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], told: Callable[[Explanation], None]
) -> None:
    people = (
        PersonValue(person="b1", gain=0.2, standard_error=0.0),
        PersonValue(person="c1", gain=0.0, standard_error=0.0),
    )
    told(Asking(status="optimal", objective=2.8, people=people))
    assert ask(tmp_path, "asking", "--lang", "en") == 0
    printed = capsys.readouterr().out
    assert "Ledamot b1  kommunen b  0.20 parties" in printed
    assert "The calendar of 1 other person is unknown too, but cannot change the choice." in printed


def test_when_everybody_is_known_nobody_is_to_phone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], told: Callable[[Explanation], None]
) -> None:
    told(Asking(status="optimal", objective=2.8, people=()))
    assert ask(tmp_path, "asking") == 0
    assert "Allas kalendrar är kända." in capsys.readouterr().out


def test_who_was_left_out_is_not_taken_for_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], told: Callable[[Explanation], None]
) -> None:
    told(Asking(status="feasible", objective=2.8, people=(), left_out=("a0", "b0")))
    assert ask(tmp_path, "asking") == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "Allas kalendrar är kända." not in printed
    assert "För 2 personer hann det inte räknas ut om det lönar sig att fråga: Ledamot a0 (kommunen a);" in printed


def test_rules_that_collide_are_listed_with_the_ways_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], told: Callable[[Explanation], None]
) -> None:
    told(
        Conflicts(
            status="infeasible",
            conflict=(RuleInstance(rule="blackout", index=0),),
            relaxations=(Relaxation(rule="blackout", index=0, change="drop", objective=2.8),),
        )
    )
    assert ask(tmp_path, "conflicts", blackouts=CLOSED) == 0
    printed = capsys.readouterr().out
    assert "Den här regeln går inte att följa:\n  • Inga sammanträden 1–12 mars 2027 (ombyggnad)." in printed
    assert "Detta skulle hjälpa:\n" in printed
    assert "  • Tillåt sammanträden 1–12 mars 2027 (ombyggnad). Den bästa planen väntas då samla 2,8 parter." in printed
    assert printed.endswith("Gör den här ändringen och planera igen.\n")


def test_ways_are_held_against_each_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], told: Callable[[Explanation], None]
) -> None:
    told(a_habit(habit=1.5, plan=0.2))
    assert ask(tmp_path, "habit") == 0
    printed = capsys.readouterr().out
    assert "med den här planen 0,2, alltså 1,3 färre" in printed
    assert "Dagens vana: tredje torsdagen i månaden kl. 09.00 (antaget)." in printed
    assert printed.index("Den här planen") < printed.index("Dagens vana  ")


@pytest.mark.parametrize("kind", [kind for kind in get_args(ExplanationKind) if kind != "conflicts"])
def test_where_nothing_fits_the_way_on_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    assert ask(tmp_path, kind, blackouts=CLOSED) == 0
    assert "--what conflicts" in capsys.readouterr().out


@pytest.mark.parametrize(
    "answer",
    [
        Heatmap(status="unknown", objective=None, meetings=()),
        Conflicts(status="unknown", conflict=(), relaxations=()),
        Habits(status="unknown", rules=()),
    ],
)
def test_time_that_ran_out_is_no_proof(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    told: Callable[[Explanation], None],
    answer: Explanation,
) -> None:
    told(answer)
    assert ask(tmp_path, "heatmap") == 0
    assert "det är inte bevisat att ingen finns" in capsys.readouterr().out


def test_calendars_are_attached(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "a0.ics").write_bytes(b"<html>")
    assert ask(tmp_path, "conflicts", "--calendars", str(tmp_path / "calendars")) == 0
    assert "a0.ics" in capsys.readouterr().err


def test_what_is_wanted_has_to_be_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["explain", str(tmp_path / "problem.json")])
    assert ended.value.code == 2
    assert "--what" in capsys.readouterr().err


def test_a_fault_ends_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(tmp_path, "habit", colour="blue") == 2
    assert "/colour: " in capsys.readouterr().err


@pytest.mark.parametrize(("status", "ended"), [("feasible", 0), ("unknown", 130)])
def test_ctrl_c_shows_what_is_known_by_then(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, status: Any, ended: int
) -> None:
    def explain(*_: object, is_cancelled: Callable[[], bool], **__: object) -> Explanation:
        signal.raise_signal(signal.SIGINT)
        assert is_cancelled()
        return Conflicts(status=status, conflict=(), relaxations=())

    monkeypatch.setattr("api.cli.explain.explain", explain)
    assert ask(tmp_path, "conflicts", "--lang", "en") == ended
    assert "Stopped" in capsys.readouterr().err
