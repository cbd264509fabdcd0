"""The matrix of parties and meetings: the chance that each party is represented, and by whom."""

from collections.abc import Sequence
from datetime import date
from math import ceil

from api.i18n import Wording
from api.pages.plan.view import MeetingColumn, PartyCell, PartyMatrix, PartyRow
from api.presenting.attendance import lowest_parties, mean_chances
from api.presenting.names import Names
from api.presenting.reasons import seat_of
from scheduler.problem import Problem
from scheduler.proposal import PartyOutlook, Proposal, ProposedMeeting

WIDEST = 16  # columns on a sheet of paper
TINT_LIMITS = (0.95, 0.9, 0.8, 0.6)  # a chance below n of them has tint n
EVEN_CHANCE = 0.5


def build_matrices(best: Proposal, problem: Problem, names: Names, wording: Wording) -> tuple[PartyMatrix, ...]:
    """Return the matrix of a plan, meetings by date, in parts of equal width that fit on paper."""
    by_date = sorted(best.meetings, key=lambda planned: planned.starts_at)
    num_parts = ceil(len(by_date) / WIDEST)
    width = ceil(len(by_date) / num_parts)
    parts = [by_date[first : first + width] for first in range(0, len(by_date), width)]
    return tuple(_matrix(part, best, problem, names, wording) for part in parts)


def build_cell(outlook: PartyOutlook, meeting: str, problem: Problem, wording: Wording) -> PartyCell:
    """Return one party at one meeting: a letter for its likeliest representative, and its chance."""
    letter, words = _representative(outlook, meeting, problem, wording)
    tint = sum(round(outlook.probability, 2) < limit for limit in TINT_LIMITS)
    return PartyCell(letter=letter, number=wording.hundredths(outlook.probability), words=words, tint=tint)


def _representative(outlook: PartyOutlook, meeting: str, problem: Problem, wording: Wording) -> tuple[str, str]:
    chance = wording.percent(outlook.probability)
    if not seat_of(outlook.party, meeting, problem).people:
        return "–", wording.say("vacant, {percent}", percent=chance)
    if outlook.evidence == "none":
        return "?", wording.say("not known, {percent}", percent=chance)
    if outlook.via == "substitute":
        return wording.say("S"), wording.say("likely the substitute, {percent}", percent=chance)
    if outlook.via == "member":
        return wording.say("M"), wording.say("likely the member, {percent}", percent=chance)

    # Of member, substitute and nobody, nobody may be the likeliest although the party is more likely there than not.
    if outlook.probability >= EVEN_CHANCE:
        return "–", wording.say("uncertain, {percent}", percent=chance)
    return "–", wording.say("likely nobody, {percent}", percent=chance)


def _matrix(
    meetings: Sequence[ProposedMeeting],
    best: Proposal,
    problem: Problem,
    names: Names,
    wording: Wording,
) -> PartyMatrix:
    days = [planned.starts_at.astimezone(problem.zone).date() for planned in meetings]
    columns = [_column(planned, day, problem, names, wording) for planned, day in zip(meetings, days, strict=True)]
    means = mean_chances(best)
    lowest = set(lowest_parties(best, wording))
    if len(lowest) == len(means):
        lowest.clear()  # no party stands out
    seated = {outlook.party for planned in meetings for outlook in planned.parties}

    rows = []
    for party in problem.parties:
        if party.id not in seated:
            continue
        row = PartyRow(
            party=party.name,
            cells=tuple(_cell(party.id, planned, problem, wording) for planned in meetings),
            mean=wording.percent(means[party.id]),
            is_lowest=party.id in lowest,
        )
        rows.append(row)
    return PartyMatrix(title=wording.days(days[0], days[-1]), columns=tuple(columns), rows=tuple(rows))


def _cell(party: str, planned: ProposedMeeting, problem: Problem, wording: Wording) -> PartyCell | None:
    """Return the cell of a party at a meeting; None when the party has no seat in its council."""
    for outlook in planned.parties:
        if outlook.party == party:
            return build_cell(outlook, planned.meeting, problem, wording)
    return None


def _column(
    planned: ProposedMeeting,
    day: date,
    problem: Problem,
    names: Names,
    wording: Wording,
) -> MeetingColumn:
    council = problem.meetings_by_id[planned.meeting].council
    return MeetingColumn(
        code=names.codes[planned.meeting],
        day=wording.short_day(day),
        council=names.councils[council],
    )
