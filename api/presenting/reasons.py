"""Who says why a party may be missing: cause by cause, the heaviest first, people named by their role."""

from datetime import UTC, datetime

from api.i18n import Wording
from api.presenting.names import capitalised
from api.presenting.plan_view import AbsenceCause, Absentee
from scheduler.problem import Answer, Problem, Seat
from scheduler.proposal import PartyOutlook, ProposedMeeting, Reason

NEARLY_CERTAIN = 0.95  # a party at least this likely to be heard needs no reasons
MOST_PARTIES, MOST_CAUSES = 6, 4
SMALLEST_LOSS = 0.01  # a cause that takes less than a percent is not worth a line, unless it is the only one

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def build_absentees(held: ProposedMeeting, problem: Problem, wording: Wording) -> tuple[Absentee, ...]:
    """Return the parties likeliest to be missing from a meeting, the likeliest first."""
    return tuple(_absentee(party, held, problem, wording) for party in _doubtful(held)[:MOST_PARTIES])


def count_unnamed_absentees(held: ProposedMeeting, wording: Wording) -> str | None:
    """Return how many more may be missing than :func:`absentees` names; None when it names them all."""
    count = len(_doubtful(held)) - MOST_PARTIES
    if count <= 0:
        return None
    return wording.say_many(
        "One more party is below {percent}.",
        "{count} more parties are below {percent}.",
        count,
        percent=wording.percent(NEARLY_CERTAIN),
    )


def seat_of(party: str, meeting: str, problem: Problem) -> Seat:
    """Return the place of ``party`` in the council that holds ``meeting``."""
    council = problem.councils_by_id[problem.meetings_by_id[meeting].council]
    return next(seat for seat in council.seats if seat.party == party)


def _doubtful(held: ProposedMeeting) -> list[PartyOutlook]:
    doubtful = (party for party in held.parties if round(party.probability, 2) < NEARLY_CERTAIN)
    return sorted(doubtful, key=lambda party: party.probability)


def _absentee(party: PartyOutlook, held: ProposedMeeting, problem: Problem, wording: Wording) -> Absentee:
    weight = problem.parties_by_id[party.party].weight
    heaviest = sorted(party.reasons, key=lambda reason: -reason.loss)[: MOST_CAUSES if weight else 0]
    worth_a_line = [reason for reason in heaviest if reason.loss >= SMALLEST_LOSS * weight] or heaviest[:1]
    told = (_cause(reason, party.probability + reason.loss / weight, held, problem, wording) for reason in worth_a_line)
    empty = _empty_seat(seat_of(party.party, held.meeting, problem), wording)
    name = problem.parties_by_id[party.party].name
    return Absentee(name, wording.percent(party.probability), (*empty, *told))


def _empty_seat(seat: Seat, wording: Wording) -> tuple[AbsenceCause, ...]:
    if not seat.people:
        return (AbsenceCause(wording.say("The seat is vacant."), None),)
    if seat.member is None:
        return (AbsenceCause(wording.say("No member is appointed, only a substitute."), None),)
    return ()


def _cause(reason: Reason, chance: float, held: ProposedMeeting, problem: Problem, wording: Wording) -> AbsenceCause:
    sentence = _sentence(reason, held, problem, wording)
    if reason.kind == "rate":
        return AbsenceCause(sentence, None)  # nothing that anybody could move
    percent = wording.percent(min(chance, 1.0))
    return AbsenceCause(sentence, wording.say("Without this the chance would be {percent}.", percent=percent))


def _sentence(reason: Reason, held: ProposedMeeting, problem: Problem, wording: Wording) -> str:
    person = capitalised(problem.people_by_id[reason.person].name)
    match reason.kind:
        case "unknown":
            return wording.say("{person}: the calendar is not known.", person=person)
        case "rate":
            return wording.say("{person}: cannot always come even when nothing clashes.", person=person)
        case "answer":
            return _answer_sentence(person, _deciding_answer(reason.person, held, problem), wording)
        case _:
            return _clash_sentence(person, reason, wording)


def _clash_sentence(person: str, reason: Reason, wording: Wording) -> str:
    label = reason.label or wording.say("another engagement")
    match reason.kind:
        case "busy_tentative":
            return wording.say("{person}: may be taken up by {label}.", person=person, label=label)
        case "busy_unavailable":
            return wording.say("{person}: is prevented by {label}.", person=person, label=label)
        case "blackout":
            return wording.say("{person}: may be away because of {label}.", person=person, label=label)
        case _:
            return wording.say("{person}: clashes with {label}.", person=person, label=label)


def _answer_sentence(person: str, answer: str | None, wording: Wording) -> str:
    match answer:
        case "no":
            return wording.say("{person}: has answered no.", person=person)
        case "if_needed":
            return wording.say("{person}: can come if needed.", person=person)
        case "yes":
            return wording.say("{person}: has answered yes, but may still be prevented.", person=person)
        case _:
            return wording.say("{person}: the person's own answer.", person=person)


def _deciding_answer(person: str, held: ProposedMeeting, problem: Problem) -> str | None:
    """Return what the person last said of this time; of answers equally old the later in the list."""
    told = [answer for answer in problem.answers if answer.person == person and _concerns(answer, held, problem)]
    if not told:
        return None
    newest = max(enumerate(told), key=lambda one: (problem.instant(one[1].at) if one[1].at else _LONG_AGO, one[0]))
    return newest[1].answer


def _concerns(answer: Answer, held: ProposedMeeting, problem: Problem) -> bool:
    start, end = problem.instant(answer.start), problem.instant(answer.end)
    if answer.answer == "no":
        return start < held.ends_at and held.starts_at < end
    return start <= held.starts_at and held.ends_at <= end
