"""Enumeration of all plans of a small problem, by the independent checker."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import product

import numpy as np

from scheduler import Problem
from scheduler.candidates import MeetingCandidates
from scheduler.days import days_between, start_on
from scheduler.intervals import to_seconds
from scheduler.planning.search_types import Plan
from scheduler.problem import Meeting
from scheduler.proposal import RuleInstance, Violation
from scheduler.verify import Checker

Starts = dict[str, datetime]


def allowed_plans(problem: Problem) -> list[Starts]:
    """All plans without violations, in lexicographic order of the starts."""
    checker = Checker(problem)
    ids = [meeting.id for meeting in problem.meetings]
    # Slots that violate a rule by themselves are removed before plans are combined.
    single = []
    for meeting, starts in zip(problem.meetings, _every_start(problem), strict=True):
        single.append([start for start in starts if not checker.slot_violations(meeting, start)])
    plans = (dict(zip(ids, chosen, strict=True)) for chosen in product(*single))
    return [plan for plan in plans if not checker.violations(plan)]


def _every_start(problem: Problem) -> list[list[datetime]]:
    """All starts of each meeting within the horizon from today on, allowed or not, in ascending order."""
    horizon = list(days_between(max(problem.horizon.start, problem.today), problem.horizon.end))
    starts = []
    for meeting in problem.meetings:
        held = held_start(problem, meeting)
        if held is not None:
            starts.append([held])
        elif meeting.pinned is not None:
            starts.append([problem.instant(meeting.pinned)])
        else:
            found = (start_on(day, clock, problem.zone) for day in horizon for clock in meeting.start_clocks)
            starts.append([start for start in found if start is not None])
    return starts


def held_start(problem: Problem, meeting: Meeting) -> datetime | None:
    """The start of a meeting that was held: pinned or published for a date before today."""
    stated = [problem.published.get(meeting.id), meeting.pinned]
    starts = [problem.instant(written) for written in stated if written is not None]
    past = [start for start in starts if start.astimezone(problem.zone).date() < problem.today]
    return past[0] if past else None


def starts_of(choices: Sequence[MeetingCandidates], plan: Plan, problem: Problem) -> Starts:
    """Return the start of each meeting of a plan, by meeting id."""
    return {
        one.meeting.id: datetime.fromtimestamp(int(one.slots.starts[slot]), problem.zone)
        for one, slot in zip(choices, plan, strict=True)
    }


def plan_of(choices: Sequence[MeetingCandidates], starts: Starts, problem: Problem) -> Plan:
    """Return the plan with these starts: the inverse of `starts_of`."""
    slots = []
    for one in choices:
        seconds = to_seconds(problem.instant(starts[one.meeting.id]))
        slots.append(int(np.searchsorted(one.slots.starts, seconds)))
    return tuple(slots)


def every_rule(problem: Problem) -> set[RuleInstance]:
    """All rule instances of a problem."""
    named = [RuleInstance(rule="holiday")]
    for meeting in problem.meetings:
        if held_start(problem, meeting) is not None:
            continue
        if meeting.pinned is not None:
            named.append(RuleInstance(rule="pinned", meeting=meeting.id))
            continue
        for rule, is_required in (
            ("window", True),
            ("weekday_and_start", True),
            ("notice", meeting.notice_days is not None),
            ("quorum_likely", meeting.quorum_probability is not None),
        ):
            named += [RuleInstance.model_validate({"rule": rule, "meeting": meeting.id})] if is_required else []
        for one in meeting.required:
            named.append(RuleInstance(rule="required_person", meeting=meeting.id, person=one.person))
    for council in problem.councils:
        named.append(RuleInstance(rule="spacing_min", council=council.id))
        named.append(RuleInstance(rule="spacing_max", council=council.id))
    named += [RuleInstance(rule="nobody_in_two_places", person=one.id) for one in problem.people]
    named += [RuleInstance(rule="rooms", venue=one.id) for one in problem.venues]
    named += [RuleInstance(rule="relation", index=index) for index in range(len(problem.relations))]
    closed = [index for index, one in enumerate(problem.blackouts) if one.parties is None]
    return {*named, *(RuleInstance(rule="blackout", index=index) for index in closed)}


def plans_that_keep(problem: Problem, rules: Collection[RuleInstance]) -> Iterator[Starts]:
    """All plans that satisfy ``rules`` and the background; pins outside ``rules`` are ignored, held meetings stay."""
    free = {
        one.id
        for one in problem.meetings
        if RuleInstance(rule="pinned", meeting=one.id) not in rules and held_start(problem, one) is None
    }
    unpinned = [one.model_copy(update={"pinned": None}) if one.id in free else one for one in problem.meetings]
    checker = Checker(problem.with_meetings(tuple(unpinned)))
    slots = []
    for meeting, original, starts in zip(unpinned, problem.meetings, _every_start(checker.problem), strict=True):
        is_set_aside = original.pinned is not None or held_start(problem, original) is not None
        kept = (one for one in starts if is_set_aside or not _broken(rules, checker.slot_violations(meeting, one)))
        slots.append([(meeting.id, start) for start in kept])
    for chosen in product(*slots):
        plan = dict(chosen)
        if not _broken(rules, checker.between_meetings(plan)):
            yield plan


def _broken(rules: Collection[RuleInstance], violations: Collection[Violation]) -> bool:
    return any(one.rule in ("order", "past", "held") or _instance(one) in rules for one in violations)


def _instance(one: Violation) -> RuleInstance:
    return RuleInstance(
        rule=one.rule, meeting=one.meeting, person=one.person, council=one.council, venue=one.venue, index=one.index
    )
