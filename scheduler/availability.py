"""Who is where lives here: every person's clashes, known time and answers, as arrays over (person, slot)."""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

import numpy as np

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
from scheduler.problem import Commitment, DateRange, Meeting, Person, Problem

DEFAULT_IMPORTANCE = 3
NEVER = -(2**62)  # older than any `at`
UNDATED = NEVER + 1  # an answer without `at` is the oldest, a clash without one is older still


@dataclass(frozen=True, slots=True)
class Slots:
    """
    The slots of one meeting, sorted by start and all equally long.

    ``days`` are ordinals of the start's date in the problem's zone; ``starts`` and ``ends`` seconds since 1970.
    """

    days: IntArray
    starts: Seconds
    ends: Seconds

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, chosen: BoolArray | IntArray | slice) -> "Slots":
        return Slots(self.days[chosen], self.starts[chosen], self.ends[chosen])


@dataclass(frozen=True, slots=True)
class Clashes:
    """
    Everything that may keep somebody away, one row each: commitments that are not free, and parties' blackouts.

    ``yields`` is NaN where the importance decides; ``firm`` is the chance that a tentative clash happens, else 1.
    """

    time: OwnedIntervals
    yields: FloatArray
    importance: FloatArray
    firm: FloatArray
    at: IntArray
    commitment: IntArray  # its index in the problem, or -1
    blackout: IntArray  # likewise


class _ClashRow(NamedTuple):
    owner: int
    start: int
    end: int
    yields: float
    importance: float = DEFAULT_IMPORTANCE
    firm: float = 1.0
    at: int = NEVER
    commitment: int = -1
    blackout: int = -1


@dataclass(frozen=True, slots=True)
class Answers:
    """What people said, oldest first, so that the last one that applies to a slot decides."""

    time: OwnedIntervals
    probability: FloatArray
    agrees: BoolArray
    refuses: BoolArray
    at: IntArray


class Availability:
    """
    The times of everybody in a problem, prepared once and asked per meeting.

    Rows of people are in the order of ``problem.people``.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.row_by_person = {person.id: row for row, person in enumerate(problem.people)}
        self.rates = np.array([_rate(person, problem) for person in problem.people], dtype=np.float64)

    def believing(self, unknown_free: float) -> "Availability":
        """Return the same times with another chance that unknown ones are free."""
        other = copy(self)  # with all that is prepared
        assumptions = self.problem.assumptions.model_copy(update={"unknown_free": unknown_free})
        other.problem = self.problem.model_copy(update={"assumptions": assumptions})
        return other

    @cached_property
    def _commitments(self) -> list[tuple[int, Commitment]]:
        ours = self.problem.meetings_by_id
        return [(i, one) for i, one in enumerate(self.problem.commitments) if one.meeting not in ours]

    @cached_property
    def clashes(self) -> Clashes:
        """Every clash, sorted by person."""
        rows = sorted((*self._commitment_rows(), *self._blackout_rows()), key=lambda row: row.owner)
        return Clashes(
            OwnedIntervals.of([(row.owner, row.start, row.end) for row in rows]),
            np.array([row.yields for row in rows], dtype=np.float64),
            np.array([row.importance for row in rows], dtype=np.float64),
            np.array([row.firm for row in rows], dtype=np.float64),
            np.array([row.at for row in rows], dtype=np.int64),
            np.array([row.commitment for row in rows], dtype=np.int64),
            np.array([row.blackout for row in rows], dtype=np.int64),
        )

    def _commitment_rows(self) -> Iterator[_ClashRow]:
        for index, one in self._commitments:
            if one.kind != "free":
                yields, importance = _resistance(one, self.problem)
                yield _ClashRow(
                    owner=self.row_by_person[one.person],
                    start=self._seconds(one.start),
                    end=self._seconds(one.end),
                    yields=yields,
                    importance=importance,
                    firm=self.problem.assumptions.tentative if one.kind == "busy_tentative" else 1.0,
                    at=NEVER if one.at is None else self._seconds(one.at),
                    commitment=index,
                )

    def _blackout_rows(self) -> Iterator[_ClashRow]:
        for index, blackout in enumerate(self.problem.blackouts):
            away = whole_days(blackout.start, blackout.end, self.problem.zone)
            for row, person in enumerate(self.problem.people):
                if person.party in (blackout.parties or ()):
                    start, end = to_seconds(away.start), to_seconds(away.end)
                    yield _ClashRow(row, start, end, blackout.yields, blackout=index)

    @cached_property
    def known(self) -> OwnedIntervals:
        """Each person's known time and free time together, as a union."""
        rows: list[tuple[int, int, int]] = []
        for row, person in enumerate(self.problem.people):
            for known in person.known:
                if isinstance(known, DateRange):
                    span = whole_days(known.start, known.end, self.problem.zone)
                    rows.append((row, to_seconds(span.start), to_seconds(span.end)))
                else:
                    rows.append((row, self._seconds(known.start), self._seconds(known.end)))
        for _, one in self._commitments:
            if one.kind == "free":
                rows.append((self.row_by_person[one.person], self._seconds(one.start), self._seconds(one.end)))
        return OwnedIntervals.of(rows).union()

    @cached_property
    def answers(self) -> Answers:
        """Every answer, by person, and then so that the latest `at`, or else the later in the list, comes last."""
        believed = self.problem.assumptions
        chance = {"yes": believed.answer_yes, "if_needed": believed.if_needed, "no": believed.answer_no}
        dated = [(UNDATED if one.at is None else self._seconds(one.at), one) for one in self.problem.answers]
        dated.sort(key=lambda pair: (self.row_by_person[pair[1].person], pair[0]))
        spans = [(self.row_by_person[one.person], self._seconds(one.start), self._seconds(one.end)) for _, one in dated]
        return Answers(
            OwnedIntervals.of(spans),
            np.array([chance[one.answer] for _, one in dated], dtype=np.float64),
            np.array([one.answer == "yes" for _, one in dated], dtype=np.bool_),
            np.array([one.answer == "no" for _, one in dated], dtype=np.bool_),
            np.array([at for at, _ in dated], dtype=np.int64),
        )

    def margins(self, meeting: Meeting, people: Sequence[str]) -> Seconds:
        """Return the seconds by which a slot is widened for each person: travel, when the meeting is in person."""
        if meeting.mode != "in_person" or meeting.venue is None:
            return np.zeros(len(people), dtype=np.int64)
        parties = (self.problem.parties_by_id[self.problem.people_by_id[person].party] for person in people)
        return np.array([60 * party.travel_minutes.get(meeting.venue, 0) for party in parties], dtype=np.int64)

    def is_known(self, meeting: Meeting, people: Sequence[str], slots: Slots) -> BoolArray:
        """Tell whether each person's calendar is known throughout each widened slot; shape ``(people, slots)``."""
        margin = self.margins(meeting, people)[:, None]
        rows = np.array([self.row_by_person[person] for person in people], dtype=np.int64)
        mine, owners = _rows_of(self.known, rows)
        known = OwnedIntervals(owners, self.known.start[mine], self.known.end[mine])
        return covered(known, len(people), slots.starts - margin, slots.ends + margin)

    def overlapping(self, meeting: Meeting, people: Sequence[str], slots: Slots) -> tuple[IntArray, IntArray, IntArray]:
        """Return ``(person, slot, clash)`` for every clash with a widened slot; persons and slots by position."""
        rows = np.array([self.row_by_person[person] for person in people], dtype=np.int64)
        mine, owners = _rows_of(self.clashes.time, rows)
        margin = self.margins(meeting, people)[owners]
        starts, ends = self.clashes.time.start[mine] - margin, self.clashes.time.end[mine] + margin
        row, slot = expand_ranges(*overlap_ranges(starts, ends, slots.starts, slots.ends))
        return owners[row], slot, mine[row]

    def answered(self, people: Sequence[str], slots: Slots) -> IntArray:
        """Return the answer that applies to each person and slot, as its position in `answers`, or -1."""
        decided = np.full((len(people), len(slots)), -1, dtype=np.int64)
        rows = np.array([self.row_by_person[person] for person in people], dtype=np.int64)
        mine, owners = _rows_of(self.answers.time, rows)
        starts, ends, refuses = self.answers.time.start[mine], self.answers.time.end[mine], self.answers.refuses[mine]
        first, last = overlap_ranges(starts, ends, slots.starts, slots.ends)
        first = np.where(refuses, first, np.searchsorted(slots.starts, starts, side="left"))
        last = np.where(refuses, last, np.searchsorted(slots.ends, ends, side="right"))
        row, slot = expand_ranges(first, np.maximum(first, last))
        decided[owners[row], slot] = mine[row]  # oldest first, so that the latest stays
        return decided

    def _seconds(self, written: datetime) -> int:
        return int((written if written.tzinfo else written.replace(tzinfo=self.problem.zone)).timestamp())


def _rate(person: Person, problem: Problem) -> float:
    return problem.assumptions.attendance_rate if person.attendance_rate is None else person.attendance_rate


def _resistance(one: Commitment, problem: Problem) -> tuple[float, float]:
    """Return ``(yields, importance)`` of a commitment by the order of precedence; yields is NaN when not given."""
    calendar = problem.calendars_by_id[one.calendar] if one.calendar is not None else None
    if one.kind == "busy_unavailable":
        return 0.0, DEFAULT_IMPORTANCE
    for source in (one, calendar):
        if source is not None and source.yields is not None:
            return source.yields, DEFAULT_IMPORTANCE
        if source is not None and source.importance is not None:
            return np.nan, source.importance
    return np.nan, DEFAULT_IMPORTANCE


def _rows_of(time: OwnedIntervals, rows: IntArray) -> tuple[IntArray, IntArray]:
    """
    Return the positions in ``time`` that belong to ``rows``, and for each the position of its owner in ``rows``.

    ``time`` is sorted by owner.
    """
    first, last = np.searchsorted(time.owner, rows, side="left"), np.searchsorted(time.owner, rows, side="right")
    position, at = expand_ranges(first, last)
    return at, position


def slot_interval(slots: Slots, at: int, problem: Problem) -> Interval:
    """Return one slot as aware datetimes in the problem's zone."""
    return Interval(
        datetime.fromtimestamp(int(slots.starts[at]), problem.zone),
        datetime.fromtimestamp(int(slots.ends[at]), problem.zone),
    )
