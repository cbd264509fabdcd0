"""Rule changes that make a plan possible, in sentences, with the attendance of the best plan that follows."""

from collections.abc import Iterator
from datetime import date

from api.i18n import Wording
from api.presenting.attendance import weighs_evenly
from api.presenting.names import Names
from api.presenting.rule_sentences import describe_rule, format_written_moment, required_chance
from scheduler.problem import Problem
from scheduler.proposal import Loosened, Relaxation


def describe_relaxation(change: Relaxation, problem: Problem, names: Names, wording: Wording) -> str:
    """Return the changes that are needed together, and the expected attendance of the best plan then."""
    changes = (change, *change.also)
    sentences = [_describe_change(loosened, problem, names, wording) for loosened in changes]
    sentences += _needed_together(len(changes), wording)
    sentences.append(_expected_attendance(change, problem, wording))
    return " ".join(sentences)


def _needed_together(num_changes: int, wording: Wording) -> Iterator[str]:
    if num_changes == 2:
        yield wording.say("Both changes are needed.")
    elif num_changes > 2:
        yield wording.say("All these changes are needed.")


def _expected_attendance(change: Relaxation, problem: Problem, wording: Wording) -> str:
    expected = wording.decimal(change.objective, 1)
    if not weighs_evenly(problem):
        return wording.say("The best plan then has an expected attendance of {expected}, by weight.", expected=expected)
    if len(problem.meetings) == 2:
        return wording.say("The best plan then expects {expected} parties, over both meetings.", expected=expected)
    return wording.say_many(
        "The best plan then expects {expected} parties.",
        "The best plan then expects {expected} parties, over all its {count} meetings.",
        len(problem.meetings),
        expected=expected,
    )


def _describe_change(change: Loosened, problem: Problem, names: Names, wording: Wording) -> str:
    if change.meeting is not None:
        return _change_of_meeting(change, change.meeting, problem, names, wording)
    match change.rule:
        case "holiday":
            return wording.say("Allow meetings on public holidays and their eves.")
        case "blackout":
            blackout = problem.blackouts[change.index or 0]
            days = wording.on_days(blackout.start, blackout.end)
            return wording.say("Allow meetings {days} ({reason}).", days=days, reason=blackout.reason)
        case "nobody_in_two_places":
            person = problem.people_by_id[change.person or ""].name
            return wording.say("Let meetings overlap, though {person} is needed at both.", person=person)
        case "rooms":
            return _change_of_rooms(change, problem, wording)
        case "spacing_min" | "spacing_max":
            return _change_of_spacing(change, names, wording)
        case "relation":
            return _change_of_relation(change, problem, names, wording)
        case _:
            rule = describe_rule(change, problem, names, wording)
            return wording.say("Give up this rule: “{rule}”", rule=rule)


def _change_of_meeting(change: Loosened, meeting: str, problem: Problem, names: Names, wording: Wording) -> str:
    name = names.meetings[meeting]
    match change.rule, change.to:
        case "window", (str(first), str(last)):
            days = wording.days(date.fromisoformat(first), date.fromisoformat(last))
            return wording.say("Let the window of {meeting} be {days}.", meeting=name, days=days)
        case "window", _:
            return wording.say("Let {meeting} be held at any time of the planning period.", meeting=name)
        case "weekday_and_start", tuple(weekdays):
            listed = wording.weekdays(weekdays)
            return wording.say("Let {meeting} be held on these weekdays: {weekdays}.", meeting=name, weekdays=listed)
        case "weekday_and_start", _:
            return wording.say("Let {meeting} be held on any day of the week.", meeting=name)
        case "notice", int(days):
            return wording.say_many(
                "Let {count} day be enough notice of {meeting}.",
                "Let {count} days be enough notice of {meeting}.",
                days,
                meeting=name,
            )
        case "notice", _:
            return wording.say("Require no notice of {meeting}.", meeting=name)
        case "pinned", _:
            pinned = problem.meetings_by_id[meeting].pinned
            time = format_written_moment(pinned, problem, wording)
            return wording.say("Let {meeting} be moved from {time}, to which it is locked.", meeting=name, time=time)
        case _:
            return _change_of_chance(change, meeting, name, problem, wording)


def _change_of_chance(change: Loosened, meeting: str, name: str, problem: Problem, wording: Wording) -> str:
    """Return the change of a rule that requires a chance: of a person's attendance, or of the quorum."""
    percent = wording.percent(change.to) if isinstance(change.to, float | int) else None
    required = wording.percent(required_chance(problem.meetings_by_id[meeting], change.person))
    if change.rule == "required_person":
        person = problem.people_by_id[change.person or ""].name
        if percent is None:
            return wording.say("Hold {meeting} even without {person}.", meeting=name, person=person)
        return wording.say(
            "Let a chance of {percent} that {person} comes to {meeting} be enough, instead of {required}.",
            percent=percent,
            person=person,
            meeting=name,
            required=required,
        )
    if percent is None:
        return wording.say("Hold {meeting} however likely its quorum is.", meeting=name)
    return wording.say(
        "Let a chance of {percent} that {meeting} has its quorum be enough, instead of {required}.",
        percent=percent,
        meeting=name,
        required=required,
    )


def _change_of_rooms(change: Loosened, problem: Problem, wording: Wording) -> str:
    venue = problem.venues_by_id[change.venue or ""].name
    if not isinstance(change.to, int):
        return wording.say("Do not count the rooms of {venue}.", venue=venue)
    return wording.say_many(
        "Find space for {count} meeting at a time in {venue}.",
        "Find space for {count} meetings at a time in {venue}.",
        change.to,
        venue=venue,
    )


def _change_of_spacing(change: Loosened, names: Names, wording: Wording) -> str:
    council = names.councils[change.council or ""]
    match change.rule, change.to:
        case "spacing_min", int(days):
            return wording.say_many(
                "{council}: let {count} day between meetings be enough.",
                "{council}: let {count} days between meetings be enough.",
                days,
                council=council,
            )
        case "spacing_min", _:
            return wording.say("{council}: let the meetings lie as close as they may.", council=council)
        case _, int(days):
            return wording.say_many(
                "{council}: let up to {count} day pass between meetings.",
                "{council}: let up to {count} days pass between meetings.",
                days,
                council=council,
            )
        case _:
            return wording.say("{council}: let the meetings lie as far apart as they may.", council=council)


def _change_of_relation(change: Loosened, problem: Problem, names: Names, wording: Wording) -> str:
    relation = problem.relations[change.index or 0]
    meetings = wording.listing(names.meetings[meeting] for meeting in relation.meetings)
    if isinstance(change.to, int):
        return wording.say_many(
            "Let {count} day between these be enough: {meetings}.",
            "Let {count} days between these be enough: {meetings}.",
            change.to,
            meetings=meetings,
        )
    match relation.kind:
        case "same_day":
            return wording.say("Let these be held on different days: {meetings}.", meetings=meetings)
        case "same_slot":
            return wording.say("Let these be held at different times: {meetings}.", meetings=meetings)
        case "apart_days":
            return wording.say("Let these lie as close as they may: {meetings}.", meetings=meetings)
        case "before":
            return wording.say("Let these be held in any order: {meetings}.", meetings=meetings)
