"""A repaired plan against the published plan: moved meetings with their gain and cause, and meetings that stay."""

from collections.abc import Iterator

from api.i18n import Wording
from api.presenting.amounts import SMALLEST
from api.presenting.attendance import weighs_evenly
from api.presenting.dates import format_moment
from api.presenting.move_causes import describe_move_causes
from api.presenting.names import Names
from api.presenting.plan_view import MovedMeeting, Repair
from api.presenting.proof import cost_of_a_move
from api.presenting.rule_sentences import describe_exclusion, describe_rule
from scheduler.problem import Problem
from scheduler.proposal import TOLERANCE, Move, Proposal, Proposals, ProposedMeeting, RuleInstance


def build_repair(answer: Proposals, problem: Problem, names: Names, wording: Wording) -> Repair | None:
    """Return the changes of the first plan against the published plan; None when no plan was to be repaired."""
    if answer.objective_kind != "repair" or not answer.proposals:
        return None

    best = answer.proposals[0]
    moves_by_date = sorted(best.moves, key=lambda move: move.published)
    frozen = [planned for planned in _staying(best, problem) if _is_frozen(planned, problem)]
    return Repair(
        moved=tuple(_moved(move, answer, problem, names, wording) for move in moves_by_date),
        stays=tuple(_stay_sentences(best, problem, len(frozen), wording)),
        frozen=tuple(_frozen_line(planned, problem, names, wording) for planned in frozen),
    )


def _moved(move: Move, answer: Proposals, problem: Problem, names: Names, wording: Wording) -> MovedMeeting:
    council = problem.meetings_by_id[move.meeting].council
    return MovedMeeting(
        code=names.codes[move.meeting],
        council=names.councils[council],
        name=names.meetings[move.meeting],
        before=format_moment(move.published, problem, wording),
        after=format_moment(move.starts_at, problem, wording),
        gain=_format_gain(move.gain, problem, wording),
        why=_why(move, answer, problem, names, wording),
    )


def _format_gain(gain: float, problem: Problem, wording: Wording) -> str:
    if abs(gain) < SMALLEST:
        return wording.say("no noticeable difference")

    sign = "+" if gain > 0 else "−"
    signed = sign + wording.decimal(abs(gain), 1)
    if weighs_evenly(problem):
        return wording.say("{gain} parties", gain=signed)
    return wording.say("{gain} weighted parties", gain=signed)


def _why(move: Move, answer: Proposals, problem: Problem, names: Names, wording: Wording) -> str:
    if move.barred_by:
        return _why_barred(move, problem, names, wording)

    cost = cost_of_a_move(answer) or 0.0
    if move.gain >= cost - TOLERANCE:
        return describe_move_causes(move, problem, wording)

    # In an optimal plan a move that does not pay for itself is made only to free the date for other meetings.
    if answer.status == "optimal":
        return wording.say("Makes way for other meetings.")
    return wording.say("It is not proven that the meeting has to move.")


def _why_barred(move: Move, problem: Problem, names: Names, wording: Wording) -> str:
    meeting = problem.meetings_by_id[move.meeting]
    if any(rule.rule == "pinned" for rule in move.barred_by) and meeting.pinned is not None:
        pinned = problem.instant(meeting.pinned).astimezone(problem.zone)
        crosses_new_year = problem.horizon.start.year != problem.horizon.end.year
        day = wording.day(pinned.date(), has_year=crosses_new_year)
        return wording.say("You have locked it to {day}.", day=day)

    reasons = [_barring_reason(rule, move, problem, names, wording) for rule in move.barred_by]
    return wording.say("Cannot stay: {reasons}.", reasons="; ".join(reasons))


def _barring_reason(rule: RuleInstance, move: Move, problem: Problem, names: Names, wording: Wording) -> str:
    meeting = problem.meetings_by_id[move.meeting]
    clause = describe_exclusion(rule, meeting, problem, wording)
    return clause or describe_rule(rule, problem, names, wording).removesuffix(".")


def _staying(best: Proposal, problem: Problem) -> list[ProposedMeeting]:
    staying = [
        planned
        for planned in best.meetings
        if planned.meeting in problem.published and planned.meeting not in best.moved and not planned.held
    ]
    return sorted(staying, key=lambda planned: planned.starts_at)


def _is_frozen(planned: ProposedMeeting, problem: Problem) -> bool:
    return planned.notice_by is not None and planned.notice_by < problem.today


def _stay_sentences(best: Proposal, problem: Problem, num_frozen: int, wording: Wording) -> Iterator[str]:
    num_held = sum(planned.held for planned in best.meetings)
    if num_held:
        yield wording.say_many(
            "{count} meeting has been held already.",
            "{count} meetings have been held already.",
            num_held,
        )

    num_new = sum(planned.meeting not in problem.published for planned in best.meetings)
    if num_new:
        yield wording.say_many(
            "{count} meeting had no published date.",
            "{count} meetings had no published date.",
            num_new,
        )

    yield wording.say_many(
        "{count} meeting stays where it was published.",
        "{count} meetings stay where they were published.",
        len(_staying(best, problem)),
    )
    if num_frozen:
        yield wording.say_many(
            "{count} of them is frozen, since notice of it was due before {day}:",
            "{count} of them are frozen, since notice of them was due before {day}:",
            num_frozen,
            day=wording.plain_day(problem.today),
        )


def _frozen_line(planned: ProposedMeeting, problem: Problem, names: Names, wording: Wording) -> str:
    time = format_moment(planned.starts_at, problem, wording)
    return wording.say("{meeting}: {time}", meeting=names.meetings[planned.meeting], time=time)
