"""The other plans compared with the first: changed dates, and the difference in expected attendance."""

from datetime import datetime

from api.i18n import Wording
from api.pages.plan.view import Alternative
from api.presenting.amounts import SMALLEST
from api.presenting.attendance import weighs_evenly
from api.presenting.dates import format_moment
from api.presenting.names import Names
from scheduler.problem import Problem
from scheduler.proposal import Proposal, Proposals


def build_alternatives(answer: Proposals, problem: Problem, names: Names, wording: Wording) -> tuple[Alternative, ...]:
    """Return every plan after the first, with its changes and its loss against the first."""
    first, *others = answer.proposals
    return tuple(
        Alternative(
            name=wording.say("Plan {number}", number=other.rank),
            changes=_changes(first, other, problem, names, wording),
            cost=_difference(first.objective - other.objective, problem, wording),
        )
        for other in others
    )


def _changes(
    first: Proposal,
    other: Proposal,
    problem: Problem,
    names: Names,
    wording: Wording,
) -> tuple[str, ...]:
    other_starts = other.starts
    changed = [planned for planned in first.meetings if other_starts[planned.meeting] != planned.starts_at]
    changed.sort(key=lambda planned: planned.starts_at)

    return tuple(
        _change(names.codes[planned.meeting], planned.starts_at, other_starts[planned.meeting], problem, wording)
        for planned in changed
    )


def _change(
    code: str,
    start: datetime,
    other_start: datetime,
    problem: Problem,
    wording: Wording,
) -> str:
    before = format_moment(start, problem, wording)
    local, other_local = start.astimezone(problem.zone), other_start.astimezone(problem.zone)
    if local.date() == other_local.date():
        clock = wording.clock(other_local)
        return wording.say("{meeting}: {before} → {clock} on the same day", meeting=code, before=before, clock=clock)
    after = format_moment(other_start, problem, wording)
    return wording.say("{meeting}: {before} → {after}", meeting=code, before=before, after=after)


def _difference(loss: float, problem: Problem, wording: Wording) -> str:
    """Return the difference in words; a negative loss is a gain, which a plan that is not proven best may have."""
    if abs(loss) < SMALLEST:
        return wording.say("no noticeable difference")

    difference = wording.decimal(abs(loss), 1)
    if weighs_evenly(problem):
        if loss > 0:
            return wording.say("{difference} fewer parties over all meetings", difference=difference)
        return wording.say("{difference} more parties over all meetings", difference=difference)
    if loss > 0:
        return wording.say("{difference} lower by weight", difference=difference)
    return wording.say("{difference} higher by weight", difference=difference)
