"""Verification of the values of a proposal: totals, probabilities, dates, moves."""

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, timedelta
from statistics import fmean

from scheduler.days import working_day_on_or_before
from scheduler.problem import Meeting, Problem
from scheduler.proposal import TOLERANCE, Move, Proposal, ProposedMeeting, Violation
from scheduler.verify.chances import PlanScore


def misstatements(
    problem: Problem,
    proposal: Proposal,
    score: PlanScore,
    expected_as_published: Mapping[str, float],
    held: Collection[str],
) -> Iterator[Violation]:
    """Yield the values of a proposal that differ from ``score``: totals, then moves, then meetings."""
    yield from _wrong_totals(problem, proposal, score)
    yield from _wrong_moves(problem, proposal, score, expected_as_published)
    for meeting in proposal.meetings:
        for name in _wrong_values(problem, meeting, score):
            yield _misstated(f"{name} is not what the model gives", meeting.meeting)
        if meeting.held != (meeting.meeting in held):
            yield _misstated("whether the meeting was held is not what the problem says", meeting.meeting)


def _misstated(detail: str, meeting: str | None = None) -> Violation:
    return Violation(rule="misstated", meeting=meeting, detail=detail)


def _wrong_totals(problem: Problem, proposal: Proposal, score: PlanScore) -> Iterator[Violation]:
    tolerance = TOLERANCE * max(1, len(proposal.meetings))
    if abs(proposal.objective - score.objective) > tolerance:
        yield _misstated("the objective is not what the model gives")
    if abs(proposal.expected_absences - score.expected_absences) > tolerance:
        yield _misstated("the expected absences are not what the model gives")
    if not _is_worst_party(problem, proposal, score):
        yield _misstated("the worst party is not the worst")


def _is_worst_party(problem: Problem, proposal: Proposal, score: PlanScore) -> bool:
    chances: dict[str, list[float]] = {}
    for meeting in problem.meetings:
        for seat in problem.councils_by_id[meeting.council].seats:
            if seat.people:
                chances.setdefault(seat.party, []).append(score.representation[meeting.id][seat.party])
    means = {party: fmean(values) for party, values in chances.items()}
    worst = proposal.worst_party
    if worst is None or not means:
        return worst is None and not means
    lowest = min(means.values())
    if worst.party not in means:
        return False
    return abs(worst.probability - lowest) <= TOLERANCE and abs(means[worst.party] - lowest) <= TOLERANCE


def _wrong_moves(
    problem: Problem, proposal: Proposal, score: PlanScore, expected_as_published: Mapping[str, float]
) -> Iterator[Violation]:
    starts = {meeting: start.astimezone(UTC) for meeting, start in proposal.starts.items()}
    published = {meeting: problem.instant(start) for meeting, start in problem.published.items()}
    moved = {meeting for meeting, start in published.items() if starts[meeting] != start}
    listed = [move.meeting for move in proposal.moves]
    if set(proposal.moved) != moved or listed != list(proposal.moved):
        yield _misstated("the moved meetings are not those listed")

    def is_dated(move: Move) -> bool:
        is_published = move.published.astimezone(UTC) == published[move.meeting]
        return is_published and move.starts_at.astimezone(UTC) == starts[move.meeting]

    for move in proposal.moves:
        if move.meeting not in moved:
            continue
        weight = problem.meetings_by_id[move.meeting].weight
        gain = weight * (score.expected_attendance[move.meeting] - expected_as_published[move.meeting])
        if not is_dated(move) or abs(move.gain - gain) > TOLERANCE:
            yield _misstated("the move is not what the model gives", move.meeting)


def _wrong_values(problem: Problem, proposed: ProposedMeeting, score: PlanScore) -> Iterator[str]:
    """Yield the names of the values of a proposed meeting that are wrong."""
    meeting = problem.meetings_by_id[proposed.meeting]
    day = proposed.starts_at.astimezone(problem.zone).date()
    duration = proposed.ends_at.astimezone(UTC) - proposed.starts_at.astimezone(UTC)
    if duration != meeting.duration:
        yield "the end"
    if proposed.week != day.isocalendar().week:
        yield "the week"
    if proposed.notice_by != _last_day_for_notice(problem, meeting, day):
        yield "the last day for notice"
    chances = score.representation[meeting.id]
    if [outlook.party for outlook in proposed.parties] != list(chances):
        yield "the list of parties"
        return
    pairs = [
        (proposed.expected_attendance, score.expected_attendance[meeting.id]),
        (proposed.quorum_probability, score.quorum_probability[meeting.id]),
    ]
    pairs.extend((outlook.probability, chances[outlook.party]) for outlook in proposed.parties)
    if any(abs(stated - correct) > TOLERANCE for stated, correct in pairs):
        yield "a probability"


def _last_day_for_notice(problem: Problem, meeting: Meeting, day: date) -> date | None:
    if meeting.notice_days is None:
        return None
    latest = day - timedelta(days=meeting.notice_days)
    return working_day_on_or_before(latest, problem.holidays)
