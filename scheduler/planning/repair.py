"""Pin published meetings whose notice date has passed, and list the meetings that a plan moves."""

from collections.abc import Iterator, Sequence

import numpy as np

from scheduler.attendance import PartyChances, party_chances
from scheduler.availability import Slots, slot_interval
from scheduler.candidates import Candidates, MeetingCandidates
from scheduler.days import WEEKDAYS
from scheduler.errors import Fault, InvalidProblem
from scheduler.intervals import to_seconds
from scheduler.planning.search_types import Plan
from scheduler.problem import Meeting, Problem
from scheduler.proposal import Move, PlanWarning, RuleInstance
from scheduler.rules.notice import notice_by


def to_repair(problem: Problem) -> Problem:
    """
    Return the problem with every published meeting pinned for which notice was due before today.

    Raises
    ------
    InvalidProblem
        If no plan is published.
    """
    if not problem.published:
        raise InvalidProblem([Fault("/published", "Say when the meetings are now, to have that plan repaired.")])
    return problem.with_meetings(tuple(_frozen(problem, meeting) for meeting in problem.meetings))


def _frozen(problem: Problem, meeting: Meeting) -> Meeting:
    published = problem.published.get(meeting.id)
    if published is None or problem.fixed_start(meeting) is not None:
        return meeting

    day = problem.instant(published).astimezone(problem.zone).date()
    last_notice = notice_by(problem, meeting, day)
    is_too_late = last_notice is not None and last_notice < problem.today
    return meeting.model_copy(update={"pinned": published}) if is_too_late else meeting


def pins_outside(problem: Problem) -> Iterator[PlanWarning]:
    """Yield each meeting that is pinned to a start which its own window, or its weekdays and starts, do not allow."""
    for meeting in problem.meetings:
        if meeting.pinned is None or meeting.id in problem.held:
            continue
        start = problem.instant(meeting.pinned).astimezone(problem.zone)
        first, last = problem.window(meeting)
        if not first <= start.date() <= last:
            yield PlanWarning(kind="pinned_outside", meetings=(meeting.id,), rule="window")
        if WEEKDAYS[start.weekday()] not in meeting.weekdays or start.time() not in meeting.start_clocks:
            yield PlanWarning(kind="pinned_outside", meetings=(meeting.id,), rule="weekday_and_start")


def moves(candidates: Candidates, choices: Sequence[MeetingCandidates], plan: Plan) -> Iterator[Move]:
    """Yield every meeting that a plan moves away from its published start."""
    problem = candidates.problem
    for meeting_candidates, slot in zip(choices, plan, strict=True):
        meeting = meeting_candidates.meeting
        published = problem.published.get(meeting.id)
        if published is None:
            continue
        if to_seconds(problem.instant(published)) == meeting_candidates.slots.starts[slot]:
            continue

        old = _published_slot(problem, meeting)
        old_chances = party_chances(candidates.availability, meeting, old)
        attendance = meeting_candidates.chances.expected_attendance[slot]
        difference = attendance - old_chances.expected_attendance
        yield Move(
            meeting=meeting.id,
            published=slot_interval(old, 0, problem).start,
            starts_at=slot_interval(meeting_candidates.slots, slot, problem).start,
            gain=meeting.weight * float(difference[0]),
            barred_by=tuple(_forbidding(candidates, meeting, old, old_chances)),
        )


def _forbidding(
    candidates: Candidates,
    meeting: Meeting,
    old: Slots,
    chances: PartyChances,
) -> Iterator[RuleInstance]:
    """Yield the rules that forbid a meeting its published slot."""
    if meeting.pinned is not None:
        yield RuleInstance(rule="pinned", meeting=meeting.id)
        return

    # Masks assume the meeting's own starts; a published start may be none of them.
    if slot_interval(old, 0, candidates.problem).start.time() not in meeting.start_clocks:
        yield RuleInstance(rule="weekday_and_start", meeting=meeting.id)
    masks = (*candidates.date_masks(meeting, old), *candidates.chance_masks(meeting, chances))
    for instance, is_allowed in masks:
        if not is_allowed[0]:
            yield instance


def _published_slot(problem: Problem, meeting: Meeting) -> Slots:
    """Return the published slot of a meeting, whether or not it is a candidate."""
    start = problem.instant(problem.published[meeting.id])
    seconds = to_seconds(start)
    day = start.astimezone(problem.zone).toordinal()
    duration = 60 * meeting.duration_minutes
    return Slots(np.array([day]), np.array([seconds]), np.array([seconds + duration]))
