"""Who says whom to phone first: people whose calendars are unknown, by what it is worth to know them."""

from collections.abc import Iterator

from api.pages.plan.names import capitalised
from api.pages.plan.why_view import Phoned, PhoneList
from api.pages.plan.worth import SMALLEST, in_parties
from api.wording import Wording
from scheduler.explaining.explanation import Asked, Asking
from scheduler.problem import Problem
from scheduler.proposal import TOLERANCE

MOST_SHOWN = 10


def phone_list(found: Asking, problem: Problem, wording: Wording) -> PhoneList | None:
    """Return whom to ask; None when everybody's calendar is known, or there is no plan."""
    if found.objective is None or not found.people:
        return None
    worth_it = [one for one in found.people if one.gain > TOLERANCE]
    shown = tuple(_phoned(one, problem, wording) for one in worth_it[:MOST_SHOWN])
    return PhoneList(tuple(_told(found, wording)), shown, tuple(_rest(found, len(worth_it), wording)))


def _phoned(one: Asked, problem: Problem, wording: Wording) -> Phoned:
    person = problem.people_by_id[one.person]
    return Phoned(
        capitalised(person.name),
        problem.parties_by_id[person.party].name,
        in_parties(one.gain, problem, wording, one.standard_error),
    )


def _told(found: Asking, wording: Wording) -> Iterator[str]:
    if any(one.gain > TOLERANCE for one in found.people):
        yield wording.say(
            "The calendars of these people are unknown. The figures say how much the plan can be expected to gain from "
            "knowing one of them."
        )
    if any(one.standard_error > 0 and one.gain >= SMALLEST for one in found.people):
        yield wording.say("Figures with ± are estimated from samples, and that is their standard error.")
    if found.status != "optimal":
        yield wording.say("The plan is not proven to be the best, so these figures may change with more time.")


def _rest(found: Asking, num_worth_it: int, wording: Wording) -> Iterator[str]:
    if num_worth_it > MOST_SHOWN:
        yield wording.say_many(
            "{count} more person is worth less than these.",
            "{count} more people are worth less than these.",
            num_worth_it - MOST_SHOWN,
        )
    idle = sum(one.gain <= TOLERANCE and one.standard_error == 0 for one in found.people)
    hardly = len(found.people) - num_worth_it - idle
    if hardly:
        yield wording.say_many(
            "No sample of {count} other unknown calendar changed the choice: it is hardly worth asking for.",
            "No sample of {count} other unknown calendars changed the choice: they are hardly worth asking for.",
            hardly,
        )
    if idle and num_worth_it:
        yield wording.say_many(
            "The calendar of {count} other person is unknown too, but cannot change the choice.",
            "The calendars of {count} other people are unknown too, but cannot change the choice.",
            idle,
        )
    elif idle:
        yield wording.say_many(
            "The calendar of {count} person is unknown, but cannot change the choice.",
            "The calendars of {count} people are unknown, but none of them can change the choice.",
            idle,
        )
