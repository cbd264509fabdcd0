"""How many are expected, in words: so many of thirteen, or a share where the parties do not weigh the same."""

from api.i18n import Wording
from scheduler.problem import Council, Problem
from scheduler.proposal import TOLERANCE, ProposedMeeting


def total_weight(council: Council, problem: Problem) -> float:
    """Return what full attendance of ``council`` would be: its number of parties when all weigh 1."""
    return sum(problem.parties_by_id[seat.party].weight for seat in council.seats)


def full_attendance(held: ProposedMeeting, problem: Problem) -> float:
    """Return what full attendance of this meeting would be."""
    return total_weight(problem.councils_by_id[problem.meetings_by_id[held.meeting].council], problem)


def weighs_evenly(problem: Problem) -> bool:
    """Tell whether expected attendance counts parties: all of them, and all meetings, weigh 1."""
    return all(party.weight == 1 for party in problem.parties) and all(one.weight == 1 for one in problem.meetings)


def format_attendance(expected: float, total: float, wording: Wording) -> str:
    """Return "12,4 av 13"; never as if all came when they may not."""
    whole = wording.decimal(total, 0 if total == int(total) else 1)
    shown = wording.decimal(expected, 1)
    if shown == wording.decimal(total, 1) and expected < total - TOLERANCE:
        return wording.say("almost {total} of {total}", total=whole)
    return wording.say("{expected} of {total}", expected=shown, total=whole)
