"""Who sets the other plans beside the first: which meetings change, and what that costs."""

from api.i18n import Wording
from api.pages.plan.view import Alternative
from api.presenting.attendance import weighs_evenly
from api.presenting.dates import format_moment
from api.presenting.names import Names
from scheduler.problem import Problem
from scheduler.proposal import Proposal, Proposals

SMALLEST_DIFFERENCE = 0.005  # below it two decimals show nothing


def build_alternatives(answer: Proposals, problem: Problem, names: Names, wording: Wording) -> tuple[Alternative, ...]:
    """Return what each plan after the first changes and costs."""
    first, *others = answer.proposals
    return tuple(
        Alternative(
            name=wording.say("Plan {number}", number=other.rank),
            changes=_changes(first, other, problem, names, wording),
            cost=_cost(first.objective - other.objective, problem, wording),
        )
        for other in others
    )


def _changes(first: Proposal, other: Proposal, problem: Problem, names: Names, wording: Wording) -> tuple[str, ...]:
    theirs = other.starts
    changed = [held for held in first.meetings if theirs[held.meeting] != held.starts_at]
    return tuple(
        wording.say(
            "{meeting}: {before} → {after}",
            meeting=names.codes[held.meeting],
            before=format_moment(held.starts_at, problem, wording),
            after=format_moment(theirs[held.meeting], problem, wording),
        )
        for held in sorted(changed, key=lambda held: held.starts_at)
    )


def _cost(loss: float, problem: Problem, wording: Wording) -> str:
    difference = wording.decimal(abs(loss), 2)
    if abs(loss) < SMALLEST_DIFFERENCE:
        return wording.say("no difference that shows")
    if not weighs_evenly(problem):
        if loss > 0:
            return wording.say("{difference} lower by weight", difference=difference)
        return wording.say("{difference} higher by weight", difference=difference)
    if loss > 0:
        return wording.say("{difference} fewer parties over all meetings", difference=difference)
    return wording.say("{difference} more parties over all meetings", difference=difference)
