"""People with unknown calendars, by the expected gain of knowing each calendar."""

from collections.abc import Iterator, Sequence

from api.i18n import Wording
from api.presenting.amounts import SMALLEST, describe_weights, format_more
from api.presenting.explanation_view import CallList, CallListEntry
from api.presenting.names import capitalised, list_some, with_party
from scheduler.explaining.explanation import Asked, Asking
from scheduler.problem import Problem
from scheduler.proposal import TOLERANCE

MOST_SHOWN = 10
MOST_NAMED = 3  # of the people that were not calculated in time


def build_call_list(asking: Asking, problem: Problem, wording: Wording) -> CallList | None:
    """Return the people to call; None when every calendar is known or there is no plan."""
    if asking.objective is None or not (asking.people or asking.left_out):
        return None

    gaining = [value for value in asking.people if value.gain > TOLERANCE]
    shown = gaining[:MOST_SHOWN]
    rest = (
        *_num_unlisted(asking, len(gaining), wording),
        *_not_calculated(asking, problem, wording),
    )
    return CallList(
        introduction=tuple(_introduction(asking, shown, problem, wording)),
        people=tuple(_entry(value, problem, wording) for value in shown),
        rest=rest,
    )


def _entry(value: Asked, problem: Problem, wording: Wording) -> CallListEntry:
    person = problem.people_by_id[value.person]
    return CallListEntry(
        person=capitalised(person.name),
        party=problem.parties_by_id[person.party].name,
        worth=format_more(value.gain, problem, wording, standard_error=value.standard_error),
    )


def _introduction(asking: Asking, shown: Sequence[Asked], problem: Problem, wording: Wording) -> Iterator[str]:
    if not shown:
        return

    yield wording.say_many(
        "This person's calendar is unknown. The plan can be expected to improve this much once it is known.",
        "The calendars of these people are unknown. The plan can be expected to improve this much once one of them "
        "is known.",
        len(shown),
    )
    yield from describe_weights(problem, wording)

    has_error = any(value.standard_error >= SMALLEST for value in shown)
    if has_error:
        yield wording.say("± gives the uncertainty.")
    if asking.status != "optimal":
        yield wording.say("The calculation was not finished in time, so the figures may change with more time.")


def _num_unlisted(asking: Asking, num_gaining: int, wording: Wording) -> Iterator[str]:
    """Yield the numbers of people beyond the list: with a smaller gain, with hardly any gain, and with none."""
    num_left = num_gaining - MOST_SHOWN
    if num_left > 0:
        yield wording.say_many(
            "Asking the other person gains no more.",
            "Asking any of the other {count} people gains no more.",
            num_left,
        )

    # A gain of zero without a standard error is proven; with one, no sample showed a gain.
    num_without_gain = sum(value.gain <= TOLERANCE and value.standard_error == 0 for value in asking.people)
    num_hardly = len(asking.people) - num_gaining - num_without_gain
    if num_hardly:
        yield _hardly_any_gain(num_hardly, num_gaining > 0, wording)
    if num_without_gain:
        yield _no_gain(num_without_gain, num_gaining + num_hardly > 0, wording)


def _hardly_any_gain(count: int, has_others: bool, wording: Wording) -> str:
    if has_others:
        return wording.say_many(
            "One more calendar is unknown, but the answer would hardly change the dates.",
            "{count} more calendars are unknown, but the answers would hardly change the dates.",
            count,
        )
    return wording.say_many(
        "One calendar is unknown, but the answer would hardly change the dates.",
        "{count} calendars are unknown, but the answers would hardly change the dates.",
        count,
    )


def _no_gain(count: int, has_others: bool, wording: Wording) -> str:
    if has_others:
        return wording.say_many(
            "One more calendar is unknown, but cannot change the dates.",
            "{count} more calendars are unknown, but none of them can change the dates.",
            count,
        )
    return wording.say_many(
        "One calendar is unknown, but cannot change the dates.",
        "{count} calendars are unknown, but none of them can change the dates.",
        count,
    )


def _not_calculated(asking: Asking, problem: Problem, wording: Wording) -> Iterator[str]:
    if not asking.left_out:
        return
    people = [with_party(person, problem, wording) for person in asking.left_out]
    yield wording.say_many(
        "There was no time to calculate the value of asking {count} person: {people}.",
        "There was no time to calculate the value of asking {count} people: {people}.",
        len(people),
        people=list_some(people, MOST_NAMED, wording),
    )
