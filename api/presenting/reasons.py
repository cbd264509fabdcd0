"""Parties that may be missing from a meeting, and the causes, the largest first; people are named by their role."""

from datetime import UTC, datetime

from api.i18n import Wording
from api.presenting.names import capitalised
from api.presenting.plan_view import AbsenceCause, Absentee
from scheduler.problem import Answer, Problem, Seat
from scheduler.proposal import PartyOutlook, ProposedMeeting, Reason

NEARLY_CERTAIN = 0.95  # parties with at least this chance of being represented are not listed
MOST_CAUSES = 4
SMALLEST_LOSS = 0.01  # a cause that costs less is listed only when it is the largest

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def build_absentees(planned: ProposedMeeting, problem: Problem, wording: Wording) -> tuple[Absentee, ...]:
    """Return the parties that may be missing from a meeting, the highest risk first."""
    return tuple(_absentee(outlook, planned, problem, wording) for outlook in _parties_at_risk(planned))


def format_risk_limit(wording: Wording) -> str:
    """Return the risk from which on a party is listed, in percent."""
    return wording.percent(1 - NEARLY_CERTAIN)


def seat_of(party: str, meeting: str, problem: Problem) -> Seat:
    """Return the seat of ``party`` in the council of ``meeting``."""
    council = problem.councils_by_id[problem.meetings_by_id[meeting].council]
    return next(seat for seat in council.seats if seat.party == party)


def deciding_answer(person: str, start: datetime, end: datetime, problem: Problem) -> Answer | None:
    """Return the newest answer of a person about this time; of equally old answers, the later in the list."""
    applicable = [
        answer for answer in problem.answers if answer.person == person and _applies(answer, start, end, problem)
    ]
    newest: Answer | None = None
    newest_at = _LONG_AGO
    for answer in applicable:
        answered_at = problem.instant(answer.at) if answer.at else _LONG_AGO
        if newest is None or answered_at >= newest_at:
            newest, newest_at = answer, answered_at
    return newest


def _applies(answer: Answer, start: datetime, end: datetime, problem: Problem) -> bool:
    """Return whether an answer decides about a meeting: a no by overlapping it, any other by covering it."""
    answer_start = problem.instant(answer.start)
    answer_end = problem.instant(answer.end)
    if answer.answer == "no":
        return answer_start < end and start < answer_end
    return answer_start <= start and end <= answer_end


def _parties_at_risk(planned: ProposedMeeting) -> list[PartyOutlook]:
    at_risk = [outlook for outlook in planned.parties if round(outlook.probability, 2) < NEARLY_CERTAIN]
    return sorted(at_risk, key=lambda outlook: outlook.probability)


def _absentee(outlook: PartyOutlook, planned: ProposedMeeting, problem: Problem, wording: Wording) -> Absentee:
    party = problem.parties_by_id[outlook.party]
    seat = seat_of(outlook.party, planned.meeting, problem)
    causes = [*_empty_seat(seat, wording)]

    # A loss is measured in weight · chance, so a party without weight has none to rank causes by.
    if party.weight:
        for reason in _listed_reasons(outlook, party.weight):
            chance_without = outlook.probability + reason.loss / party.weight
            causes.append(_cause(reason, chance_without, planned, problem, wording))

    risk = wording.percent(1 - outlook.probability)
    return Absentee(
        party_id=party.id,
        party=party.name,
        risk=wording.say("{percent} risk", percent=risk),
        percent=risk,
        causes=tuple(causes),
    )


def _listed_reasons(outlook: PartyOutlook, weight: float) -> list[Reason]:
    """Return the largest causes. That anyone may be absent without a clash is said once for the whole page."""
    by_loss = sorted(outlook.reasons, key=lambda reason: -reason.loss)
    substantial = [reason for reason in by_loss if reason.loss >= SMALLEST_LOSS * weight]
    listed = substantial or by_loss[:1]
    specific = [reason for reason in listed if reason.kind != "rate"]
    return specific[:MOST_CAUSES]


def _empty_seat(seat: Seat, wording: Wording) -> tuple[AbsenceCause, ...]:
    if not seat.people:
        return (AbsenceCause(wording.say("The seat is vacant."), None),)
    if seat.member is None:
        return (AbsenceCause(wording.say("No member is appointed, only a substitute."), None),)
    return ()


def _cause(
    reason: Reason,
    chance_without: float,
    planned: ProposedMeeting,
    problem: Problem,
    wording: Wording,
) -> AbsenceCause:
    sentence = _sentence(reason, planned, problem, wording)
    risk_without = wording.percent(max(1 - chance_without, 0.0))
    return AbsenceCause(sentence, risk_without)


def _sentence(reason: Reason, planned: ProposedMeeting, problem: Problem, wording: Wording) -> str:
    person = capitalised(problem.people_by_id[reason.person].name)
    match reason.kind:
        case "unknown":
            return wording.say("{person}: the calendar is not known.", person=person)
        case "answer":
            answer = deciding_answer(reason.person, planned.starts_at, planned.ends_at, problem)
            return _answer_sentence(person, answer, wording)
        case _:
            return _clash_sentence(person, reason, wording)


def _clash_sentence(person: str, reason: Reason, wording: Wording) -> str:
    label = reason.label or wording.say("another engagement")
    match reason.kind:
        case "busy_tentative":
            return wording.say("{person}: has a tentative engagement, {label}.", person=person, label=label)
        case "busy_unavailable":
            return wording.say("{person}: is unable to attend ({label}).", person=person, label=label)
        case "blackout":
            return wording.say("{person}: may be away ({label}).", person=person, label=label)
        case _:
            return wording.say("{person}: clashes with {label}.", person=person, label=label)


def _answer_sentence(person: str, answer: Answer | None, wording: Wording) -> str:
    match answer.answer if answer is not None else None:
        case "no":
            return wording.say("{person}: has answered no.", person=person)
        case "if_needed":
            return wording.say("{person}: can come if needed.", person=person)
        case "yes":
            return wording.say("{person}: has answered yes, but may still be prevented.", person=person)
        case _:
            return wording.say("{person}: the person's own answer.", person=person)
