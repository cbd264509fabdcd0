"""Who turns a folder of calendars into commitments: each person's own, and those that bind many at once."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field, TypeAdapter, ValidationError

from scheduler.days import ONE_DAY, whole_days
from scheduler.errors import Fault, InvalidProblem
from scheduler.ical.isolation.pool import Outcome, Sandbox, the_sandbox
from scheduler.ical.isolation.protocol import Question
from scheduler.ical.read.content_lines import MAX_BYTES
from scheduler.ical.read.reader import BusyTime, Reading
from scheduler.ical.write.invitation import meeting_uid
from scheduler.intervals import without
from scheduler.problem import Calendar, Commitment, DateRange, Person, Problem, TimeRange
from scheduler.problem.strict_json import strict_json
from scheduler.problem.types import Frozen, Id, Importance, Probability, Text

SHARED = "calendars.json"
MAX_OWNER = 80  # characters of an id that are kept in the ids made from it

NO_PERSON = "Nobody has this id; name the file after a person's id, or list it in calendars.json."
NO_FILE = "The file cannot be opened; put it in the folder or correct its name in calendars.json."


class SharedCalendar(Frozen):
    """One entry of ``calendars.json``: a calendar whose every occurrence binds all of ``people``."""

    id: Id
    file: str
    label: Text
    importance: Importance | None = None
    yields: Probability | None = None
    people: tuple[Id, ...] = Field(min_length=1, max_length=5000)


@dataclass(frozen=True, slots=True)
class CalendarReport:
    """What became of one file; each of ``troubles`` is a sentence on what was not read, and what to do."""

    file: str
    people: tuple[str, ...]
    num_busy: int
    num_events: int
    troubles: tuple[str, ...]


def attach_calendars(
    problem: Problem, folder: Path, sandbox: Sandbox | None = None
) -> tuple[Problem, tuple[CalendarReport, ...]]:
    """
    Return the problem with the commitments that a folder of ``.ics`` files holds, and a report for each file.

    Each file is read in a child of ``sandbox``, side by side; without one, in the sandbox that the process shares.

    ``<person id>.ics`` is that person's own calendar, and makes the horizon known, but for what could not be read.
    ``calendars.json`` lists those that bind several; silence there says nothing of the rest of their time.

    Raises
    ------
    InvalidProblem
        When ``calendars.json`` is at fault: the pointers then point into it.
    """
    shared = _shared_calendars(problem, folder)
    listed = {(folder / calendar.file).resolve() for calendar in shared}
    own = [
        file
        for file in sorted(folder.iterdir())
        if file.suffix.lower() == ".ics" and file.is_file() and file.resolve() not in listed
    ]
    gathering = _Gathering(problem)
    gathering.read([folder / calendar.file for calendar in shared], own, sandbox or the_sandbox())
    for calendar in shared:
        gathering.add_shared(calendar, folder / calendar.file)
    for file in own:
        gathering.add_own(file)
    return gathering.problem(), tuple(gathering.reports)


class _Gathering:
    """Collects what the files add to a problem."""

    def __init__(self, problem: Problem) -> None:
        first, last = problem.horizon.start, problem.horizon.end
        self._before = problem
        self._window = whole_days(first - ONE_DAY, last + ONE_DAY, problem.zone)
        self._horizon = whole_days(first, last, problem.zone)
        self._taken = {commitment.id for commitment in problem.commitments}
        self._events = {commitment.event for commitment in problem.commitments}
        self._meetings = _meetings_by_uid(problem)
        self._calendars: list[Calendar] = []
        self._commitments: list[Commitment] = []
        self._known: dict[str, tuple[DateRange | TimeRange, ...]] = {}
        self._outcomes: dict[Path, Outcome] = {}
        self.reports: list[CalendarReport] = []

    def read(self, shared: list[Path], own: list[Path], sandbox: Sandbox) -> None:
        """Read all files side by side; one that cannot be opened, or is named after nobody, is not read."""
        owned = [file for file in own if file.stem in self._before.people_by_id]
        questions = {}
        for file in dict.fromkeys([*shared, *owned]):
            owner = self._before.people_by_id[file.stem].email if file in owned else None
            with suppress(OSError):
                questions[file] = Question(_start_of(file), self._window, self._before.zone, owner)
        self._outcomes = dict(zip(questions, sandbox.read_all(questions.values()), strict=True))

    def problem(self) -> Problem:
        before = self._before
        changes: dict[str, Any] = {
            "people": tuple(self._with_known(person) for person in before.people),
            "calendars": (*before.calendars, *self._calendars),
            "commitments": (*before.commitments, *self._commitments),
        }
        return Problem.of({name: getattr(before, name) for name in Problem.model_fields} | changes)

    def add_shared(self, shared: SharedCalendar, file: Path) -> None:
        if shared.id not in self._before.calendars_by_id:
            fields = shared.model_dump(include={"id", "label", "importance", "yields"})
            self._calendars.append(Calendar(**fields))
        reading = self._reading(shared.file, file, shared.people)
        if reading is None:
            return
        events = _unused(shared.id, self._events)
        ids = _unused(shared.id, self._taken)
        for busy in reading.busy:
            event = next(events)
            for person in shared.people:
                self._add(busy, id=next(ids), person=person, calendar=shared.id, event=event)

    def add_own(self, file: Path) -> None:
        person = self._before.people_by_id.get(file.stem)
        if person is None:
            self.reports.append(CalendarReport(file.name, (), 0, 0, (NO_PERSON,)))
            return
        reading = self._reading(file.name, file, (person.id,))
        if reading is None:
            return
        self._known[person.id] = tuple(self._known_time(reading))
        ids = _unused(person.id, self._taken)
        for busy in reading.busy:
            self._add(busy, id=next(ids), person=person.id)

    def _reading(self, name: str, file: Path, people: tuple[str, ...]) -> Reading | None:
        """Return what was read, and report on it; None when nothing was."""
        outcome = self._outcomes.get(file)
        if not isinstance(outcome, Reading):
            trouble = NO_FILE if outcome is None else str(outcome)
            self.reports.append(CalendarReport(name, people, 0, 0, (trouble,)))
            return None
        reasons = [*(part.sentence for part in outcome.skipped), *(part.sentence for part in outcome.unknown)]
        troubles = tuple(dict.fromkeys(reasons))
        self.reports.append(CalendarReport(name, people, len(outcome.busy), outcome.num_events, troubles))
        return outcome

    def _add(self, busy: BusyTime, **fields: str) -> None:
        """Add one commitment; what lasts for decades is cut, since only the horizon and its eve matter."""
        start, end = max(busy.start, self._window.start), min(busy.end, self._window.end)
        meeting = self._meetings.get(busy.uid)
        self._commitments.append(Commitment(start=start, end=end, kind=busy.kind, meeting=meeting, **fields))

    def _known_time(self, reading: Reading) -> Iterator[DateRange | TimeRange]:
        if not reading.unknown:
            yield self._before.horizon
            return
        for known in without([self._horizon], [interval for interval, _ in reading.unknown]):
            yield TimeRange(start=known.start, end=known.end)

    def _with_known(self, person: Person) -> Person:
        known = self._known.get(person.id)
        return person.model_copy(update={"known": (*person.known, *known)}) if known else person


def _start_of(file: Path) -> bytes:
    """Return the file, or enough of it to be found too large."""
    with file.open("rb") as stream:
        return stream.read(MAX_BYTES + 1)


def _unused(owner: str, taken: set[Any]) -> Iterator[str]:
    """Yield ids made from ``owner`` and a counter that nobody bears, and take them."""
    number = 0
    while True:
        number += 1
        made = f"{owner[:MAX_OWNER]}-{number}"
        if made not in taken:
            taken.add(made)
            yield made


def _meetings_by_uid(problem: Problem) -> dict[str, str]:
    """Return our own meetings by the UID under which they stand in people's calendars."""
    councils = problem.councils_by_id
    return {
        meeting_uid(organizer.email, meeting.id): meeting.id
        for meeting in problem.meetings
        if (organizer := councils[meeting.council].organizer) is not None
    }


def _shared_calendars(problem: Problem, folder: Path) -> list[SharedCalendar]:
    file = folder / SHARED
    if not file.is_file():
        return []
    entries = strict_json(_start_of(file))
    try:
        shared = TypeAdapter(list[SharedCalendar]).validate_python(entries)
    except ValidationError as invalid:
        raise InvalidProblem([_fault(error["loc"]) for error in invalid.errors(include_input=False)]) from None
    faults = list(_faults(shared, problem, folder))
    if faults:
        raise InvalidProblem(faults)
    return shared


def _fault(location: Iterable[str | int]) -> Fault:
    sentence = "This is not as calendars.json wants it; list id, file, label, people, and perhaps importance or yields."
    pointer = "".join(f"/{step}" for step in location if isinstance(step, int) or step in SharedCalendar.model_fields)
    return Fault(pointer, sentence)


def _faults(shared: list[SharedCalendar], problem: Problem, folder: Path) -> Iterator[Fault]:
    seen: set[str] = set()
    for i, calendar in enumerate(shared):
        if calendar.id in seen:
            yield Fault(f"/{i}/id", "calendars.json: an earlier entry has this id; give each its own.")
        seen.add(calendar.id)
        if not _is_inside(folder, calendar.file):
            yield Fault(f"/{i}/file", "calendars.json: name a file inside the folder, by its path from there.")
        for j, person in enumerate(calendar.people):
            if person not in problem.people_by_id:
                yield Fault(f"/{i}/people/{j}", "calendars.json: no person has this id; add or correct the person.")
            elif person in calendar.people[:j]:
                yield Fault(f"/{i}/people/{j}", "calendars.json: this person is listed twice; list each once.")


def _is_inside(folder: Path, file: str) -> bool:
    """Tell whether a path, its links followed, stays inside ``folder``."""
    if not file or "\0" in file or Path(file).is_absolute() or ".." in Path(file).parts:
        return False
    return (folder / file).resolve().is_relative_to(folder.resolve())
