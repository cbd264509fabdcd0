"""``calendars.json`` is read in time that grows with its length, whatever it contains."""

import json
import time
from pathlib import Path

import pytest

from scheduler import InvalidProblem
from scheduler.ical.shared_calendars import parse_shared_calendars
from scheduler.ical.unused_ids import UnusedIds
from scheduler.problem.strict_json import strict_json
from tests.builders import a_council, a_person, a_problem

SECONDS = 10.0  # a search in quadratic time takes minutes


def entry(calendar: str, *people: str, file: str = "ks.ics") -> dict[str, object]:
    return {"id": calendar, "file": file, "label": "KS", "people": people}


def seconds_to_refuse(folder: Path, content: str) -> float:
    (folder / "calendars.json").write_text(content)
    start = time.monotonic()
    with pytest.raises(InvalidProblem):
        parse_shared_calendars(a_problem(), folder)
    return time.monotonic() - start


def test_people_listed_again_and_again_are_found_in_linear_time(tmp_path: Path) -> None:
    people = [a_person(f"p{i}", "a") for i in range(5000)]
    council = a_council(parties=("a",))
    council["seats"] = [{"party": "a", "member": "p0", "substitutes": []}]
    problem = a_problem(parties=("a",), people=people, councils=[council])
    listed = [person["id"] for person in people]
    entries = [entry(f"k{i}", *listed) for i in range(20)]
    (tmp_path / "calendars.json").write_text(json.dumps(entries))
    start = time.monotonic()
    assert len(parse_shared_calendars(problem, tmp_path)) == 20
    assert time.monotonic() - start < SECONDS


@pytest.mark.parametrize("content", ['"' + '\\"' * 500_000, '["' + "\\" * 500_001, '"a' * 500_001], ids=[0, 1, 2])
def test_an_unclosed_text_is_found_in_linear_time(tmp_path: Path, content: str) -> None:
    assert seconds_to_refuse(tmp_path, content) < SECONDS


def test_a_text_with_brackets_is_no_nesting() -> None:
    nested = json.dumps({"a": "[" * 60 + '\\"' + "{" * 60})
    assert strict_json(nested.encode()) == json.loads(nested)


def test_ids_of_one_beginning_are_numbered_in_linear_time() -> None:
    num_tries = 0

    class CountedSet(set[str]):
        def __contains__(self, candidate: object) -> bool:
            nonlocal num_tries
            num_tries += 1
            return super().__contains__(candidate)

    ids = UnusedIds(CountedSet({"k-2"}))
    numbered = [next(ids.with_prefix("k")) for _ in range(100)]
    assert numbered == [f"k-{number}" for number in range(1, 102) if number != 2]
    assert num_tries == 101
