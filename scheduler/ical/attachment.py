"""The commitments, answers and known times that calendars add to a problem, and how each calendar was read."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from scheduler.days import ONE_DAY, whole_days
from scheduler.evidence import Source, UnusedFile
from scheduler.ical.isolation.protocol import ReadOutcome
from scheduler.ical.read.reading import BusyTime, Reading
from scheduler.ical.shared_calendars import SharedCalendar
from scheduler.ical.sources import horizon_of, own_source, shared_source
from scheduler.ical.unused_ids import UnusedIds
from scheduler.ical.write.invitation import meeting_uid
from scheduler.ical.write.revision_types import mailbox_of
from scheduler.intervals import Interval, union, without
from scheduler.problem import Answer, Calendar, Commitment, DateRange, Person, Problem, TimeRange

NO_PERSON = (
    "The file is named after no person and is not used; name it after a person's id, such as {file}, or list it in "
    "calendars.json."
)
SIMILAR_PERSON = "The file is named after no person and is not used; did you mean {file}?"
NO_FILE = "The file cannot be opened; put it in the folder or correct its name in calendars.json."
ONLY_A_MESSAGE = (
    "The file is an invitation or another message about single events, so that the rest of the person's time is "
    "unknown; export the whole calendar."
)
SHARED_MESSAGE = (
    "The file is an invitation, a reply or another message about single events, not the whole calendar; export that."
)
REPLY_OF_NOBODY = "The reply comes from an address that no person has; add the address to the person."
REPLY_OF_SEVERAL = "The reply comes from an address that several people have; ask which of them it concerns."
REPLY_TO_NOTHING = "The reply is to an invitation that is not of this plan; remove the file."
REPLY_WITHOUT_ANSWER = "The reply neither accepts nor declines a meeting with a known time; ask the person."
SECOND_FILE = "{person} has another file, {other}; both are used."

KnownTime = DateRange | TimeRange


def reading_window(problem: Problem) -> Interval:
    """Return the horizon and a day on each side: rest times between meetings look at the days before and after."""
    return whole_days(problem.horizon.start - ONE_DAY, problem.horizon.end + ONE_DAY, problem.zone)


@dataclass
class _PersonTime:
    """The time of a person that calendars make known, and the time that they leave unknown."""

    known: list[Interval] = field(default_factory=list)
    unknown: list[Interval] = field(default_factory=list)


class Attachment:
    """The calendars, commitments and known times that the files add to a problem."""

    def __init__(
        self, problem: Problem, outcomes: dict[Path, ReadOutcome], sent: Mapping[str, str] | None = None
    ) -> None:
        self._base = problem
        self._outcomes = outcomes
        self._commitment_ids = UnusedIds({commitment.id for commitment in problem.commitments})
        self._event_ids = UnusedIds({commitment.event for commitment in problem.commitments})
        self._calendars: list[Calendar] = []
        self._commitments: list[Commitment] = []
        self._times: dict[str, _PersonTime] = {}
        self._answers: list[Answer] = []
        self._own_files: dict[str, str] = {}  # by person
        # What was sent keeps its UID when the organizer, from whom a UID is derived, changes.
        known = {uid: meeting for uid, meeting in (sent or {}).items() if meeting in problem.meetings_by_id}
        self._meetings = _meetings_by_uid(problem) | known
        self._to_commitment = _CommitmentFactory(problem, self._meetings)
        self._people_by_mailbox: dict[str, list[str]] = {}
        for person in problem.people:
            if person.email is not None:
                self._people_by_mailbox.setdefault(mailbox_of(person.email), []).append(person.id)
        self.sources: list[Source] = []
        self.unused_files: list[UnusedFile] = []

    def problem(self) -> Problem:
        base = self._base
        fields: dict[str, Any] = {name: getattr(base, name) for name in Problem.model_fields}
        fields["people"] = tuple(self._with_known_times(person) for person in base.people)
        fields["calendars"] = (*base.calendars, *self._calendars)
        fields["commitments"] = (*base.commitments, *self._commitments)
        fields["answers"] = (*base.answers, *self._answers)
        return Problem.of(fields)

    def add_shared(self, shared: SharedCalendar, file: Path) -> None:
        if shared.id not in self._base.calendars_by_id:
            fields = shared.model_dump(include={"id", "label", "importance", "yields"})
            self._calendars.append(Calendar(**fields))
        reading = self._reading(file)
        if reading.is_message:
            # A reply or an invitation says nothing about the other meetings of a board.
            reading = replace(reading, unknown=Reading.nothing(reading_window(self._base), SHARED_MESSAGE).unknown)
        self.sources.append(shared_source(self._base, shared, reading))

        # Where the calendar was not read, each of its people may be at one of its events.
        for person in shared.people:
            self._time_of(person).unknown += [unknown.interval for unknown in reading.unknown]

        events = self._event_ids.with_prefix(shared.id)
        ids = self._commitment_ids.with_prefix(shared.id)
        for busy in reading.busy:
            event = next(events)
            for person in shared.people:
                commitment = self._to_commitment(busy, id=next(ids), person=person, calendar=shared.id, event=event)
                self._commitments.append(commitment)

    def add_own(self, file: Path) -> None:
        reading = self._reading(file)
        if reading.replies:
            self._add_replies(file, reading)
            if reading.is_message:
                return
        person = self._base.people_by_id.get(file.stem)
        if person is None:
            self.unused_files.append(_unmatched_file(file, self._base))
            return
        if person.id in self._own_files:
            values = {"person": person.name, "other": self._own_files[person.id]}
            self.unused_files.append(UnusedFile(file=file.name, sentence=SECOND_FILE, values=values))
        self._own_files.setdefault(person.id, file.name)
        if reading.is_message:
            self.unused_files.append(UnusedFile(file=file.name, sentence=ONLY_A_MESSAGE))

        self.sources.append(own_source(self._base, file.name, person.id, reading))
        unknown = [unknown.interval for unknown in reading.unknown]
        times = self._time_of(person.id)
        if not reading.is_message:
            times.known += without([horizon_of(self._base)], unknown)
        times.unknown += unknown
        ids = self._commitment_ids.with_prefix(person.id)
        self._commitments += [self._to_commitment(busy, id=next(ids), person=person.id) for busy in reading.busy]

    def _add_replies(self, file: Path, reading: Reading) -> None:
        """Add the answers in a file of replies; the name of the file does not matter."""
        for reply in reading.replies:
            people = self._people_by_mailbox.get(mailbox_of(reply.attendee), [])
            meeting = self._meetings.get(reply.uid)
            time = reply.time or self._published_time(meeting)
            if not people:
                self.unused_files.append(UnusedFile(file=file.name, sentence=REPLY_OF_NOBODY))
            elif len(people) > 1:
                self.unused_files.append(UnusedFile(file=file.name, sentence=REPLY_OF_SEVERAL))
            elif meeting is None:
                self.unused_files.append(UnusedFile(file=file.name, sentence=REPLY_TO_NOTHING))
            elif time is None or reply.answer is None:
                self.unused_files.append(UnusedFile(file=file.name, sentence=REPLY_WITHOUT_ANSWER))
            else:
                answer = Answer(person=people[0], start=time.start, end=time.end, answer=reply.answer, at=reply.at)
                self._answers.append(answer)
                source = Source(kind="reply", name=file.name, people=(people[0],), num_events=1, written_at=reply.at)
                self.sources.append(source)

    def _published_time(self, meeting_id: str | None) -> Interval | None:
        """Return the published time of a meeting, for a reply that does not repeat it."""
        published = self._base.published.get(meeting_id or "")
        if meeting_id is None or published is None:
            return None
        start = self._base.instant(published)
        return Interval(start, start + self._base.meetings_by_id[meeting_id].duration)

    def _time_of(self, person: str) -> _PersonTime:
        return self._times.setdefault(person, _PersonTime())

    def _reading(self, file: Path) -> Reading:
        """Return the reading of a file; when it could not be read, a reading in which all time is unknown."""
        outcome = self._outcomes.get(file)
        if isinstance(outcome, Reading):
            return outcome
        sentence = NO_FILE if outcome is None else str(outcome)
        return Reading.nothing(reading_window(self._base), sentence)

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

    def __init__(self, problem: Problem, meetings_by_uid: Mapping[str, str]) -> None:
        self._window = reading_window(problem)
        self._meetings = meetings_by_uid

    def __call__(self, busy: BusyTime, **fields: str) -> Commitment:
        # An event may last for decades, which is outside the range of dates that a problem allows.
        start = max(busy.start, self._window.start)
        end = min(busy.end, self._window.end)
        meeting = self._meetings.get(busy.uid)
        return Commitment(start=start, end=end, kind=busy.kind, meeting=meeting, **fields)


def _unmatched_file(file: Path, problem: Problem) -> UnusedFile:
    """Return the notice about a file that is named after no person, with the name that it may be meant to have."""
    ids = {person.name.casefold(): person.id for person in problem.people}
    ids |= {person.casefold(): person for person in problem.people_by_id}
    similar = get_close_matches(file.stem.casefold(), ids, n=1)
    person = ids[similar[0]] if similar else next(iter(problem.people_by_id), "p1")
    sentence = SIMILAR_PERSON if similar else NO_PERSON
    return UnusedFile(file=file.name, sentence=sentence, values={"file": f"{person}{file.suffix}"})


def _to_interval(known: KnownTime, problem: Problem) -> Interval:
    if isinstance(known, DateRange):
        return whole_days(known.start, known.end, problem.zone)
    return Interval(problem.instant(known.start), problem.instant(known.end))


def _to_known(interval: Interval, problem: Problem) -> KnownTime:
    if interval == horizon_of(problem):
        return problem.horizon
    return TimeRange(start=interval.start, end=interval.end)


def _meetings_by_uid(problem: Problem) -> dict[str, str]:
    """Return the ids of the problem's meetings by the UID that their invitations have in people's calendars."""
    meetings = {}
    for meeting in problem.meetings:
        organizer = problem.councils_by_id[meeting.council].organizer
        if organizer is not None:
            meetings[meeting_uid(organizer.email, meeting.id)] = meeting.id
    return meetings
