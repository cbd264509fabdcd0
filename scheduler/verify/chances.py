"""Every chance once more lives here, one person and one slot at a time, in plain Python that shares nothing."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from scheduler.days import whole_days
from scheduler.intervals import Interval, union
from scheduler.problem import Answer, Commitment, DateRange, Meeting, Person, Problem, Seat


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that overlaps a slot: the chance that the person leaves it, and when it was entered."""

    yields: float
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Score:
    """What a plan is worth: ``representation`` is the chance of each party at each meeting, by their ids."""

    objective: float
    expected_absences: float
    expected_attendance: dict[str, float]
    quorum_probability: dict[str, float]
    representation: dict[str, dict[str, float]]


class Chances:
    """The chances of a problem, worked out by the definitions of the model, section 2, and nothing cleverer."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem

    @cached_property
    def _commitments(self) -> dict[str, list[tuple[Interval, Commitment]]]:
        held = defaultdict(list)
        planned = {meeting.id for meeting in self.problem.meetings}
        for one in self.problem.commitments:
            if one.meeting not in planned:
                held[one.person].append((self._interval(one.start, one.end), one))
        return held

    @cached_property
    def _answers(self) -> dict[str, list[tuple[Interval, Answer]]]:
        given = defaultdict(list)
        for answer in self.problem.answers:
            given[answer.person].append((self._interval(answer.start, answer.end), answer))
        return given

    @cached_property
    def _known(self) -> dict[str, list[Interval]]:
        return {person.id: union(list(self._known_times(person))) for person in self.problem.people}

    def _known_times(self, person: Person) -> Iterator[Interval]:
        for known in person.known:
            if isinstance(known, DateRange):
                yield whole_days(known.start, known.end, self.problem.zone)
            else:
                yield self._interval(known.start, known.end)
        for interval, commitment in self._commitments[person.id]:
            if commitment.kind == "free":
                yield interval

    def _interval(self, start: datetime, end: datetime) -> Interval:
        return Interval(self.problem.instant(start), self.problem.instant(end))

    def slot(self, meeting: Meeting, start: datetime) -> Interval:
        return self._interval(start, self.problem.instant(start) + meeting.duration)

    def travel(self, person: Person, meeting: Meeting) -> timedelta:
        """Return how long before and after an in-person meeting the person is on the way."""
        if meeting.mode != "in_person" or meeting.venue is None:
            return timedelta()
        (party,) = (party for party in self.problem.parties if party.id == person.party)
        return timedelta(minutes=party.travel_minutes.get(meeting.venue, 0))

    def comes(self, person_id: str, meeting: Meeting, slot: Interval) -> float:
        """Return the chance that the person comes to ``meeting`` when it takes ``slot``."""
        person = self.problem.people_by_id[person_id]
        wide = slot.widened(self.travel(person, meeting))
        obstacles = list(self._obstacles(person, meeting, wide))
        answer = self._answer(person, slot)
        if answer is not None and not (answer.answer != "no" and self._is_outdated(answer, obstacles)):
            believed = self.problem.assumptions
            return {"yes": believed.answer_yes, "if_needed": believed.if_needed, "no": believed.answer_no}[
                answer.answer
            ]
        rate = person.attendance_rate
        if rate is None:
            rate = self.problem.assumptions.attendance_rate
        chance = rate * min((obstacle.yields for obstacle in obstacles), default=1.0)
        if not any(known.covers(wide) for known in self._known[person.id]):
            chance *= self.problem.assumptions.unknown_free
        return chance

    def _obstacles(self, person: Person, meeting: Meeting, wide: Interval) -> Iterator[Obstacle]:
        for interval, commitment in self._commitments[person.id]:
            if commitment.kind != "free" and interval.overlaps(wide):
                at = None if commitment.at is None else self.problem.instant(commitment.at)
                yield Obstacle(self._yield(commitment, person, meeting), at)
        for blackout in self.problem.blackouts:
            away = whole_days(blackout.start, blackout.end, self.problem.zone)
            if person.party in (blackout.parties or ()) and away.overlaps(wide):
                yield Obstacle(blackout.yields, None)

    def _yield(self, commitment: Commitment, person: Person, meeting: Meeting) -> float:
        if commitment.kind == "busy_unavailable":
            return 0.0
        calendar = None if commitment.calendar is None else self.problem.calendars_by_id[commitment.calendar]
        busy: float | None = None
        if commitment.yields is not None:
            busy = commitment.yields
        elif commitment.importance is not None:
            busy = self._luce(commitment.importance, person, meeting)
        elif calendar is not None and calendar.yields is not None:
            busy = calendar.yields
        else:
            busy = self._luce(
                3 if calendar is None or calendar.importance is None else calendar.importance, person, meeting
            )
        if commitment.kind == "busy_tentative":
            happens = self.problem.assumptions.tentative
            return (1 - happens) + happens * busy
        return busy

    def _luce(self, importance: int, person: Person, meeting: Meeting) -> float:
        ours = meeting.party_importance.get(person.party, meeting.importance)
        exponent = self.problem.assumptions.precedence * (importance - ours)
        return 1 / (1 + math.exp(exponent)) if exponent < 700 else 0.0

    def _answer(self, person: Person, slot: Interval) -> Answer | None:
        latest: Answer | None = None
        for interval, answer in self._answers[person.id]:
            applies = interval.overlaps(slot) if answer.answer == "no" else interval.covers(slot)
            if applies and (latest is None or not self._is_older(answer, latest)):
                latest = answer
        return latest

    def _is_older(self, one: Answer, other: Answer) -> bool:
        if other.at is None:
            return False
        return one.at is None or self.problem.instant(one.at) < self.problem.instant(other.at)

    def _is_outdated(self, answer: Answer, obstacles: Sequence[Obstacle]) -> bool:
        given = None if answer.at is None else self.problem.instant(answer.at)
        return any(one.at is not None and (given is None or one.at > given) for one in obstacles)

    def represented(self, seat: Seat, meeting: Meeting, slot: Interval) -> float:
        """Return the chance that the seat is filled by its member or somebody called in."""
        nobody = 1.0 if seat.member is None else 1 - self.comes(seat.member, meeting, slot)
        for person in seat.substitutes:
            nobody *= 1 - self.problem.assumptions.call_in * self.comes(person, meeting, slot)
        return (1 - self.problem.assumptions.shared_absence) * (1 - nobody)

    def representation(self, meeting: Meeting, start: datetime) -> dict[str, float]:
        """Return the chance that each party of the council is represented, by party."""
        council = self.problem.councils_by_id[meeting.council]
        slot = self.slot(meeting, start)
        return {seat.party: self.represented(seat, meeting, slot) for seat in council.seats}


def at_least(quorum: int | None, chances: Sequence[float]) -> float:
    """Return the chance that ``quorum`` or more of independent events happen, by convolution."""
    spread = [1.0]
    for chance in chances:
        spread = [
            (spread[k] if k < len(spread) else 0.0) * (1 - chance) + (spread[k - 1] if k else 0.0) * chance
            for k in range(len(spread) + 1)
        ]
    return 1.0 if quorum is None else math.fsum(spread[quorum:])
