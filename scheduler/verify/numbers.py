"""Every number of an answer once more lives here: what a proposal says of its plan is what the model gives."""

from collections.abc import Iterator, Mapping
from datetime import UTC, timedelta
from statistics import fmean

from scheduler.days import working_day_on_or_before
from scheduler.problem import Problem
from scheduler.proposal import TOLERANCE, Proposal, ProposedMeeting, Violation
from scheduler.verify.chances import Score


def misstatements(
    problem: Problem, proposal: Proposal, truth: Score, expected_as_published: Mapping[str, float]
) -> Iterator[Violation]:
    """Yield what a proposal states wrongly, totals first, then meeting by meeting."""
    tolerance = TOLERANCE * max(1, len(proposal.meetings))
    if abs(proposal.objective - truth.objective) > tolerance:
        yield Violation(rule="misstated", detail="the objective is not what the model gives")
    if abs(proposal.expected_absences - truth.expected_absences) > tolerance:
        yield Violation(rule="misstated", detail="the expected absences are not what the model gives")
    if not _is_worst(problem, proposal, truth):
        yield Violation(rule="misstated", detail="the worst party is not the worst")
    starts = {meeting: start.astimezone(UTC) for meeting, start in proposal.starts.items()}
    published = {meeting: problem.instant(start) for meeting, start in problem.published.items()}
    moved = {one for one, start in published.items() if starts[one] != start}
    if set(proposal.moved) != moved or [move.meeting for move in proposal.moves] != list(proposal.moved):
        yield Violation(rule="misstated", detail="the meetings said to be moved are not those")
    for move in (move for move in proposal.moves if move.meeting in moved):
        weight = problem.meetings_by_id[move.meeting].weight
        gain = weight * (truth.expected_attendance[move.meeting] - expected_as_published[move.meeting])
        is_dated = (move.published.astimezone(UTC), move.starts_at.astimezone(UTC)) == (
            published[move.meeting],
            starts[move.meeting],
        )
        if not is_dated or abs(move.gain - gain) > TOLERANCE:
            yield Violation(rule="misstated", meeting=move.meeting, detail="the move is not what the model gives")
    for meeting in proposal.meetings:
        for what in _wrong_in(problem, meeting, truth):
            yield Violation(rule="misstated", meeting=meeting.meeting, detail=f"{what} is not what the model gives")


def _is_worst(problem: Problem, proposal: Proposal, truth: Score) -> bool:
    heard: dict[str, list[float]] = {}
    for meeting in problem.meetings:
        for seat in problem.councils_by_id[meeting.council].seats:
            if seat.member is not None or seat.substitutes:
                heard.setdefault(seat.party, []).append(truth.representation[meeting.id][seat.party])
    means = {party: fmean(chances) for party, chances in heard.items()}
    worst = proposal.worst_party
    if worst is None or not means:
        return worst is None and not means
    least = min(means.values())
    return abs(worst.probability - least) <= TOLERANCE and abs(means.get(worst.party, 2.0) - least) <= TOLERANCE


def _wrong_in(problem: Problem, said: ProposedMeeting, truth: Score) -> Iterator[str]:
    meeting = problem.meetings_by_id[said.meeting]
    day = said.starts_at.astimezone(problem.zone).date()
    if said.ends_at.astimezone(UTC) - said.starts_at.astimezone(UTC) != meeting.duration:
        yield "the end"
    if said.week != day.isocalendar().week:
        yield "the week"
    if meeting.notice_days is None:
        notice_by = None
    else:
        notice_by = working_day_on_or_before(day - timedelta(days=meeting.notice_days), problem.holidays)
    if said.notice_by != notice_by:
        yield "the last day for notice"
    chances = truth.representation[meeting.id]
    if [one.party for one in said.parties] != list(chances):
        yield "the list of parties"
        return
    pairs = [
        (said.expected_attendance, truth.expected_attendance[meeting.id]),
        (said.quorum_probability, truth.quorum_probability[meeting.id]),
        *((one.probability, chances[one.party]) for one in said.parties),
    ]
    if any(abs(one - true) > TOLERANCE for one, true in pairs):
        yield "a chance"
