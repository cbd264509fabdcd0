"""Who sets the year's heat map: for each meeting a calendar of what every date it may take would cost."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from api.i18n import Wording
from api.presenting.amounts import describe_weights, format_cost, format_parties
from api.presenting.date_costs import TINTS, DateCosts, average_party, cost_of, is_barred, is_left_out
from api.presenting.dates import StartByMeeting
from api.presenting.explanation_view import CostCalendar, CostGroup, CostMap
from api.presenting.names import Names
from scheduler.days import WEEKDAYS
from scheduler.explaining.explanation import DateCost, Heatmap, MeetingDates
from scheduler.problem import Problem

MOST_UNFOLDED = 4  # meetings; beyond, each council's calendars lie in a fold of their own
MOST_MEETINGS = 100  # on one page
NO_CHOICE = {"window", "weekday_and_start"}  # dates that nobody thinks of


def build_cost_map(
    found: Heatmap, starts: StartByMeeting, problem: Problem, names: Names, wording: Wording
) -> CostMap | None:
    """
    Return the heat map; None when there is no plan to hold dates against.

    Parameters
    ----------
    starts
        Each meeting's start in the plan that is shown; empty where none is.
    """
    if found.objective is None or not found.meetings:
        return None
    shown = found.meetings[:MOST_MEETINGS]
    unit = average_party(problem)
    calendars = [(one.meeting, _calendar(one, starts, problem, names, wording)) for one in shown]
    groups = tuple(
        CostGroup(names.councils[council], tuple(calendar for _, calendar in several))
        for council, several in groupby(
            sorted(calendars, key=lambda one: _place(one[0], problem)),
            key=lambda one: problem.meetings_by_id[one[0]].council,
        )
    )
    legend = tuple(format_cost(limit * unit, wording) for limit in TINTS)
    told = tuple(_told(found, problem, wording))
    has_left_out = any(one.left_out for _, one in calendars)
    return CostMap(told, legend, groups, has_left_out, len(shown) > MOST_UNFOLDED)


def _place(meeting: str, problem: Problem) -> int:
    """Return where the meeting's council stands among all."""
    return next(at for at, one in enumerate(problem.councils) if one.id == problem.meetings_by_id[meeting].council)


def _told(found: Heatmap, problem: Problem, wording: Wording) -> Iterator[str]:
    yield wording.say(
        "What the whole plan would lose, if a meeting were held on another date and all the others were placed as well "
        "as they then can be."
    )
    yield from describe_weights(problem, wording)
    if found.status != "optimal":
        yield wording.say("The time ran out before all was proven, so these figures may change with more time.")
    left_out = len(found.meetings) - MOST_MEETINGS
    if left_out > 0:
        yield wording.say_many(
            "{count} more meeting is left out of this page.",
            "{count} more meetings are left out of this page.",
            left_out,
        )


def _calendar(
    found: MeetingDates, starts: StartByMeeting, problem: Problem, names: Names, wording: Wording
) -> CostCalendar:
    chosen = starts[found.meeting].astimezone(problem.zone).date() if found.meeting in starts else None
    costs = DateCosts(found.meeting, chosen, problem, names, wording)
    possible = sorted((one for one in found.dates if one.cost is not None), key=lambda one: (cost_of(one), one.date))
    others = [one for one in possible if one.date != chosen]
    best = sorted(
        (one for one in possible if cost_of(one) == 0), key=lambda one: one.date != chosen
    )  # the plan's first
    shown = [one for one in found.dates if one.rule not in (*NO_CHOICE, "pinned")]
    num_left_out = sum(map(is_left_out, found.dates))
    weekdays = sorted({one.date.weekday() for one in shown}) if len(shown) > 1 else []
    return CostCalendar(
        code=names.codes[found.meeting],
        name=names.meetings[found.meeting],
        gist=_gist(chosen, others, num_left_out > 0, problem, wording) if chosen else "",
        best=tuple(wording.short_day(one.date) for one in best),
        cheapest=tuple(_priced(one, wording) for one in possible if cost_of(one) > 0),
        left_out=_left_out(num_left_out, wording) if num_left_out else None,
        barred=tuple(_barred(found, costs)),
        weekdays=tuple(wording.short_weekday(WEEKDAYS[number]) for number in weekdays),
        weeks=tuple(costs.weeks(shown, weekdays)) if weekdays else (),
    )


def _left_out(count: int, wording: Wording) -> str:
    return wording.say_many(
        "{count} date was not worked out in time.", "{count} dates were not worked out in time.", count
    )


def _gist(chosen: date, others: Sequence[DateCost], has_left_out: bool, problem: Problem, wording: Wording) -> str:
    """Return the planned date and the next best, as far as dates were worked out."""
    day = wording.short_day(chosen)
    if not others:
        if has_left_out:
            return wording.say("Planned {day}.", day=day)
        return wording.say("Planned {day}; no other date is possible.", day=day)
    best = others[0]
    other = wording.short_day(best.date)
    if cost_of(best) == 0:
        return wording.say("Planned {day}; {other} is just as good.", day=day, other=other)
    cost = format_parties(cost_of(best), problem, wording)
    if has_left_out:
        return wording.say(
            "Planned {day}; of the other dates worked out the best is {other}, which costs {cost}.",
            day=day,
            other=other,
            cost=cost,
        )
    return wording.say("Planned {day}; next best is {other}, which costs {cost}.", day=day, other=other, cost=cost)


def _priced(one: DateCost, wording: Wording) -> str:
    return wording.say("{day} ({cost})", day=wording.short_day(one.date), cost=format_cost(cost_of(one), wording))


def _barred(found: MeetingDates, costs: DateCosts) -> Iterator[str]:
    """Yield which rules shut how many dates, those that shut most first."""
    shut = (one for one in found.dates if is_barred(one) and one.rule not in NO_CHOICE)
    for rule, count in Counter(map(costs.why_not, shut)).most_common():
        yield costs.wording.say_many(
            "{count} date is not possible: {rule}", "{count} dates are not possible: {rule}", count, rule=rule
        )
