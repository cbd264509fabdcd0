"""Who says how the answer was computed: what was believed, what it rests on, and how to get it again."""

from collections import Counter

from api.i18n import Wording
from scheduler.problem import Problem
from scheduler.proposal import Proposal, Proposals

SHOWN_HASH = 12  # characters


def describe_method(answer: Proposals, problem: Problem, wording: Wording) -> tuple[str, ...]:
    """Return the sentences of the page's foot."""
    resting = _evidence(answer.proposals[0], wording) if answer.proposals else ()
    return (
        wording.say("What was known on {day} is what counts.", day=wording.plain_day(problem.today)),
        *resting,
        *_assumptions(problem, wording),
        wording.say(
            "Computed with {solver} {version}, seed {seed}, input {hash}; the same input and seed give the same plan.",
            solver=answer.solver.name,
            version=answer.solver.version,
            seed=str(answer.seed),
            hash=answer.input_hash[:SHOWN_HASH],
        ),
    )


def _evidence(best: Proposal, wording: Wording) -> tuple[str, ...]:
    counted = Counter(party.evidence for meeting in best.meetings for party in meeting.parties)
    total = counted.total()
    if not total:
        return ()
    shares = {kind: wording.percent(counted[kind] / total) for kind in ("answer", "calendar", "none")}
    return (
        wording.say(
            "Of the chances shown, {answer} rest on people's own answers, {calendar} on their calendars and {none} "
            "on assumptions alone.",
            **shares,
        ),
    )


def _assumptions(problem: Problem, wording: Wording) -> tuple[str, ...]:
    believed = problem.assumptions
    rate, free, tentative = map(wording.percent, (believed.attendance_rate, believed.unknown_free, believed.tentative))
    yes, if_needed, no = map(wording.percent, (believed.answer_yes, believed.if_needed, believed.answer_no))
    shared = wording.say(
        "A whole party is missing for a reason of its own with a chance of {percent}.",
        percent=wording.percent(believed.shared_absence),
    )
    return (
        wording.say(
            "Somebody whose time is free is taken to come with a chance of {percent}, unless known better.",
            percent=rate,
        ),
        wording.say("Time that nothing is known of is taken to be free with a chance of {percent}.", percent=free),
        wording.say("A tentative engagement is taken to be held with a chance of {percent}.", percent=tentative),
        wording.say(
            "Who has answered yes comes with a chance of {yes}, if needed {if_needed}, no {no}.",
            yes=yes,
            if_needed=if_needed,
            no=no,
        ),
        wording.say(
            "A substitute is reached in time with a chance of {percent}.", percent=wording.percent(believed.call_in)
        ),
        *((shared,) if believed.shared_absence else ()),
    )
