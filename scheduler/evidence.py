"""What a plan rests on: how each calendar was read, and what is known of each person's time."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Literal

import numpy as np
from pydantic import Field

from scheduler.days import ONE_DAY
from scheduler.intervals import BoolArray
from scheduler.problem import Problem
from scheduler.problem.field_types import Frozen, Printable

SourceKind = Literal["own", "shared", "stated", "reply"]


class SkippedPart(Frozen):
    """A part of a calendar that was not read: an English sentence of the catalogue, and the first day of the part."""

    sentence: str
    day: date | None = None


class Source(Frozen):
    """
    A calendar of one person or of several, and how it was read.

    Attributes
    ----------
    kind
        ``own``: everything in which a person is busy; ``shared``: the events of a board, which do not cover the rest
        of its people's time; ``stated``: a calendar whose commitments the problem lists; ``reply``: an answer to an
        invitation.
    name
        The path of the file in its folder; of a stated calendar, its id.
    calendar, label
        The id and the public label of a shared or stated calendar.
    num_events, num_busy
        The events in the file, and the busy times in the planning period.
    first_known, last_known
        The first and the last day of the planning period that the source covers; None when it covers none.
    num_unknown_days
        The days between these that are unknown, wholly or in part.
    last_busy
        The last day of the planning period with a busy time.
    written_at
        The newest change of any event, in UTC.
    """

    kind: SourceKind
    name: Printable
    calendar: str | None = None
    label: str | None = None
    people: tuple[str, ...]
    num_events: int = 0
    num_busy: int = 0
    first_known: date | None = None
    last_known: date | None = None
    num_unknown_days: int = 0
    last_busy: date | None = None
    written_at: datetime | None = None
    skipped: tuple[SkippedPart, ...] = ()


class PersonEvidence(Frozen):
    """
    What is known of a person who has a seat or is required.

    ``has_known_time``: a calendar that is complete for a part of the planning period; ``sources`` are the names of the
    person's calendars.
    """

    person: str
    sources: tuple[str, ...]
    num_commitments: int
    num_answers: int
    has_known_time: bool

    @property
    def has_nothing(self) -> bool:
        """Whether no date is better for this person than another, as far as is known."""
        return not (self.num_commitments or self.num_answers or self.has_known_time)


class UnusedFile(Frozen):
    """A file in the folder that is not used, or not as expected: an English template of the catalogue, its values."""

    file: Printable
    sentence: str
    values: dict[str, Printable] = Field(default_factory=dict)


class Evidence(Frozen):
    """
    How the input of a plan was read: the sources, the people, and the files that were not used.

    ``num_stated`` counts the commitments in the planning period that the problem itself states, without a calendar;
    ``is_empty``: nothing is known of any person's time.
    """

    sources: tuple[Source, ...]
    people: tuple[PersonEvidence, ...]
    unused_files: tuple[UnusedFile, ...] = ()
    num_stated: int = 0
    is_empty: bool

    @property
    def people_without(self) -> tuple[str, ...]:
        """The people of whom nothing is known."""
        return tuple(person.person for person in self.people if person.has_nothing)


def build_evidence(
    problem: Problem,
    sources: Sequence[Source] = (),
    unused_files: Sequence[UnusedFile] = (),
    stated: Problem | None = None,
) -> Evidence:
    """
    Return what a plan of ``problem`` rests on.

    Parameters
    ----------
    problem
        The problem, with the commitments of all calendars.
    sources
        The calendars whose commitments were added to the problem. Those that the problem itself states are appended.
    unused_files
        Files that were not used.
    stated
        The problem before any calendar was added; by default ``problem``.
    """
    all_sources = (*sources, *_stated_sources(problem, sources))
    names_by_person: dict[str, list[str]] = {}
    for source in all_sources:
        for person in source.people:
            names_by_person.setdefault(person, []).append(source.name)

    persons = problem.commitment_columns.column("person")
    num_commitments = Counter(persons[index] for index in np.flatnonzero(_near_commitments(problem)).tolist())
    num_answers = Counter(item.person for item in problem.answers if _is_near(item.start, item.end, problem))
    people = [
        PersonEvidence(
            person=person,
            sources=tuple(names_by_person.get(person, ())),
            num_commitments=num_commitments[person],
            num_answers=num_answers[person],
            has_known_time=any(_is_near(time.start, time.end, problem) for time in problem.people_by_id[person].known),
        )
        for person in _people_of_meetings(problem)
    ]
    return Evidence(
        sources=all_sources,
        people=tuple(people),
        unused_files=tuple(unused_files),
        num_stated=_num_stated(stated or problem),
        is_empty=all(person.has_nothing for person in people),
    )


def _is_near(start: date, end: date, problem: Problem) -> bool:
    """Return whether a time touches the planning period, up to a day for the differences between zones."""
    first = start.date() if isinstance(start, datetime) else start
    last = end.date() if isinstance(end, datetime) else end
    return first <= problem.horizon.end + ONE_DAY and last >= problem.horizon.start - ONE_DAY


def _near_commitments(problem: Problem) -> BoolArray:
    """Return which commitments touch the planning period, as `_is_near` does for other times."""
    table = problem.commitment_table
    first, last = problem.horizon.start - ONE_DAY, problem.horizon.end + ONE_DAY
    return np.asarray((table.first_day <= last.toordinal()) & (table.last_day >= first.toordinal()), dtype=np.bool_)


def _num_stated(problem: Problem) -> int:
    """Return the number of commitments in the planning period without a calendar."""
    calendars = problem.commitment_columns.column("calendar")
    return sum(calendars[index] is None for index in np.flatnonzero(_near_commitments(problem)).tolist())


def _stated_sources(problem: Problem, sources: Sequence[Source]) -> Iterator[Source]:
    """Yield the calendars of the problem whose commitments come from no file."""
    read_calendars = {source.calendar for source in sources}
    people: dict[str, dict[str, None]] = {}
    events: dict[str, set[str]] = {}
    num_busy: Counter[str] = Counter()
    columns = problem.commitment_columns
    names = (columns.column(name) for name in ("calendar", "person", "event", "id"))
    kinds = columns.column("kind", default="busy")
    for calendar, person, event, commitment, kind in zip(*names, kinds, strict=True):
        if calendar is not None:
            people.setdefault(calendar, {})[person] = None
            events.setdefault(calendar, set()).add(event or commitment)
            num_busy[calendar] += kind != "free"
    for calendar in problem.calendars:
        if calendar.id not in read_calendars and calendar.id in people:
            yield Source(
                kind="stated",
                name=calendar.id,
                calendar=calendar.id,
                label=calendar.label,
                people=tuple(people[calendar.id]),
                num_events=len(events[calendar.id]),
                num_busy=num_busy[calendar.id],
            )


def _people_of_meetings(problem: Problem) -> list[str]:
    """Return the people with a seat in a council that meets, and the people whom a meeting requires, in file order."""
    needed: set[str] = set()
    for council in problem.councils:
        meetings = problem.meetings_by_council[council.id]
        if meetings:
            needed.update(person for seat in council.seats for person in seat.people)
        needed.update(requirement.person for meeting in meetings for requirement in meeting.required)
    return [person.id for person in problem.people if person.id in needed]
