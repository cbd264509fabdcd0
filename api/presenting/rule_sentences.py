"""Who says a rule in a sentence, so that a person can decide whether to give it up."""

from datetime import datetime

from api.i18n import Wording
from api.presenting.names import Names, capitalised
from scheduler.problem import Meeting, Problem, Relation
from scheduler.proposal import RuleInstance

MOST_CLOCKS = 3  # named; of more the first and the last


def describe_rule(rule: RuleInstance, problem: Problem, names: Names, wording: Wording) -> str:
    """Return one rule where it applies, as a sentence."""
    if rule.meeting is not None:
        return _about_one_meeting(rule, rule.meeting, problem, names, wording)
    return _between_meetings(rule, problem, names, wording)


def _about_one_meeting(rule: RuleInstance, meeting: str, problem: Problem, names: Names, wording: Wording) -> str:
    asked, name = problem.meetings_by_id[meeting], names.meetings[meeting]
    match rule.rule:
        case "window":
            days = wording.on_days(*problem.window(asked))
            return wording.say("{meeting} is to be held {days}.", meeting=name, days=days)
        case "notice":
            return wording.say_many(
                "Notice of {meeting} is to be given {count} day before.",
                "Notice of {meeting} is to be given {count} days before.",
                asked.notice_days or 0,
                meeting=name,
            )
        case "required_person":
            return wording.say(
                "{meeting} is not held without {person}, whose chance to come has to be at least {percent}.",
                meeting=name,
                person=problem.people_by_id[rule.person or ""].name,
                percent=wording.percent(chance_asked(asked, rule.person)),
            )
        case "quorum_likely":
            chance = wording.percent(chance_asked(asked, None))
            return wording.say(
                "{meeting} is to have its quorum with a chance of at least {percent}.", meeting=name, percent=chance
            )
        case "pinned":
            time = moment(asked.pinned, problem, wording)
            return wording.say("{meeting} is fixed to {time}.", meeting=name, time=time)
        case _:
            return wording.say(
                "{meeting} starts only at these times: {weekdays} at {clocks}.",
                meeting=name,
                weekdays=wording.weekdays(asked.weekdays),
                clocks=_clocks(asked, wording),
            )


def chance_asked(meeting: Meeting, person: str | None) -> float:
    """Return how likely the meeting asks ``person`` to come, or, of nobody, its quorum to be."""
    if person is None:
        return meeting.quorum_probability or 0.0
    return next((one.at_least for one in meeting.required if one.person == person), 0.0)


def _clocks(meeting: Meeting, wording: Wording) -> str:
    clocks = [wording.clock(start) for start in meeting.start_clocks]
    return wording.listing(clocks) if len(clocks) <= MOST_CLOCKS else f"{clocks[0]}–{clocks[-1]}"


def _between_meetings(rule: RuleInstance, problem: Problem, names: Names, wording: Wording) -> str:
    match rule.rule:
        case "nobody_in_two_places":
            person = capitalised(problem.people_by_id[rule.person or ""].name)
            return wording.say("{person} cannot be at two meetings at once.", person=person)
        case "rooms":
            venue = problem.venues_by_id[rule.venue or ""]
            return wording.say_many(
                "{venue} has room for {count} meeting at a time.",
                "{venue} has room for {count} meetings at a time.",
                venue.rooms,
                venue=venue.name,
            )
        case "relation":
            return _relation_sentence(problem.relations[rule.index or 0], names, wording)
        case "blackout":
            closed = problem.blackouts[rule.index or 0]
            days = wording.on_days(closed.start, closed.end)
            return wording.say("No meetings {days} ({reason}).", days=days, reason=closed.reason)
        case "holiday":
            return wording.say("No meetings on public holidays or their eves.")
        case _:
            return _spacing_sentence(rule, problem, names, wording)


def _spacing_sentence(rule: RuleInstance, problem: Problem, names: Names, wording: Wording) -> str:
    council = names.councils[rule.council or ""]
    spacing = problem.councils_by_id[rule.council or ""].spacing_days
    if rule.rule == "spacing_min" and spacing is not None and spacing.min is not None:
        return wording.say_many(
            "{council}: at least {count} day between meetings.",
            "{council}: at least {count} days between meetings.",
            spacing.min,
            council=council,
        )
    if rule.rule == "spacing_max" and spacing is not None and spacing.max is not None:
        return wording.say_many(
            "{council}: at most {count} day between meetings.",
            "{council}: at most {count} days between meetings.",
            spacing.max,
            council=council,
        )
    return wording.say("{council}: the meetings keep their order, at most one a day.", council=council)


def _relation_sentence(relation: Relation, names: Names, wording: Wording) -> str:
    meetings = wording.listing(names.meetings[meeting] for meeting in relation.meetings)
    match relation.kind:
        case "same_day":
            return wording.say("On the same day: {meetings}.", meetings=meetings)
        case "same_slot":
            return wording.say("At the same time: {meetings}.", meetings=meetings)
        case "apart_days":
            return wording.say_many(
                "At least {count} day apart: {meetings}.",
                "At least {count} days apart: {meetings}.",
                relation.days or 0,
                meetings=meetings,
            )
        case "before":
            return wording.say("In this order: {meetings}.", meetings=meetings)


def moment(written: datetime | None, problem: Problem, wording: Wording) -> str:
    """Return a time of the problem in full; nothing for none."""
    if written is None:
        return ""
    there = problem.instant(written).astimezone(problem.zone)
    return wording.say("{day} at {clock}", day=wording.day(there.date()), clock=wording.clock(there))
