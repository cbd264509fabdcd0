"""The year as a drawing: strips of three months with weeks, days off and a mark for each meeting."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from math import inf

from api.i18n import Wording
from api.pages.plan.labels import GAP, LABEL_SIZE, NARROWEST, place_code, place_day, text_width
from api.pages.plan.view import DayOffKind, Mark, Span, Strip, YearChart
from api.presenting.names import Names, capitalised
from scheduler.days import ONE_DAY, days_between, is_holiday
from scheduler.problem import Blackout, Problem
from scheduler.proposal import Proposal

MONTHS_PER_STRIP = 3
FIRST_LANE = 56  # pixels from the top
LANE_HEIGHT = 44  # pixels
MOST_OWN_LANES = 6  # councils; with more, the councils share lanes


@dataclass(frozen=True, slots=True)
class DatedMeeting:
    """A meeting's id with its local date."""

    day: date
    meeting: str


@dataclass(slots=True)
class Lane:
    """Marks of meetings whose labels do not overlap; ``end`` is the right end of the last label in pixels."""

    marks: list[Mark]
    end: float = -inf


def build_year_chart(best: Proposal, problem: Problem, names: Names, wording: Wording) -> YearChart:
    """Return the horizon in strips of three months, with its days off as text."""
    dated = [
        DatedMeeting(planned.starts_at.astimezone(problem.zone).date(), planned.meeting) for planned in best.meetings
    ]
    dated.sort(key=lambda item: (item.day, item.meeting))
    strips = [_strip(days, dated, problem, names, wording) for days in _days_of_strips(problem)]

    blackouts = sorted(problem.blackouts, key=lambda blackout: blackout.start)
    closed = [_closed(blackout, wording) for blackout in blackouts if blackout.parties is None]
    leave = [_leave(blackout, problem, wording) for blackout in blackouts if blackout.parties is not None]
    return YearChart(strips=tuple(strips), closed=tuple(closed), leave=tuple(leave))


def _days_of_strips(problem: Problem) -> Iterator[list[date]]:
    """Yield the days of each strip, from the first month of the horizon on; all strips have equally many months."""
    first_days = [problem.horizon.start.replace(day=1)]
    while first_days[-1] <= problem.horizon.end:
        first_days.append(_next_month(first_days[-1]))

    # The last entry is the end of the last month. Months after the horizon fill up the last strip.
    num_months = min(MONTHS_PER_STRIP, len(first_days) - 1)
    while (len(first_days) - 1) % num_months:
        first_days.append(_next_month(first_days[-1]))

    starts = first_days[:-1:num_months]
    ends = first_days[num_months::num_months]
    for start, end in zip(starts, ends, strict=True):
        yield list(days_between(start, end - ONE_DAY))


def _next_month(first_day: date) -> date:
    return (first_day + timedelta(days=31)).replace(day=1)


def _strip(
    days: list[date],
    dated: Sequence[DatedMeeting],
    problem: Problem,
    names: Names,
    wording: Wording,
) -> Strip:
    on_strip = [item for item in dated if days[0] <= item.day <= days[-1]]
    lanes = _lanes(on_strip, days, problem, names, wording)
    sentences = [
        wording.say("{meeting}: {day}.", meeting=names.meetings[item.meeting], day=wording.day(item.day))
        for item in on_strip
    ]
    return Strip(
        title=capitalised(wording.months(days[0], days[-1])),
        described=" ".join(sentences) or wording.say("No meetings."),
        height=FIRST_LANE + LANE_HEIGHT * len(lanes),
        lanes=tuple(_lane_y(position) for position in range(len(lanes))),
        months=tuple(_spans(days, lambda day: (day.year, day.month), lambda run: wording.month(run[0]))),
        weeks=tuple(_spans(days, lambda day: day.isocalendar()[:2], lambda run: _week_number(run, days))),
        grounds=tuple(_days_off(days, problem)),
        marks=tuple(replace(mark, y=_lane_y(position)) for position, lane in enumerate(lanes) for mark in lane.marks),
    )


def _lane_y(position: int) -> int:
    return FIRST_LANE + LANE_HEIGHT * position


def _lanes(
    dated: Sequence[DatedMeeting],
    days: list[date],
    problem: Problem,
    names: Names,
    wording: Wording,
) -> list[Lane]:
    """
    Return the marks of meetings in lanes so that labels of one lane do not overlap.

    A few councils have lanes of their own; many councils share as few lanes as possible.
    """
    has_own_lanes = len(problem.councils) <= MOST_OWN_LANES
    lanes_by_council: dict[str, list[Lane]] = {}
    for council in problem.councils:
        lanes_by_council[council.id if has_own_lanes else ""] = [Lane([])]

    for item in dated:
        council_id = problem.meetings_by_id[item.meeting].council
        lanes = lanes_by_council[council_id if has_own_lanes else ""]
        _add_to_lanes(lanes, _mark(item, days, names, wording))
    return [lane for lanes in lanes_by_council.values() for lane in lanes]


def _add_to_lanes(lanes: list[Lane], mark: Mark) -> None:
    """Add a mark to the first lane whose last label leaves space before it; append a lane when there is none."""
    position = NARROWEST * mark.x / 100
    start = position + min(mark.code_place.left, mark.day_place.left)
    end = position + max(mark.code_place.right, mark.day_place.right)
    for lane in lanes:
        if start >= lane.end + GAP:
            lane.marks.append(mark)
            lane.end = end
            return
    lanes.append(Lane([mark], end))


def _mark(item: DatedMeeting, days: list[date], names: Names, wording: Wording) -> Mark:
    middle_of_day = (item.day - days[0]).days + 0.5
    x = _percent(middle_of_day, days)
    code = names.codes[item.meeting]
    day = wording.short_day(item.day)
    code_place = place_code(code)
    return Mark(x=x, y=FIRST_LANE, code=code, day=day, code_place=code_place, day_place=place_day(day, x, code_place))


def _days_off(days: list[date], problem: Problem) -> Iterator[Span]:
    """Yield the days off: periods first, so that single holidays are drawn on top of them."""
    first = 0
    for kind, run in groupby(days, key=lambda day: _day_off_kind(day, problem)):
        num_days = len(list(run))
        if kind is not None:
            yield Span(_percent(first, days), _percent(num_days, days), ground=kind)
        first += num_days

    for position, day in enumerate(days):
        if is_holiday(day, problem.holidays):
            yield Span(_percent(position, days), _percent(1, days), ground="holiday")


def _day_off_kind(day: date, problem: Problem) -> DayOffKind | None:
    if not problem.horizon.start <= day <= problem.horizon.end:
        return "outside"

    blackouts = [blackout for blackout in problem.blackouts if blackout.start <= day <= blackout.end]
    if any(blackout.parties is None for blackout in blackouts):
        return "blackout"
    return "leave" if blackouts else None


def _spans(days: list[date], key: Callable[[date], Hashable], text: Callable[[list[date]], str]) -> Iterator[Span]:
    """Yield a span for each run of days with the same key."""
    first = 0
    for _, group in groupby(days, key):
        run = list(group)
        yield Span(_percent(first, days), _percent(len(run), days), text(run))
        first += len(run)


def _week_number(run: list[date], days: list[date]) -> str:
    """Return the number of a week; nothing when the part of the week on the strip is too narrow for it."""
    number = str(run[0].isocalendar().week)
    width = NARROWEST * len(run) / len(days)
    return number if text_width(number, LABEL_SIZE) <= width else ""


def _percent(num_days: float, days: list[date]) -> float:
    return round(100 * num_days / len(days), 3)


def _closed(blackout: Blackout, wording: Wording) -> str:
    days = wording.days(blackout.start, blackout.end)
    return wording.say("{days} ({reason}).", days=days, reason=blackout.reason)


def _leave(blackout: Blackout, problem: Problem, wording: Wording) -> str:
    """Return the days and the parties concerned; the other parties instead when they are fewer."""
    days = wording.days(blackout.start, blackout.end)
    reason = blackout.reason
    concerned = set(blackout.parties or ())
    on_leave = [party.name for party in problem.parties if party.id in concerned]
    others = [party.name for party in problem.parties if party.id not in concerned]
    if not others:
        return wording.say("{days} ({reason}), all parties.", days=days, reason=reason)
    if len(others) < len(on_leave):
        return wording.say(
            "{days} ({reason}), all parties but {parties}.",
            days=days,
            reason=reason,
            parties=wording.listing(others),
        )
    return wording.say(
        "{days} ({reason}): {parties}.",
        days=days,
        reason=reason,
        parties=wording.listing(on_leave),
    )
