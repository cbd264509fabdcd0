"""Add the events of a folder of calendars to a problem as commitments: people's own calendars and shared ones."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field, TypeAdapter, ValidationError

from scheduler.days import ONE_DAY, whole_days
from scheduler.errors import Fault, InvalidProblem
from scheduler.ical.isolation.pool import CalendarWorkerPool, shared_pool
from scheduler.ical.isolation.protocol import ReadOutcome, ReadRequest
from scheduler.ical.read.content_lines import MAX_BYTES
from scheduler.ical.read.reader import BusyTime, Reading
from scheduler.ical.write.invitation import meeting_uid
from scheduler.intervals import Interval, without
from scheduler.problem import Calendar, Commitment, DateRange, Person, Problem, TimeRange
from scheduler.problem.field_types import Frozen, Id, Importance, Probability, Text
from scheduler.problem.strict_json import strict_json

SHARED_CALENDARS = "calendars.json"
MAX_PREFIX = 80  # characters of a person's or calendar's id that are kept in the ids derived from it

NO_PERSON = "No person has this id; name the file after a person's id, or list it in calendars.json."
NO_FILE = "The file cannot be opened; put it in the folder or correct its name in calendars.json."
BAD_ENTRY = (
    "This entry of calendars.json is invalid; give id, file, label and people, and optionally importance and yields."
)
REPEATED_ID = "calendars.json: an earlier entry has this id; give each its own."
OUTSIDE_FOLDER = "calendars.json: name a file inside the folder, by its path from there."
UNKNOWN_PERSON = "calendars.json: no person has this id; add or correct the person."
REPEATED_PERSON = "calendars.json: this person is listed twice; list each once."

KnownTime = DateRange | TimeRange


class SharedCalendar(Frozen):
    """An entry of ``calendars.json``: a calendar whose every event is a commitment of all of ``people``."""

    id: Id
    file: str
    label: Text
    importance: Importance | None = None
    yields: Probability | None = None
    people: tuple[Id, ...] = Field(min_length=1, max_length=5000)


@dataclass(frozen=True, slots=True)
class CalendarReport:
    """The result of reading a file; each of ``troubles`` is a sentence on a part that was not read and its remedy."""

    file: str
    people: tuple[str, ...]
    num_busy: int
    num_events: int
    troubles: tuple[str, ...]


def attach_calendars(
    problem: Problem, folder: Path, pool: CalendarWorkerPool | None = None
) -> tuple[Problem, tuple[CalendarReport, ...]]:
    """
    Return the problem with the commitments in a folder of ``.ics`` files, and a report for each file.

    ``<person id>.ics`` is a person's own calendar. Their time in the horizon is then known, except where the calendar
    could not be read. ``calendars.json`` lists the calendars shared by several people, which tell nothing about the
    rest of their time.

    Parameters
    ----------
    pool
        The worker processes that read the files in parallel. The default is the pool shared by this process.

    Raises
    ------
    InvalidProblem
        When ``calendars.json`` is invalid: the pointers then refer to ``calendars.json``.
    """
    shared = _parse_shared_calendars(problem, folder)
    shared_files = [folder / calendar.file for calendar in shared]
    own_files = _own_files(folder, shared_files)
    requests = _read_requests(problem, shared_files, own_files)
    outcomes = (pool or shared_pool()).read_all(requests.values())
    attachment = _Attachment(problem, dict(zip(requests, outcomes, strict=True)))
    for calendar in shared:
        attachment.add_shared(calendar, folder / calendar.file)
    for file in own_files:
        attachment.add_own(file)
    return attachment.problem(), tuple(attachment.reports)


def _own_files(folder: Path, shared_files: Sequence[Path]) -> list[Path]:
    """Return the calendars in the folder that ``calendars.json`` does not list, in the order of their names."""
    resolved = {file.resolve() for file in shared_files}
    calendars = [file for file in sorted(folder.iterdir()) if file.suffix.lower() == ".ics" and file.is_file()]
    return [file for file in calendars if file.resolve() not in resolved]


def _read_requests(
    problem: Problem, shared_files: Sequence[Path], own_files: Sequence[Path]
) -> dict[Path, ReadRequest]:
    """Return a request for each file that can be opened and belongs to a person or a shared calendar."""
    window = _window(problem)
    owners = {file: problem.people_by_id[file.stem] for file in own_files if file.stem in problem.people_by_id}
    requests = {}
    for file in dict.fromkeys([*shared_files, *owners]):
        owner_email = owners[file].email if file in owners else None
        with suppress(OSError):
            requests[file] = ReadRequest(_read_limited(file), window, problem.zone, owner_email)
    return requests


def _window(problem: Problem) -> Interval:
    """Return the horizon and a day on each side: rest times between meetings look at the days before and after."""
    return whole_days(problem.horizon.start - ONE_DAY, problem.horizon.end + ONE_DAY, problem.zone)


class _Attachment:
    """The calendars, commitments and known times that the files add to a problem."""

    def __init__(self, problem: Problem, outcomes: dict[Path, ReadOutcome]) -> None:
        self._base = problem
        self._outcomes = outcomes
        self._commitment_ids = {commitment.id for commitment in problem.commitments}
        self._event_ids = {commitment.event for commitment in problem.commitments}
        self._calendars: list[Calendar] = []
        self._commitments: list[Commitment] = []
        self._known_times: dict[str, tuple[KnownTime, ...]] = {}
        self.reports: list[CalendarReport] = []

    def problem(self) -> Problem:
        base = self._base
        fields: dict[str, Any] = {name: getattr(base, name) for name in Problem.model_fields}
        fields["people"] = tuple(self._with_known_times(person) for person in base.people)
        fields["calendars"] = (*base.calendars, *self._calendars)
        fields["commitments"] = (*base.commitments, *self._commitments)
        return Problem.of(fields)

    def add_shared(self, shared: SharedCalendar, file: Path) -> None:
        if shared.id not in self._base.calendars_by_id:
            fields = shared.model_dump(include={"id", "label", "importance", "yields"})
            self._calendars.append(Calendar(**fields))
        reading = self._report(shared.file, file, shared.people)
        if reading is None:
            return
        events = _unused_ids(shared.id, self._event_ids)
        ids = _unused_ids(shared.id, self._commitment_ids)
        to_commitment = _CommitmentFactory(self._base)
        for busy in reading.busy:
            event = next(events)
            for person in shared.people:
                commitment = to_commitment(busy, id=next(ids), person=person, calendar=shared.id, event=event)
                self._commitments.append(commitment)

    def add_own(self, file: Path) -> None:
        person = self._base.people_by_id.get(file.stem)
        if person is None:
            self.reports.append(CalendarReport(file.name, (), 0, 0, (NO_PERSON,)))
            return
        reading = self._report(file.name, file, (person.id,))
        if reading is None:
            return
        self._known_times[person.id] = _known_times(self._base, reading)
        ids = _unused_ids(person.id, self._commitment_ids)
        to_commitment = _CommitmentFactory(self._base)
        self._commitments += [to_commitment(busy, id=next(ids), person=person.id) for busy in reading.busy]

    def _report(self, name: str, file: Path, people: tuple[str, ...]) -> Reading | None:
        """Add the report of a file and return its reading; None when nothing was read."""
        outcome = self._outcomes.get(file)
        if not isinstance(outcome, Reading):
            trouble = NO_FILE if outcome is None else str(outcome)
            self.reports.append(CalendarReport(name, people, 0, 0, (trouble,)))
            return None
        skipped_reasons = [skipped.sentence for skipped in outcome.skipped]
        unknown_reasons = [unknown.sentence for unknown in outcome.unknown]
        troubles = tuple(dict.fromkeys([*skipped_reasons, *unknown_reasons]))
        self.reports.append(CalendarReport(name, people, len(outcome.busy), outcome.num_events, troubles))
        return outcome

    def _with_known_times(self, person: Person) -> Person:
        known_times = self._known_times.get(person.id)
        if not known_times:
            return person
        return person.model_copy(update={"known": (*person.known, *known_times)})


class _CommitmentFactory:
    """Converts busy times to commitments of a problem."""

    def __init__(self, problem: Problem) -> None:
        self._window = _window(problem)
        self._meetings = _meetings_by_uid(problem)

    def __call__(self, busy: BusyTime, **fields: str) -> Commitment:
        # An event may last for decades, which is outside the range of dates that a problem allows.
        start = max(busy.start, self._window.start)
        end = min(busy.end, self._window.end)
        meeting = self._meetings.get(busy.uid)
        return Commitment(start=start, end=end, kind=busy.kind, meeting=meeting, **fields)


def _known_times(problem: Problem, reading: Reading) -> tuple[KnownTime, ...]:
    """Return the parts of the horizon that the calendar leaves neither unread nor unknown."""
    if not reading.unknown:
        return (problem.horizon,)
    horizon = whole_days(problem.horizon.start, problem.horizon.end, problem.zone)
    known = without([horizon], [unknown.interval for unknown in reading.unknown])
    return tuple(TimeRange(start=interval.start, end=interval.end) for interval in known)


def _read_limited(file: Path) -> bytes:
    """Return the content of a file; of a file that is too large, one octet more than the limit."""
    with file.open("rb") as stream:
        return stream.read(MAX_BYTES + 1)


def _unused_ids(prefix: str, used: set[Any]) -> Iterator[str]:
    """Yield ids made from ``prefix`` and a counter that are not in ``used``, and add them to it."""
    number = 0
    while True:
        number += 1
        candidate = f"{prefix[:MAX_PREFIX]}-{number}"
        if candidate not in used:
            used.add(candidate)
            yield candidate


def _meetings_by_uid(problem: Problem) -> dict[str, str]:
    """Return the ids of the problem's meetings by the UID that their invitations have in people's calendars."""
    meetings = {}
    for meeting in problem.meetings:
        organizer = problem.councils_by_id[meeting.council].organizer
        if organizer is not None:
            meetings[meeting_uid(organizer.email, meeting.id)] = meeting.id
    return meetings


def _parse_shared_calendars(problem: Problem, folder: Path) -> list[SharedCalendar]:
    file = folder / SHARED_CALENDARS
    if not file.is_file():
        return []
    entries = strict_json(_read_limited(file))
    try:
        shared = TypeAdapter(list[SharedCalendar]).validate_python(entries)
    except ValidationError as invalid:
        raise InvalidProblem([_schema_fault(error["loc"]) for error in invalid.errors(include_input=False)]) from None
    faults = list(_check_shared_calendars(shared, problem, folder))
    if faults:
        raise InvalidProblem(faults)
    return shared


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
        for j, person in enumerate(calendar.people):
            if person not in problem.people_by_id:
                yield Fault(f"/{i}/people/{j}", UNKNOWN_PERSON)
            elif person in calendar.people[:j]:
                yield Fault(f"/{i}/people/{j}", REPEATED_PERSON)


def _is_inside(folder: Path, file: str) -> bool:
    """Return whether a path, with its links resolved, is inside ``folder``."""
    path = Path(file)
    if not file or "\0" in file or path.is_absolute() or ".." in path.parts:
        return False
    return (folder / path).resolve().is_relative_to(folder.resolve())
