"""Who sets a repaired plan beside the published one: what moves, what that gains, why, and what cannot move."""

from collections.abc import Iterator

from api.i18n import Wording
from api.presenting.attendance import weighs_evenly
from api.presenting.dates import format_moment
from api.presenting.names import Names
from api.presenting.plan_view import MovedMeeting, Repair
from api.presenting.proof import cost_of_a_move
from api.presenting.rule_sentences import describe_rule
from scheduler.problem import Problem
from scheduler.proposal import TOLERANCE, Move, Proposal, Proposals, ProposedMeeting

SMALLEST_GAIN = 0.005  # below it two decimals show nothing


def build_repair(answer: Proposals, problem: Problem, names: Names, wording: Wording) -> Repair | None:
    """Return what the first plan changes of the published one; None when nothing was to be repaired."""
    if answer.objective_kind != "repair" or not answer.proposals:
        return None
    best = answer.proposals[0]
    by_date = sorted(best.moves, key=lambda move: move.published)
    frozen = [held for held in _staying(best, problem) if _is_frozen(held, problem)]
    return Repair(
        moved=tuple(_moved(move, answer, problem, names, wording) for move in by_date),
        stays=tuple(_stays(best, problem, len(frozen), wording)),
        frozen=tuple(
            wording.say("{meeting}: {time}", meeting=names.meetings[held.meeting], time=_told(held, problem, wording))
            for held in frozen
        ),
    )


def _moved(move: Move, answer: Proposals, problem: Problem, names: Names, wording: Wording) -> MovedMeeting:
    council = problem.meetings_by_id[move.meeting].council
    return MovedMeeting(
        code=names.codes[move.meeting],
        council=names.councils[council],
        name=names.meetings[move.meeting],
        before=format_moment(move.published, problem, wording),
        after=format_moment(move.starts_at, problem, wording),
        gain=_gain(move.gain, problem, wording),
        why=_why(move, answer, problem, names, wording),
    )


def _gain(gain: float, problem: Problem, wording: Wording) -> str:
    if abs(gain) < SMALLEST_GAIN:
        return wording.say("no difference that shows")
    signed = ("+" if gain > 0 else "−") + wording.decimal(abs(gain), 2)
    if weighs_evenly(problem):
        return wording.say("{gain} parties", gain=signed)
    return wording.say("{gain} weighted parties", gain=signed)


def _why(move: Move, answer: Proposals, problem: Problem, names: Names, wording: Wording) -> str:
    if move.barred_by:
        rules = " ".join(describe_rule(rule, problem, names, wording) for rule in move.barred_by)
        return wording.say("It could not stay. {rules}", rules=rules)
    if move.gain >= (cost_of_a_move(answer) or 0.0) - TOLERANCE:
        return wording.say("The move pays for itself.")
    if answer.status == "optimal":  # a move that does not pay is made only where the other dates leave no choice
        return wording.say("It makes way for other meetings.")
    return wording.say("It is not proven that it has to move.")


def _staying(best: Proposal, problem: Problem) -> list[ProposedMeeting]:
    staying = (held for held in best.meetings if held.meeting in problem.published and held.meeting not in best.moved)
    return sorted(staying, key=lambda held: held.starts_at)


def _is_frozen(held: ProposedMeeting, problem: Problem) -> bool:
    return held.notice_by is not None and held.notice_by < problem.today


def _stays(best: Proposal, problem: Problem, num_frozen: int, wording: Wording) -> Iterator[str]:
    yield wording.say_many(
        "{count} meeting stays where it was published.",
        "{count} meetings stay where they were published.",
        len(_staying(best, problem)),
    )
    num_new = sum(held.meeting not in problem.published for held in best.meetings)
    if num_new:
        yield wording.say_many(
            "{count} meeting had no published date.", "{count} meetings had no published date.", num_new
        )
    if num_frozen:
        yield wording.say_many(
            "{count} of them is frozen, since notice of it was due before {day}:",
            "{count} of them are frozen, since notice of them was due before {day}:",
            num_frozen,
            day=wording.plain_day(problem.today),
        )


def _told(held: ProposedMeeting, problem: Problem, wording: Wording) -> str:
    return format_moment(held.starts_at, problem, wording)
