"""Add the events of a folder of calendars to a problem as commitments: people's own calendars and shared ones."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from scheduler.days import ONE_DAY, whole_days
from scheduler.errors import Fault, InvalidProblem
from scheduler.evidence import Evidence, Source, UnusedFile, build_evidence
from scheduler.ical.isolation.pool import CalendarWorkerPool, shared_pool
from scheduler.ical.isolation.protocol import ReadOutcome, ReadRequest
from scheduler.ical.read.content_lines import MAX_BYTES
from scheduler.ical.read.reading import BusyTime, Reading
from scheduler.ical.shared_calendars import SHARED_CALENDARS, SharedCalendar, parse_shared_calendars
from scheduler.ical.sources import horizon_of, own_source, shared_source
from scheduler.ical.write.invitation import meeting_uid
from scheduler.intervals import Interval, union, without
from scheduler.problem import Calendar, Commitment, DateRange, Person, Problem, TimeRange

CALENDAR_SUFFIXES = frozenset({".ics", ".ical", ".ifb", ".vfb", ".csv", ".tsv", ".txt"})
MAX_PREFIX = 80  # characters of a person's or calendar's id that are kept in the ids derived from it

NO_PERSON = "No person has this id; name the file after a person's id, or list it in calendars.json."
SIMILAR_PERSON = (
    "No person has this id; did you mean {id}? Name the file after a person's id, or list it in calendars.json."
)
NO_FILE = "The file cannot be opened; put it in the folder or correct its name in calendars.json."
NOT_READ = "Files of this type are not read; save it as .ics, or as .csv with the columns date;start;end."
SECOND_FILE = "{person} has another file, {other}; both are used."

KnownTime = DateRange | TimeRange


def attach_calendars(
    problem: Problem, folder: Path, pool: CalendarWorkerPool | None = None
) -> tuple[Problem, Evidence]:
    """
    Return the problem with the commitments in a folder of calendars, and how each file was read.

    ``<person id>.ics`` is a person's own calendar. Their time in the horizon is then known, except where the calendar
    could not be read. ``calendars.json`` lists the calendars shared by several people, which tell nothing about the
    rest of their time; where such a calendar could not be read, its people's time is unknown. A calendar may also be a
    list of rows ``date;start;end``, ``<person id>.csv``.

    Parameters
    ----------
    pool
        The worker processes that read the files in parallel. The default is the pool shared by this process.

    Raises
    ------
    InvalidProblem
        When ``calendars.json`` is invalid: the pointers then refer to ``calendars.json``; when a row of a list is
        invalid: the pointers are the names of the files.
    """
    shared = parse_shared_calendars(problem, folder)
    shared_files = [folder / calendar.file for calendar in shared]
    other_files = _other_files(folder, shared_files)
    own_files = [file for file in other_files if file.suffix.lower() in CALENDAR_SUFFIXES]
    requests = _read_requests(problem, shared_files, own_files)
    outcomes = dict(zip(requests, (pool or shared_pool()).read_all(requests.values()), strict=True))
    _require_valid_rows(outcomes, folder)

    attachment = _Attachment(problem, outcomes)
    for calendar in shared:
        attachment.add_shared(calendar, folder / calendar.file)
    for file in own_files:
        attachment.add_own(file)
    for file in other_files:
        if file not in own_files:
            attachment.unused_files.append(UnusedFile(file=file.name, sentence=NOT_READ))
    attached = attachment.problem()
    return attached, build_evidence(attached, attachment.sources, attachment.unused_files)


def _other_files(folder: Path, shared_files: Sequence[Path]) -> list[Path]:
    """Return the files in the folder that ``calendars.json`` does not list, by name, without hidden files."""
    listed = {file.resolve() for file in (*shared_files, folder / SHARED_CALENDARS)}
    files = [file for file in sorted(folder.iterdir()) if file.is_file() and not file.name.startswith(".")]
    return [file for file in files if file.resolve() not in listed]


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


def _read_limited(file: Path) -> bytes:
    """Return the content of a file; of a file that is too large, one octet more than the limit."""
    with file.open("rb") as stream:
        return stream.read(MAX_BYTES + 1)


def _require_valid_rows(outcomes: dict[Path, ReadOutcome], folder: Path) -> None:
    """Refuse a list with an invalid row: it was written by hand, so that its writer can correct the row."""
    faults = [
        Fault(str(file.relative_to(folder)), row.sentence, row.values)
        for file, outcome in outcomes.items()
        if isinstance(outcome, Reading)
        for row in outcome.invalid_rows
    ]
    if faults:
        raise InvalidProblem(faults)


def _window(problem: Problem) -> Interval:
    """Return the horizon and a day on each side: rest times between meetings look at the days before and after."""
    return whole_days(problem.horizon.start - ONE_DAY, problem.horizon.end + ONE_DAY, problem.zone)


@dataclass
class _PersonTime:
    """The time of a person that calendars make known, and the time that they leave unknown."""

    known: list[Interval] = field(default_factory=list)
    unknown: list[Interval] = field(default_factory=list)


class _Attachment:
    """The calendars, commitments and known times that the files add to a problem."""

    def __init__(self, problem: Problem, outcomes: dict[Path, ReadOutcome]) -> None:
        self._base = problem
        self._outcomes = outcomes
        self._commitment_ids = {commitment.id for commitment in problem.commitments}
        self._event_ids = {commitment.event for commitment in problem.commitments}
        self._calendars: list[Calendar] = []
        self._commitments: list[Commitment] = []
        self._times: dict[str, _PersonTime] = {}
        self._own_files: dict[str, str] = {}  # by person
        self.sources: list[Source] = []
        self.unused_files: list[UnusedFile] = []

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
        reading = self._reading(file)
        self.sources.append(shared_source(self._base, shared, reading))

        # Where the calendar was not read, each of its people may be at one of its events.
        for person in shared.people:
            self._time_of(person).unknown += [unknown.interval for unknown in reading.unknown]

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
            self.unused_files.append(_unmatched_file(file, self._base))
            return
        if person.id in self._own_files:
            values = {"person": person.name, "other": self._own_files[person.id]}
            self.unused_files.append(UnusedFile(file=file.name, sentence=SECOND_FILE, values=values))
        self._own_files.setdefault(person.id, file.name)

        reading = self._reading(file)
        self.sources.append(own_source(self._base, file.name, person.id, reading))
        unknown = [unknown.interval for unknown in reading.unknown]
        times = self._time_of(person.id)
        times.known += without([horizon_of(self._base)], unknown)
        times.unknown += unknown
        ids = _unused_ids(person.id, self._commitment_ids)
        to_commitment = _CommitmentFactory(self._base)
        self._commitments += [to_commitment(busy, id=next(ids), person=person.id) for busy in reading.busy]

    def _time_of(self, person: str) -> _PersonTime:
        return self._times.setdefault(person, _PersonTime())

    def _reading(self, file: Path) -> Reading:
        """Return the reading of a file; when it could not be read, a reading in which all time is unknown."""
        outcome = self._outcomes.get(file)
        if isinstance(outcome, Reading):
            return outcome
        sentence = NO_FILE if outcome is None else str(outcome)
        return Reading.nothing(_window(self._base), sentence)

    def _with_known_times(self, person: Person) -> Person:
        """Return the person with the known time of the problem and of all calendars, less what one left unknown."""
        times = self._times.get(person.id)
        if times is None:
            return person
        stated = [_to_interval(known, self._base) for known in person.known]
        before = union(stated + times.known)
        after = without(before, times.unknown)
        if after == union(stated):
            return person
        return person.model_copy(update={"known": tuple(_to_known(interval, self._base) for interval in after)})


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


def _unmatched_file(file: Path, problem: Problem) -> UnusedFile:
    """Return the notice about a file that is named after no person, with the most similar id."""
    similar = get_close_matches(file.stem, problem.people_by_id, n=1)
    if similar:
        return UnusedFile(file=file.name, sentence=SIMILAR_PERSON, values={"id": similar[0]})
    return UnusedFile(file=file.name, sentence=NO_PERSON)


def _to_interval(known: KnownTime, problem: Problem) -> Interval:
    if isinstance(known, DateRange):
        return whole_days(known.start, known.end, problem.zone)
    return Interval(problem.instant(known.start), problem.instant(known.end))


def _to_known(interval: Interval, problem: Problem) -> KnownTime:
    if interval == horizon_of(problem):
        return problem.horizon
    return TimeRange(start=interval.start, end=interval.end)


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
