"""Who mends a published plan with few moves: a move must pay for the trouble that it makes."""

from collections.abc import Iterator, Sequence

import numpy as np

from scheduler.attendance import PartyChances, party_chances
from scheduler.availability import Slots, slot_interval
from scheduler.candidates import Candidates, MeetingCandidates, notice_by
from scheduler.errors import Fault, InvalidProblem
from scheduler.intervals import FloatArray, to_seconds
from scheduler.planning.search import Plan
from scheduler.problem import Meeting, Problem
from scheduler.proposal import Move, RuleInstance


def to_repair(problem: Problem) -> Problem:
    """
    Return the problem with every published meeting pinned for which notice was due before today.

    Raises
    ------
    InvalidProblem
        When no plan is published.
    """
    if not problem.published:
        raise InvalidProblem([Fault("/published", "Say when the meetings are now, to have that plan repaired.")])
    return problem.with_meetings(tuple(_frozen(problem, meeting) for meeting in problem.meetings))


def _frozen(problem: Problem, meeting: Meeting) -> Meeting:
    published = problem.published.get(meeting.id)
    if published is None or meeting.pinned is not None:
        return meeting
    last_notice = notice_by(problem, meeting, problem.instant(published).astimezone(problem.zone).date())
    is_too_late = last_notice is not None and last_notice < problem.today
    return meeting.model_copy(update={"pinned": published}) if is_too_late else meeting


def gains_less_moves(problem: Problem, choices: Sequence[MeetingCandidates], move_cost: float) -> FloatArray:
    """Return every slot's gain, less the cost of a move where it is not the published one, meeting after meeting."""
    gains = [np.zeros(0)]
    for one in choices:
        published = problem.published.get(one.meeting.id)
        if published is None:
            gains.append(one.gains)
        else:
            stays = one.slots.starts == to_seconds(problem.instant(published))
            gains.append(np.where(stays, one.gains, one.gains - move_cost))
    return np.concatenate(gains)


def moves(candidates: Candidates, choices: Sequence[MeetingCandidates], plan: Plan) -> Iterator[Move]:
    """Yield every meeting that a plan moves away from its published start."""
    problem = candidates.problem
    for one, slot in zip(choices, plan, strict=True):
        published = problem.published.get(one.meeting.id)
        if published is not None and to_seconds(problem.instant(published)) != one.slots.starts[slot]:
            old = _published_slot(problem, one.meeting)
            chances = party_chances(candidates.availability, one.meeting, old)
            yield Move(
                meeting=one.meeting.id,
                published=slot_interval(old, 0, problem).start,
                starts_at=slot_interval(one.slots, slot, problem).start,
                gain=one.meeting.weight
                * float((one.chances.expected_attendance[slot] - chances.expected_attendance)[0]),
                barred_by=tuple(_what_bars(candidates, one.meeting, old, chances)),
            )


def _what_bars(candidates: Candidates, meeting: Meeting, old: Slots, chances: PartyChances) -> Iterator[RuleInstance]:
    if meeting.pinned is not None:
        yield RuleInstance(rule="pinned", meeting=meeting.id)
        return
    if slot_interval(old, 0, candidates.problem).start.time() not in meeting.start_clocks:
        yield RuleInstance(rule="weekday_and_start", meeting=meeting.id)
    for instance, allowed in (*candidates.day_rules(meeting, old), *candidates.attendance_rules(meeting, chances)):
        if not allowed[0]:
            yield instance


def _published_slot(problem: Problem, meeting: Meeting) -> Slots:
    """Return the published slot of a meeting, whether or not it is a candidate."""
    start = problem.instant(problem.published[meeting.id])
    seconds = to_seconds(start)
    day = start.astimezone(problem.zone).toordinal()
    return Slots(np.array([day]), np.array([seconds]), np.array([seconds + 60 * meeting.duration_minutes]))
