"""Who says first what was found and what is proven, and when nothing was, which rules stand against each other."""

from collections.abc import Sequence

from api.i18n import Wording
from api.presenting.attendance import format_attendance, full_attendance, weighs_evenly
from api.presenting.names import Names, capitalised
from api.presenting.plan_view import Headline
from api.presenting.proof import describe_proof
from api.presenting.relaxations import describe_relaxation
from api.presenting.rule_sentences import describe_rule
from scheduler.planning.infeasibility.hitting_sets import MAX_TOGETHER
from scheduler.problem import Problem
from scheduler.proposal import Proposal, Proposals, Relaxation, RuleInstance


def build_headline(problem: Problem, answer: Proposals, names: Names, wording: Wording) -> Headline:
    """Return what the page says first."""
    if not answer.proposals:
        return _nothing_found(problem, answer, names, wording)
    best = answer.proposals[0]
    said = (
        _found(best, problem, wording),
        *describe_proof(problem, answer, wording),
        _moved(best, answer, wording),
        _least_heard(best, problem, wording),
        _least_quorum(best, problem, names, wording),
    )
    return Headline(tuple(filter(None, said)), (), (), None, _warnings(best, problem, names, wording))


def _found(best: Proposal, problem: Problem, wording: Wording) -> str:
    count = len(best.meetings)
    totals = [full_attendance(held, problem) for held in best.meetings]
    expected = sum(held.expected_attendance for held in best.meetings)
    if weighs_evenly(problem) and len(set(totals)) == 1:
        return wording.say_many(
            "{count} meeting: {parties} parties can be expected to be represented.",
            "{count} meetings: on average {parties} parties can be expected to be represented.",
            count,
            parties=format_attendance(expected / count, totals[0], wording),
        )
    share = wording.percent(expected / sum(totals) if sum(totals) else 0.0)
    if all(party.weight == 1 for party in problem.parties):
        return wording.say_many(
            "{count} meeting: {percent} of the parties can be expected to be represented.",
            "{count} meetings: on average {percent} of the parties can be expected to be represented.",
            count,
            percent=share,
        )
    return wording.say_many(
        "{count} meeting: {percent} of the parties, by weight, can be expected to be represented.",
        "{count} meetings: {percent} of the parties, by weight, can be expected to be represented.",
        count,
        percent=share,
    )


def _moved(best: Proposal, answer: Proposals, wording: Wording) -> str:
    if not best.moved:
        is_repaired = answer.objective_kind == "repair"
        return wording.say("No meeting moves from its published date.") if is_repaired else ""
    return wording.say_many(
        "{count} meeting of {total} moves from its published date.",
        "{count} meetings of {total} move from their published dates.",
        len(best.moved),
        total=len(best.meetings),
    )


def _least_heard(best: Proposal, problem: Problem, wording: Wording) -> str:
    if best.worst_party is None:
        return ""
    party = problem.parties_by_id[best.worst_party.party].name
    chance = wording.percent(best.worst_party.probability)
    return wording.say(
        "Least heard is {party}, represented with a chance of {percent} on average.", party=party, percent=chance
    )


def _least_quorum(best: Proposal, problem: Problem, names: Names, wording: Wording) -> str:
    bound = [
        held
        for held in best.meetings
        if problem.councils_by_id[problem.meetings_by_id[held.meeting].council].quorum is not None
    ]
    if not bound:
        return ""
    least = min(bound, key=lambda held: held.quorum_probability)
    chance = wording.percent(least.quorum_probability)
    return wording.say(
        "The lowest chance that a meeting has its quorum is {percent} ({meeting}).",
        percent=chance,
        meeting=names.codes[least.meeting],
    )


def _warnings(best: Proposal, problem: Problem, names: Names, wording: Wording) -> tuple[str, ...]:
    return tuple(
        wording.say(
            "{person} is counted at meetings that overlap: {meetings}.",
            person=capitalised(problem.people_by_id[warning.person].name),
            meetings=wording.listing(names.codes[meeting] for meeting in warning.meetings),
        )
        for warning in best.warnings
    )


def _nothing_found(problem: Problem, answer: Proposals, names: Names, wording: Wording) -> Headline:
    if answer.status != "infeasible":
        said = wording.say("The time ran out before any plan was found; it is not proven that there is none.")
        advice = wording.say("Plan again with more time, with wider windows or with fewer starts to choose from.")
        return Headline((said,), (), (), advice, ())
    return build_infeasible_headline(answer.conflict, answer.relaxations, problem, names, wording)


def build_infeasible_headline(
    conflict: Sequence[RuleInstance],
    relaxations: Sequence[Relaxation],
    problem: Problem,
    names: Names,
    wording: Wording,
) -> Headline:
    """Return that it is proven that nothing fits, which rules collide, what would help, and what to do."""
    said = wording.say("Proven: no plan keeps all the rules.")
    return Headline(
        sentences=(said,),
        conflict=tuple(describe_rule(rule, problem, names, wording) for rule in conflict),
        relaxations=tuple(describe_relaxation(one, problem, names, wording) for one in relaxations),
        advice=_advice(relaxations, wording) if conflict else _nothing_named(wording),
        warnings=(),
    )


def _advice(relaxations: Sequence[Relaxation], wording: Wording) -> str:
    if not relaxations:
        return wording.say(
            "No change of at most {count} rules was found that makes a plan possible. Plan fewer meetings or a longer "
            "time, loosen more rules, or give the search more time.",
            count=MAX_TOGETHER,
        )
    if all(one.also for one in relaxations):
        return wording.say("There is more than one obstacle, so several changes are needed at once.")
    return wording.say_many(
        "Make this change, and plan again.", "Make one of these changes, and plan again.", len(relaxations)
    )


def _nothing_named(wording: Wording) -> str:
    """Return what to do when no conflict could be named."""
    return wording.say(
        "Which rules stand against each other could not be proven in time, or there are more meetings than days. "
        "Widen windows or the horizon, and plan again."
    )
