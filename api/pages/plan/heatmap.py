"""Who sets the year's heat map: for each meeting a calendar of what every date it may take would cost."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from api.pages.plan.expectation import weighs_evenly
from api.pages.plan.names import Names
from api.pages.plan.rules import rule_sentence
from api.pages.plan.why_view import CostCalendar, CostCell, CostGroup, CostMap, CostWeek
from api.pages.plan.worth import figure, in_parties
from api.wording import Wording
from scheduler.days import WEEKDAYS
from scheduler.explaining.explanation import DateCost, Heatmap, MeetingDates
from scheduler.problem import Problem
from scheduler.proposal import TOLERANCE, RuleInstance

MOST_UNFOLDED = 4  # meetings; beyond, each council's calendars lie in a fold of their own
MOST_MEETINGS = 100  # on one page
TINTS = (0.1, 0.25, 0.5, 1.0)  # from so many average parties on
NO_CHOICE = {"window", "weekday_and_start"}  # dates that nobody thinks of
OF_ALL_MEETINGS = {"holiday", "blackout"}

Starts = Mapping[str, datetime]


def cost_map(found: Heatmap, starts: Starts, problem: Problem, names: Names, wording: Wording) -> CostMap | None:
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
    unit = _average_party(problem)
    calendars = [(one.meeting, _calendar(one, starts, problem, names, wording)) for one in shown]
    groups = tuple(
        CostGroup(names.councils[council], tuple(calendar for _, calendar in several))
        for council, several in groupby(
            sorted(calendars, key=lambda one: _place(one[0], problem)),
            key=lambda one: problem.meetings_by_id[one[0]].council,
        )
    )
    legend = tuple(figure(limit * unit, wording) for limit in TINTS)
    return CostMap(tuple(_told(found, wording)), legend, groups, len(shown) > MOST_UNFOLDED)


def _place(meeting: str, problem: Problem) -> int:
    """Return where the meeting's council stands among all."""
    return next(at for at, one in enumerate(problem.councils) if one.id == problem.meetings_by_id[meeting].council)


def _average_party(problem: Problem) -> float:
    """Return what one party at one meeting counts for, on average."""
    if weighs_evenly(problem):
        return 1.0
    parties = sum(party.weight for party in problem.parties) / len(problem.parties)
    return parties * sum(meeting.weight for meeting in problem.meetings) / len(problem.meetings)


def _told(found: Heatmap, wording: Wording) -> Iterator[str]:
    yield wording.say(
        "What the whole plan would lose, if a meeting were held on another date and all the others were placed as well "
        "as they then can be."
    )
    if found.status != "optimal":
        yield wording.say("The plan is not proven to be the best, so these figures may change with more time.")
    left_out = len(found.meetings) - MOST_MEETINGS
    if left_out > 0:
        yield wording.say_many(
            "{count} more meeting is left out of this page.",
            "{count} more meetings are left out of this page.",
            left_out,
        )


def _calendar(found: MeetingDates, starts: Starts, problem: Problem, names: Names, wording: Wording) -> CostCalendar:
    chosen = starts[found.meeting].astimezone(problem.zone).date() if found.meeting in starts else None
    possible = sorted((one for one in found.dates if one.cost is not None), key=lambda one: (_cost(one), one.date))
    others = [one for one in possible if one.date != chosen]
    shown = [one for one in found.dates if one.rule not in (*NO_CHOICE, "pinned")]
    is_worth_a_calendar = len(shown) > 1
    weekdays = sorted({one.date.weekday() for one in shown}) if is_worth_a_calendar else []
    return CostCalendar(
        code=names.codes[found.meeting],
        name=names.meetings[found.meeting],
        gist=_gist(chosen, others, problem, wording) if chosen else "",
        best=tuple(wording.short_day(one.date) for one in possible if _cost(one) == 0),
        cheapest=tuple(_priced(one, wording) for one in possible if _cost(one) > 0),
        barred=tuple(_barred(found, problem, names, wording)),
        weekdays=tuple(wording.short_weekday(WEEKDAYS[number]) for number in weekdays),
        weeks=tuple(_weeks(found.meeting, shown, weekdays, chosen, problem, names, wording)) if weekdays else (),
    )


def _cost(one: DateCost) -> float:
    """Return what a date costs; what lies within the tolerance costs nothing."""
    return 0.0 if one.cost is None or one.cost <= TOLERANCE else one.cost


def _gist(chosen: date, others: Sequence[DateCost], problem: Problem, wording: Wording) -> str:
    day = wording.short_day(chosen)
    if not others:
        return wording.say("Planned {day}; no other date can be.", day=day)
    best = others[0]
    other = wording.short_day(best.date)
    if _cost(best) == 0:
        return wording.say("Planned {day}; {other} is just as good.", day=day, other=other)
    cost = in_parties(_cost(best), problem, wording)
    return wording.say("Planned {day}; next best is {other}, which costs {cost}.", day=day, other=other, cost=cost)


def _priced(one: DateCost, wording: Wording) -> str:
    return wording.say("{day} ({cost})", day=wording.short_day(one.date), cost=figure(_cost(one), wording))


def _barred(found: MeetingDates, problem: Problem, names: Names, wording: Wording) -> Iterator[str]:
    """Yield which rules shut how many dates, those that shut most first."""
    shut = (one for one in found.dates if one.cost is None and one.rule not in NO_CHOICE)
    for rule, count in Counter(_why_not(one, found.meeting, problem, names, wording) for one in shut).most_common():
        yield wording.say_many("{count} date cannot be: {rule}", "{count} dates cannot be: {rule}", count, rule=rule)


def _why_not(one: DateCost, meeting: str, problem: Problem, names: Names, wording: Wording) -> str:
    if one.rule is None:
        return wording.say("It was not worked out in time.")
    if one.rule == "plan":
        return wording.say("The other meetings leave no room for it.")
    where = None if one.rule in OF_ALL_MEETINGS else meeting
    rule = RuleInstance(rule=one.rule, meeting=where, person=one.person, index=one.index)
    return rule_sentence(rule, problem, names, wording)


def _weeks(
    meeting: str,
    shown: Sequence[DateCost],
    weekdays: Sequence[int],
    chosen: date | None,
    problem: Problem,
    names: Names,
    wording: Wording,
) -> Iterator[CostWeek]:
    """Yield the weeks in which there is a date to choose, a cell for each weekday of the calendar."""
    firsts = {(one.date.year, one.date.month): one.date for one in reversed(shown)}.values()
    unit = _average_party(problem)
    for monday, week in groupby(shown, key=lambda one: one.date - timedelta(days=one.date.weekday())):
        cells: dict[int, CostCell] = {}
        for one in week:
            day = wording.day_and_month(one.date) if one.date in firsts else str(one.date.day)
            why_not = None if one.cost is not None else _why_not(one, meeting, problem, names, wording)
            cells[one.date.weekday()] = CostCell(
                machine_day=one.date.isoformat(),
                day=day,
                shown="–" if why_not else figure(_cost(one), wording),
                words=_words(one, why_not, one.date == chosen, problem, wording),
                tint=sum(_cost(one) >= limit * unit for limit in TINTS),
                is_chosen=one.date == chosen,
                why_not=why_not,
            )
        yield CostWeek(wording.week(monday.isocalendar().week), tuple(map(cells.get, weekdays)))


def _words(one: DateCost, why_not: str | None, is_chosen: bool, problem: Problem, wording: Wording) -> str:
    day = wording.day(one.date, has_year=problem.horizon.start.year != problem.horizon.end.year)
    if is_chosen:
        return wording.say("{day}: planned.", day=day)
    if why_not is not None:
        return wording.say("{day}: cannot be. {rule}", day=day, rule=why_not)
    if _cost(one) == 0:
        return wording.say("{day}: costs nothing.", day=day)
    return wording.say("{day}: costs {cost}.", day=day, cost=in_parties(_cost(one), problem, wording))
