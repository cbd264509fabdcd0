"""The example of Örebro county holds what its README says."""

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from scheduler.candidates import Candidates
from scheduler.days import is_holiday, whole_days
from scheduler.ical.read.reader import read_calendar
from scheduler.problem import Problem

EXAMPLE = Path(__file__).parents[1] / "examples" / "orebro-2027"
_DOMAIN = re.compile(r"[\w.+-]+@([\w.-]+)")
MARKS = {"real", "projected", "inferred", "unverified", "invented"}


def _json(name: str) -> Any:
    return json.loads((EXAMPLE / name).read_text(encoding="utf-8"))


def _built(folder: Path) -> dict[str, bytes]:
    paths = [folder / "problem.json", folder / "provenance.json", *(folder / "calendars").rglob("*.*")]
    return {f"{path.relative_to(folder)}": path.read_bytes() for path in paths}


def _texts(*suffixes: str) -> dict[str, str]:
    paths = (path for path in EXAMPLE.rglob("*.*") if path.suffix in suffixes)
    return {path.name: path.read_text(encoding="utf-8") for path in paths}


def _own_calendars() -> list[Path]:
    return sorted((EXAMPLE / "calendars").glob("*.ics"))


@pytest.fixture(scope="module")
def problem() -> Problem:
    return Problem.read((EXAMPLE / "problem.json").read_bytes())


def test_a_rebuild_gives_the_same_bytes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-B", EXAMPLE / "build.py", tmp_path], check=True)  # noqa: S603  # our own script
    assert _built(tmp_path) == _built(EXAMPLE)


def test_the_folder_stays_small() -> None:
    assert sum(path.stat().st_size for path in EXAMPLE.rglob("*") if path.suffix != ".pyc") < 1_500_000


def test_thirteen_parties_share_four_councils(problem: Problem) -> None:
    assert len(problem.parties) == 13
    assert [council.id for council in problem.councils] == ["kultur", "folkhalsa", "skola", "valfard"]
    assert all({seat.party for seat in one.seats} == set(problem.parties_by_id) for one in problem.councils)


def test_all_104_seats_are_filled_by_some_84_people(problem: Problem) -> None:
    seated = [person for council in problem.councils for seat in council.seats for person in seat.people]
    assert len(seated) == 104
    assert set(seated) == set(problem.people_by_id)
    assert 80 <= len(set(seated)) <= 88
    assert {seated.count(person) for person in seated} == {1, 2}


def test_each_council_meets_three_or_four_times(problem: Problem) -> None:
    assert {council: len(held) for council, held in problem.meetings_by_council.items()} == {
        "kultur": 3,
        "folkhalsa": 4,
        "skola": 3,
        "valfard": 4,
    }


def test_every_meeting_has_dates_to_choose_from(problem: Problem) -> None:
    assert min(len(one.slots) for one in Candidates(problem).meetings) >= 10


def test_persons_are_roles_with_reserved_addresses(problem: Problem) -> None:
    assert all(re.match("(ledamot|ersättare), ", person.name) for person in problem.people)
    domains = [domain for text in _texts(".json", ".ics", ".md").values() for domain in _DOMAIN.findall(text)]
    assert domains
    assert not [domain for domain in domains if not domain.endswith(".example")]


def test_nearly_every_person_has_a_calendar(problem: Problem) -> None:
    owners = {path.stem for path in _own_calendars()}
    assert owners < set(problem.people_by_id)
    assert 6 <= len(set(problem.people_by_id) - owners) <= 8


def test_every_calendar_file_parses_and_belongs_to_a_person(problem: Problem) -> None:
    boards = _json("calendars/calendars.json")
    files = {EXAMPLE / "calendars" / board["file"] for board in boards}
    assert files == set((EXAMPLE / "calendars" / "boards").glob("*.ics"))
    assert all(board["people"] and set(board["people"]) <= set(problem.people_by_id) for board in boards)
    for path in (*files, *_own_calendars()):
        assert not Calendar.from_ical(path.read_bytes()).errors


def test_lines_are_folded_by_rfc_5545() -> None:
    for path in (EXAMPLE / "calendars").rglob("*.ics"):
        lines = path.read_bytes().split(b"\r\n")
        assert lines[-1] == b""
        assert not any(b"\n" in line or len(line) > 75 for line in lines)


def test_no_board_meets_on_a_holiday_or_in_july() -> None:
    held = [
        date.fromisoformat(f"{event.start:%Y-%m-%d}")
        for path in (EXAMPLE / "calendars" / "boards").glob("*.ics")
        for event in Calendar.from_ical(path.read_bytes()).events
    ]
    assert len(held) > 300
    assert not [day for day in held if is_holiday(day, "SE") or day.month == 7]


@pytest.mark.parametrize("path", _own_calendars()[::13], ids=lambda path: path.stem)
def test_the_calendar_of_a_person_is_read_without_loss(path: Path, problem: Problem) -> None:
    horizon = whole_days(problem.horizon.start, problem.horizon.end, problem.zone)
    reading = read_calendar(path.read_bytes(), horizon, problem.zone)
    assert not reading.unknown
    assert not reading.skipped
    assert 60 <= len(reading.busy) <= 160
    on = {busy.start.astimezone(problem.zone).date() for busy in reading.busy if busy.kind == "busy"}
    assert not [day for day in on if is_holiday(day, "SE")]


def test_school_breaks_apply_to_parties_and_july_to_all() -> None:
    breaks = {one["reason"]: one for one in _json("problem.json")["blackouts"]}
    assert len(breaks["sportlov"]["parties"]) == 12
    assert "parties" not in breaks["juli: inga sammanträden"]


def test_every_group_of_facts_has_one_of_the_five_marks() -> None:
    provenance = _json("provenance.json")
    assert {one["mark"] for one in provenance["facts"]} == MARKS == set(provenance["legend"])
    assert all({one["name"], one["dates"], one["times"]} <= MARKS for one in provenance["boards"])
    assert all(one["source"] for one in provenance["boards"] if one["dates"] in ("projected", "inferred"))


def test_every_part_of_the_problem_has_its_provenance() -> None:
    told = {one["where"].removeprefix("problem.json#/").split("/")[0] for one in _json("provenance.json")["facts"]}
    assert set(_json("problem.json")) - {"title", "timezone", "today"} <= told


def test_a_date_moved_because_of_a_holiday_is_marked() -> None:
    boards = {one["calendar"]: one for one in _json("provenance.json")["boards"]}
    assert boards["askersund-kf"]["moved"] == {"2027-03-30": "moved from 2027-03-29, Easter Monday"}


def test_the_case_of_lindesberg_is_described_in_the_readme_only() -> None:
    anecdote = re.compile(r"\b(1|one) of (3|three)\b", re.IGNORECASE)
    telling = [name for name, text in _texts(".json", ".md", ".py", ".ics").items() if anecdote.search(text)]
    assert telling == ["README.md"]
