"""Describe how the result was calculated: its evidence, the assumptions, and how to reproduce it."""

from collections import Counter
from collections.abc import Iterator

from api.i18n import Wording
from scheduler.problem import Assumptions, Problem
from scheduler.proposal import Proposal, Proposals

SHOWN_HASH = 12  # characters


def describe_basis(answer: Proposals, problem: Problem, wording: Wording) -> tuple[str, ...]:
    """Return the date of the evidence, and the share of each kind of evidence."""
    known = wording.say("Based on what was known on {day}.", day=wording.plain_day(problem.today))
    if not answer.proposals:
        return (known,)
    return (known, *_evidence(answer.proposals[0], wording))


def describe_method(answer: Proposals, problem: Problem, wording: Wording) -> tuple[str, ...]:
    """Return the assumptions, and what is needed to calculate the same plan again."""
    reproduction = wording.say(
        "Calculated with {solver} {version}, seed {seed}, input {hash}; the same input and seed give the same plan.",
        solver=answer.solver.name,
        version=answer.solver.version,
        seed=str(answer.seed),
        hash=answer.input_hash[:SHOWN_HASH],
    )
    return (*_assumptions(problem.assumptions, wording), reproduction)


def _evidence(best: Proposal, wording: Wording) -> Iterator[str]:
    outlooks = [outlook for meeting in best.meetings for outlook in meeting.parties]
    if not outlooks:
        return

    num_by_kind = Counter(outlook.evidence for outlook in outlooks)
    total = len(outlooks)
    yield wording.say(
        "Of the parties' chances, {answers} rest on answers, {calendars} on calendars and {assumptions} on assumptions"
        " alone.",
        answers=wording.percent(num_by_kind["answer"] / total),
        calendars=wording.percent(num_by_kind["calendar"] / total),
        assumptions=wording.percent(num_by_kind["none"] / total),
    )


def _assumptions(assumptions: Assumptions, wording: Wording) -> Iterator[str]:
    yield wording.say(
        "Assumed attendance of a person who is free, where nothing else is known: {percent}.",
        percent=wording.percent(assumptions.attendance_rate),
    )
    yield wording.say(
        "Assumed chance that unknown time is free: {percent}.",
        percent=wording.percent(assumptions.unknown_free),
    )
    yield wording.say(
        "Assumed chance that a tentative engagement takes place: {percent}.",
        percent=wording.percent(assumptions.tentative),
    )
    yield wording.say(
        "Assumed attendance after a yes: {yes}, after “if needed”: {if_needed}, after a no: {no}.",
        yes=wording.percent(assumptions.answer_yes),
        if_needed=wording.percent(assumptions.if_needed),
        no=wording.percent(assumptions.answer_no),
    )
    yield wording.say(
        "Assumed chance that a substitute is reached in time: {percent}.",
        percent=wording.percent(assumptions.call_in),
    )
    if assumptions.shared_absence:
        yield wording.say(
            "Assumed risk that a whole party is absent for a reason of its own: {percent}.",
            percent=wording.percent(assumptions.shared_absence),
        )
