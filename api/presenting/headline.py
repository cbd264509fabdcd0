"""The summary of a result: the expected attendance and its proof, or the rules that make a plan impossible."""

from api.i18n import Wording
from api.presenting.attendance import format_attendance, full_attendance, lowest_parties, weighs_evenly
from api.presenting.names import Names, capitalised
from api.presenting.plan_view import Headline
from api.presenting.proof import describe_proof
from api.presenting.recipients import describe_missing_addresses
from api.presenting.relaxations import describe_relaxation
from api.presenting.rule_sentences import describe_rule
from scheduler.explaining.explanation import Conflicts
from scheduler.planning.infeasibility.hitting_sets import MAX_TOGETHER
from scheduler.problem import Problem
from scheduler.proposal import PlanWarning, Proposal, Proposals, ProposedMeeting

MOST_NAMED = 3  # of parties that are equally badly represented
MOST_RULES = 30  # of a conflict that is not proven minimal, and may have hundreds
ALMOST_CERTAIN = 0.995  # rounds to 100 %


def build_headline(problem: Problem, answer: Proposals, names: Names, wording: Wording) -> Headline:
    """Return the summary of ``answer``."""
    if not answer.proposals:
        return _no_plan(problem, answer, names, wording)

    best = answer.proposals[0]
    if answer.evidence is not None and answer.evidence.is_empty:
        return _without_evidence(best, answer, problem, names, wording)
    sentences = (
        _expected_attendance(best, problem, wording),
        *describe_proof(problem, answer, wording),
        _num_moved(best, answer, wording),
        _worst_represented(best, problem, wording),
        _lowest_quorum(best, problem, names, wording),
    )
    return Headline(
        sentences=tuple(sentence for sentence in sentences if sentence),
        conflict=(),
        relaxations=(),
        advice=None,
        warnings=_warnings(best, answer, problem, names, wording),
    )


def _without_evidence(best: Proposal, answer: Proposals, problem: Problem, names: Names, wording: Wording) -> Headline:
    """Return the summary of a plan that rests on nothing: a proof would only say that all dates are equal."""
    if any(blackout.parties is not None for blackout in problem.blackouts):
        equally_good = wording.say(
            "No calendar and no answer is known: all dates within the rules and outside the parties' stated absences "
            "are equally good, and these are some of them."
        )
    else:
        equally_good = wording.say(
            "No calendar and no answer is known: all dates within the rules are equally good, and these are some of "
            "them."
        )
    sentences = (
        equally_good,
        _num_moved(best, answer, wording),
    )
    return Headline(
        sentences=tuple(sentence for sentence in sentences if sentence),
        conflict=(),
        relaxations=(),
        advice=wording.say("Add people's calendars or their answers, and plan again."),
        warnings=_warnings(best, answer, problem, names, wording),
    )


def build_infeasible_headline(
    answer: Proposals | Conflicts,
    problem: Problem,
    names: Names,
    wording: Wording,
) -> Headline:
    """Return the summary of a proof that there is no plan: the conflicting rules, possible changes and advice."""
    conflict, is_minimal = answer.conflict, answer.conflict_is_minimal
    sentences = [wording.say("Proven: no plan keeps all the rules.")]
    listed = conflict if is_minimal else conflict[:MOST_RULES]
    rules = [describe_rule(rule, problem, names, wording) for rule in listed]
    if len(listed) < len(conflict):
        rules.append(wording.say("and {count} more", count=len(conflict) - len(listed)))
    if not is_minimal:
        sentences.append(
            wording.say(
                "The rules below cannot all hold, but there was no time to show that each of them is part of the "
                "conflict."
            )
        )
    changes = [describe_relaxation(relaxation, problem, names, wording) for relaxation in answer.relaxations]
    return Headline(
        sentences=tuple(sentences),
        conflict=tuple(rules),
        relaxations=tuple(changes),
        advice=_advice(answer, wording),
        warnings=(),
    )


def _expected_attendance(best: Proposal, problem: Problem, wording: Wording) -> str:
    num_meetings = len(best.meetings)
    totals = [full_attendance(planned, problem) for planned in best.meetings]
    expected = sum(planned.expected_attendance for planned in best.meetings)

    # A mean number of parties is meaningful only when all meetings have equally many.
    if weighs_evenly(problem) and len(set(totals)) == 1:
        return wording.say_many(
            "{count} meeting: {parties} parties can be expected to be represented.",
            "{count} meetings: on average {parties} parties can be expected to be represented.",
            num_meetings,
            parties=format_attendance(expected / num_meetings, totals[0], wording),
        )

    total = sum(totals)
    share = wording.percent(expected / total if total else 0.0)
    if all(party.weight == 1 for party in problem.parties):
        return wording.say_many(
            "{count} meeting: {percent} of the parties can be expected to be represented.",
            "{count} meetings: on average {percent} of the parties can be expected to be represented.",
            num_meetings,
            percent=share,
        )
    return wording.say_many(
        "{count} meeting: {percent} of the parties, by weight, can be expected to be represented.",
        "{count} meetings: {percent} of the parties, by weight, can be expected to be represented.",
        num_meetings,
        percent=share,
    )


def _num_moved(best: Proposal, answer: Proposals, wording: Wording) -> str:
    if best.moved:
        return wording.say_many(
            "{count} meeting of {total} moves from its published date.",
            "{count} meetings of {total} move from their published dates.",
            len(best.moved),
            total=len(best.meetings),
        )
    if answer.objective_kind == "repair":
        return wording.say("No meeting moves from its published date.")
    return ""


def _worst_represented(best: Proposal, problem: Problem, wording: Wording) -> str:
    if best.worst_party is None:
        return ""

    chance = wording.percent(best.worst_party.probability)
    parties = [problem.parties_by_id[party].name for party in lowest_parties(best, wording)]
    if len(parties) > 1 and len(parties) == len(problem.parties):
        return wording.say(
            "All parties are equally well represented, with a chance of {percent} on average.", percent=chance
        )
    if len(parties) <= MOST_NAMED:
        return wording.say_many(
            "Worst represented: {parties}, with a chance of {percent} on average.",
            "Worst represented: {parties}, each with a chance of {percent} on average.",
            len(parties),
            parties=wording.listing(parties),
            percent=chance,
        )
    return wording.say(
        "Worst represented: {count} parties, each with a chance of {percent} on average.",
        count=len(parties),
        percent=chance,
    )


def _lowest_quorum(best: Proposal, problem: Problem, names: Names, wording: Wording) -> str:
    to_come = [planned for planned in best.meetings if not planned.held]
    with_quorum = [planned for planned in to_come if _has_quorum(planned, problem)]
    if not with_quorum:
        return ""

    lowest = min(with_quorum, key=lambda planned: planned.quorum_probability)
    chance = wording.percent(lowest.quorum_probability)
    meeting = names.codes[lowest.meeting]
    if lowest.quorum_probability < ALMOST_CERTAIN:
        return wording.say("The chance of a quorum is lowest at {meeting}: {percent}.", meeting=meeting, percent=chance)
    if len(with_quorum) == 1:
        return wording.say("{meeting} has a quorum with a chance of {percent}.", meeting=meeting, percent=chance)
    if len(with_quorum) == len(to_come):
        return wording.say(
            "All meetings have a quorum with a chance of {percent}; the lowest is {meeting}.",
            percent=chance,
            meeting=meeting,
        )
    return wording.say(
        "All meetings that need a quorum have it with a chance of {percent}; the lowest is {meeting}.",
        percent=chance,
        meeting=meeting,
    )


def _has_quorum(planned: ProposedMeeting, problem: Problem) -> bool:
    council = problem.meetings_by_id[planned.meeting].council
    return problem.councils_by_id[council].quorum is not None


def _warnings(best: Proposal, answer: Proposals, problem: Problem, names: Names, wording: Wording) -> tuple[str, ...]:
    warnings = [_warning(warning, problem, names, wording) for warning in best.warnings]
    if "alternatives" in answer.missing:
        warnings.append(wording.say("Other plans are missing, because the search for them failed."))
    missing_addresses = describe_missing_addresses(problem, wording)
    if missing_addresses:
        warnings.append(missing_addresses)
    return tuple(warnings)


def _warning(warning: PlanWarning, problem: Problem, names: Names, wording: Wording) -> str:
    meetings = wording.listing(names.codes[meeting] for meeting in warning.meetings)
    if warning.kind == "counted_twice":
        return wording.say(
            "{person} is counted at meetings that overlap: {meetings}.",
            person=capitalised(problem.people_by_id[warning.person or ""].name),
            meetings=meetings,
        )
    if warning.rule == "window":
        return wording.say("{meeting} is locked to a date outside its period.", meeting=meetings)
    return wording.say("{meeting} is locked to a time that is not one of its weekdays and starts.", meeting=meetings)


def _no_plan(problem: Problem, answer: Proposals, names: Names, wording: Wording) -> Headline:
    if answer.status == "infeasible":
        return build_infeasible_headline(answer, problem, names, wording)

    sentence = wording.say("The time ran out before any plan was found; it is not proven that there is none.")
    advice = wording.say("Plan again with more time, with wider windows or with fewer starts to choose from.")
    return Headline(sentences=(sentence,), conflict=(), relaxations=(), advice=advice, warnings=())


def _advice(answer: Proposals | Conflicts, wording: Wording) -> str:
    if not answer.conflict:
        return wording.say(
            "There was no time to find the conflicting rules, or there are more meetings than days. "
            "Widen windows or the planning period, and plan again."
        )
    if not answer.conflict_is_minimal:
        return wording.say("Give the search more time to find fewer rules, and changes that help.")
    if not answer.relaxations:
        return wording.say(
            "No change of at most {count} rules was found that makes a plan possible. Plan fewer meetings or a longer "
            "time, loosen more rules, or give the search more time.",
            count=MAX_TOGETHER,
        )
    if all(relaxation.also for relaxation in answer.relaxations):
        return wording.say("There is more than one obstacle, so several changes are needed at once.")
    return wording.say_many(
        "Make this change, and plan again.",
        "Make one of these changes, and plan again.",
        len(answer.relaxations),
    )
