"""How a date and its hour are told in a row of others: short, with the year only where it is not plain."""

from datetime import datetime

from api.wording import Wording
from scheduler.problem import Problem


def short_moment(moment: datetime, problem: Problem, wording: Wording) -> str:
    """Return "tors 4 mars kl. 09.00", as the clock shows it where the problem's meetings are."""
    there = moment.astimezone(problem.zone)
    years = {there.year, problem.horizon.start.year, problem.horizon.end.year}
    day = wording.short_day(there.date()) if len(years) == 1 else wording.day(there.date())
    return wording.say("{day} at {clock}", day=day, clock=wording.clock(there))
