"""Probabilities of attendance by the definitions of the model, one person and one slot at a time."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from scheduler.days import whole_days
from scheduler.intervals import Interval
from scheduler.problem import Answer, Commitment, Meeting, Person, Problem, Seat
from scheduler.verify.person_times import PersonTimes

DEFAULT_IMPORTANCE = 3
LARGEST_EXPONENT = 700  # math.exp overflows from 710 on


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A cause of absence that overlaps a slot: the probability of leaving it, and when it was entered."""

    yields: float
    at: datetime | None


@dataclass(frozen=True, slots=True)
class PlanScore:
    """The values of a plan; ``representation[meeting][party]`` is the probability that the party is represented."""

    objective: float
    expected_absences: float
    expected_attendance: dict[str, float]
    quorum_probability: dict[str, float]
    representation: dict[str, dict[str, float]]


class ChanceModel:
    """
    The probabilities of a problem, a direct implementation of the model, section 2.

    Probabilities at a slot are computed once, for all plans that contain the slot.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._chances: dict[tuple[str, str, datetime], float] = {}
        self._representations: dict[tuple[str, datetime], dict[str, float]] = {}
        self._times = PersonTimes(problem)

    @cached_property
    def _blackouts(self) -> dict[str, list[tuple[Interval, Obstacle]]]:
        """The blackouts of every party."""
        by_party = defaultdict(list)
        for blackout in self.problem.blackouts:
            interval = whole_days(blackout.start, blackout.end, self.problem.zone)
            for party in set(blackout.parties or ()):
                by_party[party].append((interval, Obstacle(blackout.yields, None)))
        return by_party

    def slot(self, meeting: Meeting, start: datetime) -> Interval:
        return self._times.interval(start, self.problem.instant(start) + meeting.duration)

    def travel(self, person: Person, meeting: Meeting) -> timedelta:
        """Return the travel time of the person before and after a meeting, 0 unless it is in person."""
        if meeting.mode != "in_person" or meeting.venue is None:
            return timedelta()
        party = self.problem.parties_by_id[person.party]
        return timedelta(minutes=party.travel_minutes.get(meeting.venue, 0))

    def comes(self, person_id: str, meeting: Meeting, slot: Interval) -> float:
        """Return the probability that the person attends ``meeting`` at ``slot``."""
        key = (person_id, meeting.id, slot.start)
        if key not in self._chances:
            self._chances[key] = self._chance(self.problem.people_by_id[person_id], meeting, slot)
        return self._chances[key]

    def _chance(self, person: Person, meeting: Meeting, slot: Interval) -> float:
        wide = slot.widened(self.travel(person, meeting))
        obstacles = list(self._obstacles(person, meeting, wide))
        answer = self._answer(person, slot)
        # The answer no is valid whatever is entered in the calendar afterwards.
        if answer is not None and (answer.answer == "no" or not self._is_outdated(answer, obstacles)):
            return self._probability_of(answer)
        rate = person.attendance_rate
        if rate is None:
            rate = self.problem.assumptions.attendance_rate
        strongest = min((obstacle.yields for obstacle in obstacles), default=1.0)
        chance = rate * strongest
        if not self._times.is_known(person, wide):
            chance *= self.problem.assumptions.unknown_free
        return chance

    def _probability_of(self, answer: Answer) -> float:
        assumptions = self.problem.assumptions
        if answer.answer == "yes":
            return assumptions.answer_yes
        if answer.answer == "if_needed":
            return assumptions.if_needed
        return assumptions.answer_no

    def _obstacles(self, person: Person, meeting: Meeting, wide: Interval) -> Iterator[Obstacle]:
        for commitment in self._times.busy(person, wide):
            at = None if commitment.at is None else self.problem.instant(commitment.at)
            yield Obstacle(self._yield(commitment, person, meeting), at)
        for interval, obstacle in self._blackouts[person.party]:
            if interval.overlaps(wide):
                yield obstacle

    def _yield(self, commitment: Commitment, person: Person, meeting: Meeting) -> float:
        if commitment.kind == "busy_unavailable":
            return 0.0
        leaves = self._leaves(commitment, person, meeting)
        if commitment.kind == "busy_tentative":
            occurs = self.problem.assumptions.tentative
            return (1 - occurs) + occurs * leaves
        return leaves

    def _leaves(self, commitment: Commitment, person: Person, meeting: Meeting) -> float:
        """Return the probability that the person leaves a commitment that takes place."""
        if commitment.yields is not None:
            return commitment.yields
        if commitment.importance is not None:
            return self._luce(commitment.importance, person, meeting)
        if commitment.calendar is not None:
            calendar = self.problem.calendars_by_id[commitment.calendar]
            if calendar.yields is not None:
                return calendar.yields
            if calendar.importance is not None:
                return self._luce(calendar.importance, person, meeting)
        return self._luce(DEFAULT_IMPORTANCE, person, meeting)

    def _luce(self, importance: int, person: Person, meeting: Meeting) -> float:
        """Return the probability of choosing the meeting by Luce's choice axiom."""
        meeting_importance = meeting.party_importance.get(person.party, meeting.importance)
        exponent = self.problem.assumptions.precedence * (importance - meeting_importance)
        return 1 / (1 + math.exp(exponent)) if exponent < LARGEST_EXPONENT else 0.0

    def _answer(self, person: Person, slot: Interval) -> Answer | None:
        latest: Answer | None = None
        for answer in self._times.answers(person, slot):
            # The answer no applies to every slot that it overlaps, the others to slots that they cover.
            applies = answer.answer == "no" or self._times.interval(answer.start, answer.end).covers(slot)
            if applies and (latest is None or not self._is_older(answer, latest)):
                latest = answer
        return latest

    def _is_older(self, answer: Answer, other: Answer) -> bool:
        if other.at is None:
            return False
        return answer.at is None or self.problem.instant(answer.at) < self.problem.instant(other.at)

    def _is_outdated(self, answer: Answer, obstacles: Sequence[Obstacle]) -> bool:
        dates = [obstacle.at for obstacle in obstacles if obstacle.at is not None]
        if answer.at is None:
            return bool(dates)
        answered = self.problem.instant(answer.at)
        return any(entered > answered for entered in dates)

    def represented(self, seat: Seat, meeting: Meeting, slot: Interval) -> float:
        """Return the probability that the seat is filled by its member or by a substitute who was called in."""
        empty = 1.0 if seat.member is None else 1 - self.comes(seat.member, meeting, slot)
        for person in seat.substitutes:
            empty *= 1 - self.problem.assumptions.call_in * self.comes(person, meeting, slot)
        return (1 - self.problem.assumptions.shared_absence) * (1 - empty)

    def representation(self, meeting: Meeting, start: datetime) -> dict[str, float]:
        """Return the probability that each party of the council is represented, by party."""
        slot = self.slot(meeting, start)
        # The start in UTC: the two occurrences of a repeated hour are equal in a zone of their own.
        key = (meeting.id, slot.start)
        if key not in self._representations:
            council = self.problem.councils_by_id[meeting.council]
            self._representations[key] = {seat.party: self.represented(seat, meeting, slot) for seat in council.seats}
        return self._representations[key]


def at_least(quorum: int | None, chances: Sequence[float]) -> float:
    """Return the probability that ``quorum`` or more of independent events occur, by convolution."""
    if quorum is None:
        return 1.0
    # distribution[k] is the probability that exactly k of the events so far occur.
    distribution = [1.0]
    for chance in chances:
        without = [probability * (1 - chance) for probability in distribution] + [0.0]
        occurring = [0.0] + [probability * chance for probability in distribution]
        distribution = [first + second for first, second in zip(without, occurring, strict=True)]
    return math.fsum(distribution[quorum:])
