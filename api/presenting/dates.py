"""How a date and its hours are told in a row of others: short, with the year only where it is not plain."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from api.i18n import Wording
from scheduler.problem import Problem

MIDNIGHT = time()

StartByMeeting = Mapping[str, datetime]  # by the meeting's id


def format_moment(moment: datetime, problem: Problem, wording: Wording) -> str:
    """Return "tors 4 mars kl. 09.00", as the clock shows it where the problem's meetings are."""
    there = moment.astimezone(problem.zone)
    years = {there.year, problem.horizon.start.year, problem.horizon.end.year}
    day = wording.short_day(there.date()) if len(years) == 1 else wording.day(there.date())
    return wording.say("{day} at {clock}", day=day, clock=wording.clock(there))


def format_interval(start: datetime, end: datetime, problem: Problem, wording: Wording) -> str:
    """Return "tors 4 mars kl. 09.00–12.00"; of whole days the days alone."""
    first, last = start.astimezone(problem.zone), end.astimezone(problem.zone)
    if first.time() == last.time() == MIDNIGHT and first < last:
        return wording.days(first.date(), last.date() - timedelta(days=1))
    if first.date() == last.date():
        return wording.say("{start}–{end}", start=format_moment(first, problem, wording), end=wording.clock(last))
    return wording.say(
        "{start} – {end}", start=format_moment(first, problem, wording), end=format_moment(last, problem, wording)
    )
