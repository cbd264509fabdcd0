"""The heat map of a year: for each meeting, a calendar with the cost of every date."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from api.i18n import Wording
from api.presenting.amounts import describe_weights, format_cost, format_fewer
from api.presenting.date_costs import TINTS, DateCosts, average_party, cost_of, is_barred, is_left_out
from api.presenting.dates import StartByMeeting
from api.presenting.explanation_view import CostCalendar, CostGroup, CostMap
from api.presenting.names import Names
from scheduler.days import WEEKDAYS
from scheduler.explaining.explanation import DateCost, Heatmap, MeetingDates
from scheduler.problem import Problem

MOST_UNFOLDED = 4  # meetings; with more, the calendars of each council are folded
MOST_MEETINGS = 100  # on one page
UNASKED_RULES = {"window", "weekday_and_start", "past", "held"}  # dates that the meeting never chooses from


def build_cost_map(
    heatmap: Heatmap,
    starts: StartByMeeting,
    problem: Problem,
    names: Names,
    wording: Wording,
) -> CostMap | None:
    """
    Return the heat map; None when there is no plan to compare dates with.

    Parameters
    ----------
    starts
        Each meeting's start in the plan that is shown; empty when no plan is shown.
    """
    if heatmap.objective is None or not heatmap.meetings:
        return None

    council_order = {council.id: position for position, council in enumerate(problem.councils)}

    def council_of(found: MeetingDates) -> str:
        return problem.meetings_by_id[found.meeting].council

    shown = sorted(heatmap.meetings[:MOST_MEETINGS], key=lambda found: council_order[council_of(found)])
    groups = []
    for council, meetings in groupby(shown, key=council_of):
        calendars = tuple(_calendar(found, starts, problem, names, wording) for found in meetings)
        groups.append(CostGroup(names.councils[council], calendars))

    unit = average_party(problem)
    return CostMap(
        introduction=tuple(_introduction(heatmap, problem, wording)),
        legend=tuple(format_cost(limit * unit, wording) for limit in TINTS),
        groups=tuple(groups),
        has_left_out=any(calendar.left_out for group in groups for calendar in group.calendars),
        is_folded=len(shown) > MOST_UNFOLDED,
    )


def _introduction(heatmap: Heatmap, problem: Problem, wording: Wording) -> Iterator[str]:
    yield wording.say("How many fewer parties can be expected on another date, with the other meetings adjusted.")
    yield from describe_weights(problem, wording)

    if heatmap.status != "optimal":
        yield wording.say("The calculation was not finished in time, so the figures may change with more time.")

    num_left_out = len(heatmap.meetings) - MOST_MEETINGS
    if num_left_out > 0:
        yield wording.say_many(
            "{count} more meeting is left out of this page.",
            "{count} more meetings are left out of this page.",
            num_left_out,
        )


def _calendar(
    found: MeetingDates,
    starts: StartByMeeting,
    problem: Problem,
    names: Names,
    wording: Wording,
) -> CostCalendar:
    start = starts.get(found.meeting)
    chosen = start.astimezone(problem.zone).date() if start is not None else None
    costs = DateCosts(found.meeting, chosen, problem, names, wording)

    possible = [date_cost for date_cost in found.dates if date_cost.cost is not None]
    possible.sort(key=lambda date_cost: (cost_of(date_cost), date_cost.date))
    others = [date_cost for date_cost in possible if date_cost.date != chosen]

    # The date of the plan comes first among the dates without a cost.
    best = [date_cost for date_cost in possible if cost_of(date_cost) == 0]
    best.sort(key=lambda date_cost: date_cost.date != chosen)

    shown = [date_cost for date_cost in found.dates if date_cost.rule not in (*UNASKED_RULES, "pinned")]
    num_left_out = sum(is_left_out(date_cost) for date_cost in found.dates)
    weekdays = sorted({date_cost.date.weekday() for date_cost in shown}) if len(shown) > 1 else []
    return CostCalendar(
        code=names.codes[found.meeting],
        name=names.meetings[found.meeting],
        gist=_gist(chosen, others, found.meeting in problem.held, num_left_out > 0, problem, wording) if chosen else "",
        best=tuple(wording.short_day(date_cost.date) for date_cost in best),
        cheapest=tuple(_day_and_cost(date_cost, wording) for date_cost in possible if cost_of(date_cost) > 0),
        left_out=_count_left_out(num_left_out, wording) if num_left_out else None,
        barred=tuple(_count_barred(found, costs)),
        weekdays=tuple(wording.short_weekday(WEEKDAYS[weekday]) for weekday in weekdays),
        weeks=tuple(costs.weeks(shown, weekdays)) if weekdays else (),
    )


def _count_left_out(count: int, wording: Wording) -> str:
    return wording.say_many(
        "{count} date was not calculated in time.",
        "{count} dates were not calculated in time.",
        count,
    )


def _gist(
    chosen: date,
    others: Sequence[DateCost],
    is_held: bool,
    has_left_out: bool,
    problem: Problem,
    wording: Wording,
) -> str:
    """Return the planned date and the best other date, of the dates that were calculated."""
    day = wording.short_day(chosen)
    if is_held:
        return wording.say("Already held {day}.", day=day)
    if not others:
        if has_left_out:
            return wording.say("Planned {day}.", day=day)
        return wording.say("Planned {day}; no other date is possible.", day=day)

    best = others[0]
    other_day = wording.short_day(best.date)
    if cost_of(best) == 0:
        return wording.say("Planned {day}; {other} is just as good.", day=day, other=other_day)

    cost = format_fewer(cost_of(best), problem, wording)
    if has_left_out:
        return wording.say(
            "Planned {day}; the best of the other dates calculated is {other}: {cost}.",
            day=day,
            other=other_day,
            cost=cost,
        )
    return wording.say(
        "Planned {day}; the next best is {other}: {cost}.",
        day=day,
        other=other_day,
        cost=cost,
    )


def _day_and_cost(date_cost: DateCost, wording: Wording) -> str:
    day = wording.short_day(date_cost.date)
    return wording.say("{day} ({cost})", day=day, cost=format_cost(cost_of(date_cost), wording))


def _count_barred(found: MeetingDates, costs: DateCosts) -> Iterator[str]:
    """Yield the number of dates that each reason rules out, the most frequent reason first."""
    barred = [date_cost for date_cost in found.dates if is_barred(date_cost) and date_cost.rule not in UNASKED_RULES]
    num_by_reason = Counter(costs.why_not(date_cost) for date_cost in barred)
    for reason, count in num_by_reason.most_common():
        yield costs.wording.say_many(
            "{count} date is ruled out: {reason}.",
            "{count} dates are ruled out: {reason}.",
            count,
            reason=reason,
        )
