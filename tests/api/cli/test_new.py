"""The command ``new``: a folder that can be planned at once, from an invented council or from a list of members."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from api.cli import main
from api.cli.new_output import summary_lines, update_lines
from api.i18n import Wording
from api.members.update import MemberChanges
from tests.api.members.lists import LONG, WIDE, csv_text, workbook

NEXT_YEAR = date.today().year + 1  # noqa: DTZ011  # as the command reads it


def new(folder: Path, *more: str) -> dict[str, Any]:
    assert main(["new", str(folder), *more]) == 0
    document: dict[str, Any] = json.loads((folder / "problem.json").read_text("utf-8"))
    return document


def saved(folder: Path, name: str, content: bytes) -> str:
    path = folder / name
    path.write_bytes(content)
    return str(path)


def propose(folder: Path, capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["propose", str(folder / "problem.json"), "--json", *more]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_invented_council_is_planned_with_its_sample_calendar(
    language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "Kulturrådet"
    document = new(folder, "--lang", language)
    assert document["title"] == f"Kulturrådet {NEXT_YEAR}"
    answer = propose(folder, capsys, "--calendars", str(folder / "calendars"), "--lang", language)
    starts = [datetime.fromisoformat(meeting["starts_at"]) for meeting in answer["proposals"][0]["meetings"]]
    assert len(starts) == 4
    # The chair is busy on Monday mornings, as the sample calendar says; the others are unknown on every day alike.
    assert (folder / "calendars" / f"{document['councils'][0]['chair']}.ics").is_file()
    assert not any(start.weekday() == 0 and start.hour < 12 for start in starts)
    readme = (folder / "README.md").read_text("utf-8")
    assert ("## Nästa steg" if language == "sv" else "## Next steps") in readme
    assert f"propose {folder}/problem.json" in readme.replace("'", "")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("list.csv", csv_text(WIDE).encode("cp1252")),
        ("list.csv", csv_text(LONG).encode("utf-8-sig")),
        ("list.xlsx", workbook(WIDE)),
    ],
)
def test_ten_municipalities_of_a_spreadsheet_can_be_planned(
    name: str, content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "Folkhälsorådet"
    document = new(folder, "--from", saved(tmp_path, name, content), "--organizer", "Kansliet <kansli@example.org>")
    printed = capsys.readouterr().out
    assert "Lästes som" in printed
    assert "parter: 10, personer: 20, råd: 1, sammanträden: 4" in printed
    (council,) = document["councils"]
    assert (council["name"], council["quorum"], len(council["seats"])) == ("Folkhälsorådet", 6, 10)
    seat = {"party": "orebro", "member": "orebro-asa-orebrostrom", "substitutes": ["orebro-bo-orebro"]}
    assert council["seats"][9] == seat
    assert len(propose(folder, capsys)["proposals"][0]["meetings"]) == 4
    readme = (folder / "README.md").read_text("utf-8")
    assert "`orebro-asa-orebrostrom.ics`" in readme


def test_sheets_that_were_not_read_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = workbook(WIDE, [["Kommun", "Namn"], ["Nora", "Ulf Ek"]])
    new(tmp_path / "råd", "--from", saved(tmp_path, "list.xlsx", content))
    assert "Andra blad med innehåll, som inte har lästs: Sheet1." in capsys.readouterr().out


def test_names_and_paths_cannot_steer_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "råd\x1b[31m\nNästa"
    rows = "Kommun;Namn\nKumla;Anna Ek\n"
    path = tmp_path / "\x1b[2Jlist.csv"
    path.write_text(rows)
    new(folder, "--from", str(path))
    new(folder, "--from", str(path), "--update")
    document = json.loads((folder / "problem.json").read_text("utf-8"))
    document["people"][0]["name"] = "Ulf\u202e Ek"
    changes = MemberChanges(added=("Ulf\x1b Ek",), removed=("Bo\n",), kept=("Cia\x07",), readdressed=())
    for lines in (
        summary_lines(document, folder / "problem.json", folder / "README.md", "tretton", Wording("sv")),
        update_lines(folder / "problem.json", changes, "tretton", Wording("sv")),
        capsys.readouterr().out.splitlines(),
    ):
        assert all(line.isprintable() for line in lines)


def test_the_invented_council_gets_invitations(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new(tmp_path / "råd", "--meetings", "1")
    propose(
        tmp_path / "råd", capsys, "--calendars", str(tmp_path / "råd" / "calendars"), "--out", str(tmp_path / "plan")
    )
    assert len(list((tmp_path / "plan" / "kallelser").glob("*.ics"))) == 8


def test_several_councils_share_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        "Råd;Kommun;Namn;Roll;E-post\n"
        "Kultur;Kumla;Anna Ek;Ordförande;a@x.se\n"
        "Kultur;Kumla;Bo Lind;Ersättare 2;\n"
        "Kultur;Kumla;Eva Berg;Ersättare 1;\n"
        "Skola;kumla;Anna Ek;ersättare;\n"
        "Skola;Kumla kommun;Vakant;ledamot;\n"
    )
    document = new(tmp_path / "länet", "--from", saved(tmp_path, "list.csv", text.encode()), "--meetings", "2")
    assert [party["name"] for party in document["parties"]] == ["Kumla"]
    assert [person["id"] for person in document["people"]] == ["kumla-anna-ek", "kumla-bo-lind", "kumla-eva-berg"]
    culture, school = document["councils"]
    assert (culture["name"], culture["chair"]) == ("Kultur", "kumla-anna-ek")
    substitutes = ["kumla-eva-berg", "kumla-bo-lind"]
    assert culture["seats"] == [{"party": "kumla", "member": "kumla-anna-ek", "substitutes": substitutes}]
    assert school["seats"] == [{"party": "kumla", "member": None, "substitutes": ["kumla-anna-ek"]}]
    assert "organizer" not in culture
    assert "därmed utan kallelse: Bo Lind; Eva Berg." in capsys.readouterr().out
    assert len(document["meetings"]) == 4


@pytest.mark.parametrize("num_meetings", range(1, 12))
def test_every_number_of_meetings_has_a_plan(
    num_meetings: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new(tmp_path / "råd", "--meetings", str(num_meetings))
    answer = propose(tmp_path / "råd", capsys, "--alternatives", "1")
    assert answer["status"] == "optimal"
    assert len(answer["proposals"][0]["meetings"]) == num_meetings


def test_unclear_rows_are_listed_and_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "Kommun;Namn;Roll\nKumla;Anna Ek;kassör\nLaxå;;ledamot\n"
    assert main(["new", str(tmp_path / "d"), "--from", saved(tmp_path, "list.csv", text.encode())]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].endswith("list.csv kan inte användas som förteckning över ledamöter:")
    assert lines[1].startswith("  Rad 2 (Kumla | Anna Ek | kassör) har en oklar roll, kassör;")
    assert lines[2].startswith("  Rad 3 (Laxå | ledamot) anger ingen person;")
    assert not (tmp_path / "d").exists()


def test_an_empty_folder_is_filled_and_any_other_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "tom"
    empty.mkdir()
    new(empty)
    before = {path: path.read_bytes() for path in empty.rglob("*") if path.is_file()}
    file = tmp_path / "fil"
    file.write_text("x")
    for taken in (empty, file):
        assert main(["new", str(taken)]) == 2
        assert "som inte är tom; ange en ny mapp" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in empty.rglob("*") if path.is_file()} == before


def test_files_that_are_no_list_are_refused_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path, message in ((tmp_path, "är inte en fil"), (tmp_path / "x", "finns inte")):
        assert main(["new", str(tmp_path / "d"), "--from", str(path)]) == 2
        assert message in capsys.readouterr().err


@pytest.mark.parametrize("organizer", ["kansli", "Kansliet <kansli@example.org>, b@x.se", "a@x.se b@x.se", "<>"])
def test_an_organizer_without_an_address_is_refused(
    organizer: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["new", str(tmp_path / "d"), "--organizer", organizer])
    assert "skriv en e-postadress" in capsys.readouterr().err


def test_a_year_without_enough_months_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    this_year = str(NEXT_YEAR - 1)
    assert main(["new", str(tmp_path / "d"), "--year", this_year, "--meetings", "11"]) in (0, 2)
    with pytest.raises(SystemExit):
        main(["new", str(tmp_path / "e"), "--year", str(NEXT_YEAR - 2)])
    assert "skriv ett heltal från" in capsys.readouterr().err
