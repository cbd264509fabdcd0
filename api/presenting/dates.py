"""Dates and times in running text: short, with the year only where the horizon leaves it open."""

from collections.abc import Mapping
from datetime import datetime, time

from api.i18n import Wording
from scheduler.days import ONE_DAY
from scheduler.problem import Problem

MIDNIGHT = time()

StartByMeeting = Mapping[str, datetime]  # by the meeting's id


def format_moment(moment: datetime, problem: Problem, wording: Wording) -> str:
    """Return ``tors 4 mars kl. 09.00`` in the problem's time zone."""
    local = moment.astimezone(problem.zone)
    clock = wording.clock(local)
    return wording.say("{day} at {clock}", day=format_day(local, problem, wording), clock=clock)


def format_day(moment: datetime, problem: Problem, wording: Wording) -> str:
    """Return ``tors 4 mars`` in the problem's time zone; in full when the year is not that of the whole horizon."""
    local = moment.astimezone(problem.zone)
    horizon = problem.horizon
    years = {local.year, horizon.start.year, horizon.end.year}
    is_year_plain = len(years) == 1
    return wording.short_day(local.date()) if is_year_plain else wording.day(local.date())


def format_interval(start: datetime, end: datetime, problem: Problem, wording: Wording) -> str:
    """Return ``tors 4 mars kl. 09.00–12.00``; the days alone for an interval of whole days."""
    first = start.astimezone(problem.zone)
    last = end.astimezone(problem.zone)

    is_whole_days = first.time() == last.time() == MIDNIGHT and first < last
    if is_whole_days:
        last_day = last.date() - ONE_DAY  # the end is exclusive
        return wording.days(first.date(), last_day)

    start_text = format_moment(first, problem, wording)
    if first.date() == last.date():
        return wording.say("{start}–{end}", start=start_text, end=wording.clock(last))
    return wording.say("{start} – {end}", start=start_text, end=format_moment(last, problem, wording))
