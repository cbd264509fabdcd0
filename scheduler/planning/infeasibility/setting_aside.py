"""Who sets rules between meetings aside: the same question, in which nothing speaks of them any more."""

from collections.abc import Collection

from scheduler.problem import Council, Meeting, Problem
from scheduler.proposal import RuleInstance


def set_aside(problem: Problem, given_up: Collection[RuleInstance]) -> Problem:
    """
    Return the question without some of its rules between meetings; those about one slot are left to its candidates.

    Whoever may be in two places has no seat in it, and a venue has room for everybody: it is fit to be planned from
    candidates at hand, not to work out chances.
    """
    anywhere = {one.person for one in given_up if one.rule == "nobody_in_two_places"}
    roomy = {one.venue for one in given_up if one.rule == "rooms"}
    loose = {one.index for one in given_up if one.rule == "relation"}
    limits = {(one.council, one.rule) for one in given_up if one.rule in ("spacing_min", "spacing_max")}
    if not (anywhere or roomy or loose or limits):
        return problem
    room_for_all = {"rooms": len(problem.meetings)}
    return problem.with_parts(
        councils=tuple(_unspaced(_unseated(one, anywhere), limits) for one in problem.councils),
        meetings=tuple(_not_required(one, anywhere) for one in problem.meetings),
        venues=tuple(one.model_copy(update=room_for_all) if one.id in roomy else one for one in problem.venues),
        relations=tuple(one for index, one in enumerate(problem.relations) if index not in loose),
    )


def of_councils(problem: Problem, councils: Collection[str]) -> Problem:
    """Return the question about some of its councils alone."""
    meetings = tuple(one for one in problem.meetings if one.council in councils)
    ids = {one.id for one in meetings}
    return problem.with_parts(
        councils=tuple(one for one in problem.councils if one.id in councils),
        meetings=meetings,
        relations=tuple(one for one in problem.relations if ids.issuperset(one.meetings)),
    )


def _unseated(council: Council, people: Collection[str | None]) -> Council:
    if not any(seat.member in people for seat in council.seats if seat.member is not None):
        return council
    seats = (seat.model_copy(update={"member": None}) if seat.member in people else seat for seat in council.seats)
    return council.model_copy(update={"seats": tuple(seats)})


def _not_required(meeting: Meeting, people: Collection[str | None]) -> Meeting:
    if not any(one.person in people for one in meeting.required):
        return meeting
    required = tuple(one for one in meeting.required if one.person not in people)
    return meeting.model_copy(update={"required": required})


def _unspaced(council: Council, limits: Collection[tuple[str | None, str]]) -> Council:
    gone = {side: None for side in ("min", "max") if (council.id, f"spacing_{side}") in limits}
    if not gone or council.spacing_days is None:
        return council
    return council.model_copy(update={"spacing_days": council.spacing_days.model_copy(update=gone)})
