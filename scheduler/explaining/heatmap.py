"""Heatmap: the cost of every date for every meeting, by fixing the meeting to the date and reoptimising the others."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import numpy as np

from scheduler.candidates import Candidates
from scheduler.days import days_between
from scheduler.explaining.explanation import DateCost, Heatmap, MeetingDates, MeetingStart
from scheduler.intervals import BoolArray, IntArray
from scheduler.planning.instance import Instance
from scheduler.planning.reoptimise import Reoptimised, Reoptimiser
from scheduler.planning.search_types import Search
from scheduler.problem import Meeting, Problem
from scheduler.proposal import RuleInstance

RuleMask = tuple[RuleInstance, BoolArray]  # a rule, and the slots that it allows
ForbiddenDays = Mapping[int, RuleInstance]  # by ordinal of the day: the rule that forbids it


def heatmap(problem: Problem, search: Search | None = None) -> Heatmap:
    """
    Return the loss of the best plan for each meeting on each date of the horizon.

    The cost of a date is the value of the best plan, less the value of the best plan with the meeting on this date.
    When the allowance ends first, costs are those of the best plans found, and the status is ``feasible``.
    """
    search = search or Search()
    candidates = Candidates(problem)
    instance = Instance(problem, candidates.meetings)
    reoptimiser = Reoptimiser(instance, search)
    best = reoptimiser.best
    meetings = []
    for index, meeting in enumerate(problem.meetings):
        dates = tuple(_date_costs(candidates, reoptimiser, index))
        meetings.append(MeetingDates(meeting=meeting.id, dates=dates))
    return Heatmap(
        status=reoptimiser.status,
        objective=best.value,
        plan=tuple(_starts(instance, best)),
        meetings=tuple(meetings),
    )


def _starts(instance: Instance, plan: Reoptimised) -> Iterator[MeetingStart]:
    if plan.positions is None:
        return
    for meeting, position in zip(instance.problem.meetings, plan.positions.tolist(), strict=True):
        yield MeetingStart(meeting=meeting.id, starts_at=instance.start_at(position))


def _date_costs(candidates: Candidates, reoptimiser: Reoptimiser, index: int) -> Iterator[DateCost]:
    """Yield the cost of each date of the horizon for the meeting of this index."""
    problem = candidates.problem
    meeting = problem.meetings[index]
    best_plans = _best_plan_by_day(reoptimiser, index)
    forbidden_days = _forbidden_days(candidates, meeting)
    # A day that no rule forbids can be without a start: on a clock change the local time does not exist, or twice.
    no_start = RuleInstance(rule="weekday_and_start", meeting=meeting.id)
    for day in days_between(problem.horizon.start, problem.horizon.end):
        plan = best_plans.get(day.toordinal())
        if plan is None:
            rule = forbidden_days.get(day.toordinal(), no_start)
            yield DateCost(
                date=day,
                start=None,
                cost=None,
                rule=rule.rule,
                person=rule.person,
                index=rule.index,
            )
        else:
            yield _cost_of_plan(reoptimiser, index, day, plan)


def _cost_of_plan(reoptimiser: Reoptimiser, index: int, day: date, plan: Reoptimised) -> DateCost:
    """Return the cost of the best plan with the meeting on ``day``."""
    if plan.positions is None:
        if plan.status == "infeasible":
            return DateCost(date=day, start=None, cost=None, rule="plan")
        return DateCost(date=day, start=None, cost=None)
    assert reoptimiser.best.value is not None
    assert plan.value is not None
    start = reoptimiser.instance.start_at(plan.positions[index])
    loss = reoptimiser.best.value - plan.value
    return DateCost(date=day, start=start, cost=max(0.0, loss))


def _best_plan_by_day(reoptimiser: Reoptimiser, index: int) -> Mapping[int, Reoptimised]:
    """Return the best plan with the meeting on each day on which it has a candidate slot."""
    instance = reoptimiser.instance
    best = reoptimiser.best
    first = instance.first[index]
    end = instance.first[index + 1]
    days = instance.days[first:end]
    candidate_days = np.unique(days).tolist()
    if best.positions is None:
        return dict.fromkeys(candidate_days, best)
    planned_day = int(instance.days[best.positions[index]])
    plans = {}
    for day in candidate_days:
        if day == planned_day:
            plans[day] = best
            continue
        # The meeting is fixed to the day by excluding all its slots on other days.
        excluded = first + np.flatnonzero(days != day)
        no_gain = np.full(len(excluded), -np.inf)
        plans[day] = reoptimiser.reoptimise(excluded, no_gain)
    return plans


def _forbidden_days(candidates: Candidates, meeting: Meeting) -> ForbiddenDays:
    """Return the days without a candidate slot, each with the rule that forbids it."""
    problem = candidates.problem
    ordinals = [day.toordinal() for day in days_between(problem.horizon.start, problem.horizon.end)]
    fixed = problem.fixed_start(meeting)
    if fixed is not None:
        is_held = meeting.id in problem.held
        rule = RuleInstance(rule="held" if is_held else "pinned", meeting=meeting.id)
        fixed_day = fixed.astimezone(problem.zone).toordinal()
        return {ordinal: rule for ordinal in ordinals if ordinal != fixed_day}

    grid = candidates.grid(meeting)
    allowed_days = candidates.on_allowed_dates(meeting)
    attendance_rules = list(candidates.chance_masks(meeting, allowed_days.chances))
    day_rules = list(candidates.date_masks(meeting, grid))
    # Attendance is computed on allowed days alone: where both forbid a day, the rule about the day is the reason.
    by_attendance = _days_without_slot(attendance_rules, allowed_days.slots.days)
    by_day_rules = _days_without_slot(day_rules, grid.days)
    past = RuleInstance(rule="past", meeting=meeting.id)
    by_past = {ordinal: past for ordinal in ordinals if ordinal < problem.today.toordinal()}
    return {**by_attendance, **by_day_rules, **by_past}


def _days_without_slot(rules: Sequence[RuleMask], days: IntArray) -> ForbiddenDays:
    """Return the days without an allowed slot, each with the rule that forbids it alone or forbids its last slot."""
    combined: list[RuleMask] = []
    remaining = np.ones(len(days), dtype=np.bool_)
    for rule, allowed in rules:
        remaining = remaining & allowed
        combined.append((rule, remaining))
    forbidden: dict[int, RuleInstance] = {}
    # A single rule is the simplest reason. Only where there is none, the rule that removes the last slot is named.
    for rule, allowed in (*rules, *combined):
        for day in np.setdiff1d(days, days[allowed]).tolist():
            forbidden.setdefault(day, rule)
    return forbidden
