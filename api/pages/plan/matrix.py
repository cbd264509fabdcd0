"""Who sets out parties by meetings: who will likely speak for whom, and how surely."""

from collections.abc import Sequence
from datetime import date
from math import ceil

from api.i18n import Wording
from api.pages.plan.view import Matrix, MeetingColumn, PartyCell, PartyRow
from api.presenting.names import Names
from api.presenting.reasons import seat_of
from scheduler.problem import Problem
from scheduler.proposal import PartyOutlook, Proposal, ProposedMeeting

WIDEST = 16  # columns on a sheet of paper
_TINTS = (0.95, 0.9, 0.8, 0.6)


def build_matrices(best: Proposal, problem: Problem, names: Names, wording: Wording) -> tuple[Matrix, ...]:
    """Return the matrix of the plan, meetings by date, in as many parts as paper asks."""
    held = sorted(best.meetings, key=lambda one: one.starts_at)
    num_parts = ceil(len(held) / WIDEST)
    width = ceil(len(held) / num_parts)
    parts = [held[first : first + width] for first in range(0, len(held), width)]
    return tuple(_matrix(part, best, problem, names, wording) for part in parts)


def mean_chances(best: Proposal) -> dict[str, float]:
    """Return each seated party's chance of being represented, mean over its meetings."""
    chances: dict[str, list[float]] = {}
    for meeting in best.meetings:
        for party in meeting.parties:
            chances.setdefault(party.party, []).append(party.probability)
    return {party: sum(one) / len(one) for party, one in chances.items()}


def cell(party: PartyOutlook, meeting: str, problem: Problem, wording: Wording) -> PartyCell:
    """Return how one party stands at one meeting: L, E, ? where nothing is known, – where nobody is likelier."""
    chance = wording.percent(party.probability)
    number, tint = wording.hundredths(party.probability), sum(round(party.probability, 2) < limit for limit in _TINTS)
    if not seat_of(party.party, meeting, problem).people:
        return PartyCell("–", number, wording.say("vacant, {percent}", percent=chance), tint)
    if party.evidence == "none":
        return PartyCell("?", number, wording.say("not known, {percent}", percent=chance), tint)
    if party.via == "nobody":
        return PartyCell("–", number, wording.say("likely nobody, {percent}", percent=chance), tint)
    if party.via == "substitute":
        return PartyCell(
            wording.say("S"), number, wording.say("likely the substitute, {percent}", percent=chance), tint
        )
    return PartyCell(wording.say("M"), number, wording.say("likely the member, {percent}", percent=chance), tint)


def _matrix(
    held: Sequence[ProposedMeeting], best: Proposal, problem: Problem, names: Names, wording: Wording
) -> Matrix:
    days = [one.starts_at.astimezone(problem.zone).date() for one in held]
    columns = tuple(_column(one, day, problem, names, wording) for one, day in zip(held, days, strict=True))
    outlooks = {(party.party, meeting.meeting): party for meeting in held for party in meeting.parties}
    worst = best.worst_party.party if best.worst_party else None
    means = mean_chances(best)
    seated = {party for party, _ in outlooks}
    rows = []
    for party in problem.parties:
        if party.id in seated:
            there = [(outlooks.get((party.id, one.meeting)), one.meeting) for one in held]
            cells = tuple(cell(one, meeting, problem, wording) if one else None for one, meeting in there)
            rows.append(PartyRow(party.name, cells, wording.percent(means[party.id]), party.id == worst))
    return Matrix(wording.days(days[0], days[-1]), columns, tuple(rows))


def _column(held: ProposedMeeting, day: date, problem: Problem, names: Names, wording: Wording) -> MeetingColumn:
    council = problem.meetings_by_id[held.meeting].council
    return MeetingColumn(names.codes[held.meeting], wording.short_day(day), names.councils[council])
