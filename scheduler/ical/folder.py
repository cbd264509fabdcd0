"""Add the events of a folder of calendars to a problem as commitments: people's own calendars and shared ones."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
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
from scheduler.regular_file import read_limited

CALENDAR_SUFFIXES = frozenset({".ics", ".ical", ".ifb", ".vfb", ".csv", ".tsv", ".txt"})
MAX_LISTED_FILES = 10_000  # of a subfolder that are looked at
UNREAD_SUBFOLDER = "Not all calendars in this subfolder are used; move them up, or list them in calendars.json."
NOT_READ = "Files of this type are not read; save it as .ics, or as .csv with the columns date;start;end."


def attach_calendars(
    problem: Problem,
    folder: Path,
    pool: CalendarWorkerPool | None = None,
    sent: Mapping[str, str] | None = None,
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
    sent
        The meetings of invitations that were sent, by UID; needed where the organizer has changed since.

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
    num_people: Counter[Path] = Counter(own_files)
    for calendar in shared:
        num_people[folder / calendar.file] += len(calendar.people)
    outcomes = _read_files(problem, shared_files, num_people, pool or shared_pool())
    _require_valid_rows(outcomes, folder)

    attachment = Attachment(problem, outcomes, sent)
    for calendar in shared:
        attachment.add_shared(calendar, folder / calendar.file)
    for file in own_files:
        attachment.add_own(file)
    not_read = [file for file in other_files if file not in num_people]
    attachment.unused_files += [UnusedFile(file=file.name, sentence=NOT_READ) for file in not_read]
    attachment.unused_files += _unread_subfolders(folder, shared_files)
    attached = attachment.problem()
    return attached, build_evidence(attached, attachment.sources, attachment.unused_files, stated=problem)


def _unread_subfolders(folder: Path, shared_files: Sequence[Path]) -> Iterator[UnusedFile]:
    """Yield a notice for each subfolder with calendars that ``calendars.json`` does not list."""
    listed = {os.path.realpath(file) for file in shared_files}
    for subfolder in sorted(folder.iterdir()):
        if subfolder.name.startswith(".") or not subfolder.is_dir():
            continue
        inside = islice(subfolder.rglob("*"), MAX_LISTED_FILES)
        calendars = [file for file in inside if file.suffix.lower() in CALENDAR_SUFFIXES]
        if any(os.path.realpath(file) not in listed for file in calendars):
            yield UnusedFile(file=f"{subfolder.name}/", sentence=UNREAD_SUBFOLDER)


def _other_files(folder: Path, shared_files: Sequence[Path]) -> list[Path]:
    """Return the files in the folder that ``calendars.json`` does not list, by name, without hidden files."""
    listed = {os.path.realpath(file) for file in (*shared_files, folder / SHARED_CALENDARS)}
    visible = [file for file in sorted(folder.iterdir()) if not file.name.startswith(".")]
    # What is named as a calendar and is no file, such as a broken link, is reported as a calendar that was not read.
    files = [file for file in visible if file.suffix.lower() in CALENDAR_SUFFIXES or file.is_file()]
    return [file for file in files if os.path.realpath(file) not in listed]


def _read_files(
    problem: Problem, shared_files: Sequence[Path], num_people: Mapping[Path, int], pool: CalendarWorkerPool
) -> dict[Path, ReadOutcome]:
    """Return the outcome for every file that can be opened."""
    opened: list[Path] = []
    requests = _read_requests(problem, shared_files, num_people, opened)
    return dict(zip(opened, pool.read_all(requests), strict=True))


def _read_requests(
    problem: Problem, shared_files: Sequence[Path], num_people: Mapping[Path, int], opened: list[Path]
) -> Iterator[ReadRequest]:
    """
    Yield a request for each file that can be opened, and add the file to ``opened``: any may hold a reply.

    A file is read when its request is due: the contents of all files may be larger than the memory.
    """
    window = reading_window(problem)
    listed = frozenset(shared_files)
    for file in dict.fromkeys([*shared_files, *num_people]):
        owner = None if file in listed else problem.people_by_id.get(file.stem)
        owner_email = owner.email if owner else None
        try:
            raw = read_limited(file, MAX_BYTES)
        except OSError:
            continue
        opened.append(file)
        yield ReadRequest(raw, window, problem.zone, owner_email, num_people[file])


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
