"""Add the events of a folder of calendars to a problem as commitments: people's own calendars and shared ones."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from scheduler.errors import Fault, InvalidProblem
from scheduler.evidence import Evidence, UnusedFile, build_evidence
from scheduler.ical.attachment import Attachment, reading_window
from scheduler.ical.isolation.pool import CalendarWorkerPool, shared_pool
from scheduler.ical.isolation.protocol import ReadOutcome, ReadRequest
from scheduler.ical.read.content_lines import MAX_BYTES
from scheduler.ical.read.reading import Reading
from scheduler.ical.shared_calendars import SHARED_CALENDARS, parse_shared_calendars
from scheduler.problem import Problem

CALENDAR_SUFFIXES = frozenset({".ics", ".ical", ".ifb", ".vfb", ".csv", ".tsv", ".txt"})
NOT_READ = "Files of this type are not read; save it as .ics, or as .csv with the columns date;start;end."


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

    attachment = Attachment(problem, outcomes)
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
    """Return a request for each file that can be opened: any may hold a reply to an invitation."""
    window = reading_window(problem)
    requests = {}
    for file in dict.fromkeys([*shared_files, *own_files]):
        owner = None if file in shared_files else problem.people_by_id.get(file.stem)
        owner_email = owner.email if owner else None
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
