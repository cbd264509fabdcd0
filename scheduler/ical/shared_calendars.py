"""Parse ``calendars.json``: the calendars in a folder that are shared by several people."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import Field, TypeAdapter, ValidationError

from scheduler.errors import Fault, InvalidProblem
from scheduler.problem import Problem
from scheduler.problem.field_types import Frozen, Id, Importance, Probability, Text
from scheduler.problem.strict_json import strict_json
from scheduler.regular_file import read_limited

SHARED_CALENDARS = "calendars.json"
MAX_JSON_BYTES = 10 * 1024 * 1024

UNREADABLE = "The file calendars.json cannot be read; check that it is a file and not a broken link."
TOO_LARGE = "The file calendars.json is larger than {limit} MiB; list fewer calendars."
BAD_ENTRY = (
    "This entry of calendars.json is invalid; give id, file, label and people, and optionally importance and yields."
)
REPEATED_ID = "calendars.json: an earlier entry has this id; give each its own."
OUTSIDE_FOLDER = "calendars.json: name a file inside the folder, by its path from there."
UNKNOWN_PERSON = "calendars.json: no person has this id; add or correct the person."
REPEATED_PERSON = "calendars.json: this person is listed twice; list each once."


class SharedCalendar(Frozen):
    """An entry of ``calendars.json``: a calendar whose every event is a commitment of all of ``people``."""

    id: Id
    file: str
    label: Text
    importance: Importance | None = None
    yields: Probability | None = None
    people: tuple[Id, ...] = Field(min_length=1, max_length=5000)


def parse_shared_calendars(problem: Problem, folder: Path) -> list[SharedCalendar]:
    """
    Return the entries of the folder's ``calendars.json``; an empty list when there is no such file.

    Raises
    ------
    InvalidProblem
        When ``calendars.json`` is invalid: the pointers then refer to it.
    """
    file = folder / SHARED_CALENDARS
    # A broken link or a folder of this name is an error: without the list, the boards' people would count as free.
    if not os.path.lexists(file):
        return []
    entries = strict_json(_read(file))
    try:
        shared = TypeAdapter(list[SharedCalendar]).validate_python(entries)
    except ValidationError as invalid:
        raise InvalidProblem([_schema_fault(error["loc"]) for error in invalid.errors(include_input=False)]) from None
    faults = list(_check_shared_calendars(shared, problem, folder))
    if faults:
        raise InvalidProblem(faults)
    return shared


def _read(file: Path) -> bytes:
    try:
        content = read_limited(file, MAX_JSON_BYTES)
    except OSError:
        raise InvalidProblem([Fault("", UNREADABLE)]) from None
    if len(content) > MAX_JSON_BYTES:
        raise InvalidProblem([Fault("", TOO_LARGE, {"limit": MAX_JSON_BYTES // 2**20})])
    return content


def _schema_fault(location: Iterable[str | int]) -> Fault:
    # A field's name is the user's own text unless the schema has it, and an error never repeats such text.
    steps = [step for step in location if isinstance(step, int) or step in SharedCalendar.model_fields]
    return Fault("".join(f"/{step}" for step in steps), BAD_ENTRY)


def _check_shared_calendars(shared: list[SharedCalendar], problem: Problem, folder: Path) -> Iterator[Fault]:
    seen: set[str] = set()
    for i, calendar in enumerate(shared):
        if calendar.id in seen:
            yield Fault(f"/{i}/id", REPEATED_ID)
        seen.add(calendar.id)
        if not _is_inside(folder, calendar.file):
            yield Fault(f"/{i}/file", OUTSIDE_FOLDER)
        listed: set[str] = set()
        for j, person in enumerate(calendar.people):
            if person not in problem.people_by_id:
                yield Fault(f"/{i}/people/{j}", UNKNOWN_PERSON)
            elif person in listed:
                yield Fault(f"/{i}/people/{j}", REPEATED_PERSON)
            listed.add(person)


def _is_inside(folder: Path, file: str) -> bool:
    """Return whether a path, with its links resolved, is inside ``folder``."""
    path = Path(file)
    if not file or "\0" in file or path.is_absolute() or ".." in path.parts:
        return False
    # Unlike Path.resolve, realpath accepts links that lead in a circle; opening the file then fails.
    return Path(os.path.realpath(folder / path)).is_relative_to(os.path.realpath(folder))
