"""Availability of persons: clashes, known time and answers, as arrays over (person, slot)."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np

from scheduler.clashes import NEVER, ClashTable, OwnedCommitments, clash_table
from scheduler.days import whole_days
from scheduler.intervals import (
    BoolArray,
    FloatArray,
    IntArray,
    Interval,
    OwnedIntervals,
    Seconds,
    covered,
    expand_ranges,
    overlap_ranges,
    to_seconds,
)
from scheduler.problem import DateRange, Meeting, Person, Problem, TimeRange

UNDATED = NEVER + 1  # timestamp of an answer without `at`: later than a clash without `at`, earlier than the rest


@dataclass(frozen=True, slots=True)
class Slots:
    """
    The slots of a meeting, sorted by start and of equal length.

    ``days`` are ordinals of the start's date in the problem's zone; ``starts`` and ``ends`` are seconds since 1970.
    """

    days: IntArray
    starts: Seconds
    ends: Seconds

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, selection: BoolArray | IntArray | slice) -> "Slots":
        return Slots(self.days[selection], self.starts[selection], self.ends[selection])


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """All answers, sorted by person and timestamp, so that the last applicable answer is the valid one."""

    time: OwnedIntervals
    probability: FloatArray
    agrees: BoolArray
    refuses: BoolArray
    at: IntArray


class Availability:
    """
    The availability of all persons of a problem, prepared once and evaluated per meeting.

    Persons are numbered in the order of ``problem.people``.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.row_by_person = {person.id: row for row, person in enumerate(problem.people)}
        self.rates = np.array([_rate(person, problem) for person in problem.people], dtype=np.float64)

    def with_unknown_free(self, unknown_free: float) -> "Availability":
        """Return a copy with another probability that unknown time is free."""
        # Clashes, known time and answers do not depend on the assumption: the copy shares those already computed.
        changed = copy(self)
        assumptions = self.problem.assumptions.model_copy(update={"unknown_free": unknown_free})
        changed.problem = self.problem.model_copy(update={"assumptions": assumptions})
        return changed

    @cached_property
    def _commitments(self) -> OwnedCommitments:
        return OwnedCommitments.of(self.problem)

    @cached_property
    def clashes(self) -> ClashTable:
        """All clashes, sorted by person."""
        return clash_table(self._commitments)

    @cached_property
    def known(self) -> OwnedIntervals:
        """The union of known time and free commitments of each person."""
        rows: list[tuple[int, int, int]] = []
        spans: dict[DateRange | TimeRange, tuple[int, int]] = {}
        for row, person in enumerate(self.problem.people):
            for known in person.known:
                if known not in spans:
                    spans[known] = self._span(known)
                rows.append((row, *spans[known]))
        return OwnedIntervals.of(rows).joined(self._commitments.time[self._commitments.free]).union()

    @cached_property
    def answers(self) -> AnswerTable:
        """All answers, sorted by person and timestamp; answers of equal timestamp keep the order of the problem."""
        assumptions = self.problem.assumptions
        probabilities = {"yes": assumptions.answer_yes, "if_needed": assumptions.if_needed, "no": assumptions.answer_no}
        rows = [
            (self.row_by_person[answer.person], self._timestamp(answer.at, UNDATED), answer)
            for answer in self.problem.answers
        ]
        rows.sort(key=lambda row: row[:2])
        spans = [(person, self._seconds(answer.start), self._seconds(answer.end)) for person, _, answer in rows]
        replies = [answer.answer for _, _, answer in rows]
        return AnswerTable(
            OwnedIntervals.of(spans),
            np.array([probabilities[reply] for reply in replies], dtype=np.float64),
            np.array([reply == "yes" for reply in replies], dtype=np.bool_),
            np.array([reply == "no" for reply in replies], dtype=np.bool_),
            np.array([at for _, at, _ in rows], dtype=np.int64),
        )

    def margins(self, meeting: Meeting, people: Sequence[str]) -> Seconds:
        """Return the travel time in seconds by which slots are widened for each person; 0 unless in person."""
        if meeting.mode != "in_person" or meeting.venue is None:
            return np.zeros(len(people), dtype=np.int64)
        minutes = []
        for name in people:
            person = self.problem.people_by_id[name]
            party = self.problem.parties_by_id[person.party]
            minutes.append(party.travel_minutes.get(meeting.venue, 0))
        return 60 * np.array(minutes, dtype=np.int64)

    def is_known(self, meeting: Meeting, people: Sequence[str], slots: Slots) -> BoolArray:
        """Return whether each person's calendar is known for each widened slot; shape ``(people, slots)``."""
        margin = self.margins(meeting, people)[:, None]
        index, owner = _select_owners(self.known, self._rows(people))
        known = OwnedIntervals(owner, self.known.start[index], self.known.end[index])
        return covered(known, len(people), slots.starts - margin, slots.ends + margin)

    def overlapping(self, meeting: Meeting, people: Sequence[str], slots: Slots) -> tuple[IntArray, IntArray, IntArray]:
        """Return ``(person, slot, clash)`` indices of every clash that overlaps a widened slot."""
        time = self.clashes.time
        index, owner = _select_owners(time, self._rows(people))
        # Widening the clash on both sides is the same as widening the slots, which differ by person.
        margin = self.margins(meeting, people)[owner]
        starts = time.start[index] - margin
        ends = time.end[index] + margin
        first, last = overlap_ranges(starts, ends, slots.starts, slots.ends)
        row, slot = expand_ranges(first, last)
        return owner[row], slot, index[row]

    def applicable_answers(self, people: Sequence[str], slots: Slots) -> IntArray:
        """
        Return the answer that applies to each person and slot, as an index into `answers`, or -1.

        The answer no applies to every slot that it overlaps, the others to slots that they cover wholly.
        """
        time = self.answers.time
        index, owner = _select_owners(time, self._rows(people))
        starts, ends, refuses = time.start[index], time.end[index], self.answers.refuses[index]
        first_overlap, last_overlap = overlap_ranges(starts, ends, slots.starts, slots.ends)
        first_covered = np.searchsorted(slots.starts, starts, side="left")
        last_covered = np.searchsorted(slots.ends, ends, side="right")
        first = np.where(refuses, first_overlap, first_covered)
        last = np.where(refuses, last_overlap, last_covered)
        row, slot = expand_ranges(first, np.maximum(first, last))
        applicable = np.full((len(people), len(slots)), -1, dtype=np.int64)
        # Later assignments overwrite earlier ones, and answers ascend by timestamp: the latest remains.
        applicable[owner[row], slot] = index[row]
        return applicable

    def _rows(self, people: Sequence[str]) -> IntArray:
        return np.array([self.row_by_person[person] for person in people], dtype=np.int64)

    def _seconds(self, written: datetime) -> int:
        aware = written if written.tzinfo else written.replace(tzinfo=self.problem.zone)
        return int(aware.timestamp())

    def _span(self, known: DateRange | TimeRange) -> tuple[int, int]:
        if isinstance(known, DateRange):
            days = whole_days(known.start, known.end, self.problem.zone)
            return to_seconds(days.start), to_seconds(days.end)
        return self._seconds(known.start), self._seconds(known.end)

    def _timestamp(self, written: datetime | None, default: int) -> int:
        return default if written is None else self._seconds(written)


def _rate(person: Person, problem: Problem) -> float:
    if person.attendance_rate is not None:
        return person.attendance_rate
    return problem.assumptions.attendance_rate


def _select_owners(time: OwnedIntervals, owners: IntArray) -> tuple[IntArray, IntArray]:
    """
    Return ``(index, position)`` of the intervals in ``time`` whose owner is ``owners[position]``.

    ``time`` is sorted by owner.
    """
    first = np.searchsorted(time.owner, owners, side="left")
    last = np.searchsorted(time.owner, owners, side="right")
    position, index = expand_ranges(first, last)
    return index, position


def slot_interval(slots: Slots, index: int, problem: Problem) -> Interval:
    """Return a slot as aware datetimes in the problem's zone."""
    start = datetime.fromtimestamp(int(slots.starts[index]), problem.zone)
    end = datetime.fromtimestamp(int(slots.ends[index]), problem.zone)
    return Interval(start, end)
