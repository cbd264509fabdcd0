"""Who builds the example lives here: run it, and the same question and calendars come out, byte for byte."""

import argparse
import json
from pathlib import Path
from typing import Any

from bodies import Body, bodies
from dialects import DIALECTS, calendar
from diaries import diary
from provenance import provenance
from question import chairs, problem
from seats import NUM_SILENT, Person, chosen, everybody, places
from year import Json, Year, pick, stream

HERE = Path(__file__).parent


def build(folder: Path) -> None:
    """Write problem.json, provenance.json and calendars/ into ``folder``."""
    facts, projections, invented = (_read(name) for name in ("facts", "projected_2027", "invented"))
    year = Year(facts)
    people = everybody(facts, invented)
    known = bodies(facts, projections, invented, year)
    sits_in = {person.id: places(person, known) for person in people}
    boards = [body for body in known if any(body in found for found in sits_in.values())]
    _write(folder / "problem.json", problem(facts, invented, people))
    _write(folder / "provenance.json", provenance(facts, boards))
    _write_boards(folder / "calendars", boards, sits_in)
    _write_diaries(folder / "calendars", people, sits_in, year)


def _read(name: str) -> Any:
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))


def _write(path: Path, document: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n")


def _write_boards(folder: Path, boards: list[Body], sits_in: dict[str, list[Body]]) -> None:
    (folder / "boards").mkdir(parents=True, exist_ok=True)
    listed: list[Json] = []
    for body in boards:
        members = [person for person, found in sits_in.items() if body in found]
        file = f"boards/{body.id}.ics"
        (folder / file).write_bytes(calendar(body.entries(), pick(stream("dialect", body.id), DIALECTS)))
        listed.append({"id": body.id, "file": file, "label": body.label, "importance": body.importance,
                       "yields": None, "people": members})  # fmt: skip
    _write(folder / "calendars.json", listed)


def _write_diaries(folder: Path, people: list[Person], sits_in: dict[str, list[Body]], year: Year) -> None:
    leads, silent = chairs(people), chosen(people, NUM_SILENT, "silent")
    for person in people:
        if person.id not in silent:
            entries = diary(person, sits_in[person.id], year, is_chair=person.id in leads)
            dialect = pick(stream("dialect", person.id), DIALECTS)
            (folder / f"{person.id}.ics").write_bytes(calendar(entries, dialect))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Build the example of Örebro county in 2027.")
    parser.add_argument("folder", nargs="?", type=Path, default=HERE, help="where to write; this folder by default")
    build(parser.parse_args().folder)
