"""A changed list of members is taken into an existing problem, and everything else stays."""

import json
from pathlib import Path
from typing import Any

import pytest

from api.cli import main
from scheduler import Problem

HEADINGS = "Kommun;Ledamot;E-post;Ersättare;E-post ersättare\n"
KUMLA = "Kumla kommun;Ledamot Kumla;ledamot@kumla.example;Ersättare Kumla;ers@kumla.example\n"
NORA = "Nora kommun;Ledamot Nora;ledamot@nora.example;;\n"
LAXA = "Laxå kommun;Ledamot Laxå;ledamot@laxa.example;Ersättare Laxå;ers@laxa.example\n"


def update(folder: Path, rows: str, *options: str) -> int:
    members = folder / "members.csv"
    members.write_text(HEADINGS + rows, encoding="utf-8-sig")
    year = [] if "--update" in options else ["--year", "2030"]
    return main(["new", str(folder / "plan"), "--from", str(members), *year, "--lang", "en", *options])


def document(folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / "plan" / "problem.json").read_text())
    return loaded


def test_a_new_address_and_a_new_substitute_are_taken_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert update(tmp_path, KUMLA + NORA, "--name", "Rådet för musik") == 0
    before = document(tmp_path)
    assert (before["title"], before["councils"][0]["name"]) == ("Rådet för musik 2030", "Rådet för musik")
    before["meetings"][0]["notice_days"] = 30
    before["people"][0]["attendance_rate"] = 0.8
    (tmp_path / "plan" / "problem.json").write_text(json.dumps(before))
    capsys.readouterr()

    changed = KUMLA.replace("ledamot@kumla", "ny@kumla") + NORA.replace(";;", ";Ersättare Nora;ers@nora.example")
    assert update(tmp_path, changed, "--update") == 0
    printed = capsys.readouterr().out
    assert "Added: Ersättare Nora." in printed
    assert "With another address: Ledamot Kumla." in printed
    after = document(tmp_path)
    assert {key: after[key] for key in after if key not in ("people", "councils")} == {
        key: before[key] for key in before if key not in ("people", "councils")
    }
    assert after["people"][0] == {**before["people"][0], "email": "ny@kumla.example"}
    assert after["councils"][0]["seats"][1]["substitutes"] == ["nora-ersattare-nora"]
    assert Problem.of(after)
    assert "nora-ersattare-nora.ics" in (tmp_path / "plan" / "README.md").read_text("utf-8")


def test_an_unchanged_list_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert update(tmp_path, KUMLA + NORA) == 0
    before = document(tmp_path)
    assert update(tmp_path, KUMLA + NORA, "--update") == 0
    assert document(tmp_path) == before
    assert "Nobody came, left or has another address." in capsys.readouterr().out


def test_who_left_is_removed_unless_something_else_refers_to_the_person(tmp_path: Path) -> None:
    assert update(tmp_path, KUMLA + NORA + LAXA) == 0
    before = document(tmp_path)
    before["meetings"][0]["required"] = [{"person": "laxa-ledamot-laxa"}]
    (tmp_path / "plan" / "problem.json").write_text(json.dumps(before))
    assert update(tmp_path, KUMLA + NORA, "--update") == 0
    after = document(tmp_path)
    assert [seat["party"] for seat in after["councils"][0]["seats"]] == ["kumla", "nora"]
    assert [person["id"] for person in after["people"]] == [
        "kumla-ledamot-kumla",
        "kumla-ersattare-kumla",
        "nora-ledamot-nora",
        "laxa-ledamot-laxa",
    ]
    assert Problem.of(after)


def test_an_update_without_a_list_or_a_folder_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", str(tmp_path), "--update", "--lang", "en"]) == 2
    assert "--from" in capsys.readouterr().err
    assert update(tmp_path, KUMLA, "--update") == 2
    assert "problem.json" in capsys.readouterr().err


def test_an_unknown_council_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    members = tmp_path / "members.csv"
    rows = "Råd;Kommun;Ledamot\nMusik;Kumla;Anna\nKonst;Kumla;Bo\n"
    members.write_text(rows, encoding="utf-8")
    assert main(["new", str(tmp_path / "plan"), "--from", str(members), "--year", "2030"]) == 0
    before = document(tmp_path)
    members.write_text(rows.replace("Konst", "Teater"), encoding="utf-8")
    arguments = ["new", str(tmp_path / "plan"), "--from", str(members), "--update", "--lang", "en"]
    assert main(arguments) == 2
    assert "the council Teater" in capsys.readouterr().err
    assert document(tmp_path) == before


def test_members_change_after_meetings_were_held(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert update(tmp_path, KUMLA + NORA, "--organizer", "office@region.example") == 0
    calendars = tmp_path / "plan" / "calendars"
    (calendars / "kumla-ledamot-kumla.csv").write_text("2030-01-02;09:00;12:00\n")
    problem = str(tmp_path / "plan" / "problem.json")
    plan = ["propose", problem, "--calendars", str(calendars), "--out", str(tmp_path / "plan" / "plan"), "--lang", "en"]
    assert main(plan) == 0
    later = {**document(tmp_path), "today": "2030-06-01"}
    Path(problem).write_text(json.dumps(later))
    capsys.readouterr()
    assert update(tmp_path, KUMLA.replace("ledamot@kumla", "ny@kumla") + NORA, "--update") == 0
    assert "--objective repair" in capsys.readouterr().out
    assert main([*plan, "--objective", "repair"]) == 0
    sent = (tmp_path / "plan" / "plan" / "to-send.txt").read_text("utf-8")
    assert "to ny@kumla.example" in sent
    assert "meeting 1" not in sent
    published = str(tmp_path / "plan" / "plan" / "plan.json")
    assert main(["explain", problem, "--what", "asking", "--calendars", str(calendars), "--published", published]) == 0


def test_an_update_can_correct_the_name(tmp_path: Path) -> None:
    assert update(tmp_path, KUMLA + NORA, "--name", "Rådet för musk") == 0
    assert update(tmp_path, KUMLA + NORA, "--update", "--name", "Rådet för musik") == 0
    after = document(tmp_path)
    assert (after["title"], after["councils"][0]["name"]) == ("Rådet för musik 2030", "Rådet för musik")


def test_a_list_about_another_council_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert update(tmp_path, KUMLA + NORA, "--name", "Rådet för musik") == 0
    before = document(tmp_path)
    members = tmp_path / "members.csv"
    members.write_text("Råd;Kommun;Ledamot\nKulturrådet;Kumla;Nils Ny\n", encoding="utf-8")
    assert main(["new", str(tmp_path / "plan"), "--from", str(members), "--update", "--lang", "en"]) == 2
    assert "the council Kulturrådet" in capsys.readouterr().err
    assert document(tmp_path) == before


def with_roles(folder: Path, *rows: str, options: tuple[str, ...] = ("--update",)) -> dict[str, Any]:
    members = folder / "members.csv"
    members.write_text("Kommun;Namn;Roll\n" + "\n".join(rows) + "\n", encoding="utf-8")
    assert main(["new", str(folder / "plan"), "--from", str(members), "--lang", "en", *options]) == 0
    return document(folder)


def test_the_chair_is_that_of_the_list_and_has_a_seat(tmp_path: Path) -> None:
    with_roles(tmp_path, "Kumla;Anna Ek;Ordförande", "Nora;Bo Al;Ledamot", options=("--year", "2030"))
    changed = with_roles(tmp_path, "Kumla;Nils Ny;Ordförande", "Nora;Bo Al;Ledamot")
    assert changed["councils"][0]["chair"] == "kumla-nils-ny"
    assert "kumla-anna-ek" not in [person["id"] for person in changed["people"]]
    without = with_roles(tmp_path, "Kumla;Eva Ed;Ledamot", "Nora;Bo Al;Ledamot")
    assert "chair" not in without["councils"][0]


def test_a_party_that_something_else_refers_to_is_kept(tmp_path: Path) -> None:
    assert update(tmp_path, KUMLA + LAXA + NORA) == 0
    before = document(tmp_path)
    before["blackouts"].append({"start": "2030-02-04", "end": "2030-02-08", "reason": "Sportlov", "parties": ["nora"]})
    (tmp_path / "plan" / "problem.json").write_text(json.dumps(before))
    assert update(tmp_path, KUMLA + LAXA, "--update") == 0
    assert sorted(party["id"] for party in document(tmp_path)["parties"]) == ["kumla", "laxa", "nora"]


def test_an_update_takes_in_an_organizer_and_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert update(tmp_path, KUMLA + NORA) == 0
    assert update(tmp_path, KUMLA + NORA, "--update", "--organizer", "Kansliet <k@region.example>") == 0
    assert document(tmp_path)["councils"][0]["organizer"] == {"name": "Kansliet", "email": "k@region.example"}
    assert update(tmp_path, KUMLA + NORA, "--update", "--meetings", "9") == 2
    assert "--meetings" in capsys.readouterr().err


@pytest.mark.parametrize(
    "rows",
    [
        "Municipality,Name,Role,E-mail\nKumla,Anna Ek,member,a@kumla.example\n",
        "Kommun;Namn;Roll;E-post\nKumla;Anna Ek;Ledamot;a@kumla.example\n",
    ],
)
def test_the_headings_that_the_readme_names_are_read(tmp_path: Path, rows: str) -> None:
    members = tmp_path / "members.csv"
    members.write_text(rows, encoding="utf-8")
    assert main(["new", str(tmp_path / "plan"), "--from", str(members), "--year", "2030"]) == 0
    assert document(tmp_path)["people"][0]["email"] == "a@kumla.example"
    readme = (Path(__file__).parents[3] / "README.md").read_text("utf-8")
    headings = rows.split("\n")[0].replace(";", ",").split(",")
    assert all(heading in readme for heading in headings)


def test_the_commands_of_an_english_guide_are_in_english(tmp_path: Path) -> None:
    assert update(tmp_path, KUMLA + NORA, "--organizer", "office@region.example") == 0
    guide = (tmp_path / "plan" / "README.md").read_text("utf-8")
    commands = [line for line in guide.splitlines() if line.startswith("tretton ") or "/tretton " in line]
    assert len(commands) == 4
    assert all(line.endswith("--lang en") for line in commands)
