"""What would the Thursday cost? Who holds each meeting on each date in turn, and plans the others anew."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from scheduler.candidates import Candidates
from scheduler.days import days_between
from scheduler.explaining.explanation import DateCost, Heatmap, MeetingDates, MeetingStart
from scheduler.intervals import BoolArray, IntArray
from scheduler.planning.instance import Instance
from scheduler.planning.reoptimise import Reoptimised, Reoptimiser
from scheduler.planning.search import Search
from scheduler.problem import Meeting, Problem
from scheduler.proposal import RuleInstance


def heatmap(problem: Problem, search: Search | None = None) -> Heatmap:
    """
    Return what the best plan loses when a meeting is held on a date, for each meeting and each date of the horizon.

    Every cost is that of the best plan with the meeting on that date. Where the search's allowance ends first, costs
    are those of the best plans found, and the status is ``feasible``.
    """
    search = search or Search()
    candidates = Candidates(problem)
    instance = Instance(problem, candidates.meetings)
    reoptimiser = Reoptimiser(instance, search)
    best = reoptimiser.best
    rows = tuple(
        MeetingDates(meeting=meeting.id, dates=tuple(_dates(candidates, reoptimiser, at)))
        for at, meeting in enumerate(problem.meetings)
    )
    positions = () if best.positions is None else best.positions.tolist()
    plan = (
        MeetingStart(meeting=meeting.id, starts_at=instance.start_at(position))
        for meeting, position in zip(problem.meetings, positions, strict=False)
    )
    return Heatmap(status=reoptimiser.status, objective=best.value, plan=tuple(plan), meetings=rows)


def _dates(candidates: Candidates, reoptimiser: Reoptimiser, at: int) -> Iterator[DateCost]:
    problem = candidates.problem
    held = _held(reoptimiser, at)
    barred = _barred(candidates, problem.meetings[at])
    without_start = RuleInstance(rule="weekday_and_start", meeting=problem.meetings[at].id)  # clocks skip or repeat it
    for day in days_between(problem.horizon.start, problem.horizon.end):
        found = held.get(day.toordinal())
        if found is None:
            rule = barred.get(day.toordinal(), without_start)
            yield DateCost(date=day, start=None, cost=None, rule=rule.rule, person=rule.person, index=rule.index)
        elif found.positions is None:
            yield DateCost(date=day, start=None, cost=None, rule="plan" if found.status == "infeasible" else None)
        else:
            assert reoptimiser.best.value is not None
            assert found.value is not None
            start = reoptimiser.instance.start_at(found.positions[at])
            yield DateCost(date=day, start=start, cost=max(0.0, reoptimiser.best.value - found.value))


def _held(reoptimiser: Reoptimiser, at: int) -> Mapping[int, Reoptimised]:
    """Return by day the best plan with the meeting on it, for the days that rules about one slot allow."""
    instance, best = reoptimiser.instance, reoptimiser.best
    first, last = instance.first[at], instance.first[at + 1]
    days = instance.days[first:last]
    held = dict.fromkeys(np.unique(days).tolist(), best)
    if best.positions is not None:
        planned = int(instance.days[best.positions[at]])
        for day in held:
            if day != planned:
                others = first + np.flatnonzero(days != day)
                held[day] = reoptimiser.reoptimise(others, np.full(len(others), -np.inf))
    return held


def _barred(candidates: Candidates, meeting: Meeting) -> Mapping[int, RuleInstance]:
    """Return by day the rule for which the meeting cannot be held on it, where rules about one slot forbid it."""
    problem = candidates.problem
    if meeting.pinned is not None:
        pinned = problem.instant(meeting.pinned).astimezone(problem.zone).toordinal()
        days = days_between(problem.horizon.start, problem.horizon.end)
        rule = RuleInstance(rule="pinned", meeting=meeting.id)
        return {day.toordinal(): rule for day in days if day.toordinal() != pinned}
    grid = candidates.grid(meeting)
    on_allowed_dates = candidates.on_allowed_dates(meeting)
    by_chances = candidates.chance_masks(meeting, on_allowed_dates.chances)
    return {
        **_barred_by(list(by_chances), on_allowed_dates.slots.days),
        **_barred_by(list(candidates.date_masks(meeting, grid)), grid.days),
    }


def _barred_by(rules: Sequence[tuple[RuleInstance, BoolArray]], days: IntArray) -> Mapping[int, RuleInstance]:
    """Return the days that have no slot left: with the first rule that alone leaves none, or that takes the last."""
    barred: dict[int, RuleInstance] = {}
    left = np.ones(len(days), dtype=np.bool_)
    by_last = []
    for rule, allowed in rules:
        left = left & allowed
        by_last.append((rule, left))
    for rule, allowed in (*rules, *by_last):
        for day in np.setdiff1d(days, days[allowed]).tolist():
            barred.setdefault(day, rule)
    return barred
