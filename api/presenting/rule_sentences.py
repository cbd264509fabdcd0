"""The rules of a plan in sentences: as a requirement, and as the reason why a date is not possible."""

from datetime import datetime

from api.i18n import Wording
from api.presenting.names import Names, capitalised
from scheduler.problem import Meeting, Problem, Relation
from scheduler.proposal import RuleInstance

MOST_CLOCKS = 3  # of more starting times the first and the last are given


def describe_rule(rule: RuleInstance, problem: Problem, names: Names, wording: Wording) -> str:
    """Return a rule as a sentence that states the requirement and to what it applies."""
    if rule.meeting is not None:
        return _rule_of_meeting(rule, rule.meeting, problem, names, wording)
    return _rule_between_meetings(rule, problem, names, wording)


def describe_exclusion(rule: RuleInstance, meeting: Meeting, problem: Problem, wording: Wording) -> str | None:
    """Return why ``rule`` excludes a date of ``meeting``, as a clause; None for a rule that excludes no single date."""
    match rule.rule:
        case "window":
            days = wording.days(*problem.window(meeting))
            return wording.say("outside the period {days}", days=days)
        case "weekday_and_start":
            weekdays = wording.weekdays(meeting.weekdays)
            clocks = _format_clocks(meeting, wording)
            return wording.say("the meeting starts only {weekdays} at {clocks}", weekdays=weekdays, clocks=clocks)
        case "holiday":
            return wording.say("public holiday or eve")
        case "blackout":
            blackout = problem.blackouts[rule.index or 0]
            return wording.say("no meetings are held ({reason})", reason=blackout.reason)
        case "notice":
            return wording.say_many(
                "notice cannot be given {count} day before",
                "notice cannot be given {count} days before",
                meeting.notice_days or 0,
            )
        case "required_person":
            person = problem.people_by_id[rule.person or ""].name
            chance = wording.percent(required_chance(meeting, rule.person))
            return wording.say(
                "{person} has to attend, but the chance is below {percent}", person=person, percent=chance
            )
        case "quorum_likely":
            return wording.say("too great a risk that the council has no quorum")
        case "pinned":
            time = format_written_moment(meeting.pinned, problem, wording)
            return wording.say("locked to {time}", time=time)
        case "past":
            return wording.say("the date is past")
        case "held":
            return wording.say("already held")
        case _:
            return None


def required_chance(meeting: Meeting, person: str | None) -> float:
    """Return the chance that ``meeting`` requires of a person's attendance, or of its quorum when person is None."""
    if person is None:
        return meeting.quorum_probability or 0.0
    return next((required.at_least for required in meeting.required if required.person == person), 0.0)


def format_written_moment(written: datetime | None, problem: Problem, wording: Wording) -> str:
    """Return a time of the problem's document in full; an empty text for None."""
    if written is None:
        return ""
    local = problem.instant(written).astimezone(problem.zone)
    return wording.say("{day} at {clock}", day=wording.day(local.date()), clock=wording.clock(local))


def _rule_of_meeting(rule: RuleInstance, meeting_id: str, problem: Problem, names: Names, wording: Wording) -> str:
    meeting = problem.meetings_by_id[meeting_id]
    name = names.meetings[meeting_id]
    match rule.rule:
        case "window":
            days = wording.on_days(*problem.window(meeting))
            return wording.say("{meeting} is to be held {days}.", meeting=name, days=days)
        case "notice":
            return wording.say_many(
                "Notice of {meeting} is to be given {count} day before.",
                "Notice of {meeting} is to be given {count} days before.",
                meeting.notice_days or 0,
                meeting=name,
            )
        case "required_person":
            return wording.say(
                "{meeting} is not held without {person}, whose chance to come has to be at least {percent}.",
                meeting=name,
                person=problem.people_by_id[rule.person or ""].name,
                percent=wording.percent(required_chance(meeting, rule.person)),
            )
        case "quorum_likely":
            return wording.say(
                "{meeting} is to have its quorum with a chance of at least {percent}.",
                meeting=name,
                percent=wording.percent(required_chance(meeting, None)),
            )
        case "pinned":
            time = format_written_moment(meeting.pinned, problem, wording)
            return wording.say("{meeting} is locked to {time}.", meeting=name, time=time)
        case "past" | "held":
            return _rule_of_the_past(rule, meeting, name, problem, wording)
        case "weekday_and_start":
            return wording.say(
                "{meeting} starts only at these times: {weekdays} at {clocks}.",
                meeting=name,
                weekdays=wording.weekdays(meeting.weekdays),
                clocks=_format_clocks(meeting, wording),
            )
        case _:
            raise ValueError(f"the rule {rule.rule} has no sentence")


def _rule_of_the_past(rule: RuleInstance, meeting: Meeting, name: str, problem: Problem, wording: Wording) -> str:
    if rule.rule == "past":
        day = wording.plain_day(problem.today)
        return wording.say("{meeting} cannot be held before {day}, when the plan is made.", meeting=name, day=day)
    time = format_written_moment(problem.held.get(meeting.id), problem, wording)
    return wording.say("{meeting} was held on {time} and keeps that date.", meeting=name, time=time)


def _format_clocks(meeting: Meeting, wording: Wording) -> str:
    clocks = [wording.clock(start) for start in meeting.start_clocks]
    if len(clocks) > MOST_CLOCKS:
        return f"{clocks[0]}–{clocks[-1]}"
    return wording.listing(clocks)


def _rule_between_meetings(rule: RuleInstance, problem: Problem, names: Names, wording: Wording) -> str:
    match rule.rule:
        case "nobody_in_two_places":
            person = capitalised(problem.people_by_id[rule.person or ""].name)
            return wording.say("{person} cannot be at two meetings at once.", person=person)
        case "rooms":
            venue = problem.venues_by_id[rule.venue or ""]
            return wording.say_many(
                "{venue} has space for {count} meeting at a time.",
                "{venue} has space for {count} meetings at a time.",
                venue.rooms,
                venue=venue.name,
            )
        case "relation":
            relation = problem.relations[rule.index or 0]
            return _relation_sentence(relation, names, wording)
        case "blackout":
            blackout = problem.blackouts[rule.index or 0]
            days = wording.on_days(blackout.start, blackout.end)
            return wording.say("No meetings {days} ({reason}).", days=days, reason=blackout.reason)
        case "holiday":
            return wording.say("No meetings on public holidays or their eves.")
        case "spacing_min" | "spacing_max" | "order":
            return _spacing_sentence(rule, problem, names, wording)
        case _:
            raise ValueError(f"the rule {rule.rule} has no sentence")


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
