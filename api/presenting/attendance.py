"""Expected attendance of a meeting, and each party's mean chance of being represented."""

from api.i18n import Wording
from scheduler.problem import Council, Problem
from scheduler.proposal import TOLERANCE, Proposal, ProposedMeeting


def total_weight(council: Council, problem: Problem) -> float:
    """Return the full attendance of ``council``: its number of parties when every party has weight 1."""
    weights = [problem.parties_by_id[seat.party].weight for seat in council.seats]
    return sum(weights)


def full_attendance(planned: ProposedMeeting, problem: Problem) -> float:
    """Return the full attendance of a planned meeting."""
    council = problem.meetings_by_id[planned.meeting].council
    return total_weight(problem.councils_by_id[council], problem)


def weighs_evenly(problem: Problem) -> bool:
    """Return whether every party and every meeting has weight 1, so that expected attendance counts parties."""
    parties_are_even = all(party.weight == 1 for party in problem.parties)
    meetings_are_even = all(meeting.weight == 1 for meeting in problem.meetings)
    return parties_are_even and meetings_are_even


def mean_chances(plan: Proposal) -> dict[str, float]:
    """Return each seated party's chance of being represented, the mean over its meetings."""
    chances: dict[str, list[float]] = {}
    for meeting in plan.meetings:
        for outlook in meeting.parties:
            chances.setdefault(outlook.party, []).append(outlook.probability)
    return {party: sum(values) / len(values) for party, values in chances.items()}


def lowest_parties(plan: Proposal, wording: Wording) -> tuple[str, ...]:
    """Return the ids of the parties whose mean chance, in whole percent, is that of the worst represented party."""
    worst = plan.worst_party
    if worst is None:
        return ()

    # A party with an empty seat has a lower mean, but no date can help it: it is not the worst represented party.
    lowest = wording.percent(worst.probability)
    tied = [
        party
        for party, chance in mean_chances(plan).items()
        if chance > worst.probability - TOLERANCE and wording.percent(chance) == lowest
    ]
    return tuple(tied) or (worst.party,)


def format_attendance(expected: float, total: float, wording: Wording) -> str:
    """Return ``12,4 av 13``; an attendance that is not certain is never rounded up to full."""
    total_digits = 0 if total == int(total) else 1
    total_text = wording.decimal(total, total_digits)
    expected_text = wording.decimal(expected, 1)

    is_rounded_to_full = expected_text == wording.decimal(total, 1)
    is_uncertain = expected < total - TOLERANCE
    if is_rounded_to_full and is_uncertain:
        return wording.say("almost {total} of {total}", total=total_text)
    return wording.say("{expected} of {total}", expected=expected_text, total=total_text)
