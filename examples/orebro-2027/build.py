"""Build the example: write the problem, its provenance and the calendars, reproducible byte for byte."""

import argparse
import json
from pathlib import Path
from typing import Any

from bodies import Body, create_bodies
from dialects import DIALECTS, render_calendar
from diaries import personal_entries
from problem_document import chair_ids, problem_document
from provenance import provenance
from seats import NUM_WITHOUT_CALENDAR, Person, create_people, draw_bodies, draw_people
from year import Json, Year, choose, random_stream

HERE = Path(__file__).parent


def build(folder: Path) -> None:
    """Write problem.json, provenance.json and calendars/ into ``folder``."""
    facts, projections, invented = (_read(name) for name in ("facts", "projected_2027", "invented"))
    year = Year(facts)
    people = create_people(facts, invented)
    all_bodies = create_bodies(facts, projections, invented, year)
    bodies_by_person = {person.id: draw_bodies(person, all_bodies) for person in people}
    boards = [body for body in all_bodies if any(body in bodies for bodies in bodies_by_person.values())]

    _write(folder / "problem.json", problem_document(facts, invented, people))
    _write(folder / "provenance.json", provenance(facts, boards))
    _write_board_calendars(folder / "calendars", boards, bodies_by_person)
    _write_personal_calendars(folder / "calendars", people, bodies_by_person, year)


def _read(name: str) -> Any:
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))


def _write(path: Path, document: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(document, ensure_ascii=False, indent=1)
    path.write_bytes(text.encode() + b"\n")


def _write_board_calendars(folder: Path, boards: list[Body], bodies_by_person: dict[str, list[Body]]) -> None:
    (folder / "boards").mkdir(parents=True, exist_ok=True)
    index: list[Json] = []
    for board in boards:
        file = f"boards/{board.id}.ics"
        dialect = choose(random_stream("dialect", board.id), DIALECTS)
        (folder / file).write_bytes(render_calendar(board.entries(), dialect))
        index.append(
            {
                "id": board.id,
                "file": file,
                "label": board.label,
                "importance": board.importance,
                "yields": None,
                "people": [person for person, bodies in bodies_by_person.items() if board in bodies],
            }
        )
    _write(folder / "calendars.json", index)


def _write_personal_calendars(
    folder: Path, people: list[Person], bodies_by_person: dict[str, list[Body]], year: Year
) -> None:
    chairs = chair_ids(people)
    without_calendar = draw_people(people, NUM_WITHOUT_CALENDAR, "silent")
    for person in people:
        if person.id in without_calendar:
            continue
        entries = personal_entries(person, bodies_by_person[person.id], year, is_chair=person.id in chairs)
        dialect = choose(random_stream("dialect", person.id), DIALECTS)
        (folder / f"{person.id}.ics").write_bytes(render_calendar(entries, dialect))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Build the example of Örebro county in 2027.")
    parser.add_argument("folder", nargs="?", type=Path, default=HERE, help="output folder; this folder by default")
    build(parser.parse_args().folder)
