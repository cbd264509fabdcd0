"""Who draws the year: three months to a strip, weeks, days off, and each meeting at its date."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby

from api.i18n import Wording
from api.pages.plan.view import Anchor, DayOffKind, Mark, Span, Strip, YearChart
from api.presenting.names import Names, capitalised
from scheduler.days import ONE_DAY, days_between, is_holiday
from scheduler.problem import Blackout, Problem
from scheduler.proposal import Proposal

MONTHS_A_STRIP = 3
FIRST_LANE, LANE = 56, 44  # pixels
EDGE = 9  # percent of the width, where a label in the middle of its mark would be cut
MOST_OWN_ROWS = 6  # councils
ROOM_FOR_A_LABEL = timedelta(days=18)  # on the narrowest screen
LABELLED_WEEK = 4  # so many of its days a strip must hold for a week's number to fit

Dated = list[tuple[date, str]]  # meetings by date


def build_year_chart(best: Proposal, problem: Problem, names: Names, wording: Wording) -> YearChart:
    """Return the horizon as strips of three months, with its days off in words."""
    held = sorted((one.starts_at.astimezone(problem.zone).date(), one.meeting) for one in best.meetings)
    strips = tuple(_strip(days, held, problem, names, wording) for days in _quarters(problem))
    blackouts = sorted(problem.blackouts, key=lambda one: one.start)
    closed = tuple(_closed(one, wording) for one in blackouts if one.parties is None)
    leave = tuple(_leave(one, problem, wording) for one in blackouts if one.parties is not None)
    return YearChart(strips, closed, leave)


def _quarters(problem: Problem) -> Iterator[list[date]]:
    """Yield the days of every three months from the horizon's first month on; of fewer when it has fewer."""
    months = [problem.horizon.start.replace(day=1)]
    while months[-1] <= problem.horizon.end:
        months.append((months[-1] + timedelta(days=31)).replace(day=1))
    step = min(MONTHS_A_STRIP, len(months) - 1)
    while (len(months) - 1) % step:
        months.append((months[-1] + timedelta(days=31)).replace(day=1))
    for first, after in zip(months[:-1:step], months[step::step], strict=True):
        yield list(days_between(first, after - ONE_DAY))


def _strip(days: list[date], held: Dated, problem: Problem, names: Names, wording: Wording) -> Strip:
    here = [(day, meeting) for day, meeting in held if days[0] <= day <= days[-1]]
    rows = _rows(here, problem)
    told = [wording.say("{meeting}: {day}.", meeting=names.meetings[one], day=wording.day(day)) for day, one in here]
    return Strip(
        title=capitalised(wording.months(days[0], days[-1])),
        described=" ".join(told) or wording.say("No meetings."),
        height=FIRST_LANE + LANE * len(rows),
        lanes=tuple(FIRST_LANE + LANE * place for place in range(len(rows))),
        months=tuple(_runs(days, lambda day: (day.year, day.month), lambda run: wording.month(run[0]))),
        weeks=tuple(_runs(days, lambda day: day.isocalendar()[:2], _week_number)),
        grounds=tuple(_grounds(days, problem)),
        marks=tuple(_marks(rows, days, names, wording)),
    )


def _rows(held: Dated, problem: Problem) -> list[Dated]:
    """Return the meetings in rows, few councils each in rows of their own, many in as few as keep labels apart."""
    has_own_rows = len(problem.councils) <= MOST_OWN_ROWS
    lanes: dict[str, list[Dated]] = {council.id if has_own_rows else "": [[]] for council in problem.councils}
    for day, meeting in held:
        rows = lanes[problem.meetings_by_id[meeting].council if has_own_rows else ""]
        free = next((row for row in rows if not row or day - row[-1][0] >= ROOM_FOR_A_LABEL), None)
        if free is None:
            free = []
            rows.append(free)
        free.append((day, meeting))
    return [row for rows in lanes.values() for row in rows]


def _marks(rows: Sequence[Dated], days: list[date], names: Names, wording: Wording) -> Iterator[Mark]:
    for place, row in enumerate(rows):
        for day, meeting in row:
            x = _percent((day - days[0]).days + 0.5, days)
            anchor: Anchor = "start" if x < EDGE else "end" if x > 100 - EDGE else "middle"
            yield Mark(x, FIRST_LANE + LANE * place, names.codes[meeting], wording.short_day(day), anchor)


def _grounds(days: list[date], problem: Problem) -> Iterator[Span]:
    """Yield the days off: stretches first, so that single holidays stand out on them."""
    kinds = {day: _ground(day, problem) for day in days}
    for span in _runs(days, kinds.__getitem__, lambda _: ""):
        kind = kinds[days[round(span.x * len(days) / 100)]]
        if kind is not None:
            yield Span(span.x, span.width, ground=kind)
    for at, day in enumerate(days):
        if is_holiday(day, problem.holidays):
            yield Span(_percent(at, days), _percent(1, days), ground="holiday")


def _ground(day: date, problem: Problem) -> DayOffKind | None:
    if not problem.horizon.start <= day <= problem.horizon.end:
        return "outside"
    away = [one for one in problem.blackouts if one.start <= day <= one.end]
    if any(one.parties is None for one in away):
        return "blackout"
    return "leave" if away else None


def _runs(days: list[date], kind: Callable[[date], Hashable], text: Callable[[list[date]], str]) -> Iterator[Span]:
    """Yield a span for each run of days of one kind."""
    at = 0
    for _, group in groupby(days, kind):
        run = list(group)
        yield Span(_percent(at, days), _percent(len(run), days), text(run))
        at += len(run)


def _week_number(run: list[date]) -> str:
    return str(run[0].isocalendar().week) if len(run) >= LABELLED_WEEK else ""


def _percent(num_days: float, days: list[date]) -> float:
    return round(100 * num_days / len(days), 3)


def _closed(blackout: Blackout, wording: Wording) -> str:
    days = wording.days(blackout.start, blackout.end)
    return wording.say("{days} ({reason}).", days=days, reason=blackout.reason)


def _leave(blackout: Blackout, problem: Problem, wording: Wording) -> str:
    days, reason = wording.days(blackout.start, blackout.end), blackout.reason
    away = [party.name for party in problem.parties if party.id in (blackout.parties or ())]
    there = [party.name for party in problem.parties if party.id not in (blackout.parties or ())]
    if not there:
        return wording.say("{days} ({reason}), all parties.", days=days, reason=reason)
    if len(there) < len(away):
        others = wording.listing(there)
        return wording.say("{days} ({reason}), all parties but {parties}.", days=days, reason=reason, parties=others)
    return wording.say("{days} ({reason}): {parties}.", days=days, reason=reason, parties=wording.listing(away))
