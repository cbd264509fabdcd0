"""The times of each person: commitments, answers and known time, sorted for bisection when they are first needed."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from functools import cache, cached_property

from scheduler.days import whole_days
from scheduler.intervals import Interval, to_seconds, union
from scheduler.problem import Answer, Commitment, DateRange, Person, Problem
from scheduler.verify.timeline import Timeline


class PersonTimes:
    """The times of the persons of one problem."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._commitment = cache(problem.commitments.__getitem__)
        self._busy_times = cache(self._timeline_of_busy)
        self._answer_times = cache(self._timeline_of_answers)
        self._known_parts = cache(self._union_of_known)

    def busy(self, person: Person, slot: Interval) -> list[Commitment]:
        """Return the commitments that overlap the slot, free time left out."""
        return [self._commitment(index) for index in self._busy_times(person.id).overlapping(*_seconds(slot))]

    def answers(self, person: Person, slot: Interval) -> list[Answer]:
        """Return the answers that overlap the slot."""
        return self._answer_times(person.id).overlapping(*_seconds(slot))

    def is_known(self, person: Person, slot: Interval) -> bool:
        """Return whether the calendar is complete for the whole slot."""
        known = self._known_parts(person.id)
        # The parts are disjoint: only the last that starts at or before the slot can cover it.
        index = bisect_right(known, slot.start, key=lambda part: part.start)
        return index > 0 and known[index - 1].covers(slot)

    def interval(self, start: datetime, end: datetime) -> Interval:
        """Return an interval of the problem in UTC."""
        return Interval(self._problem.instant(start), self._problem.instant(end))

    @cached_property
    def _indices(self) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
        """The busy and the free commitments of every person, without entries of the meetings to be planned."""
        busy: dict[str, list[int]] = defaultdict(list)
        free: dict[str, list[int]] = defaultdict(list)
        planned = {meeting.id for meeting in self._problem.meetings}
        columns = self._problem.commitment_columns
        rows = zip(columns.column("person"), columns.column("kind"), columns.column("meeting"), strict=True)
        for index, (person, kind, meeting) in enumerate(rows):
            if meeting not in planned:
                of_person = free if kind == "free" else busy
                of_person[person].append(index)
        return busy, free

    @cached_property
    def _seconds_of_commitments(self) -> list[tuple[int, int]]:
        table = self._problem.commitment_table
        return list(zip(table.start.tolist(), table.end.tolist(), strict=True))

    @cached_property
    def _answers(self) -> dict[str, list[Answer]]:
        by_person = defaultdict(list)
        for answer in self._problem.answers:
            by_person[answer.person].append(answer)
        return by_person

    def _timeline_of_busy(self, person: str) -> Timeline[int]:
        busy, _ = self._indices
        return Timeline((*self._seconds_of_commitments[index], index) for index in busy[person])

    def _timeline_of_answers(self, person: str) -> Timeline[Answer]:
        return Timeline(
            (*_seconds(self.interval(answer.start, answer.end)), answer) for answer in self._answers[person]
        )

    def _union_of_known(self, person: str) -> list[Interval]:
        return union(list(self._parts_of_known(person)))

    def _parts_of_known(self, person: str) -> Iterator[Interval]:
        for known in self._problem.people_by_id[person].known:
            if isinstance(known, DateRange):
                yield whole_days(known.start, known.end, self._problem.zone)
            else:
                yield self.interval(known.start, known.end)
        _, free = self._indices
        for index in free[person]:
            commitment = self._commitment(index)
            yield self.interval(commitment.start, commitment.end)


def _seconds(interval: Interval) -> tuple[int, int]:
    return to_seconds(interval.start), to_seconds(interval.end)
