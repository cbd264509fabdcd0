"""Who says whom to phone first: people whose calendars are unknown, by what it is worth to know them."""

from collections.abc import Iterator, Sequence

from api.i18n import Wording
from api.pages.plan.amounts import SMALLEST, in_parties, weighing
from api.pages.plan.explanation_view import Phoned, PhoneList
from api.pages.plan.names import capitalised, some_of, with_party
from scheduler.explaining.explanation import Asking, PersonValue
from scheduler.problem import Problem
from scheduler.proposal import TOLERANCE

MOST_SHOWN = 10
MOST_NAMED = 3  # of those left out


def phone_list(found: Asking, problem: Problem, wording: Wording) -> PhoneList | None:
    """Return whom to ask; None when everybody's calendar is known, or there is no plan."""
    if found.objective is None or not (found.people or found.left_out):
        return None
    worth_it = [one for one in found.people if one.gain > TOLERANCE]
    shown = worth_it[:MOST_SHOWN]
    return PhoneList(
        tuple(_told(found, shown, problem, wording)),
        tuple(_phoned(one, problem, wording) for one in shown),
        (*_rest(found, len(worth_it), wording), *_left_out(found, problem, wording)),
    )


def _phoned(one: PersonValue, problem: Problem, wording: Wording) -> Phoned:
    person = problem.people_by_id[one.person]
    return Phoned(
        capitalised(person.name),
        problem.parties_by_id[person.party].name,
        in_parties(one.gain, problem, wording, one.standard_error),
    )


def _told(found: Asking, shown: Sequence[PersonValue], problem: Problem, wording: Wording) -> Iterator[str]:
    if not shown:
        return
    yield wording.say_many(
        "This person's calendar is unknown. The figure says how much the plan can be expected to gain from knowing it.",
        "The calendars of these people are unknown. The figures say how much the plan can be expected to gain from "
        "knowing one of them.",
        len(shown),
    )
    yield from weighing(problem, wording)
    num_estimated = sum(one.standard_error > 0 and one.gain >= SMALLEST for one in shown)
    if num_estimated:
        yield wording.say_many(
            "The figure with ± is estimated from samples, and that is its standard error.",
            "Figures with ± are estimated from samples, and that is their standard error.",
            num_estimated,
        )
    if found.status != "optimal":
        yield wording.say("The time ran out before all was proven, so these figures may change with more time.")


def _rest(found: Asking, num_worth_it: int, wording: Wording) -> Iterator[str]:
    if num_worth_it > MOST_SHOWN:
        yield wording.say_many(
            "Asking {count} more person would gain no more than these.",
            "Asking {count} more people would gain no more than these.",
            num_worth_it - MOST_SHOWN,
        )
    idle = sum(one.gain <= TOLERANCE and one.standard_error == 0 for one in found.people)
    hardly = len(found.people) - num_worth_it - idle
    if hardly:
        yield _hardly(hardly, num_worth_it > 0, wording)
    if idle:
        yield _idle(idle, num_worth_it + hardly > 0, wording)


def _hardly(count: int, are_more: bool, wording: Wording) -> str:
    """Return how many changed nothing in any sample, besides others or alone."""
    if are_more:
        return wording.say_many(
            "One more unknown calendar changed the choice in no sample; it is hardly worth asking for.",
            "{count} more unknown calendars changed the choice in no sample; they are hardly worth asking for.",
            count,
        )
    return wording.say_many(
        "One unknown calendar changed the choice in no sample; it is hardly worth asking for.",
        "{count} unknown calendars changed the choice in no sample; they are hardly worth asking for.",
        count,
    )


def _idle(count: int, are_more: bool, wording: Wording) -> str:
    """Return how many cannot change anything, besides others or alone."""
    if are_more:
        return wording.say_many(
            "The calendar of {count} other person is unknown too, but cannot change the choice.",
            "The calendars of {count} other people are unknown too, but cannot change the choice.",
            count,
        )
    return wording.say_many(
        "The calendar of {count} person is unknown, but cannot change the choice.",
        "The calendars of {count} people are unknown, but none of them can change the choice.",
        count,
    )


def _left_out(found: Asking, problem: Problem, wording: Wording) -> Iterator[str]:
    if found.left_out:
        yield wording.say_many(
            "For {count} person it was not worked out in time whether asking is worth it: {people}.",
            "For {count} people it was not worked out in time whether asking is worth it: {people}.",
            len(found.left_out),
            people=some_of([with_party(one, problem, wording) for one in found.left_out], MOST_NAMED, wording),
        )
